from __future__ import annotations

import json
from typing import Any

import pytest

from fakes.house import House, request
from muybridge.domain.task import TaskState

SUCCEEDED = {"file_id": "361721749176519", "width": 1280, "height": 720}


async def cancel(house: House, body: Any) -> dict[str, Any]:
    return dict((await house.client.post("/v1/video_generation/cancel", json=body)).json())


async def a_task(house: House) -> str:
    task_id: str = (await house.create(request()))["task_id"]
    return task_id


@pytest.mark.parametrize("state", [TaskState.PREPARING, TaskState.QUEUEING, TaskState.PROCESSING])
async def test_a_task_that_has_not_ended_fails_with_a_code_and_says_that_it_was_cancelled(
    house: House, state: TaskState
) -> None:
    task_id = await a_task(house)
    await house.tasks.move(task_id, state, house.clock.now())
    answer = await cancel(house, {"task_id": task_id})
    assert answer == {
        "task_id": task_id,
        "status": "Fail",
        "base_resp": {"status_code": 0, "status_msg": "success"},
    }
    shown = await house.query(task_id)
    assert (shown["status"], shown["base_resp"]) == ("Fail", {"status_code": 1000, "status_msg": "cancelled"})
    assert house.orchestrator.cancelled == [task_id]
    assert house.tasks.timelines[task_id][-1].reason == "cancelled by its owner"


async def test_a_task_is_cancelled_once_however_often_it_is_asked(house: House) -> None:
    task_id = await a_task(house)
    first = await cancel(house, {"task_id": task_id})
    after, timeline = house.tasks.tasks[task_id], list(house.tasks.timelines[task_id])
    house.clock.time += 5
    assert await cancel(house, {"task_id": int(task_id)}) == first
    assert (house.tasks.tasks[task_id], house.tasks.timelines[task_id]) == (after, timeline)


async def test_a_finished_task_stays_finished(house: House) -> None:
    task_id = await a_task(house)
    await house.tasks.move(task_id, TaskState.PROCESSING, house.clock.now())
    await house.tasks.move(task_id, TaskState.SUCCESS, house.clock.now(), **SUCCEEDED)  # type: ignore[arg-type]
    answer = await cancel(house, {"task_id": task_id})
    assert (answer["status"], answer["base_resp"]["status_code"]) == ("Success", 0)
    assert (await house.query(task_id))["file_id"] == SUCCEEDED["file_id"]
    assert house.orchestrator.cancelled == []


async def test_a_task_that_failed_by_itself_keeps_its_own_reason(house: House) -> None:
    task_id = await a_task(house)
    said = {"status_code": 1027, "status_msg": "output new_sensitive"}
    await house.tasks.move(task_id, TaskState.FAIL, house.clock.now(), **said)  # type: ignore[arg-type]
    assert (await cancel(house, {"task_id": task_id}))["status"] == "Fail"
    assert (await house.query(task_id))["base_resp"] == said


async def test_anothers_task_cannot_be_cancelled_and_is_as_unknown_as_none(house: House) -> None:
    mine = await a_task(house)
    house.client.headers.update(await house.other_key())
    theirs, none = await cancel(house, {"task_id": mine}), await cancel(house, {"task_id": "999999999999999"})
    assert theirs["base_resp"]["status_code"] == 2013
    assert json.dumps(theirs).replace(mine, "999999999999999") == json.dumps(none)
    assert house.tasks.tasks[mine].state is TaskState.PREPARING
    assert house.orchestrator.cancelled == []


async def test_without_a_key_nothing_is_cancelled(house: House) -> None:
    task_id = await a_task(house)
    del house.client.headers["authorization"]
    assert (await cancel(house, {"task_id": task_id}))["base_resp"]["status_code"] == 1004
    assert house.tasks.tasks[task_id].state is TaskState.PREPARING


async def test_a_cancelled_task_is_told_to_its_callback_address(house: House) -> None:
    task_id = await a_task(house)
    task = house.tasks.tasks[task_id]
    object.__setattr__(task, "callback_url", "https://app.example/hook")
    await cancel(house, {"task_id": task_id})
    (event,) = await house.tasks.events(task_id)
    told = json.loads(event.body)
    assert (told["status"], told["base_resp"]) == ("failed", {"status_code": 1000, "status_msg": "cancelled"})
    assert house.orchestrator.told == [task_id]


async def test_a_task_is_cancelled_though_the_orchestrator_is_away(house: House) -> None:
    task_id = await a_task(house)
    house.orchestrator.away = True
    assert (await cancel(house, {"task_id": task_id}))["status"] == "Fail"
    assert house.tasks.tasks[task_id].state is TaskState.FAIL


@pytest.mark.parametrize(
    ("body", "got"),
    [
        ({}, "nothing"),
        ({"task_id": None}, "null"),
        ({"task_id": ""}, '""'),
        ({"task_id": "abc"}, '"abc"'),
        ({"task_id": -5}, '"-5"'),
        ({"task_id": [1]}, "an array of 1"),
        ({"task_id": True}, "true"),
    ],
)
async def test_what_is_no_id_is_told_so(house: House, body: Any, got: str) -> None:
    said = (await cancel(house, body))["base_resp"]
    assert said["status_code"] == 2013
    assert said["status_msg"].startswith("invalid params, task_id: got")
    assert f"got {got}" in said["status_msg"]
