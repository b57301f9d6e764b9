"""Where the parts of a face lie among the 478 landmarks, and the frame they are measured in.

Convention: left and right are the subject's own; an unmirrored portrait shows the subject's
right eye on the picture's left. Lengths are in iod, the distance between the iris centres.
Source: the canonical face mesh's topology (478 points with irises).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from muybridge.puppet.portrait import Floats

Side = Literal["right", "left"]
SIDES: tuple[Side, Side] = ("right", "left")


@dataclass(frozen=True, slots=True)
class EyeParts:
    """One eye's landmark numbers, each row running from the picture's left to its right."""

    corners: tuple[int, int]
    upper: tuple[int, ...]
    lower: tuple[int, ...]
    crease: tuple[int, ...]
    above_crease: tuple[int, ...]
    below_lid: tuple[int, ...]
    brow: tuple[int, ...]
    iris: tuple[int, ...]
    cheek: tuple[int, ...]


EYES: dict[Side, EyeParts] = {
    "right": EyeParts(
        corners=(33, 133),
        upper=(246, 161, 160, 159, 158, 157, 173),
        lower=(7, 163, 144, 145, 153, 154, 155),
        crease=(247, 30, 29, 27, 28, 56, 190),
        above_crease=(113, 225, 224, 223, 222, 221, 189),
        below_lid=(25, 110, 24, 23, 22, 26, 112),
        brow=(46, 53, 52, 65, 55, 70, 63, 105, 66, 107),
        iris=(468, 469, 470, 471, 472),
        cheek=(117, 118, 119, 50, 205, 36, 101, 187, 207, 123),
    ),
    "left": EyeParts(
        corners=(362, 263),
        upper=(398, 384, 385, 386, 387, 388, 466),
        lower=(382, 381, 380, 374, 373, 390, 249),
        crease=(414, 286, 258, 257, 259, 260, 467),
        above_crease=(413, 441, 442, 443, 444, 445, 342),
        below_lid=(341, 256, 252, 253, 254, 339, 255),
        brow=(276, 283, 282, 295, 285, 300, 293, 334, 296, 336),
        iris=(473, 474, 475, 476, 477),
        cheek=(346, 347, 348, 280, 425, 266, 330, 411, 427, 352),
    ),
}
MOUTH_CORNER: dict[Side, int] = {"right": 61, "left": 291}
INNER_CORNER: dict[Side, int] = {"right": 78, "left": 308}
UPPER_INNER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LOWER_INNER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
UPPER_OUTER = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
LOWER_OUTER = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)
NOSE = (168, 6, 197, 195, 5, 4, 1, 19, 94, 2, 98, 327, 48, 278, 129, 358)
FOREHEAD = (10, 9, 8, 151, 109, 338, 67, 297, 69, 299)
JAW = (152, 148, 377, 176, 400, 149, 378, 150, 379, 136, 365, 172, 397, 58, 288)
OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
CHIN = 152


@dataclass(frozen=True, slots=True)
class FaceFrame:
    """A face's own axes: origin between the irises, x along the eye line to the picture's right.

    Shapes: `origin`, `x`, `y` (2,), in the pixels of whatever picture the points came from.
    """

    origin: Floats
    x: Floats
    y: Floats
    iod: float

    @classmethod
    def of(cls, points: Floats) -> FaceFrame:
        """The frame of one face's landmarks. Shapes: `points` (478, 2 or 3), pixels."""
        return cls.between(points[468, :2], points[473, :2])

    @classmethod
    def between(cls, right: Floats, left: Floats) -> FaceFrame:
        """The frame of two eyes' middles, the subject's right one first. Shapes: (2,), pixels."""
        along = left - right
        iod = float(np.hypot(*along))
        x = (along / max(iod, 1e-6)).astype(np.float32)
        y = np.array([-x[1], x[0]], np.float32)
        return cls(((right + left) / 2).astype(np.float32), x, y, iod)

    def to_face(self, points: Floats) -> Floats:
        """Pixels (..., 2) to this frame's iod units (..., 2)."""
        rel = points[..., :2] - self.origin
        return np.stack([rel @ self.x, rel @ self.y], -1).astype(np.float32) / np.float32(self.iod)

    def to_picture(self, points: Floats) -> Floats:
        """This frame's iod units (..., 2) to pixels (..., 2)."""
        rel = points[..., :1] * self.x + points[..., 1:2] * self.y
        return np.asarray(self.origin + rel * self.iod, np.float32)

    @property
    def roll(self) -> float:
        """The eye line's angle to the horizontal, in radians, positive clockwise as seen."""
        return float(np.arctan2(self.x[1], self.x[0]))
