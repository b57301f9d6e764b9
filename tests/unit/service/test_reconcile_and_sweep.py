import os
import time

import pytest

from muybridge.domain.event import EventState
from muybridge.domain.task import TaskState
from muybridge.errors import Unavailable
from muybridge.ports.file_store import NewFile
from muybridge.ports.orchestrator import UnderWay
from muybridge.service.reconcile import Found, Reconcile
from muybridge.service.sweep import Sweep, Swept, clear_scratch
from muybridge.units import Seconds

DAY = 86_400.0


async def test_only_unfinished_tasks_that_nobody_drives_are_taken_up(stage):
    for number in range(3):
        await stage.accept(task_id=f"10700000000000{number}")
    await stage.tasks.move(
        "107000000000000", TaskState.FAIL, stage.clock.now(), status_code=1, status_msg="no"
    )
    stage.orchestrator.driving = UnderWay(frozenset({"107000000000001"}), frozenset())
    assert await Reconcile(stage.tasks, stage.orchestrator).reconcile() == Found(1, 0)
    assert stage.orchestrator.started == ["107000000000002"]


async def test_a_take_of_a_task_that_was_cancelled_unheard_is_stopped_and_a_finished_one_left(stage):
    ends = {"107000000000000": TaskState.FAIL, "107000000000001": TaskState.SUCCESS}
    for task_id, end in ends.items():
        await stage.accept(task_id=task_id)
        await stage.tasks.move(task_id, TaskState.PROCESSING, stage.clock.now())
        await stage.tasks.move(task_id, end, stage.clock.now())
    # the last began after the rows were read: it is no task of the past
    stage.orchestrator.driving = UnderWay(frozenset({*ends, "107000000000009"}), frozenset())
    assert await Reconcile(stage.tasks, stage.orchestrator).reconcile() == Found(0, 0, 1)
    assert stage.orchestrator.cancelled == ["107000000000000"]


async def test_events_that_nobody_delivers_are_taken_up_once_for_each_task(stage):
    for number in range(3):
        task_id = f"10700000000000{number}"
        await stage.accept(task_id=task_id, callback_url="https://app.example/hook")
        await stage.tasks.move(task_id, TaskState.QUEUEING, stage.clock.now())
        await stage.tasks.move(task_id, TaskState.FAIL, stage.clock.now(), status_code=1, status_msg="no")
    for event in await stage.tasks.events("107000000000002"):
        await stage.tasks.mark_event(event.event_id, EventState.GIVEN_UP)
    stage.orchestrator.driving = UnderWay(frozenset(), frozenset({"107000000000000"}))
    assert await Reconcile(stage.tasks, stage.orchestrator).reconcile() == Found(0, 1)
    assert stage.orchestrator.told == ["107000000000001"]


async def test_an_orchestrator_that_is_away_is_said_and_nothing_is_lost(stage):
    await stage.accept()
    stage.orchestrator.away = True
    with pytest.raises(Unavailable):
        await Reconcile(stage.tasks, stage.orchestrator).reconcile()
    stage.orchestrator.away = False
    assert (await Reconcile(stage.tasks, stage.orchestrator).reconcile()).tasks == 1


def sweep_of(stage):
    return Sweep(stage.tasks, stage.files, stage.takes, stage.clock, Seconds(30 * DAY)).sweep


async def test_files_go_when_their_time_is_over_and_not_before(stage):
    await stage.files.put(NewFile("361000000000001", "k", "video_generation", "a"), b"old", stage.clock.now())
    stage.clock.time += 29 * DAY
    await stage.files.put(NewFile("361000000000002", "k", "video_generation", "b"), b"new", stage.clock.now())
    assert await sweep_of(stage)() == Swept(0, 0)
    stage.clock.time += 2 * DAY
    assert await sweep_of(stage)() == Swept(1, 0)
    assert list(stage.files.rows) == ["361000000000002"]


async def test_a_picture_that_a_task_still_waits_for_stays_however_old(stage):
    await stage.files.put(
        NewFile("361000000000001", "k", "subject_reference", "r"), b"old", stage.clock.now()
    )
    await stage.accept("361000000000001")
    stage.clock.time += 31 * DAY
    assert (await sweep_of(stage)()).files == 0


async def test_takes_that_no_task_waits_for_go(stage):
    await stage.accept()
    await stage.take()
    await stage.take("107000000000009")
    assert await sweep_of(stage)() == Swept(0, 1)
    assert await stage.takes.tasks() == {"107000000000001"}


def test_working_folders_of_dead_workers_go_and_fresh_ones_stay(tmp_path):
    for name, age in (("take-old", 7200), ("take-new", 10)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "frame").write_text("x")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    assert clear_scratch(tmp_path, Seconds(3600)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["take-new"]
    assert clear_scratch(tmp_path / "nowhere", Seconds(1)) == 0
