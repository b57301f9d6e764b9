"""Frames at another rate: first on first, last on last, motion between, and no ghosts across a cut."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.media.fit import filled, pillow
from muybridge.media.retime import moments, retimed
from muybridge.units import Size


def ball(x: float) -> np.ndarray:
    """A textured disc at `x` on textured ground."""
    rows, columns = np.mgrid[0:160, 0:240].astype(np.float32)
    ground = 90 + 30 * np.sin(columns / 9) * np.cos(rows / 7)
    near = np.clip(31 - np.hypot(columns - x, rows - 80), 0, 1)
    body = 190 + 40 * np.sin((columns - x) / 4) * np.sin(rows / 5)
    return np.repeat((ground * (1 - near) + body * near)[..., None], 3, 2).astype(np.uint8)


def centre(frame: np.ndarray) -> float:
    grey = cv2.GaussianBlur(frame[..., 0].astype(np.float32), (0, 0), 5)
    return float(np.average(np.arange(240), weights=np.clip(grey[60:100].mean(0) - 130, 0, None) + 1e-9))


@given(frames=st.integers(1, 300), count=st.integers(2, 400))
def test_moments_run_from_the_first_frame_to_the_last_and_never_back(frames: int, count: int) -> None:
    found = moments(frames, count)
    places = [moment.frame + moment.share for moment in found]
    assert len(found) == count
    assert places[0] == 0.0
    assert places[-1] == pytest.approx(frames - 1)
    assert places == sorted(places)
    assert all(0 <= moment.share < 1 and moment.frame < frames for moment in found)


def test_as_many_frames_as_there_are_come_out_untouched() -> None:
    frames = [ball(x) for x in (60, 70, 80)]
    assert all((out == frame).all() for out, frame in zip(retimed(frames, 3), frames, strict=True))


def test_one_frame_stands_still_for_as_long_as_is_asked() -> None:
    assert len(list(retimed([ball(60)], 5))) == 5


def test_what_moves_is_half_way_between_two_frames_and_not_in_two_places() -> None:
    first, second = ball(90), ball(102)
    middle = list(retimed([first, second], 3))[1]
    truth = ball(96)
    ghost = (first.astype(float) + second) / 2
    assert centre(middle) == pytest.approx(centre(truth), abs=1.0)
    error, ghostly = (np.abs(frame - truth.astype(float)).mean() for frame in (middle, ghost))
    assert error < ghostly / 2


def test_across_a_cut_the_nearer_frame_stands() -> None:
    night, day = np.zeros((96, 160, 3), np.uint8), np.full((96, 160, 3), 220, np.uint8)
    out = list(retimed([night, day], 6))
    assert [int(frame.mean()) for frame in out] == [0, 0, 0, 220, 220, 220]


def test_noise_that_no_motion_explains_is_no_mixture() -> None:
    dice = np.random.default_rng(0)
    first, second = (dice.integers(100, 140, (96, 160, 3), np.uint8) for _ in range(2))
    near = list(retimed([first, second], 5))[1].astype(float)
    assert np.abs(near - first).mean() < np.abs(near - second).mean() / 2


@pytest.mark.parametrize(("frames", "count"), [(0, 3), (3, 0)])
def test_no_frames_cannot_be_spread(frames: int, count: int) -> None:
    with pytest.raises(ValueError, match="1 at least"):
        moments(frames, count)


def test_a_frame_fills_another_shape_and_what_sticks_out_is_cut_evenly() -> None:
    frame = np.zeros((480, 832, 3), np.uint8)
    frame[:, :416] = 200
    out = filled(frame, Size(1280, 720))
    assert out.shape == (720, 1280, 3)
    assert out[:, :600].min() > 190
    assert out[:, 680:].max() < 10
    assert filled(out, Size(1280, 720)) is out
    assert pillow(out[:, ::2]).size == (640, 720)
