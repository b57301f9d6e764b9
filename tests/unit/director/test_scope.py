from __future__ import annotations

from collections.abc import Callable

import pytest

from muybridge.domain.storyboard import Beat

Acts = Callable[[str], list[str]]
Written = Callable[[str], list[Beat]]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("turns her head to the left", ["turn left"]),
        ("turns her head to the left of the frame", ["turn right"]),
        ("looks screen right", ["gaze left"]),
        ("looks stage left", ["gaze left"]),
        ("looks left, then right", ["gaze left", "gaze right"]),
        ("tilts her head up", ["look_up"]),
        ("winks her right eye", ["wink right"]),
        ("blinks one eye", ["wink"]),
        ("winks both eyes", ["blink"]),
        ("turns to the camera", ["gaze camera"]),
        ("runs to the left", ["run left"]),
        ("向左转头，看向右边", ["turn left", "gaze right"]),
        ("转头看向画面左侧", ["turn right", "gaze right"]),
        ("眨左眼", ["wink left"]),
        ("左眼眨了一下", ["wink left"]),
        ("把头转向右边", ["turn right"]),
        ("看看左边，再看看右边", ["gaze left", "gaze right"]),
        ("回头看镜头", ["gaze camera"]),
    ],
)
def test_directions_find_their_action(prompt: str, expected: list[str], acts: Acts) -> None:
    assert acts(prompt) == expected


@pytest.mark.parametrize(
    ("prompt", "action"),
    [
        ("眨眼", "blink"),
        ("对镜头眨眼", "wink"),
        ("俏皮地眨眼", "wink"),
        ("单眼眨一下", "wink"),
        ("直视镜头，眨了眨眼", "blink"),
        ("blinks at the camera", "blink"),
        ("playfully winks", "wink"),
    ],
)
def test_zhayan_is_a_wink_where_it_is_playful_or_for_the_camera(
    prompt: str, action: str, written: Written
) -> None:
    assert written(prompt)[-1].action == action


@pytest.mark.parametrize(
    ("prompt", "counts"),
    [
        ("nods three times", [3]),
        ("two nods", [2]),
        ("nods and winks twice", [1, 2]),
        ("blink x3", [3]),
        ("nod nod nod", [3]),
        ("点三次头", [3]),
        ("三次点头", [3]),
        ("眨眼两次，点头", [2, 1]),
        ("点了五下头", [5]),
    ],
)
def test_counts_find_their_action(prompt: str, counts: list[int], written: Written) -> None:
    assert [beat.repeats for beat in written(prompt)] == counts


@pytest.mark.parametrize(
    ("prompt", "softer", "longer"),
    [
        ("nods slowly", False, True),
        ("slowly nods", False, True),
        ("a slow nod", False, True),
        ("slightly nods", True, False),
        ("轻轻地点头", True, False),
        ("慢慢地点头", False, True),
        ("gives a slow, gentle nod", True, True),
    ],
)
def test_manner_makes_softer_or_slower(prompt: str, softer: bool, longer: bool, written: Written) -> None:
    (beat,) = written(prompt)
    assert (beat.intensity < 0.9, beat.end - beat.start > 1.0) == (softer, longer)


def test_manner_of_a_word_nobody_knows_stays_with_that_word(
    written: Written, board: Callable[..., object]
) -> None:
    (beat,) = written("wearing a bright red scarf she nods")
    assert beat.intensity == 1.0
    assert board("wearing a bright red scarf she nods").unheard == ("bright red scarf",)  # type: ignore[attr-defined]


def test_the_words_of_a_beat_reach_over_what_was_said_about_it(written: Written) -> None:
    assert written("Then she slowly nods three times.")[0].words == "slowly nods three times"


def test_somebody_elses_running_is_not_the_subjects(acts: Acts) -> None:
    assert acts("A girl smiles while a dog runs toward the camera") == ["smile"]
    assert acts("女孩微笑，一只狗跑向镜头") == ["smile"]
