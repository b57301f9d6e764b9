"""Workers beside the server's own: they need Temporal and the object store, and no database."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from running import RunningServer

WORKER = [sys.executable, "-c", "from muybridge.cli.main import main; main()", "worker"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    server = RunningServer(tmp_path / "data").start()
    yield server
    server.end()


def test_a_second_worker_without_the_database_makes_takes_beside_the_first(server):
    nowhere = {"MUYBRIDGE_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing"}
    with subprocess.Popen(WORKER, env={**server.environment, **nowhere}) as second:
        try:
            deadline = time.monotonic() + 40
            while True:  # both workers have one slot each, so two at once means that both are at work
                pair = [server.create("steady 2") for _ in range(2)]
                for task_id in pair:
                    server.until(task_id, "Processing", "Success")
                at_once = [server.query(task_id)["status"] for task_id in pair]
                ends = [server.until(task_id, "Success", "Fail")["status"] for task_id in pair]
                assert ends == ["Success", "Success"]
                if at_once == ["Processing", "Processing"]:
                    break
                assert time.monotonic() < deadline
        finally:
            second.send_signal(signal.SIGTERM)
            assert second.wait(20) == 0


def test_a_worker_with_nothing_to_work_for_says_what_it_needs(tmp_path):
    lonely = RunningServer(tmp_path / "data")
    ended = subprocess.run(
        WORKER, env=lonely.environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert ended.returncode == 2
    assert "--temporal-address" in ended.stderr
