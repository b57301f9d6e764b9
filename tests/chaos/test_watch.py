"""The event stream over real sockets, from the engine's own progress; and what is left of it in a crash."""

import threading
import time

import pytest

from muybridge.client import Client
from muybridge.errors import MuybridgeError
from muybridge.wire.answers import ProgressAnswer


@pytest.fixture
def client(server):
    with Client(server.url, server.key) as client:
        yield client


def test_whoever_waits_sees_stage_fraction_and_time_left(server, client):
    seen = []
    task_id = server.create("steady 5")
    done = client.wait(task_id, within=40, watch=seen.append)
    assert all(isinstance(answer, ProgressAnswer) for answer in seen)  # nothing had to be polled
    assert (done.status, seen[-1].fraction) == ("Success", 1.0)
    drawing = [answer for answer in seen if answer.stage == "drawing"]
    fractions = [answer.fraction for answer in drawing]
    assert fractions == sorted(fractions)
    assert len(set(fractions)) >= 3
    assert all(0 <= answer.seconds_left < 30 for answer in drawing if answer.seconds_left is not None)
    assert drawing[-1].seconds_left is not None


def test_a_watched_task_that_is_cancelled_ends_the_wait(server, client):
    task_id = server.create("steady 60")
    calling_off = threading.Timer(1.0, client.cancel, [task_id])
    calling_off.start()
    began = time.monotonic()
    with pytest.raises(MuybridgeError, match="cancelled"):
        client.wait(task_id, within=40)
    assert time.monotonic() - began < 10
    calling_off.join(10)


def test_a_server_stops_in_time_though_somebody_watches(server, client):
    task_id, ended = server.create("steady 2"), []

    def watch():
        try:
            ended.append(client.wait(task_id, within=40).status)
        except MuybridgeError as error:
            ended.append(type(error).__name__)  # it ended before the last event was sent

    watching = threading.Thread(target=watch)
    watching.start()
    server.until(task_id, "Processing")
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 15
    watching.join(30)
    assert ended[0] in {"Success", "Unavailable"}
    server.start()
