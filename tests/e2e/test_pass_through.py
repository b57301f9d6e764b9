"""Our server passing takes on to another one of ours, each with its own processes and folder."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from running import STEADY, RunningServer

Pair = tuple[RunningServer, RunningServer]


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    server = RunningServer(tmp_path_factory.mktemp("upstream") / "data", MUYBRIDGE_ENGINE=STEADY).start()
    yield server
    server.end()


@pytest.fixture(scope="module")
def server(upstream: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    options = {"base_url": upstream.url, "key": upstream.key, "poll_seconds": 0.2, "lost_seconds": 20}
    server = RunningServer(
        tmp_path_factory.mktemp("ours") / "data",
        MUYBRIDGE_ENGINE="hailuo",
        MUYBRIDGE_MODELS='{"S2V-01-chain": "hailuo -> slate"}',
        MUYBRIDGE_ENGINES=json.dumps({"hailuo": options}),
    )
    yield server.start()
    server.end()


def orders(upstream: RunningServer) -> list[tuple[str, str]]:
    return [(str(task), str(state)) for task, state in upstream.rows("select task_id, state from tasks")]


def wait_for(condition: Callable[[], bool], within: float = 30.0) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_upstreams_video_becomes_a_file_of_our_own(
    server: RunningServer, upstream: RunningServer
) -> None:
    done = server.until(server.create("steady 0.5"), "Success", "Fail")
    assert done["status"] == "Success"
    assert (done["video_width"], done["video_height"]) == (128, 72)
    with server.http as http:
        file = http.get("/v1/files/retrieve", params={"file_id": done["file_id"]}).json()["file"]
    assert file["download_url"].startswith(server.url)
    assert len(httpx.get(file["download_url"], trust_env=False).content) == file["bytes"]


def test_a_refusal_upstream_is_a_refusal_here_and_no_stand_in_is_asked(server: RunningServer) -> None:
    done = server.until(server.create("refuse", model="S2V-01-chain"), "Success", "Fail")
    assert (done["status"], done["base_resp"]["status_code"]) == ("Fail", 1026)


def test_ours_killed_while_it_waits_goes_on_waiting_for_the_same_order(
    server: RunningServer, upstream: RunningServer
) -> None:
    before = len(orders(upstream))
    task_id = server.create("steady 6")
    wait_for(lambda: len(orders(upstream)) == before + 1)
    time.sleep(0.5)
    server.kill_everything()
    server.start()
    assert server.until(task_id, "Success", "Fail", within=90)["status"] == "Success"
    assert len(orders(upstream)) == before + 1


def test_an_upstream_killed_while_it_works_is_waited_for_and_its_order_stands(
    server: RunningServer, upstream: RunningServer
) -> None:
    before = len(orders(upstream))
    task_id = server.create("steady 3")
    wait_for(lambda: len(orders(upstream)) == before + 1)
    port = int(upstream.url.rpartition(":")[2])
    upstream.kill_everything()
    time.sleep(1.0)
    upstream.start(port=port)
    assert server.until(task_id, "Success", "Fail", within=90)["status"] == "Success"
    assert len(orders(upstream)) == before + 1


def test_a_broken_upstream_makes_a_stand_in_take_over_and_the_task_says_so(
    server: RunningServer, upstream: RunningServer
) -> None:
    done = server.until(server.create("crash", model="S2V-01-chain"), "Success", "Fail", within=90)
    assert done["status"] == "Success"
    ((notes,),) = server.rows("select notes from tasks where task_id = ?", done["task_id"])
    assert "hailuo did not make this video (the upstream failed" in notes
    assert "slate stood in" in notes


def test_the_upstreams_key_is_in_none_of_our_files_and_logs(
    server: RunningServer, upstream: RunningServer
) -> None:
    kept = [path for path in server.data.rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if upstream.key.encode() in path.read_bytes()]
    assert upstream.key not in server.said()
