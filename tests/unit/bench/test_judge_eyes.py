from __future__ import annotations

import cv2
import numpy as np
import pytest

from drawn import face, points_at
from judge import eyes
from judge.eyes import Openness
from judge.faces import LEFT_EYE, RIGHT_EYE, Floats


def take(
    right: list[float], left: list[float], iod: int = 100, light: float = 1.0
) -> tuple[Openness, Openness]:
    points = points_at(iod=iod)
    frames = [face(r, w, iod, light) for r, w in zip(right, left, strict=True)]
    one, two = (
        eyes.openness([eyes.patch(f, points, which) for f in frames]) for which in (RIGHT_EYE, LEFT_EYE)
    )
    return one, two


def closing(frames: int, start: int, length: int, to: float) -> list[float]:
    share = np.ones(frames)
    share[start : start + length] = to
    return share.tolist()


OPEN = [1.0] * 30


def test_an_open_eye_is_as_high_as_it_was_drawn() -> None:
    right, left = take(OPEN, OPEN)
    assert right.height == pytest.approx(0.20, abs=0.04)
    assert left.height == pytest.approx(0.20, abs=0.04)


@pytest.mark.parametrize("share", [0.8, 0.6, 0.4])
def test_a_half_closed_eye_is_lower_by_what_it_was_closed(share: float) -> None:
    right, left = take(closing(30, 10, 8, share), OPEN)
    assert right.share[14] == pytest.approx(share, abs=0.15)
    assert left.share[14] == pytest.approx(1.0, abs=0.05)


def test_a_lash_line_is_no_opening() -> None:
    right, _ = take(closing(30, 10, 8, 0.0), OPEN)
    assert right.share[14] < 0.35


def test_the_reach_of_luminance_falls_when_an_eye_closes() -> None:
    right, _ = take(closing(30, 10, 8, 0.0), OPEN)
    assert right.reach[14] < 0.8 * right.reach[0]


def test_darkness_of_the_whole_picture_does_not_close_an_eye() -> None:
    bright, _ = take(OPEN, OPEN)
    dark, _ = take(OPEN, OPEN, light=0.4)
    assert dark.height == pytest.approx(bright.height, abs=0.02)


def test_a_wink_names_the_eye_its_frames_and_its_depth() -> None:
    wink = eyes.find_wink(*take(OPEN, closing(30, 12, 9, 0.1)))
    assert wink is not None
    assert (wink.eye, wink.start, wink.frames) == ("left", 12, 9)
    assert wink.holds
    assert wink.winking < 0.4
    assert wink.other > 0.95


def test_a_wink_of_five_frames_does_not_hold() -> None:
    wink = eyes.find_wink(*take(closing(30, 12, 5, 0.1), OPEN))
    assert wink is not None
    assert not wink.holds


def test_a_blink_of_both_eyes_is_no_wink() -> None:
    both = closing(30, 12, 9, 0.1)
    assert eyes.find_wink(*take(both, both)) is None


def test_an_eye_that_loses_a_fifth_is_no_wink() -> None:
    assert eyes.find_wink(Openness(level(0.8), level(1)), Openness(level(1.0), level(1))) is None


def test_a_wink_that_drags_the_other_eye_along_is_none() -> None:
    assert eyes.find_wink(Openness(level(0.3), level(1)), Openness(level(0.8), level(1))) is None


def level(to: float) -> Floats:
    return np.array(closing(30, 12, 9, to))


def test_a_tilted_head_is_looked_at_upright() -> None:
    flat = eyes.patch(face(1, 1), points_at(), RIGHT_EYE)
    points = points_at()
    turn = np.radians(12)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middle = points[:2].mean(axis=0)
    whole = np.column_stack([matrix, middle - matrix @ middle])
    tilted = cv2.warpAffine(face(1, 1), whole, (640, 360), borderMode=cv2.BORDER_REPLICATE)
    upright = eyes.patch(tilted, (points - middle) @ matrix.T + middle, RIGHT_EYE)
    assert np.abs(upright.astype(int) - flat.astype(int)).mean() < 4


@pytest.mark.parametrize(
    ("flags", "found"),
    [([], []), ([1, 1], [(0, 2)]), ([0, 1, 1, 0, 1], [(1, 3), (4, 5)]), ([0, 0], [])],
)
def test_runs_are_the_stretches_of_true(flags: list[int], found: list[tuple[int, int]]) -> None:
    assert eyes.runs(np.array(flags, bool)) == found
