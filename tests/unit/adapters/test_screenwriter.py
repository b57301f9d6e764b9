from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from muybridge.adapters.screenwriter import ChatScreenwriter
from muybridge.director.script import schema
from muybridge.domain.storyboard import Action, Storyboard
from muybridge.domain.subject import Subject, SubjectKind
from muybridge.errors import InvalidInput, TimedOut, Unavailable
from muybridge.ports.screenwriter import Ask
from muybridge.service.storyboard import storyboard
from muybridge.units import Seconds, Size

ASK = Ask("She nods", Subject("0" * 64, Size(512, 512), SubjectKind.PORTRAIT), seed=7)
BOARD = {"prompt": "?", "beats": [{"action": "clap", "start": 1.0, "end": 2.0, "words": "nods"}]}


class Endpoint:
    """A chat endpoint on this machine: what it shall answer, and what it was asked."""

    def __init__(self) -> None:
        self.content: str = json.dumps(BOARD)
        self.status, self.wait, self.raw = 200, 0.0, b""
        self.asked: list[dict[str, Any]] = []
        self.headers: list[str | None] = []
        self.paths: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def _handler(self) -> Callable[..., BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                endpoint.asked.append(json.loads(self.rfile.read(size)))
                endpoint.headers.append(self.headers["Authorization"])
                endpoint.paths.append(self.path)
                time.sleep(endpoint.wait)
                choice = {"message": {"role": "assistant", "content": endpoint.content}}
                body = endpoint.raw or json.dumps({"choices": [choice]}).encode()
                self.send_response(endpoint.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    return  # who asked has left

            def log_message(self, *_: object) -> None:
                return

        return Handler


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    opened = Endpoint()
    yield opened
    opened.close()


def write(endpoint: Endpoint, key: str = "", seconds: float = 5.0, ask: Ask = ASK) -> Storyboard:
    return asyncio.run(ChatScreenwriter(endpoint.url, "m", key, Seconds(seconds)).write(ask))


def test_the_endpoints_storyboard_is_taken_with_our_prompt_and_length(endpoint: Endpoint) -> None:
    board = write(endpoint)
    assert [beat.action for beat in board.beats] == [Action.CLAP]
    assert (board.prompt, board.duration) == ("She nods", 6.0)


def test_the_endpoint_is_asked_as_a_chat_against_the_schema(endpoint: Endpoint) -> None:
    write(endpoint, key="secret")
    asked = endpoint.asked[0]
    assert endpoint.paths == ["/v1/chat/completions"]
    assert endpoint.headers == ["Bearer secret"]
    assert (asked["model"], asked["seed"]) == ("m", 7)
    assert asked["messages"][-1] == {"role": "user", "content": "She nods"}
    assert asked["response_format"]["json_schema"]["schema"] == schema()


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("I would rather not.", "storyboard"),
        ('{"prompt": "x", "beats": [{"action": "fly", "start": 0, "end": 1}]}', "storyboard.beats[0].action"),
        (
            '{"prompt": "x", "duration": 60, "beats": [{"action": "nod", "start": 0, "end": 9}]}',
            "storyboard.beats",
        ),
    ],
)
def test_what_is_no_storyboard_is_refused_by_its_place(endpoint: Endpoint, content: str, field: str) -> None:
    endpoint.content = content
    with pytest.raises(InvalidInput) as refused:
        write(endpoint)
    assert refused.value.field == field


@pytest.mark.parametrize("raw", [b"[]", b"{", b'{"choices": []}', b"[" * 50_000])
def test_an_answer_of_another_shape_is_refused(endpoint: Endpoint, raw: bytes) -> None:
    endpoint.raw = raw
    with pytest.raises(InvalidInput):
        write(endpoint)


def test_an_answer_without_end_is_cut_off(endpoint: Endpoint) -> None:
    endpoint.raw = b" " * (300 << 10)
    with pytest.raises(InvalidInput, match="256 KiB"):
        write(endpoint)


def test_a_slow_endpoint_is_not_waited_for(endpoint: Endpoint) -> None:
    endpoint.wait = 6.0
    begun = time.monotonic()
    with pytest.raises(TimedOut):
        write(endpoint, seconds=0.2)
    assert time.monotonic() - begun < 5


def test_an_endpoint_that_says_no_is_unavailable_and_its_key_stays_secret(endpoint: Endpoint) -> None:
    endpoint.status = 401
    with pytest.raises(Unavailable, match="status 401") as refused:
        write(endpoint, key="secret")
    assert "secret" not in str(refused.value)


def test_where_nobody_listens_the_grammar_plans_and_a_note_says_so() -> None:
    gone = Endpoint()
    gone.close()
    writer = ChatScreenwriter(gone.url, "m", "", Seconds(2.0))
    board = asyncio.run(storyboard(ASK, writer))
    assert any(beat.action is Action.NOD for beat in board.beats)
    assert any("built-in director planned" in note for note in board.notes)


def test_an_able_endpoint_takes_the_grammars_place(endpoint: Endpoint) -> None:
    writer = ChatScreenwriter(endpoint.url, "m", "", Seconds(5.0))
    board = asyncio.run(storyboard(ASK, writer))
    assert [beat.action for beat in board.beats] == [Action.CLAP]


def test_without_an_endpoint_the_grammar_plans() -> None:
    board = asyncio.run(storyboard(ASK, None))
    assert any(beat.action is Action.NOD for beat in board.beats)
