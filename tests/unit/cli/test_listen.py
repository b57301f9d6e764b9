"""The receiver for development, as a process of its own."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from running import Receiver

COMMAND = [sys.executable, "-c", "from muybridge.cli.main import main; main()", "listen"]
EVENT = {
    "task_id": "106916112212032",
    "status": "success",
    "file_id": "361721749176519",
    "video_width": 1280,
    "video_height": 720,
    "base_resp": {"status_code": 0, "status_msg": "success"},
}


class Listening:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.url = self.line().removeprefix("callback_url: ")

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def post(self, body: object, **headers: str) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return httpx.post(self.url, content=content, headers=headers, trust_env=False, timeout=20)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def listening(request: pytest.FixtureRequest) -> Iterator[Listening]:
    extra = getattr(request, "param", [])
    with subprocess.Popen([*COMMAND, "--port", "0", *extra], stdout=subprocess.PIPE, text=True) as process:
        yield Listening(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_it_answers_a_challenge_and_prints_an_event_with_its_id(listening):
    assert listening.post({"challenge": "abc"}).json() == {"challenge": "abc"}
    assert "challenge answered" in listening.line()
    assert listening.post(EVENT, **{"webhook-id": "msg_1"}).status_code == 200
    line = listening.line()
    assert line.endswith("task 106916112212032  success  file 361721749176519 1280x720  msg_1")


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"x"', b'{"status": 1}'])
def test_what_is_no_event_is_shown_and_ends_nothing(listening, body):
    assert listening.post(body).status_code == 200
    assert "not an event" in listening.line()
    assert listening.post({"challenge": "abc"}).json() == {"challenge": "abc"}


def test_events_are_passed_on_whole_and_the_answer_comes_back(receiver):
    command = [*COMMAND, "--port", "0", "--forward", receiver.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        listening = Listening(process)
        assert listening.post(EVENT, **{"webhook-id": "msg_1"}).json() == {"status": "success"}
        assert receiver.events == [EVENT]
        assert listening.line().endswith("msg_1  -> 200")
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


@pytest.mark.parametrize("listening", [["--forward", "http://127.0.0.1:9/"]], indirect=True)
def test_an_application_that_is_down_is_a_failed_try_for_the_server_to_repeat(listening):
    assert listening.post(EVENT).status_code == 502
    assert "not passed on: ConnectError" in listening.line()


def test_a_forward_address_that_is_none_is_refused():
    ended = subprocess.run(
        [*COMMAND, "--forward", "nowhere"], capture_output=True, text=True, timeout=30, check=False
    )
    assert ended.returncode == 2
    assert "--forward" in ended.stderr
