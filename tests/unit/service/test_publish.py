import pytest

from muybridge.domain.take import Take
from muybridge.domain.task import TaskState
from muybridge.errors import EngineFailed, MuybridgeError
from muybridge.service.finish import Follow
from muybridge.service.publish import Publish

TASK, VIDEO = "107000000000001", "361000000000001"


@pytest.fixture
async def publish(stage):
    await stage.accept(callback_url="https://app.example/hook")
    await stage.tasks.move(TASK, TaskState.QUEUEING, stage.clock.now(), file_id=VIDEO)
    return Publish(stage.tasks, stage.files, stage.takes, stage.clock, stage.scratch / "work").publish


async def test_a_take_becomes_the_tasks_one_file_and_its_row_a_success(stage, publish):
    name = await stage.take(content=b"the video")
    await publish(TASK, Take(name, 1280, 720, ("No face was found.",)))
    task = await stage.tasks.get(TASK)
    assert (task.state, task.file_id, task.width, task.height) == (TaskState.SUCCESS, VIDEO, 1280, 720)
    assert task.notes == ("No face was found.",)
    assert stage.files.bytes == {VIDEO: b"the video"}
    assert stage.files.rows[VIDEO].filename == "output.mp4"
    assert await stage.takes.tasks() == frozenset()
    assert list((stage.scratch / "work").iterdir()) == []


async def test_publishing_again_changes_nothing_and_tells_nobody_twice(stage, publish):
    take = Take(await stage.take(), 1280, 720)
    await publish(TASK, take)
    after, told = await stage.tasks.get(TASK), await stage.tasks.events(TASK)
    await publish(TASK, take)
    assert await stage.tasks.get(TASK) == after
    assert await stage.tasks.events(TASK) == told
    assert len(told) == 2  # processing, success
    assert len(stage.files.rows) == 1


async def test_a_second_take_of_the_same_task_finds_it_published_and_leaves_nothing(stage, publish):
    await publish(TASK, Take(await stage.take(content=b"first"), 1280, 720))
    await publish(TASK, Take(await stage.take(content=b"second"), 1280, 720))
    assert stage.files.bytes == {VIDEO: b"first"}
    assert await stage.takes.tasks() == frozenset()


async def test_a_publish_cut_off_after_the_bytes_finds_them_again(stage, publish):
    take = Take(await stage.take(content=b"whole"), 1280, 720)
    move = stage.tasks.move

    async def cut_off(*_args, **_kwargs):
        raise ConnectionResetError

    stage.tasks.move = cut_off
    with pytest.raises(ConnectionResetError):
        await publish(TASK, take)
    stage.tasks.move = move
    await publish(TASK, take)
    assert stage.files.bytes == {VIDEO: b"whole"}
    assert (await stage.tasks.get(TASK)).state is TaskState.SUCCESS


async def test_a_task_failed_meanwhile_stays_failed_and_keeps_no_file(stage, publish):
    take = Take(await stage.take(), 1280, 720)
    put = stage.files.put

    async def put_late(*args):
        kept = await put(*args)
        await stage.tasks.move(TASK, TaskState.FAIL, stage.clock.now(), status_code=1000, status_msg="no")
        return kept

    stage.files.put = put_late
    await publish(TASK, take)
    assert (await stage.tasks.get(TASK)).state is TaskState.FAIL
    assert stage.files.rows == {}


async def test_another_publish_that_was_faster_keeps_its_file(stage, publish):
    take = Take(await stage.take(), 1280, 720)
    put = stage.files.put

    async def put_late(*args):
        kept = await put(*args)
        stage.files.put = put
        await publish(TASK, take)
        return kept

    stage.files.put = put_late
    await publish(TASK, take)
    assert (await stage.tasks.get(TASK)).state is TaskState.SUCCESS
    assert list(stage.files.rows) == [VIDEO]


async def test_a_take_whose_bytes_have_gone_asks_for_another(stage, publish):
    with pytest.raises(EngineFailed, match="gone before it was published") as lost:
        await publish(TASK, Take("takes/107000000000001/none.mp4", 1280, 720))
    assert lost.value.retryable


async def test_a_failed_task_carries_its_error_and_keeps_no_take(stage, publish):
    await stage.take()
    follow = Follow(stage.tasks, stage.takes, stage.clock)
    await follow.failed(TASK, EngineFailed("the engine\nsaid  no"))
    task = await stage.tasks.get(TASK)
    assert (task.state, task.status_code, task.status_msg) == (TaskState.FAIL, 1000, "the engine said no")
    assert await stage.takes.tasks() == frozenset()


async def test_whatever_fails_a_task_its_code_is_never_0_and_its_message_never_empty(stage, publish):
    class Odd(MuybridgeError):
        code = 0

    await Follow(stage.tasks, stage.takes, stage.clock).failed(TASK, Odd(""))
    task = await stage.tasks.get(TASK)
    assert (task.status_code, task.status_msg) == (1000, "unknown error")


async def test_late_word_from_a_lost_take_does_not_move_a_task_that_has_ended(stage, publish):
    await publish(TASK, Take(await stage.take(), 1280, 720))
    follow = Follow(stage.tasks, stage.takes, stage.clock)
    await follow.begun(TASK)
    await follow.again(TASK, "the worker died")
    await follow.failed(TASK, EngineFailed("late"))
    assert (await stage.tasks.get(TASK)).state is TaskState.SUCCESS
