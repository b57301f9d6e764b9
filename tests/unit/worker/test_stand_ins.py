"""A chain of engines, on a real Temporal server: whoever can makes the take, and the task says who did."""

import pytest

from fakes.engines import FALTERING, OTHER, SPEC
from muybridge.units import Seconds
from muybridge.worker.retries import Limits

CHAIN = f"{FALTERING} -> {SPEC}"


@pytest.fixture
def chained(works):
    works.chain, works.engines = CHAIN, (FALTERING, SPEC)
    return works


async def test_where_the_first_engine_cannot_the_next_stands_in_and_the_task_says_so(chained):
    async with chained.worker():
        task = await chained.end(await chained.accept("lack"))
    assert task.state == "Success"
    said = f"{FALTERING} did not make this video (no GPU is here); {SPEC} stood in."
    assert task.notes[0] == said
    assert said in [line.reason for line in await chained.tasks.timeline(task.task_id)]


async def test_an_engine_that_keeps_crashing_is_given_up_for_the_next(chained):
    async with chained.worker():
        task = await chained.end(await chained.accept("crash once"))
    # the first crashed as often as it may; so did the second once, and then made it
    assert task.state == "Success"
    assert "SIGSEGV" in task.notes[0]
    assert chained.starts(task.task_id) == 4


async def test_what_moderation_refuses_is_not_tried_on_another_engine(chained):
    async with chained.worker():
        task = await chained.end(await chained.accept("refuse"))
    assert (task.state, task.status_code) == ("Fail", 1026)
    assert chained.starts(task.task_id) == 1


async def test_an_engine_that_nobody_works_with_is_passed_over_at_once(chained):
    chained.chain, chained.engines = f"nobody.here:Engine -> {SPEC}", (SPEC,)
    async with chained.worker():
        task = await chained.end(await chained.accept("steady 0.1"))
    assert task.state == "Success"
    assert task.notes[0] == f"nobody.here:Engine did not make this video (no worker has it); {SPEC} stood in."


async def test_an_engine_that_is_busy_is_waited_for_only_so_long(chained):
    chained.chain = f"{SPEC} -> {OTHER}"
    chained.limits = Limits(queue=Seconds(60.0), heartbeat=Seconds(2.0), patience=Seconds(1.0))
    chained.engines = (SPEC, OTHER)
    async with chained.worker():
        long = await chained.accept("steady 6")
        await chained.until(long, "Processing")
        waiting = await chained.end(await chained.accept("steady 0.1"))
        assert "no worker took the task in time" in waiting.notes[0]
        assert waiting.notes[0].endswith(f"{OTHER} stood in.")
        assert (await chained.end(long)).state == "Success"


async def test_where_none_can_the_last_ones_reason_is_the_tasks(chained):
    chained.chain = f"{SPEC} -> {FALTERING}"
    async with chained.worker():
        task = await chained.end(await chained.accept("crash"))
    assert task.state == "Fail"
    assert "SIGSEGV" in task.status_msg


async def test_a_process_that_its_engine_calls_worn_is_replaced(chained):
    chained.chain = FALTERING
    async with chained.worker():
        task = await chained.end(await chained.accept("worn"))
    assert task.state == "Fail"
    assert "ended with status 70" in task.status_msg
    assert chained.starts(task.task_id) == 2
