"""One suite for every TaskStore: the fake, SQLite, PostgreSQL."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from fakes.task_store import FakeTaskStore
from muybridge.adapters.sql import Database
from muybridge.adapters.task_store import SqlTaskStore
from muybridge.domain.event import Attempt, EventState
from muybridge.domain.key import Terms
from muybridge.domain.task import Task, TaskState
from muybridge.errors import AllowanceUsedUp, InvalidInput, NotFound, RateLimited
from muybridge.ports.task_store import IllegalMove, Once, TaskStore
from muybridge.units import Seconds

NOW = Seconds(1_763_800_000.25)
P, Q, R, S, F = TaskState


@pytest.fixture
def store(database: Database | None) -> TaskStore:
    return SqlTaskStore(database) if database else FakeTaskStore()


async def new(store: TaskStore, key_id: str = "k1", at: float = NOW, callback_url: str | None = None) -> Task:
    return Task(
        task_id=await store.new_id(),
        key_id=key_id,
        model="S2V-01",
        prompt="女孩微笑 \N{GRINNING FACE}",
        reference="https://example.org/a.png",
        created_at=Seconds(at),
        updated_at=Seconds(at),
        callback_url=callback_url,
        seed=2**53 - 1,
        notes=("One note.",),
    )


async def told(store: TaskStore) -> Task:
    return await store.add(await new(store, callback_url="http://127.0.0.1:1/cb"))


async def words(store: TaskStore, task: Task) -> list[str]:
    return [json.loads(event.body)["status"] for event in await store.events(task.task_id)]


async def test_an_id_has_15_digits_and_differs_from_the_last(store: TaskStore) -> None:
    ids = [await store.new_id() for _ in range(20)]
    assert len(set(ids)) == 20
    assert all(len(one) == 15 and one.isdigit() and one[0] != "0" and int(one) < 2**53 for one in ids)


async def test_a_task_comes_back_as_it_was_added(store: TaskStore) -> None:
    task = await new(store)
    assert await store.add(task) == task
    assert await store.get(task.task_id) == task


async def test_an_unknown_task_is_none(store: TaskStore) -> None:
    assert await store.get("106916112212032") is None


async def test_adding_a_task_twice_changes_nothing(store: TaskStore) -> None:
    task = await store.add(await new(store))
    await store.move(task.task_id, R, NOW)
    assert (await store.add(task)).state is R
    assert len(await store.timeline(task.task_id)) == 2


async def test_a_timeline_tells_every_state_in_order(store: TaskStore) -> None:
    task = await store.add(await new(store))
    for at, state in enumerate((Q, R, Q, R, S), start=1):
        await store.move(task.task_id, state, Seconds(NOW + at), f"step {at}")
    timeline = await store.timeline(task.task_id)
    assert [step.state for step in timeline] == [P, Q, R, Q, R, S]
    assert [step.at for step in timeline] == [NOW + n for n in range(6)]
    assert timeline[-1].reason == "step 5"


async def test_a_move_keeps_what_changed_with_it(store: TaskStore) -> None:
    task = await store.add(await new(store))
    await store.move(task.task_id, R, NOW, reference="361721749176519", notes=("a", "b"))
    done = await store.move(
        task.task_id, S, Seconds(NOW + 9), file_id="361721749176520", width=1280, height=720
    )
    assert done == await store.get(task.task_id)
    assert (done.reference, done.file_id, done.width, done.height) == (
        "361721749176519",
        "361721749176520",
        1280,
        720,
    )
    assert (done.notes, done.updated_at, done.created_at) == (("a", "b"), NOW + 9, NOW)


async def test_a_move_that_the_table_does_not_know_is_refused_and_leaves_no_trace(store: TaskStore) -> None:
    task = await store.add(await new(store))
    with pytest.raises(IllegalMove, match="Preparing"):
        await store.move(task.task_id, S, NOW)
    assert (await store.get(task.task_id)) == task
    assert len(await store.timeline(task.task_id)) == 1


async def test_the_first_end_of_a_task_stands(store: TaskStore) -> None:
    task = await store.add(await new(store))
    await store.move(task.task_id, R, NOW)
    first = await store.move(task.task_id, S, NOW, file_id="1")
    assert await store.move(task.task_id, S, Seconds(NOW + 1), file_id="2") == first
    with pytest.raises(IllegalMove):
        await store.move(task.task_id, F, NOW)


async def test_repeating_a_move_adds_neither_timeline_nor_event(store: TaskStore) -> None:
    task = await told(store)
    for _ in range(3):
        await store.move(task.task_id, R, NOW)
    for _ in range(3):
        await store.move(task.task_id, S, NOW, file_id="361721749176519")
    assert [step.state for step in await store.timeline(task.task_id)] == [P, R, S]
    assert await words(store, task) == ["processing", "success"]


async def test_moving_an_unknown_task_is_not_found(store: TaskStore) -> None:
    with pytest.raises(NotFound):
        await store.move("106916112212032", R, NOW)


async def test_an_event_is_the_query_answer_at_that_moment(store: TaskStore) -> None:
    task = await told(store)
    await store.move(task.task_id, R, NOW)
    await store.move(task.task_id, S, NOW, file_id="205258526306433", width=1280, height=720)
    first, last = await store.events(task.task_id)
    assert json.loads(last.body) == {
        "task_id": task.task_id,
        "status": "success",
        "file_id": "205258526306433",
        "video_width": 1280,
        "video_height": 720,
        "base_resp": {"status_code": 0, "status_msg": "success"},
    }
    assert json.loads(first.body)["file_id"] == ""
    assert (first.number, last.number, first.state) == (1, 2, EventState.PENDING)
    assert first.event_id != last.event_id


async def test_going_back_to_the_queue_is_not_told_again(store: TaskStore) -> None:
    task = await told(store)
    for state in (Q, R, Q, R):
        await store.move(task.task_id, state, NOW)
    await store.move(task.task_id, F, NOW, status_code=1027, status_msg="output new_sensitive")
    assert await words(store, task) == ["processing", "failed"]


async def test_a_task_without_callback_has_no_events(store: TaskStore) -> None:
    task = await store.add(await new(store))
    await store.move(task.task_id, R, NOW)
    assert await store.events(task.task_id) == []


async def test_a_delivered_event_is_no_longer_pending(store: TaskStore) -> None:
    task = await told(store)
    await store.move(task.task_id, R, NOW)
    await store.move(task.task_id, F, NOW, status_code=1000)
    first, last = await store.events(task.task_id, EventState.PENDING)
    tries = [
        Attempt(first.event_id, NOW, False, 500, "500"),
        Attempt(first.event_id, Seconds(NOW + 2), True, 204, "204"),
    ]
    for attempt in tries:
        await store.record_attempt(attempt)
    assert list(await store.attempts(first.event_id)) == tries
    assert [event.event_id for event in await store.events(task.task_id, EventState.PENDING)] == [
        last.event_id
    ]
    assert (await store.events(task.task_id))[0].attempts == 2


async def test_an_event_can_be_given_up_and_sent_again(store: TaskStore) -> None:
    task = await told(store)
    await store.move(task.task_id, R, NOW)
    (event,) = await store.events(task.task_id)
    await store.mark_event(event.event_id, EventState.GIVEN_UP)
    assert await store.events(state=EventState.PENDING) == []
    await store.mark_event(event.event_id, EventState.PENDING)
    assert await store.events(task.task_id) == [event]


async def test_an_unknown_event_is_not_found(store: TaskStore) -> None:
    with pytest.raises(NotFound):
        await store.mark_event("msg_1_1", EventState.PENDING)
    with pytest.raises(NotFound):
        await store.record_attempt(Attempt("msg_1_1", NOW, True, 200, ""))


async def test_unfinished_tasks_come_oldest_first(store: TaskStore) -> None:
    old, ended, fresh = [await store.add(await new(store, at=NOW + n)) for n in range(3)]
    await store.move(ended.task_id, F, NOW, status_code=1000)
    assert [task.task_id for task in await store.unfinished()] == [old.task_id, fresh.task_id]


async def test_recent_shows_one_keys_tasks_the_newest_first(store: TaskStore) -> None:
    old, fresh = [await store.add(await new(store, at=NOW + n)) for n in range(2)]
    await store.add(await new(store, key_id="k2"))
    assert [task.task_id for task in await store.recent("k1")] == [fresh.task_id, old.task_id]


async def test_recent_shows_all_keys_tasks_or_those_in_one_state(store: TaskStore) -> None:
    old, mid = await store.add(await new(store)), await store.add(await new(store, "k2", NOW + 1))
    last = await store.add(await new(store, at=NOW + 2))
    await store.move(mid.task_id, F, NOW)

    async def ids(key_id: str | None, limit: int = 50, state: TaskState | None = None) -> list[str]:
        return [task.task_id for task in await store.recent(key_id, limit, state)]

    assert await ids(None) == [last.task_id, mid.task_id, old.task_id]
    assert await ids(None, 2) == [last.task_id, mid.task_id]
    assert await ids(None, state=F) == [mid.task_id]
    assert await ids("k1", state=F) == []


async def test_one_idempotency_key_makes_one_task(store: TaskStore) -> None:
    once = Once("order-1", "digest")
    task = await store.add(await new(store), once=once)
    assert await store.add(await new(store), once=once) == task
    assert await store.promised("k1", once) == task
    assert await store.promised("k2", once) is None
    assert len(await store.unfinished()) == 1


async def test_an_idempotency_key_serves_no_second_request(store: TaskStore) -> None:
    await store.add(await new(store), once=Once("order-1", "digest"))
    with pytest.raises(InvalidInput, match="Idempotency-Key"):
        await store.add(await new(store), once=Once("order-1", "other"))
    with pytest.raises(InvalidInput, match="Idempotency-Key"):
        await store.promised("k1", Once("order-1", "other"))


async def test_tasks_in_flight_are_bounded_and_an_end_makes_room(store: TaskStore) -> None:
    terms = Terms(in_flight=1)
    first = await store.add(await new(store), terms)
    with pytest.raises(RateLimited, match="1 tasks of this key in flight"):
        await store.add(await new(store), terms)
    await store.add(await new(store, key_id="k2"), terms)
    await store.move(first.task_id, F, NOW, status_code=1000)
    await store.add(await new(store), terms)


async def test_an_allowance_counts_all_but_failed_tasks(store: TaskStore) -> None:
    terms = Terms(allowance=1)
    failed = await store.add(await new(store), terms)
    await store.move(failed.task_id, F, NOW, status_code=1000)
    done = await store.add(await new(store), terms)
    await store.move(done.task_id, R, NOW)
    await store.move(done.task_id, S, NOW)
    with pytest.raises(AllowanceUsedUp):
        await store.room("k1", terms, NOW)
    with pytest.raises(AllowanceUsedUp):
        await store.add(await new(store), terms)


async def test_a_rate_counts_the_last_60_seconds(store: TaskStore) -> None:
    terms = Terms(rate=2)
    await store.add(await new(store, at=NOW), terms)
    await store.add(await new(store, at=NOW + 59), terms)
    with pytest.raises(RateLimited, match="2 tasks a minute"):
        await store.room("k1", terms, Seconds(NOW + 59.5))
    await store.add(await new(store, at=NOW + 60.5), terms)


async def test_many_creates_at_once_do_not_pass_a_limit_together(store: TaskStore) -> None:
    fresh = [await new(store) for _ in range(8)]
    ends = await asyncio.gather(
        *(store.add(task, Terms(in_flight=3)) for task in fresh), return_exceptions=True
    )
    assert sum(isinstance(end, Task) for end in ends) == 3
    assert sum(isinstance(end, RateLimited) for end in ends) == 5


async def test_many_moves_at_once_happen_once(store: TaskStore) -> None:
    task = await told(store)
    await asyncio.gather(*(store.move(task.task_id, R, NOW) for _ in range(8)))
    assert [step.state for step in await store.timeline(task.task_id)] == [P, R]
    assert await words(store, task) == ["processing"]


async def test_a_change_without_a_change_of_state_is_kept_silently(store: TaskStore) -> None:
    task = await told(store)
    await store.move(task.task_id, R, NOW)
    after = await store.move(task.task_id, R, NOW, notes=("seen",))
    assert after == replace(task, state=R, notes=("seen",))
    assert len(await store.timeline(task.task_id)) == 2
