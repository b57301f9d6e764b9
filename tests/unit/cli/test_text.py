from __future__ import annotations

import pytest

from muybridge.cli import text
from muybridge.domain.storyboard import Action, Beat, CameraKind, CameraMove, Direction, Storyboard
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
from muybridge.units import Seconds


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
    ("prompt", "language"),
    [("A girl winks.", "en"), ("女孩微笑", "zh"), ("wink 眨眼", "zh"), ("", "en"), ("🙂", "en")],
)
def test_the_language_is_the_prompts(prompt: str, language: str) -> None:
    assert text.language(prompt) == language


BOARD = Storyboard(
    prompt="She winks, then dissolves into rain.",
    beats=(
        Beat(Action.WINK, Seconds(3.0), Seconds(4.0), Direction.LEFT, words="winks"),
        Beat(Action.RUN_CLOSER, Seconds(0.0), Seconds(3.3)),
        Beat(Action.NOD, Seconds(4.5), Seconds(5.5), repeats=2),
    ),
    camera=(CameraMove(CameraKind.PUSH_IN, Seconds(1.0), Seconds(5.0), words="closer"),),
    unheard=("dissolves into rain",),
    notes=("The wink is her left eye's.",),
)


def test_the_timeline_runs_in_order_of_time_and_quotes_the_prompt() -> None:
    assert text.timeline(BOARD) == [
        "   0.0 -  3.3 s  run closer",
        "   1.0 -  5.0 s  camera: push in  (closer)",
        "   3.0 -  4.0 s  wink left  (winks)",
        "   4.5 -  5.5 s  nod x2",
    ]


def test_an_empty_storyboard_says_that_nothing_was_asked() -> None:
    assert text.timeline(Storyboard(prompt="?")) == ["  (nothing was asked for that it can act)"]
    assert "没有" in text.timeline(Storyboard(prompt="？化作雨"))[0]


def test_what_was_not_understood_is_listed_and_each_note_once() -> None:
    assert text.remarks(BOARD, ["The wink is her left eye's.", "Too tight to run from far."]) == [
        "  not understood: dissolves into rain",
        "  note: The wink is her left eye's.",
        "  note: Too tight to run from far.",
    ]


def test_remarks_are_in_the_prompts_language() -> None:
    board = Storyboard(prompt="女孩化作雨", unheard=("化作雨",))
    assert text.remarks(board, []) == ["  未能理解: 化作雨"]
