from __future__ import annotations

import cv2
import numpy as np
import pytest

from drawn import points_at, view
from judge import mouth
from judge.faces import LEFT_MOUTH, RIGHT_MOUTH, Floats, Frame

HERS = points_at(x=320, y=110, iod=100)
WIDTH = 90.0  # px between the corners: points_at's 0.9 of the eye distance


def smiling(outward: float, points: Floats = HERS) -> Frame:
    """The drawn face with each mouth corner and what is around it moved outward, px."""
    y, x = np.mgrid[:360, :640].astype(np.float32)
    moved = np.zeros_like(x)
    for which, side in ((RIGHT_MOUTH, -1), (LEFT_MOUTH, 1)):
        at = points[which]
        moved += (
            side * outward * np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / (2 * 25**2)).astype(np.float32)
        )
    return cv2.remap(view(700, 400), x - moved, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def width_of(frame: Frame, points: Floats = HERS) -> float:
    (found,) = mouth.widths([frame], points[None], smiling(0.0), HERS)
    return float(found)


@pytest.mark.parametrize("outward", [-3.0, 0.0, 4.0, 8.0])
def test_the_mouth_is_wider_by_as_much_as_its_corners_went_apart(outward: float) -> None:
    assert width_of(smiling(outward)) == pytest.approx(1 + 2 * outward / WIDTH, abs=0.03)


def test_a_larger_and_turned_picture_of_the_same_face_is_no_smile() -> None:
    angle, scale = np.radians(6), 1.3
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shift = HERS[:2].mean(axis=0) - turn @ HERS[:2].mean(axis=0)
    frame = cv2.warpAffine(smiling(0.0), np.column_stack([turn, shift]), (640, 360), flags=cv2.INTER_CUBIC)
    assert width_of(frame, HERS @ turn.T + shift) == pytest.approx(1.0, abs=0.02)


def test_an_alignment_that_is_off_is_no_smile() -> None:
    off = (HERS - HERS.mean(axis=0)) * 1.04 + HERS.mean(axis=0) + (2.0, -1.5)
    assert width_of(smiling(0.0), off) == pytest.approx(1.0, abs=0.02)


def test_a_darker_frame_is_no_smile() -> None:
    assert width_of((smiling(0.0) * 0.5).astype(np.uint8)) == pytest.approx(1.0, abs=0.02)
