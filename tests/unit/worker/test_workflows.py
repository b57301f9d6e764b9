import asyncio
import json
import time

from muybridge.domain.task import TaskState
from muybridge.ports.fetcher import Reply

HOOK = "https://app.example/hook"


async def until(condition, within=10.0):
    async with asyncio.timeout(within):
        while not await condition():  # noqa: ASYNC110  # other processes have no events for us
            await asyncio.sleep(0.05)


async def all_told(works, task_id):
    await until(lambda: nothing_pending(works, task_id))


async def nothing_pending(works, task_id):
    return not await works.tasks.events(task_id, "pending")


async def states(works, task_id):
    return [step.state.value for step in await works.tasks.timeline(task_id)]


async def test_a_task_goes_from_its_row_to_one_file(works):
    async with works.worker():
        task = await works.end(await works.accept("steady 0.5"))
    assert (task.state, task.status_code, task.width, task.height) == (TaskState.SUCCESS, 0, 128, 72)
    assert await states(works, task.task_id) == ["Preparing", "Queueing", "Processing", "Success"]
    assert "Nobody was looked for." in task.notes
    video = await works.files.get(task.file_id)
    assert (video.filename, video.purpose, video.key_id) == ("output.mp4", "video_generation", "key-1")
    assert b"ftyp" in b"".join([piece async for piece in works.files.read(video)])[:16]
    assert await works.takes.tasks() == frozenset()
    assert list((works.at / "scratch").iterdir()) == []


async def test_tasks_wait_in_the_queue_for_the_one_slot_and_say_so(works):
    async with works.worker():
        first, second = await works.accept("steady 1"), await works.accept("steady 0.1")
        await works.until(first, "Processing")
        assert (await works.until(second, "Queueing", "Processing")).state is TaskState.QUEUEING
        await works.end(first)
        assert (await works.end(second)).state is TaskState.SUCCESS


async def test_whoever_watches_sees_how_far_a_take_has_come(works):
    async with works.worker():
        task_id = await works.accept("steady 2.4")
        await works.until(task_id, "Processing")
        seen = []
        while (await works.tasks.get(task_id)).state is TaskState.PROCESSING:
            if progress := await works.orchestrator.progress(task_id):
                seen.append(progress)
            await asyncio.sleep(0.1)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert len(set(fractions)) >= 3
    assert "drawing" in {progress.stage for progress in seen}
    assert await works.orchestrator.progress(task_id) is None


async def test_a_crash_of_the_engine_costs_one_try_and_the_row_says_so(works):
    async with works.worker():
        task = await works.end(await works.accept("crash once"))
    assert task.state is TaskState.SUCCESS
    assert works.starts(task.task_id) == 2
    reasons = [step.reason for step in await works.tasks.timeline(task.task_id)]
    assert any("SIGSEGV" in reason for reason in reasons)


async def test_an_engine_that_always_crashes_fails_the_task_with_a_code_after_its_tries(works):
    async with works.worker():
        task = await works.end(await works.accept("crash"))
    assert (task.state, task.status_code) == (TaskState.FAIL, 1000)
    assert "SIGSEGV" in task.status_msg
    assert works.starts(task.task_id) == 2


async def test_what_the_engine_refuses_is_not_tried_again(works):
    async with works.worker():
        task = await works.end(await works.accept("refuse"))
    assert (task.state, task.status_code) == (TaskState.FAIL, 1026)
    assert task.status_msg == "input new_sensitive: asked to refuse"
    assert works.starts(task.task_id) == 1


async def test_a_cancelled_task_stops_its_engine_within_two_seconds_and_fails(works):
    async with works.worker():
        task_id = await works.accept("steady 20")
        await works.until(task_id, "Processing")
        asked = time.monotonic()
        await works.orchestrator.cancel(task_id)
        task = await works.end(task_id)
        assert time.monotonic() - asked < 15
    assert (task.state, task.status_code, task.status_msg) == (
        TaskState.FAIL,
        1000,
        "the task was called off",
    )
    await works.orchestrator.cancel(task_id)  # once more does no harm
    assert (await works.tasks.get(task_id)).state is TaskState.FAIL


async def test_starting_a_task_twice_or_after_its_end_makes_it_once(works):
    async with works.worker():
        task_id = await works.accept("steady 0.5")
        await works.orchestrator.start(task_id)
        task = await works.end(task_id)
        await works.orchestrator.start(task_id)
        await asyncio.sleep(0.5)
        assert await works.tasks.get(task_id) == task
    assert works.starts(task_id) == 1


async def test_a_stopped_worker_lets_a_short_take_end(works):
    async with works.worker(grace=5.0) as stop:
        task_id = await works.accept("steady 1")
        await works.until(task_id, "Processing")
        stop.set()
        assert (await works.end(task_id)).state is TaskState.SUCCESS


async def test_a_stopped_worker_hands_a_long_take_back_and_the_next_one_makes_it(works):
    async with works.worker(grace=0.3) as stop:
        task_id = await works.accept("steady 3")

        async def begun() -> bool:
            return works.starts(task_id) == 1

        await until(begun)
        stopped = time.monotonic()
        stop.set()
    assert time.monotonic() - stopped < 30
    async with works.worker():
        task = await works.end(task_id)
    assert task.state is TaskState.SUCCESS
    assert works.starts(task_id) == 2


async def test_callbacks_arrive_in_order_though_the_receiver_is_down_for_a_while(works):
    down = iter([500, 503])
    works.fetcher.receivers[HOOK] = lambda _body: Reply(next(down, 200), b"")
    async with works.worker():
        task = await works.end(await works.accept("steady 0.2", callback_url=HOOK))
        await all_told(works, task.task_id)
    told = [json.loads(body)["status"] for _, body, _ in works.fetcher.posts]
    assert told == ["processing", "processing", "processing", "success"]
    last = json.loads(works.fetcher.posts[-1][1])
    assert (last["file_id"], last["base_resp"]["status_code"]) == (task.file_id, 0)


async def test_a_receiver_that_is_away_never_holds_its_task_up(works):
    async with works.worker():
        task = await works.end(await works.accept("steady 0.2", callback_url=HOOK))
        assert task.state is TaskState.SUCCESS
        assert len(await works.tasks.events(task.task_id, "pending")) == 2
        works.fetcher.receivers[HOOK] = lambda _body: Reply(200, b"")
        await works.orchestrator.tell(task.task_id)  # a poke cuts the wait short
        await all_told(works, task.task_id)


async def test_what_is_under_way_is_listed_and_what_ended_is_not(works):
    async def driven() -> bool:
        return task_id in (await works.orchestrator.under_way()).tasks

    async def told() -> bool:
        return task_id in (await works.orchestrator.under_way()).telling

    async def ended() -> bool:
        return not await driven()

    async with works.worker():
        task_id = await works.accept("steady 0.8", callback_url=HOOK)
        await until(told)
        assert await driven()
        await works.end(task_id)
        await until(ended)
