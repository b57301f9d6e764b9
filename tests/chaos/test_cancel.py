"""Cancel over the whole way: HTTP, row, workflow, worker, the engine's process, the callback."""

import time

import psutil
import pytest

from muybridge.client import Client


@pytest.fixture
def client(server):
    with Client(server.url, server.key) as client:
        yield client


def until(found, within=15.0):
    deadline = time.monotonic() + within
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_cancelled_render_stops_within_two_seconds_and_its_slot_makes_the_next(server, receiver, client):
    task_id = server.create("steady 60", callback_url=receiver.url)
    until(lambda: server.starts(task_id) == 1)
    until(lambda: server.query(task_id)["status"] == "Processing")
    waiting = server.create("steady 0.1")
    engine = psutil.Process(server.pid("engine"))
    asked = time.monotonic()
    assert client.cancel(task_id) == "Fail"
    assert server.query(task_id)["base_resp"] == {"status_code": 1000, "status_msg": "cancelled"}
    until(lambda: server.starts(waiting) == 1)  # the slot is free only once the take has stopped
    freed = time.monotonic() - asked
    assert server.until(waiting, "Success", "Fail")["status"] == "Success"
    until(lambda: receiver.told(task_id)[-1:] == ["failed"])
    assert receiver.told(task_id) == ["processing", "failed"]
    assert freed < 15.0 + start_of_an_engine(server, engine), freed


def start_of_an_engine(server, before):
    """What a fresh engine process may take to come up, where the cancelled one had to be killed."""
    return 0.0 if server.pid("engine") == before.pid else 4.0


def test_a_task_that_waits_for_an_engine_is_cancelled_and_never_begins(server, client):
    first, second = server.create("steady 1"), server.create("steady 0.1")
    server.until(second, "Queueing")
    assert client.cancel(second) == "Fail"
    assert server.until(first, "Success", "Fail")["status"] == "Success"
    time.sleep(0.5)
    assert server.starts(second) == 0
    assert server.story(second)[-1] == ("Fail", "cancelled by its owner")


def test_a_finished_task_is_not_undone(server, client):
    task_id = server.create("steady 0.1")
    done = server.until(task_id, "Success", "Fail")
    assert [client.cancel(task_id), client.cancel(task_id)] == ["Success", "Success"]
    assert server.query(task_id) == done
    with server.http as http:
        file = http.get("/v1/files/retrieve", params={"file_id": done["file_id"]}).json()
    assert file["base_resp"]["status_code"] == 0


def test_a_task_cancelled_while_temporal_is_dead_is_stopped_when_it_is_back(server, client):
    task_id = server.create("steady 60")
    until(lambda: server.starts(task_id) == 1)
    server.kill("temporal")
    assert client.cancel(task_id) == "Fail"
    following = server.create("steady 0.1")
    assert server.until(following, "Success", "Fail", within=40)["status"] == "Success"
    assert server.starts(task_id) == 1
    assert [state for state, _ in server.story(task_id)].count("Fail") == 1
