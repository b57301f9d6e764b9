"""Where the face is in each frame, and how much it is still the reference's face.

YuNet finds it (five points), SFace compares it. Convention: BGR uint8 frames, pixels from the
top left. "Right" and "left" are the subject's own, so the right eye is on the picture's left.
Limits: frontal faces from about 10 px up; the largest face of a frame is the one that counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
Floats = NDArray[np.float64]

# Errors only: OpenCV's new graph engine warns about a back end that nobody asked for.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
SEEN_AT = 0.7  # YuNet's score from which a face counts
RIGHT_EYE, LEFT_EYE, NOSE, RIGHT_MOUTH, LEFT_MOUTH = range(5)


@dataclass(frozen=True)
class Seen:
    """One found face; `row` is YuNet's own, `points` (5, 2) the eyes, nose and mouth corners."""

    row: Floats
    points: Floats

    @property
    def box(self) -> Floats:
        """x, y, width, height in pixels."""
        return self.row[:4]


class FaceFinder:
    """YuNet at a bounded working size, so that a frame costs about 10 ms."""

    def __init__(self, model: Path, longest: int = 640) -> None:
        self._net = cv2.FaceDetectorYN.create(str(model), "", (320, 320), SEEN_AT)
        self._longest = longest

    def find(self, frame: Frame) -> Seen | None:
        """The largest face, or None."""
        height, width = frame.shape[:2]
        scale = min(1.0, self._longest / max(height, width))
        small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        self._net.setInputSize((small.shape[1], small.shape[0]))
        _, rows = self._net.detect(small)
        if rows is None or len(rows) == 0:
            return None
        row = max(rows, key=lambda r: float(r[2] * r[3])).astype(np.float64)
        row[:14] /= scale
        return Seen(row, row[4:14].reshape(5, 2))


class Likeness:
    """SFace: the cosine of two faces' features; one person's photos 0.72 to 0.79, strangers to 0.27."""

    def __init__(self, model: Path) -> None:
        self._net = cv2.FaceRecognizerSF.create(str(model), "")

    def features(self, frame: Frame, face: Seen) -> Floats:
        """The face's 128 features, of length 1."""
        aligned = self._net.alignCrop(frame, face.row.astype(np.float32))
        found = np.asarray(self._net.feature(aligned), np.float64).ravel()
        return found / np.linalg.norm(found)


def interpolated(track: list[Seen | None]) -> Floats:
    """The five points of every frame, (frames, 5, 2), gaps bridged and jitter calmed over 5 frames.

    Raises ValueError where no frame has a face.
    """
    seen = [n for n, face in enumerate(track) if face is not None]
    if not seen:
        raise ValueError("no frame has a face")
    known = np.stack([track[n].points for n in seen]).reshape(len(seen), 10)  # type: ignore[union-attr]
    every = np.arange(len(track))
    filled = np.stack([np.interp(every, seen, known[:, k]) for k in range(10)], axis=1)
    return smoothed(filled, 5).reshape(-1, 5, 2)


def smoothed(rows: Floats, width: int) -> Floats:
    """A running mean over `width` rows (odd), the ends repeated."""
    padded = np.pad(rows, ((width // 2, width // 2), *((0, 0),) * (rows.ndim - 1)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, width, axis=0)
    return np.asarray(windows.mean(axis=-1))


def eye_distance(points: Floats) -> Floats:
    """The distance of the eyes in each frame, px; the unit of length for all else."""
    return np.asarray(np.linalg.norm(points[:, LEFT_EYE] - points[:, RIGHT_EYE], axis=-1))
