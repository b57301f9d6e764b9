from __future__ import annotations

import pytest

from muybridge.director.normalise import tokens
from muybridge.director.pieces import Kind, Moment
from muybridge.director.readings import readings


def first(text: str) -> tuple[Kind, float, Moment | None, int]:
    piece = max(readings(tokens(text), 0), key=lambda one: one.end)
    return piece.kind, piece.number, piece.moment, piece.end


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("three times", 3),
        ("3 times", 3),
        ("x3", 3),
        ("3x", 3),
        ("×4", 4),
        ("三次", 3),
        ("两下", 2),
        ("十二次", 12),
        ("二十次", 20),
        ("几下", 3),
        ("5 or 6 times", 5),
        ("0 times", 1),
        ("999 times", 99),
    ],
)
def test_counts_are_read_in_both_languages(text: str, count: float) -> None:
    kind, number, _, end = first(text)
    assert (kind, number, end) == (Kind.COUNT, count, len(tokens(text)))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("at 2 seconds", Moment("at", 2)),
        ("at second 2", Moment("at", 2)),
        ("at 2.5s", Moment("at", 2.5)),
        ("two seconds in", Moment("at", 2)),
        ("after 3 seconds", Moment("at", 3)),
        ("at the 3 second mark", Moment("at", 3)),
        ("at 0:04", Moment("at", 4)),
        ("from 2 to 4 seconds", Moment("span", 2, 4)),
        ("0-3s", Moment("span", 0, 3)),
        ("between 1 and 3 seconds", Moment("span", 1, 3)),
        ("0:00-0:03", Moment("span", 0, 3)),
        ("for two seconds", Moment("length", 2)),
        ("2 seconds later", Moment("later", 2)),
        ("the first two seconds", Moment("span", 0, 2)),
        ("the last second", Moment("last", 0, 1)),
        ("第2秒", Moment("at", 2)),
        ("第三秒时", Moment("at", 3)),
        ("2秒后", Moment("at", 2)),
        ("在第4秒", Moment("at", 4)),
        ("第2秒到第4秒", Moment("span", 2, 4)),
        ("2到4秒", Moment("span", 2, 4)),
        ("0-2秒", Moment("span", 0, 2)),
        ("持续2秒", Moment("length", 2)),
        ("前两秒", Moment("span", 0, 2)),
        ("最后一秒", Moment("last", 0, 1)),
        ("3秒", Moment("bare", 3)),
    ],
)
def test_times_are_read_in_both_languages(text: str, moment: Moment) -> None:
    kind, _, found, end = first(text)
    assert (kind, found, end) == (Kind.TIME, moment, len(tokens(text)))


@pytest.mark.parametrize("text", ["6 second video", "a", "seconds", "的", "第", "from", "最后"])
def test_a_videos_length_and_lone_words_are_no_times(text: str) -> None:
    assert all(piece.kind is not Kind.TIME for piece in readings(tokens(text), 0))


def test_a_huge_number_is_read_as_a_bounded_one() -> None:
    assert first("at 9" + "9" * 50 + " seconds")[2] == Moment("at", 3600)
