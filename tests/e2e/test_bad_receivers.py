"""Receivers of callbacks as they are in life: every event comes, in order, and no task waits for one."""

from __future__ import annotations

import http.server
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from running import RunningServer

PROMPT = "She smiles."
FAST = {
    "MUYBRIDGE_ENGINE": "slate",
    "MUYBRIDGE_CALLBACK_FIRST_WAIT_SECONDS": "0.2",
    "MUYBRIDGE_CALLBACK_LONGEST_WAIT_SECONDS": "0.5",
    "MUYBRIDGE_CALLBACK_ATTEMPT_SECONDS": "1",
}
OK, SLOW = 200, -1


class Moody:
    """A receiver whose answer to the n-th event POST (from 0) is `mood(n)`: a status, or SLOW."""

    def __init__(self, mood: Callable[[int], int], port: int = 0) -> None:
        self.posts: list[tuple[dict[str, str], bytes, int]] = []
        moody = self

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                asked = json.loads(body)
                if "challenge" in asked:
                    self._say(OK, json.dumps(asked).encode())
                    return
                status = mood(len(moody.posts))
                moody.posts.append((dict(self.headers), body, status))
                if status == SLOW:
                    time.sleep(1.6)
                self._say(OK if status == SLOW else status, b"{}")

            def _say(self, status: int, body: bytes) -> None:
                try:
                    self.send_response(status)
                    self.send_header("content-length", str(len(body)))
                    if 300 <= status < 400:
                        self.send_header("location", "/elsewhere")
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:  # nobody waits any more
                    pass

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Answer)
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def told(self) -> list[str]:
        """What was said, each try of it."""
        return [str(json.loads(body)["status"]) for _, body, _ in self.posts]

    def accepted(self) -> list[str]:
        return [str(json.loads(body)["status"]) for _, body, status in self.posts if status == OK]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    server = RunningServer(tmp_path_factory.mktemp("receivers") / "data", **FAST).start()
    yield server
    server.end()


def all_told(server: RunningServer, task_id: str, within: float = 40.0) -> None:
    query = "select count(*) from events where task_id = ? and state = 'delivered'"
    deadline = time.monotonic() + within
    while server.rows(query, task_id) != [(2,)]:
        assert time.monotonic() < deadline, server.rows("select * from attempts")
        time.sleep(0.1)


def muybridge(server: RunningServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from muybridge.cli.main import main; main()", *arguments]
    return subprocess.run(
        command, env=server.environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    "mood",
    [
        pytest.param(lambda n: 500 if n < 5 else OK, id="500 for a while"),
        pytest.param(lambda n: (503, OK)[n % 2], id="flapping"),
        pytest.param(lambda n: (302, 404, 410, OK)[min(n, 3)], id="wrong"),
        pytest.param(lambda n: SLOW if n in (0, 2) else OK, id="slow"),
    ],
)
def test_every_event_comes_in_order_and_the_task_waits_for_none(server, mood):
    receiver = Moody(mood)
    try:
        task_id = server.create(PROMPT, callback_url=receiver.url)
        answer = server.until(task_id, "Success", "Fail", within=30)
        assert answer["status"] == "Success"
        all_told(server, task_id)
    finally:
        receiver.close()
    assert receiver.accepted() == ["processing", "success"]
    assert len(receiver.posts) > 2
    assert receiver.told() == sorted(receiver.told())  # "processing" until it is taken, then "success"
    ids = [headers["webhook-id"] for headers, _, _ in receiver.posts]
    assert len(set(ids)) == 2
    assert all(earlier <= later for earlier, later in pairwise(ids))
    last = json.loads(receiver.posts[-1][1])
    assert last["file_id"] == answer["file_id"]
    ((secret,),) = server.rows("select signing_secret from keys")
    for headers, body, _ in receiver.posts:
        assert Webhook(secret).verify(body, headers)["task_id"] == task_id


def test_a_receiver_that_is_down_gets_everything_when_it_is_back_and_the_task_has_ended(server):
    down = Moody(lambda n: 500)  # whatever comes before it is gone is not taken
    task_id = server.create(PROMPT, callback_url=down.url)
    down.close()
    assert server.until(task_id, "Success", "Fail")["status"] == "Success"
    back = Moody(lambda n: OK, down.port)
    try:
        all_told(server, task_id)
    finally:
        back.close()
    assert back.accepted() == ["processing", "success"]


def test_events_are_listed_with_their_tries_and_one_is_sent_again_under_its_id(server):
    receiver = Moody(lambda n: OK)
    try:
        task_id = server.create(PROMPT, callback_url=receiver.url)
        all_told(server, task_id)
        listed = muybridge(server, "callbacks", "list", "--task", task_id)
        rows = [line.split() for line in listed.stdout.splitlines()[1:]]
        assert [row[1:4] for row in rows] == [["processing", "delivered", "1"], ["success", "delivered", "1"]]
        assert all(row[-1] == "200" for row in rows)
        again = muybridge(server, "callbacks", "resend", rows[1][0])
        assert again.returncode == 0, again.stderr
        deadline = time.monotonic() + 30
        while len(receiver.posts) < 3:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert receiver.told() == ["processing", "success", "success"]
        assert receiver.posts[2][0]["webhook-id"] == receiver.posts[1][0]["webhook-id"] == rows[1][0]
    finally:
        receiver.close()


def test_an_event_that_is_none_is_refused_by_name(server):
    ended = muybridge(server, "callbacks", "resend", "msg_1")
    assert ended.returncode == 2
    assert "event_id: got msg_1" in ended.stderr


def test_the_folder_alone_is_enough_to_list(server, tmp_path: Path):
    empty = muybridge(server, "callbacks", "list", "--data", str(tmp_path))
    assert empty.returncode == 0
    assert empty.stdout.split()[:2] == ["event", "says"]
