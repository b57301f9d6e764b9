from __future__ import annotations

import json
from dataclasses import replace

import pytest

from muybridge.domain.stored_file import StoredFile
from muybridge.domain.task import Task, TaskState
from muybridge.errors import (
    AllowanceUsedUp,
    EngineCrashed,
    InputRefused,
    InvalidInput,
    MuybridgeError,
    NoKey,
    OutputRefused,
    RateLimited,
    TimedOut,
    UnknownKey,
)
from muybridge.units import Seconds
from muybridge.wire.answers import FileObject, QueryAnswer
from muybridge.wire.callback import challenge_body, event_body, read_event, wrong_echo
from muybridge.wire.codes import BaseResp, base_resp_of, error_of
from muybridge.wire.ids import fresh_id, read_id

TASK = Task("106916112212032", "k1", "S2V-01", "", "", Seconds(0), Seconds(0))
OUT = {"file_id": "361721749176519", "width": 1280, "height": 720}


def test_a_successful_query_is_the_documented_answer() -> None:
    assert QueryAnswer.of(replace(TASK, state=TaskState.SUCCESS, **OUT)).model_dump() == {
        "task_id": "106916112212032",
        "status": "Success",
        "file_id": "361721749176519",
        "video_width": 1280,
        "video_height": 720,
        "base_resp": {"status_code": 0, "status_msg": "success"},
    }


@pytest.mark.parametrize("state", [state for state in TaskState if state is not TaskState.SUCCESS])
def test_before_success_every_key_is_there_and_empty(state: TaskState) -> None:
    answer = QueryAnswer.of(replace(TASK, state=state, **OUT))
    assert (answer.file_id, answer.video_width, answer.video_height) == ("", 0, 0)
    assert answer.status == state.value


def test_a_failed_task_never_says_0() -> None:
    assert QueryAnswer.of(replace(TASK, state=TaskState.FAIL)).base_resp.status_code == 1000
    failed = replace(TASK, state=TaskState.FAIL, status_code=1027, status_msg="output new_sensitive")
    assert QueryAnswer.of(failed).base_resp.status_code == 1027


def test_a_file_id_is_an_integer_in_files() -> None:
    file = StoredFile("361721749176519", "k1", "video_generation", "output.mp4", 7, "", Seconds(12.9))
    assert FileObject.of(file, "http://x/y").model_dump() == {
        "file_id": 361721749176519,
        "bytes": 7,
        "created_at": 12,
        "filename": "output.mp4",
        "purpose": "video_generation",
        "download_url": "http://x/y",
    }


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (MuybridgeError("a path of the inside"), 1000, "unknown error"),
        (EngineCrashed("segmentation fault"), 1000, "unknown error"),
        (ZeroDivisionError(), 1000, "unknown error"),
        (TimedOut("after 30 s"), 1001, "request timeout"),
        (RateLimited("at most 2 in flight"), 1002, "rate limit: at most 2 in flight"),
        (RateLimited("rate limit: at most 2"), 1002, "rate limit: at most 2"),
        (
            NoKey(),
            1004,
            "login fail: Please carry the API secret key in the 'Authorization' field of the request header",
        ),
        (AllowanceUsedUp(), 1008, "insufficient balance"),
        (InputRefused("the prompt"), 1026, "input new_sensitive: the prompt"),
        (OutputRefused("nudity"), 1027, "output new_sensitive"),
        (UnknownKey(), 2049, "invalid api key"),
        (InvalidInput("prompt", "5", "text"), 2013, "invalid params, prompt: got 5; allowed: text"),
    ],
)
def test_every_error_has_its_code_and_message(error: BaseException, code: int, message: str) -> None:
    assert base_resp_of(error) == BaseResp(status_code=code, status_msg=message)


@pytest.mark.parametrize("code", [1000, 1001, 1002, 1004, 1008, 1026, 1027, 2013, 2049])
def test_a_client_gets_back_an_error_of_the_same_code_and_sentence(code: int) -> None:
    error = error_of(BaseResp(status_code=code, status_msg="a sentence"))
    assert error is not None
    assert (error.code, error.message, str(error)) == (code, "a sentence", "a sentence")


def test_a_client_reads_the_parts_of_an_invalid_input() -> None:
    sent = InvalidInput("subject_reference", 'type "person"', '"character"', "must be character")
    error = error_of(base_resp_of(sent))
    assert isinstance(error, InvalidInput)
    assert (error.message, error.got, error.allowed) == (sent.message, sent.got, sent.allowed)
    assert error_of(BaseResp()) is None


def test_an_event_has_the_query_answers_shape_and_a_lower_case_word() -> None:
    words = {state: json.loads(event_body(replace(TASK, state=state)))["status"] for state in TaskState}
    assert list(words.values()) == ["processing", "processing", "processing", "success", "failed"]
    event = read_event(event_body(replace(TASK, state=TaskState.SUCCESS, **OUT)))
    assert event is not None
    assert event.file_id == "361721749176519"
    assert read_event(b"{}") is None


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (b'{"challenge": "abc"}', None),
        (b'{"challenge": "abc", "more": 1}', None),
        (b"", "not JSON"),
        (b"<html>", "not JSON"),
        (b'"abc"', "without challenge"),
        (b'{"status": "success"}', "without challenge"),
        (b'{"challenge": "abd"}', 'wrong challenge "abd"'),
        (b'{"challenge": 5}', "wrong challenge 5"),
        ('{"challenge": "女"}'.encode(), "wrong challenge"),
    ],
)
def test_an_echo_is_right_only_with_the_same_value(body: bytes, wrong: str | None) -> None:
    found = wrong_echo(body, "abc")
    assert found is None if wrong is None else found is not None and wrong in found


def test_a_challenge_is_one_json_object() -> None:
    assert json.loads(challenge_body("abc")) == {"challenge": "abc"}


def test_a_fresh_id_reads_back() -> None:
    made = fresh_id()
    assert read_id(made, "task_id") == str(made)


@pytest.mark.parametrize("value", ["106916112212032", 106916112212032, "5", "212398265350279"])
def test_an_id_is_read_as_string_or_integer(value: object) -> None:
    assert read_id(value, "task_id") == str(value)


@pytest.mark.parametrize(
    "value", ["", "abc", "-1", "1.5", " 1", "１２", None, True, -1, 0, 1.5, 2**63, "1" * 20, []]
)
def test_what_is_no_id_is_refused_by_field(value: object) -> None:
    with pytest.raises(InvalidInput, match="invalid params, task_id: got"):
        read_id(value, "task_id")
