from __future__ import annotations

import pytest

from muybridge.cli import text
from muybridge.errors import (
    EngineCrashed,
    EngineFailed,
    InvalidInput,
    InvalidPicture,
    MuybridgeError,
    NotFound,
    RateLimited,
    UnknownKey,
    WeightsMissing,
)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidPicture("f", "g", "a"), 2),
        (NotFound("f", "g", "a"), 2),
        (UnknownKey(), 3),
        (RateLimited("10 a minute"), 4),
        (WeightsMissing("pull them"), 6),
        (EngineFailed("no"), 1),
        (MuybridgeError(), 1),
    ],
)
def test_the_exit_status_tells_the_kind(error: MuybridgeError, status: int) -> None:
    assert text.exit_status(error) == status


def test_wrong_input_names_the_argument_as_the_command_line_does() -> None:
    said = text.said(InvalidPicture("subject_reference[0].image[0]", "a text", "a JPG, PNG or WebP"))
    assert said == "muybridge: PICTURE: got a text\n  allowed: a JPG, PNG or WebP"


def test_a_field_that_is_no_argument_keeps_its_name() -> None:
    assert "MUYBRIDGE_PORT: got 'x'" in text.said(InvalidInput("MUYBRIDGE_PORT", "'x'", "0 to 65535"))


def test_an_error_that_may_pass_says_so() -> None:
    assert "trying again" in text.said(EngineCrashed("puppet's process ended by SIGSEGV"))
    assert "trying again" not in text.said(UnknownKey())


@pytest.mark.parametrize(
    ("prompt", "chinese"),
    [("A girl winks.", False), ("女孩微笑", True), ("wink 眨眼", True), ("", False), ("🙂", False)],
)
def test_a_prompt_with_chinese_in_it_is_answered_in_chinese(prompt: str, chinese: bool) -> None:
    assert text.chinese(prompt) is chinese
