from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from fakes.house import House, request
from muybridge.domain.task import TaskState
from muybridge.errors import RateLimited
from muybridge.ports.orchestrator import TakeProgress
from muybridge.service import watch
from muybridge.service.watch import Seats, Watch
from muybridge.units import Seconds

HOUR = Seconds(3600.0)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_PULSE", 0.01)
    monkeypatch.setattr(watch, "_ASKED_AGAIN", 0.02)


async def a_task(house: House) -> str:
    task_id: str = (await house.create(request()))["task_id"]
    return task_id


async def stream(house: House, task_id: str, query: str = "") -> Any:
    return await house.client.get(f"/v1/video_generation/{task_id}/events{query}")


def told(response: Any) -> list[dict[str, Any]]:
    assert response.headers["content-type"].startswith("text/event-stream"), response.text
    return [json.loads(line[5:]) for line in response.text.splitlines() if line.startswith("data:")]


async def until(found: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not found():  # noqa: ASYNC110  # what is watched has no event for a test
            await asyncio.sleep(0.005)


async def test_a_watcher_hears_of_each_change_and_the_stream_ends_with_the_task(house: House) -> None:
    task_id = await a_task(house)
    watching = asyncio.create_task(stream(house, task_id))
    await until(lambda: house.parts.watch._watched[task_id])
    await asyncio.sleep(0.05)
    house.orchestrator.said[task_id] = TakeProgress(0.25, "drawing")
    await house.tasks.move(task_id, TaskState.PROCESSING, house.clock.now())
    house.clock.time += 10
    await until(lambda: house.orchestrator.asked)
    await asyncio.sleep(0.05)
    done = {"file_id": "361721749176519", "width": 1280, "height": 720}
    await house.tasks.move(task_id, TaskState.SUCCESS, house.clock.now(), **done)  # type: ignore[arg-type]
    events = told(await watching)
    assert [event["status"] for event in events] == ["Preparing", "Processing", "Success"]
    assert (events[1]["stage"], events[1]["fraction"], events[1]["seconds_left"]) == ("drawing", 0.25, 30.0)
    assert {name: events[2][name] for name in await house.query(task_id)} == await house.query(task_id)
    assert (events[0]["seconds_left"], events[2]["fraction"], events[2]["seconds_left"]) == (None, 1.0, 0.0)
    assert not house.parts.watch._watched


async def test_a_task_that_has_ended_is_told_at_once(house: House) -> None:
    task_id = await a_task(house)
    await house.client.post("/v1/video_generation/cancel", json={"task_id": task_id})
    (event,) = told(await stream(house, task_id))
    assert (event["status"], event["base_resp"]["status_msg"]) == ("Fail", "cancelled")


async def test_a_stream_ends_when_it_was_asked_to(house: House) -> None:
    events = told(await stream(house, await a_task(house), "?within=0.03"))
    assert [event["status"] for event in events] == ["Preparing"]


async def test_anothers_task_cannot_be_watched_and_is_as_unknown_as_none(house: House) -> None:
    mine = await a_task(house)
    house.client.headers.update(await house.other_key())
    theirs, none = await stream(house, mine), await stream(house, "999999999999999")
    assert theirs.json()["base_resp"]["status_code"] == 2013
    assert theirs.text.replace(mine, "999999999999999") == none.text
    del house.client.headers["authorization"]
    assert (await stream(house, mine)).json()["base_resp"]["status_code"] == 1004


@pytest.mark.parametrize("within", ["0", "-1", "nan", "soon", ""])
async def test_a_time_that_is_none_is_refused(house: House, within: str) -> None:
    answer = (await stream(house, await a_task(house), f"?within={within}")).json()
    assert answer["base_resp"]["status_msg"].startswith("invalid params, within: got")


async def test_no_more_may_watch_than_there_are_seats_and_a_seat_is_free_again(house: House) -> None:
    few = Watch(house.tasks, house.orchestrator, house.clock, Seats(most=1))
    task_id, key = await a_task(house), house.key.key
    first = await few(key, task_id, HOUR)
    assert (await anext(first)).task.task_id == task_id  # type: ignore[union-attr]
    with pytest.raises(RateLimited, match="at most 1 watch at once"):
        await few(key, task_id, HOUR)
    await first.aclose()  # type: ignore[attr-defined]  # what a connection that is gone comes to
    again = await few(key, task_id, HOUR)
    assert await anext(again)


async def test_in_a_silence_there_is_a_sign_of_life(house: House) -> None:
    talkative = Watch(house.tasks, house.orchestrator, house.clock, Seats(silence=Seconds(0.03)))
    sights = await talkative(house.key.key, await a_task(house), HOUR)
    assert await anext(sights) is not None
    async with asyncio.timeout(5):
        assert await anext(sights) is None


async def test_many_who_watch_one_task_cost_as_much_as_one(house: House) -> None:
    task_id = await a_task(house)
    await house.tasks.move(task_id, TaskState.PROCESSING, house.clock.now())
    house.orchestrator.said[task_id] = TakeProgress(0.5, "drawing")
    streams = [stream(house, task_id, "?within=0.2") for _ in range(20)]
    for response in await asyncio.gather(*streams):
        assert told(response)[-1]["fraction"] == 0.5
    assert house.orchestrator.asked <= 12


async def test_a_watcher_still_hears_of_the_state_where_the_orchestrator_is_away(house: House) -> None:
    task_id = await a_task(house)
    await house.tasks.move(task_id, TaskState.PROCESSING, house.clock.now())
    house.orchestrator.away = True
    (event,) = told(await stream(house, task_id, "?within=0.05"))
    assert (event["status"], event["stage"], event["seconds_left"]) == ("Processing", "", None)


async def test_a_server_that_stops_lets_its_watchers_go(house: House) -> None:
    watching = asyncio.create_task(stream(house, await a_task(house)))
    await until(house.parts.watch._watched.total)
    house.parts.watch.close()
    async with asyncio.timeout(2):
        assert told(await watching)
