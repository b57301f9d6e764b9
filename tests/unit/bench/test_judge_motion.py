from __future__ import annotations

import cv2
import numpy as np
import pytest

from drawn import points_at, seen_at, view
from judge import camera, motion
from judge.faces import Frame, eye_distance, interpolated


def panning(speed: float, frames: int = 12) -> list[Frame]:
    return [view(500 + speed * n, 400) for n in range(frames)]


def test_a_faster_pan_has_a_larger_amplitude() -> None:
    slow, fast = motion.flow(panning(1.0)), motion.flow(panning(3.0))
    assert slow.mean == pytest.approx(0.5, rel=0.25)  # 1 px of 640 is half a px at 320 wide
    assert fast.mean == pytest.approx(1.5, rel=0.25)


def test_a_still_stretch_is_counted_as_frozen() -> None:
    frames = panning(2.0, 20)
    frames[8:15] = [frames[8]] * 7
    moved = motion.flow(frames)
    assert moved.longest_freeze == 6
    assert moved.frozen == pytest.approx(6 / 19)


def test_a_moving_take_is_not_frozen() -> None:
    assert motion.flow(panning(1.0)).longest_freeze == 0


def test_a_flash_is_a_spike_and_says_where() -> None:
    frames = panning(1.0, 20)
    frames[9] = np.clip(frames[9].astype(int) + 60, 0, 255).astype(np.uint8)
    found = motion.spikes(frames)
    assert found.count == 2  # in and out
    assert found.at in (9, 10)


def test_a_jump_cut_is_a_spike() -> None:
    found = motion.spikes(panning(1.0, 10) + [view(900 + n, 500) for n in range(10)])
    assert (found.count, found.at) == (1, 10)


def test_an_even_pan_has_no_spike() -> None:
    assert motion.spikes(panning(2.0)).count == 0


def test_growth_is_the_largest_over_the_first() -> None:
    lengths = np.concatenate([np.full(20, 80.0), np.linspace(80, 120, 40), np.full(20, 120.0)])
    assert motion.growth(lengths) == pytest.approx(1.5)


def test_a_smile_widens_the_mouth_by_what_was_drawn() -> None:
    widths = np.concatenate([np.full(60, 0.80), np.full(60, 0.92)])
    assert motion.widening(widths) == pytest.approx(0.15, abs=0.01)


def test_jitter_of_the_mouth_is_no_smile() -> None:
    widths = 0.8 + np.random.default_rng(1).normal(0, 0.02, 150)
    assert motion.widening(widths) < 0.03


def test_eye_distance_is_in_pixels() -> None:
    assert eye_distance(np.stack([points_at(iod=60), points_at(iod=140)])) == pytest.approx([60, 140])


def test_frames_without_a_face_are_bridged() -> None:
    track = [seen_at(points_at(x=300 + 2.0 * n)) if n not in (5, 6) else None for n in range(12)]
    points = interpolated(track)
    assert points[5, 0, 0] == pytest.approx(300 + 10 - 50)


def test_a_take_without_any_face_is_said_to_have_none() -> None:
    with pytest.raises(ValueError, match="no frame has a face"):
        interpolated([None, None])


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.5])
def test_jitter_of_the_camera_is_measured_in_pixels(jitter: float) -> None:
    shaken = np.random.default_rng(3).normal(0, jitter, (20, 2))
    frames = [view(500 + 1.2 * n + dx, 400 + dy) for n, (dx, dy) in enumerate(shaken)]
    way = camera.path(frames, [None] * 20)
    truth = float(np.diff(shaken, n=2, axis=0).std())
    assert way.tracked == 1.0
    assert way.step_change_std == pytest.approx(truth, rel=0.15, abs=0.05)


def test_a_known_push_in_is_an_even_path() -> None:
    way = camera.path([view(800, 480, 1.0 + 0.004 * n) for n in range(15)], [None] * 15)
    assert way.step_change_std < 0.1
    assert way.travel == pytest.approx(np.hypot(160, 90) * 0.004 / 1.03, rel=0.1)


def test_a_zoom_in_whole_pixels_is_seen_as_uneven() -> None:
    """The naive zoom: a crop of whole pixels, drawn up to the frame's size again."""
    whole = view(800, 480)
    frames = []
    for n in range(15):
        x, y = round(0.45 * n), round(0.25 * n)
        frames.append(cv2.resize(whole[y : 360 - y, x : 640 - x], (640, 360), interpolation=cv2.INTER_CUBIC))
    assert camera.path(frames, [None] * 15).step_change_std > 0.3


def test_the_subject_is_no_part_of_the_path() -> None:
    face = seen_at(points_at(x=320, y=150, iod=40))
    frames = [view(500, 400) for _ in range(8)]
    for n, frame in enumerate(frames):
        frame[90:360, 250 + 2 * n : 390 + 2 * n] = view(900, 500)[90:360, 250:390]
    assert camera.path(frames, [face] * 8).travel < 0.1


def test_a_ground_without_texture_has_no_path() -> None:
    way = camera.path([np.full((360, 640, 3), 90, np.uint8)] * 5, [None] * 5)
    assert way.tracked == 0.0
    assert np.isnan(way.step_change_std)
