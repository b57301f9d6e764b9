from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.errors import InvalidInput
from muybridge.wire.requests import CreateRequest, DeleteRequest

REFERENCE = [{"type": "character", "image": ["https://example.org/a.png"]}]
DOCUMENTED: dict[str, Any] = {
    "model": "S2V-01",
    "prompt": "A girl runs toward the camera and winks with a smile.",
    "subject_reference": REFERENCE,
}


def read(**changes: Any) -> CreateRequest:
    return CreateRequest.read(json.dumps(DOCUMENTED | changes).encode())


def refusal(raw: bytes, strict: bool = False) -> str:
    with pytest.raises(InvalidInput) as refused:
        CreateRequest.read(raw, strict=strict)
    return refused.value.message


def test_the_documented_request_is_read_with_its_defaults() -> None:
    request = read()
    assert request.prompt == DOCUMENTED["prompt"]
    assert (request.prompt_optimizer, request.aigc_watermark, request.callback_url) == (True, False, "")
    assert request.subject_reference is not None
    assert request.subject_reference[0].image == ["https://example.org/a.png"]


def test_fields_that_shipped_clients_add_are_ignored() -> None:
    assert read(duration=6, resolution="720P", aspect_ratio="16:9", fast=None) == read()


def test_strict_refuses_a_field_that_the_contract_does_not_name() -> None:
    message = refusal(json.dumps(DOCUMENTED | {"duration": 6}).encode(), strict=True)
    assert message.startswith("invalid params, duration: got")
    assert "prompt_optimizer" in message


@pytest.mark.parametrize("field", ["prompt", "prompt_optimizer", "callback_url", "aigc_watermark"])
def test_null_stands_for_a_field_left_out(field: str) -> None:
    assert read(**{field: None}) == read(**({} if field != "prompt" else {"prompt": ""}))


@pytest.mark.parametrize("prompt", ["", "女" * 2000, "\N{GRINNING FACE}" * 2000, "🙂", "a\nb\tc"])
def test_a_prompt_is_counted_in_code_points_up_to_2000(prompt: str) -> None:
    assert read(prompt=prompt).prompt == prompt


def test_a_prompt_of_2001_is_refused_by_its_length() -> None:
    message = refusal(json.dumps(DOCUMENTED | {"prompt": "女" * 2001}).encode())
    assert message.startswith(
        "invalid params, prompt: got 2001 characters; allowed: a string of at most 2000"
    )


@pytest.mark.parametrize(
    ("changes", "begins", "contains"),
    [
        ({"model": None}, "model: got null", "S2V-01"),
        ({"model": 5}, "model: got 5", "S2V-01"),
        ({"model": ""}, "model: got an empty string", "S2V-01"),
        ({"subject_reference": "me"}, 'subject_reference: got "me"', "array of exactly one"),
        ({"subject_reference": []}, "subject_reference: got an array of 0", "exactly one"),
        ({"subject_reference": REFERENCE * 2}, "subject_reference: got an array of 2", "exactly one"),
        ({"subject_reference": ["me"]}, 'subject_reference[0]: got "me"', "object"),
        (
            {"subject_reference": [{"type": "person", "image": ["x"]}]},
            'subject_reference must be character: got type "person"',
            'allowed: "character"',
        ),
        (
            {"subject_reference": [{"image": ["x"]}]},
            "subject_reference must be character: got type nothing",
            "character",
        ),
        (
            {"subject_reference": [{"type": "character"}]},
            "subject_reference[0].image: got nothing",
            "one picture",
        ),
        (
            {"subject_reference": [{"type": "character", "image": ["a", "b"]}]},
            "subject_reference[0].image: got an array of 2",
            "single subject",
        ),
        (
            {"subject_reference": [{"type": "character", "image": [7]}]},
            "subject_reference[0].image[0]: got 7",
            "a string",
        ),
        (
            {"subject_reference": [{"type": "character", "image": "a"}]},
            'subject_reference[0].image: got "a"',
            "array",
        ),
        ({"prompt": 5}, "prompt: got 5", "2000 characters"),
        ({"prompt": "a\x00b"}, "prompt: got", "without NUL"),
        ({"prompt_optimizer": "yes"}, 'prompt_optimizer: got "yes"', "true or false"),
        ({"aigc_watermark": 1}, "aigc_watermark: got 1", "true or false"),
        ({"callback_url": ["x"]}, "callback_url: got an array of 1", "http"),
        ({"callback_url": "http://" + "a" * 3000}, "callback_url: got 3007 characters", "2048"),
    ],
)
def test_a_refusal_names_the_field_what_came_and_what_is_allowed(
    changes: dict[str, Any], begins: str, contains: str
) -> None:
    message = refusal(json.dumps(DOCUMENTED | changes).encode())
    assert message.startswith("invalid params, " + begins)
    assert contains in message


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"   ",
        b"not json",
        b"{",
        b"\xff\xfe{\x00}\x00",
        b'{"model": "S2V-01",}',
        b"NaN",
        b'{"model": NaN}',
        b"null",
        b"[]",
        b'"text"',
        b"5",
        b"{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"model":' + b"9" * 10_000 + b"}",
        b'{"prompt": "\\ud800", "model": "S2V-01"}',
        b'{"model": "' + b"\\u0000" * 20 + b'"}',
    ],
)
def test_a_body_that_is_no_request_is_told_so_and_nothing_worse(raw: bytes) -> None:
    message = refusal(raw)
    assert message.startswith("invalid params, ")
    assert "; allowed: " in message
    assert len(message) < 400


def test_a_byte_order_mark_is_forgiven() -> None:
    assert CreateRequest.read(b"\xef\xbb\xbf" + json.dumps(DOCUMENTED).encode()) == read()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)
FIELDS = st.sampled_from(list(CreateRequest.model_fields))


@given(st.dictionaries(FIELDS, JSON, max_size=4))
def test_whatever_the_fields_hold_it_is_a_request_or_an_invalid_input(fields: dict[str, Any]) -> None:
    try:
        CreateRequest.read(json.dumps(DOCUMENTED | fields).encode())
    except InvalidInput as refused:
        assert refused.message.startswith("invalid params, ")
        refused.message.encode()


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_the_body_is_it_is_an_invalid_input(raw: bytes) -> None:
    assert refusal(raw).startswith("invalid params, ")


@pytest.mark.parametrize("file_id", [361721749176519, "361721749176519"])
def test_a_file_id_is_read_in_both_forms(file_id: object) -> None:
    raw = json.dumps({"file_id": file_id, "purpose": "video_generation"}).encode()
    assert str(DeleteRequest.read(raw).file_id) == "361721749176519"


@pytest.mark.parametrize("file_id", [None, [], {}, True, 1.5])
def test_a_file_id_of_another_kind_is_refused_by_its_name(file_id: object) -> None:
    with pytest.raises(InvalidInput, match=r"invalid params, file_id: got"):
        DeleteRequest.read(json.dumps({"file_id": file_id}).encode())
