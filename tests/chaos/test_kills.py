"""kill -9 of each part, in mid-render: the task ends once, with one file, and its owner is told once."""

import os
import signal
import time

import psutil
import pytest

RENDER_S = 1.6


@pytest.fixture
def rendering(server, receiver):
    """A task whose engine is at work, a good way into its take."""
    task_id = server.create(f"steady {RENDER_S}", callback_url=receiver.url)
    server.until(task_id, "Processing")
    deadline = time.monotonic() + 20
    while server.starts(task_id) == 0:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    time.sleep(RENDER_S / 3)
    return task_id


def ends_once(server, receiver, task_id, takes, within=40.0):
    """The task succeeded; give it a moment in which to do anything twice, then count."""
    answer = server.until(task_id, "Success", "Fail", within=within)
    assert answer["status"] == "Success", server.story(task_id)
    deadline = time.monotonic() + 15
    while receiver.told(task_id)[-1:] != ["success"]:
        assert time.monotonic() < deadline, receiver.told(task_id)
        time.sleep(0.05)
    time.sleep(0.3)
    states = [state for state, _ in server.story(task_id)]
    assert states.count("Success") == 1
    assert states[-1] == "Success"
    ((key_id,),) = server.rows("select key_id from tasks where task_id = ?", task_id)
    assert receiver.told(task_id).count("success") == 1
    assert receiver.told(task_id)[0] == "processing"
    assert server.starts(task_id) == takes
    files = server.rows(
        "select file_id from files where key_id = ? and purpose = 'video_generation' and file_id = ?",
        key_id,
        answer["file_id"],
    )
    assert len(files) == 1
    videos = server.rows("select count(*) from files where purpose = 'video_generation'")[0][0]
    ended = server.rows("select count(*) from tasks where state = 'Success'")[0][0]
    assert videos == ended
    assert not list((server.data / "files" / "takes").rglob("*.mp4"))
    with server.http as http:
        url = http.get("/v1/files/retrieve", params={"file_id": answer["file_id"]}).json()["file"][
            "download_url"
        ]
        assert http.get(url).content[4:8] == b"ftyp"


def back(server, part, dead):
    """The part runs again, under another id."""
    deadline = time.monotonic() + 30
    while server.pid(part) == dead or not psutil.pid_exists(server.pid(part)):
        assert time.monotonic() < deadline, server.said()
        time.sleep(0.05)


def test_a_killed_engine_costs_one_take(server, receiver, rendering):
    dead = server.kill("engine")
    ends_once(server, receiver, rendering, takes=2)
    back(server, "engine", dead)
    assert any("SIGKILL" in reason for _, reason in server.story(rendering))


def test_a_killed_temporal_costs_no_take(server, receiver, rendering):
    dead = server.kill("temporal")
    back(server, "temporal", dead)
    ends_once(server, receiver, rendering, takes=1)


def test_a_killed_worker_costs_one_take_and_its_engine_dies_with_it(server, receiver, rendering):
    engine = psutil.Process(server.pid("engine"))
    dead = server.kill("worker")
    assert psutil.wait_procs([engine], timeout=5)[1] == []
    back(server, "worker", dead)
    ends_once(server, receiver, rendering, takes=2)


def test_a_worker_frozen_beyond_its_heartbeat_loses_its_take_and_cannot_publish_it(
    server, receiver, rendering
):
    worker = server.kill("worker", signal.SIGSTOP)
    time.sleep(5.2)  # its heartbeat is due every 4 s
    os.kill(worker, signal.SIGCONT)
    ends_once(server, receiver, rendering, takes=2)


def test_a_killed_server_takes_everything_with_it_and_the_next_one_finishes(server, receiver, rendering):
    family = server.family()
    assert len(family) == 4
    server.kill("serve")
    assert psutil.wait_procs(family, timeout=5)[1] == []
    server.start()
    ends_once(server, receiver, rendering, takes=2)


def test_everything_killed_at_once_is_made_up_for_by_the_next_start(server, receiver, rendering):
    server.kill_everything()
    server.start()
    ends_once(server, receiver, rendering, takes=2)


def test_a_server_stopped_in_mid_render_finishes_the_take_first(server, receiver, rendering):
    assert server.stop() == 0
    assert server.story(rendering)[-1][0] == "Success"
    server.start()
    ends_once(server, receiver, rendering, takes=1)


def test_tasks_outlive_a_temporal_that_lost_its_memory(server, receiver, rendering):
    family = server.family()
    server.kill("serve")
    psutil.wait_procs(family, timeout=5)
    for file in server.data.glob("temporal.db*"):
        file.unlink()
    server.start()
    ends_once(server, receiver, rendering, takes=2)
