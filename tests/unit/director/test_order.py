from __future__ import annotations

from collections.abc import Callable

import pytest

from muybridge.domain.storyboard import Beat

Written = Callable[[str], list[Beat]]


@pytest.mark.parametrize(
    "prompt",
    [
        "She nods, then winks",
        "She nods before she winks",
        "Before she winks, she nods",
        "She winks after she nods",
        "After nodding, she winks",
        "Nod -> wink",
        "First a nod, finally a wink",
        "Having nodded, she winks",
        "点头，然后抛媚眼",
        "点头之后抛媚眼",
        "抛媚眼之前先点头",
        "先点头再抛媚眼",
        "点头后抛媚眼",
        "等她点头，再抛媚眼",
    ],
)
def test_words_of_order_put_the_nod_before_the_wink(prompt: str, written: Written) -> None:
    nod, wink = written(prompt)
    assert (nod.action, wink.action) == ("nod", "wink")
    assert nod.end <= wink.start


@pytest.mark.parametrize(
    "prompt",
    [
        "She nods while smiling",
        "While smiling, she nods",
        "Smiling, she nods",
        "She nods with a smile",
        "With a smile she nods",
        "As she smiles, she nods",
        "She smiles and nods at the same time",
        "She nods, smiling",
        "一边微笑一边点头",
        "边笑边点头",
        "微笑着点头",
        "带着微笑点头",
        "微笑的同时点头",
        "点头时微笑",
    ],
)
def test_words_of_togetherness_have_the_smile_there_during_the_nod(prompt: str, written: Written) -> None:
    beats = {beat.action.value: beat for beat in written(prompt)}
    assert beats["smile"].start <= beats["nod"].start < beats["nod"].end <= beats["smile"].end


def test_of_two_alternatives_the_first_is_taken_and_said_so(board: Callable[..., object]) -> None:
    planned = board("She smiles or nods")
    assert [beat.action.value for beat in planned.beats if beat.words] == ["smile"]  # type: ignore[attr-defined]
    assert "Of two alternatives the first was taken." in planned.notes  # type: ignore[attr-defined]


def test_one_smile_said_many_times_is_one_smile(written: Written) -> None:
    assert len(written("smile " * 300)) == 1


def test_a_smile_that_becomes_a_frown_ends_there(written: Written) -> None:
    smile, frown = written("She smiles, then frowns")
    assert smile.end <= frown.start + 0.6
