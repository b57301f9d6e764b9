from __future__ import annotations

import cv2
import numpy as np
import pytest

from drawn import points_at, seen_at, view
from judge import border
from judge.faces import Floats, Frame

PHOTO = view(700, 500)
HER = seen_at(points_at(x=320, y=150, iod=60))


def pasted(scale: float, x: float, y: float, turn: float = 0.0, feather: float = 0.0) -> tuple[Frame, Floats]:
    """The photo small inside a darker ground, cut or feathered, and where its face points lie."""
    angle = np.radians(turn)
    matrix = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    there = np.column_stack([matrix, (x, y)])
    ground = (cv2.GaussianBlur(view(300, 250), (0, 0), 25) * 0.4).astype(np.uint8)
    inside = np.ones((360, 640), np.float32)
    if feather:
        inside[:80], inside[-80:], inside[:, :80], inside[:, -80:] = 0, 0, 0, 0
        inside = cv2.GaussianBlur(inside, (0, 0), feather)
    matte = cv2.warpAffine(inside, there, (640, 360))[..., None]
    frame = cv2.warpAffine(PHOTO, there, (640, 360)) * matte + ground * (1 - matte)
    return frame.astype(np.uint8), HER.points @ matrix.T + (x, y)


def judged(frame: Frame, points: Floats) -> border.Border:
    return border.border([frame], [seen_at(points)], PHOTO, HER)


@pytest.mark.parametrize("turn", [0.0, 3.0])
def test_the_cut_edge_of_a_photo_is_found(turn: float) -> None:
    found = judged(*pasted(0.6, 120, 70, turn))
    assert not found.clean
    assert found.worst.length > 0.25


def test_the_side_that_is_cut_is_named() -> None:
    found = judged(*pasted(1.1, 60, -20))
    assert found.worst.side == "left"


def test_a_feathered_edge_is_no_cut() -> None:
    assert judged(*pasted(0.6, 120, 70, feather=25)).clean


def test_a_photo_that_fills_the_frame_has_no_edge() -> None:
    found = judged(*pasted(1.6, -150, -90))
    assert found.clean


def test_a_line_of_the_scenery_is_no_cut_once_the_subject_has_moved() -> None:
    frames, track = [], []
    for n in range(2):
        frame, points = pasted(0.6, 60 + 120 * n, 70, feather=25)
        frame[:, 440:] = np.clip(frame[:, 440:].astype(int) + 40, 0, 255)
        frames.append(frame)
        track.append(seen_at(points))
    assert not border.border(frames[:1], track[:1], PHOTO, HER).clean
    assert border.border(frames, track, PHOTO, HER, every=1).clean


def test_a_cut_that_moves_with_the_subject_stays_one() -> None:
    takes = [pasted(0.6, 60 + 120 * n, 70) for n in range(2)]
    track = [seen_at(points) for _, points in takes]
    assert not border.border([frame for frame, _ in takes], track, PHOTO, HER, every=1).clean


def test_frames_without_a_face_are_left_out() -> None:
    assert border.border([PHOTO], [None], PHOTO, HER).worst.side == "none"


@pytest.mark.parametrize("side", [0, 1, 2, 3])
def test_a_dead_strip_at_any_side_is_found(side: int) -> None:
    frame = view(500, 400)
    np.rot90(frame, side)[:7] = 0
    assert border.dead_strip(frame) == 7


def test_a_full_picture_has_no_dead_strip() -> None:
    assert border.dead_strip(view(500, 400)) == 0


def test_a_plain_wall_is_no_dead_strip() -> None:
    assert border.dead_strip(np.full((90, 160, 3), 120, np.uint8)) == 0


@pytest.mark.parametrize(
    ("flags", "longest"),
    [([1, 1, 1], 3), ([1, 0, 0, 1, 1], 3), ([1, 0, 0, 0, 0, 1], 1), ([0, 0], 0)],
)
def test_a_run_forgives_short_pauses(flags: list[int], longest: int) -> None:
    assert border.longest_runs(np.array(flags, bool)[:, None]) == longest
