import json

import pytest
from standardwebhooks import Webhook

from muybridge.domain.event import EventState
from muybridge.domain.key import Key
from muybridge.domain.task import TaskState
from muybridge.ports.fetcher import Reply
from muybridge.service.notify import Notify, Patience, backoff
from muybridge.units import Seconds

TASK, HOOK = "107000000000001", "https://app.example/hook"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DAY = 86_400.0


@pytest.fixture
async def notify(stage):
    await stage.keys.add(Key("key-1", "first", stage.clock.now(), SECRET), "digest")
    await stage.accept(callback_url=HOOK)
    await stage.tasks.move(TASK, TaskState.QUEUEING, stage.clock.now())
    await stage.tasks.move(TASK, TaskState.PROCESSING, stage.clock.now())
    await stage.tasks.move(TASK, TaskState.SUCCESS, stage.clock.now(), file_id="361000000000001")
    return Notify(stage.tasks, stage.keys, stage.fetcher, stage.clock, Patience())


async def tell_all(stage, notify, most=200):
    waits = []
    for _ in range(most):
        wait = await notify.next(TASK)
        if wait is None:
            return waits
        waits.append(wait)
        stage.clock.time += wait
    raise AssertionError("it never ended")


async def test_events_arrive_once_each_in_the_order_they_happened(stage, notify):
    stage.fetcher.receivers[HOOK] = lambda _body: Reply(204, b"")
    assert await tell_all(stage, notify) == [0.0, 0.0]
    assert [json.loads(body)["status"] for _, body, _ in stage.fetcher.posts] == ["processing", "success"]
    assert not await notify.pending(TASK)


async def test_a_receiver_can_verify_every_post_with_its_keys_secret(stage, notify):
    stage.clock.time = __import__("time").time()
    stage.fetcher.receivers[HOOK] = lambda _body: Reply(200, b"")
    await tell_all(stage, notify)
    for _, body, headers in stage.fetcher.posts:
        assert Webhook(SECRET).verify(body, headers)["task_id"] == TASK
    assert len({headers["webhook-id"] for _, _, headers in stage.fetcher.posts}) == 2


@pytest.mark.parametrize("status", [199, 301, 404, 500, 503])
async def test_anything_but_2xx_is_tried_again_with_the_same_id_before_what_follows(stage, notify, status):
    replies = iter([status, status, 200, 200])
    stage.fetcher.receivers[HOOK] = lambda _body: Reply(next(replies), b"not now")
    waits = await tell_all(stage, notify)
    assert waits[0] > 0
    assert waits[1] > 0
    ids = [headers["webhook-id"] for _, _, headers in stage.fetcher.posts]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    tried = await stage.tasks.attempts(ids[0])
    assert [(one.delivered, one.status, one.note) for one in tried] == [
        (False, status, "not now"),
        (False, status, "not now"),
        (True, 200, ""),
    ]


async def test_a_receiver_that_never_answers_is_given_up_after_a_day_for_each_event(stage, notify):
    began = stage.clock.now()
    waits = await tell_all(stage, notify)
    assert DAY - 3600 <= stage.clock.now() - began <= DAY
    assert 25 < len(waits) < 70
    events = await stage.tasks.events(TASK)
    assert {event.state for event in events} == {EventState.GIVEN_UP}
    assert (await stage.tasks.attempts(events[0].event_id))[0].note == "no connection"


async def test_an_address_that_is_refused_meanwhile_counts_as_a_failed_try(stage, notify):
    stage.fetcher.refused.add(HOOK)
    assert await notify.next(TASK) > 0
    (tried,) = await stage.tasks.attempts((await stage.tasks.events(TASK))[0].event_id)
    assert tried.note == "refused: an address that is not public"


async def test_an_event_that_is_sent_again_by_hand_is_tried_though_its_day_is_over(stage, notify):
    await tell_all(stage, notify)
    event = (await stage.tasks.events(TASK))[1]
    await stage.tasks.mark_event(event.event_id, EventState.PENDING)
    stage.fetcher.receivers[HOOK] = lambda _body: Reply(200, b"")
    assert await tell_all(stage, notify) == [0.0]
    assert (await stage.tasks.events(TASK))[1].state is EventState.DELIVERED


def test_waits_double_up_to_the_longest_and_never_by_the_same_amount():
    patience = Patience(first_wait=Seconds(2.0), longest_wait=Seconds(60.0))
    for attempts, most in enumerate([2, 4, 8, 16, 32, 60, 60]):
        waits = {backoff(attempts, patience) for _ in range(50)}
        assert len(waits) > 40
        assert most / 2 <= min(waits) <= max(waits) <= most
    assert backoff(10_000, patience) <= 60
