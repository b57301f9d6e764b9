from dataclasses import replace

import pytest

from fakes.pictures import picture
from muybridge.domain.task import TaskState
from muybridge.errors import InvalidInput, InvalidPicture, Unavailable
from muybridge.ports.file_store import NewFile
from muybridge.service.prepare import Casting, Prepare

URL = "https://pictures.example/her.png"
TASK = "107000000000001"


@pytest.fixture
def prepare(stage):
    casting = Casting({"S2V-01": "puppet"}, mark="AI-generated")
    return Prepare(stage.tasks, stage.files, stage.fetcher, stage.clock, casting).prepare


async def test_a_task_with_an_address_gets_its_picture_kept_and_joins_the_queue(stage, prepare):
    stage.fetcher.pictures[URL] = picture()
    await stage.accept(URL, seed=7, prompt_optimizer=False)
    order = await prepare(TASK)
    assert (order.task_id, order.engine, order.prompt) == (TASK, "puppet", "She smiles.")
    assert (order.seed, order.prompt_optimizer, order.mark) == (7, False, "")
    assert stage.files.bytes[order.picture] == picture()
    task = await stage.tasks.get(TASK)
    assert (task.state, task.reference) == (TaskState.QUEUEING, order.picture)
    assert task.file_id


async def test_a_task_with_a_kept_picture_uses_that_very_file(stage, prepare):
    await stage.files.put(
        NewFile("361000000000001", "key-1", "subject_reference", "r"), picture(), stage.clock.now()
    )
    await stage.accept("361000000000001", aigc_watermark=True)
    order = await prepare(TASK)
    assert (order.picture, order.mark) == ("361000000000001", "AI-generated")


async def test_preparing_again_fetches_nothing_twice_and_keeps_the_videos_id(stage, prepare):
    stage.fetcher.pictures[URL] = picture()
    await stage.accept(URL)
    first = await prepare(TASK)
    video = (await stage.tasks.get(TASK)).file_id
    stage.fetcher.pictures.clear()
    assert await prepare(TASK) == first
    assert (await stage.tasks.get(TASK)).file_id == video
    assert len(stage.files.rows) == 1


async def test_a_task_that_lost_its_engine_half_way_is_prepared_again(stage, prepare):
    stage.fetcher.pictures[URL] = picture()
    await stage.accept(URL)
    await prepare(TASK)
    await stage.tasks.move(TASK, TaskState.PROCESSING, stage.clock.now())
    assert await prepare(TASK)
    assert (await stage.tasks.get(TASK)).state is TaskState.QUEUEING


async def test_a_task_that_has_ended_wants_no_take(stage, prepare):
    await stage.accept(URL)
    await stage.tasks.move(TASK, TaskState.FAIL, stage.clock.now(), status_code=1000, status_msg="no")
    assert await prepare(TASK) is None
    assert await prepare("107000000000009") is None


@pytest.mark.parametrize("raw", [b"", b"no picture", picture((100, 100)), picture()[:200]])
async def test_an_address_without_a_usable_picture_names_the_field(stage, prepare, raw):
    stage.fetcher.pictures[URL] = raw
    await stage.accept(URL)
    with pytest.raises(InvalidPicture) as bad:
        await prepare(TASK)
    assert bad.value.field == "subject_reference[0].image[0]"
    assert (await stage.tasks.get(TASK)).state is TaskState.PREPARING
    assert stage.files.rows == {}


async def test_a_picture_that_was_deleted_meanwhile_says_so(stage, prepare):
    await stage.accept("361000000000001")
    with pytest.raises(InvalidInput, match="has been deleted"):
        await prepare(TASK)


async def test_a_host_that_does_not_answer_may_be_tried_again(stage, prepare):
    await stage.accept(URL)
    with pytest.raises(Unavailable):
        await prepare(TASK)


async def test_an_image_to_video_name_orders_its_first_frame_and_errors_name_that_field(stage):
    casting = Casting({"I2V-01": "slate", "S2V-01": "slate"}, mark="AI-generated")
    prepare = Prepare(stage.tasks, stage.files, stage.fetcher, stage.clock, casting).prepare
    await stage.accept(URL)
    stage.tasks.tasks[TASK] = replace(stage.tasks.tasks[TASK], model="I2V-01")
    stage.fetcher.pictures[URL] = b"not a picture"
    with pytest.raises(InvalidPicture, match="first_frame_image: got"):
        await prepare(TASK)
    stage.fetcher.pictures[URL] = picture()
    assert (await prepare(TASK)).first_frame
