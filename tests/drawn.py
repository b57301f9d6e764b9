"""Drawn scenes and faces whose truth is known."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np

from judge.faces import Floats, Frame, Seen

SIZE = (640, 360)  # width, height


@cache
def scene() -> Frame:
    """A soft textured ground, larger than the frame."""
    noise = np.random.default_rng(7).integers(0, 256, (120, 200, 3), dtype=np.uint8)
    return cv2.GaussianBlur(cv2.resize(noise, (1600, 960), interpolation=cv2.INTER_CUBIC), (0, 0), 2.0)


def view(x: float, y: float, scale: float = 1.0) -> Frame:
    """The scene through a camera whose middle looks at (x, y)."""
    width, height = SIZE
    back = np.array([[1 / scale, 0, x - width / 2 / scale], [0, 1 / scale, y - height / 2 / scale]])
    return cv2.warpAffine(scene(), back, SIZE, flags=cv2.INTER_LANCZOS4 | cv2.WARP_INVERSE_MAP)


def points_at(x: float = 320, y: float = 150, iod: float = 100, mouth: float = 0.9) -> Floats:
    """The five points of a frontal face; the subject's right eye on the picture's left."""
    half, lips = iod / 2, mouth * iod / 2
    return np.array(
        [(x - half, y), (x + half, y), (x, y + 0.6 * iod), (x - lips, y + iod), (x + lips, y + iod)]
    )


def seen_at(points: Floats) -> Seen:
    """A found face around these points."""
    iod = float(np.linalg.norm(points[1] - points[0]))
    x, y = points.mean(axis=0)
    box = [x - iod, y - 1.3 * iod, 2 * iod, 2.6 * iod]
    return Seen(np.array([*box, *points.ravel(), 0.95]), points)


def face(right: float, left: float, iod: int = 100, light: float = 1.0) -> Frame:
    """Two drawn eyes on plain skin, each open by its share (0 to 1); eyes where `points_at` says."""
    frame = np.full((360, 640, 3), 185, np.uint8)
    for (x, y), share in zip(points_at(iod=iod)[:2], (right, left), strict=True):
        _eye(frame, (round(x), round(y)), iod, share)
    return np.clip(frame * light, 0, 255).astype(np.uint8)


def _eye(frame: Frame, middle: tuple[int, int], iod: int, share: float) -> None:
    across, down = round(0.22 * iod), round(0.10 * iod * share)
    white = np.zeros(frame.shape[:2], np.uint8)
    cv2.ellipse(white, middle, (across, max(down, 1)), 0, 0, 360, 255, -1)
    iris = np.zeros_like(white)
    cv2.circle(iris, middle, round(0.10 * iod), 255, -1)
    frame[white > 0] = 225
    frame[(white > 0) & (iris > 0)] = 40
    cv2.ellipse(frame, middle, (across, max(down, 1)), 0, 180, 360, (60, 60, 60), 2, cv2.LINE_AA)
