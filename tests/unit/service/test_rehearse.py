"""Rehearsals: what a prompt may direct, when it may, and that the task then goes so."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.domain.event import EventState
from muybridge.domain.key import Key
from muybridge.domain.rehearsal import STAGES, Script, read_script
from muybridge.domain.take import Take
from muybridge.domain.task import TaskState
from muybridge.errors import InputRefused, InvalidInput, MuybridgeError, OutputRefused
from muybridge.ports.fetcher import Reply
from muybridge.service.notify import Notify, Patience
from muybridge.service.prepare import Casting, Prepare
from muybridge.service.publish import Publish
from muybridge.service.rehearse import OFF, Rehearsal, fail_as_rehearsed

ON = Rehearsal(on=True)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TASK, HOOK = "107000000000001", "https://app.example/hook"


@pytest.mark.parametrize(
    ("prompt", "script"),
    [
        ("[[rehearse fail=1027]] She smiles.", Script(1027, "publish")),
        ("She smiles. [[rehearse fail=1000]]", Script(1000, "generate")),
        ("She [[rehearse fail=1026, at=generate, delay=2.5]] smiles.", Script(1026, "generate", 2.5)),
        ("She smiles.[[ Rehearse: callback=flaky ]]", Script(flaky=True)),
        ("She smiles. [[rehearse]]", Script()),
    ],
)
def test_a_directive_is_read_and_leaves_the_words_as_they_were(prompt, script):
    assert read_script(prompt)[0] == script
    assert read_script(prompt)[1] == "She smiles."


@pytest.mark.parametrize(
    ("directive", "said"),
    [
        ("[[rehearse fail=42]]", "fail=42"),
        ("[[rehearse fail=1027 at=prepare]]", "at=publish"),
        ("[[rehearse at=prepare]]", "together with fail"),
        ("[[rehearse delay=601]]", "delay=601"),
        ("[[rehearse delay=-1]]", "delay=-1"),
        ("[[rehearse callback=lost]]", "callback=lost"),
        ("[[rehearse delay=1 delay=2]]", "delay=2"),
        ("[[rehearse please]]", "please"),
        ("[[rehearse fail=1027]] [[rehearse delay=1]]", "more than one"),
        ("[[rehearse fail=1027", "not closed"),
    ],
)
def test_a_directive_that_is_wrongly_written_is_refused_with_what_may_stand_there(directive, said):
    with pytest.raises(InvalidInput) as refused:
        ON.admit(directive)
    assert refused.value.field == "prompt"
    assert said in refused.value.message


@given(st.text(max_size=40))
def test_whatever_stands_in_a_directive_is_read_or_refused(inside):
    try:
        script, _ = read_script(f"[[rehearse {inside}]]")
    except InvalidInput:
        return
    assert script is not None


@given(st.text(max_size=60).filter(lambda text: "rehearse" not in text.lower()))
def test_a_prompt_without_one_stays_as_it_is(prompt):
    assert read_script(prompt) == (None, prompt)


def test_while_off_a_directive_is_refused_and_says_how_to_turn_it_on():
    with pytest.raises(InvalidInput, match="MUYBRIDGE_REHEARSAL=1"):
        OFF.admit("She smiles. [[rehearse delay=1]]")
    OFF.admit("She rehearses [[her]] lines.")


@pytest.mark.parametrize("code", STAGES)
def test_every_code_can_be_directed_and_is_that_codes_error(code):
    with pytest.raises(MuybridgeError) as failed:
        fail_as_rehearsed(code)
    assert failed.value.code == code


@pytest.mark.parametrize("code", [code for code, stages in STAGES.items() if "create" in stages])
def test_what_is_directed_at_create_is_creates_answer(code):
    with pytest.raises(MuybridgeError) as refused:
        ON.admit(f"[[rehearse fail={code} at=create]]")
    assert refused.value.code == code


def prepare(stage, rehearsal):
    casting = Casting({"S2V-01": "slate"}, "AI-generated", rehearsal)
    return Prepare(stage.tasks, stage.files, stage.fetcher, stage.clock, casting).prepare


async def accept(stage, prompt, **changes):
    await stage.accept(**changes)
    stage.tasks.tasks[TASK] = replace(stage.tasks.tasks[TASK], prompt=prompt)


async def test_prepare_fails_as_directed_and_else_orders_a_take_of_the_words_alone(stage):
    from fakes.pictures import picture

    stage.fetcher.pictures["https://pictures.example/her.png"] = picture()
    await accept(stage, "[[rehearse fail=1026]] She smiles.")
    with pytest.raises(InputRefused):
        await prepare(stage, ON)(TASK)
    await accept(stage, "[[rehearse fail=1000 delay=3]] She smiles.")
    order = await prepare(stage, ON)(TASK)
    assert (order.prompt, order.delay, order.fail_with) == ("She smiles.", 3.0, 1000)
    order = await prepare(stage, OFF)(TASK)
    assert (order.prompt[:2], order.delay, order.fail_with) == ("[[", 0.0, 0)


async def test_publish_withholds_the_take_as_directed_and_keeps_no_file(stage):
    await accept(stage, "[[rehearse fail=1027]] She smiles.")
    name = await stage.take()
    await stage.tasks.move(TASK, TaskState.QUEUEING, stage.clock.now(), file_id="361000000000001")
    parts = (stage.tasks, stage.files, stage.takes, stage.clock, stage.scratch / "work")
    with pytest.raises(OutputRefused):
        await Publish(*parts, ON).publish(TASK, Take(name, 8, 8))
    assert await stage.files.get("361000000000001") is None
    await Publish(*parts, OFF).publish(TASK, Take(name, 8, 8))
    assert (await stage.tasks.get(TASK)).state is TaskState.SUCCESS


async def test_a_flaky_callback_comes_late_and_twice_in_order_under_one_id_each(stage):
    await stage.keys.add(Key("key-1", "first", stage.clock.now(), SECRET), "digest")
    await accept(stage, "[[rehearse callback=flaky]]", callback_url=HOOK)
    for state in (TaskState.QUEUEING, TaskState.PROCESSING, TaskState.SUCCESS):
        await stage.tasks.move(TASK, state, stage.clock.now())
    stage.fetcher.receivers[HOOK] = lambda _body: Reply(200, b"")
    notify = Notify(stage.tasks, stage.keys, stage.fetcher, stage.clock, Patience(), ON)
    while (wait := await notify.next(TASK)) is not None:
        stage.clock.time += wait
    told = [
        (headers["webhook-id"][-1], json.loads(body)["status"]) for _, body, headers in stage.fetcher.posts
    ]
    assert told == [("1", "processing")] * 2 + [("2", "success")] * 2
    events = await stage.tasks.events(TASK)
    assert {event.state for event in events} == {EventState.DELIVERED}
    notes = [attempt.note for attempt in await stage.tasks.attempts(events[0].event_id)]
    assert notes == ["rehearsed: not sent", "rehearsed: the answer was lost", ""]
