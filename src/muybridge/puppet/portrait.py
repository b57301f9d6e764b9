"""A Portrait: everything seen in one picture that the puppet acts with, as arrays.

Convention: pixel centres lie at half-integers outside this package and at integers inside it
(OpenCV's); x runs right, y down; colours are sRGB, RGB order; the matte is coverage, not
premultiplied.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from muybridge.domain.subject import Subject

# cv2's stubs widen an array's number type at every call, so these names tell the reader what the
# checker cannot hold: uint8 and float32. The tests do.
Bytes = NDArray[Any]
Floats = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Face:
    """One face.

    Shapes: `points` (478, 3) in pixels of the portrait's picture, z in the same scale and
    negative toward the camera; `box` is x, y, width, height in pixels. `presence` is the
    landmark model's logit (above 14 on real faces). `blendshapes` are 52 weights, 0 to 1.
    """

    points: Floats
    presence: float
    box: tuple[float, float, float, float]
    blendshapes: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DrawnFace:
    """A face in a drawing: no mesh, but five points and the lines around them.

    Shapes: `points` (5, 2) pixels of the portrait's picture: right eye, left eye, nose, right and
    left corner of the mouth; `box` as Face's. `eyes` (2, 3, N), right one first, and `mouth` (3, N)
    are columns u with their top and bottom v, in the face's own axes, in distances of the eyes;
    `brows` (2, 4) are boxes u0, v0, u1, v1 there. What was not found is NaN. `skin` and `line` (3,)
    are colours, `thick` a line's width in distances of the eyes.
    """

    points: Floats
    box: tuple[float, float, float, float]
    eyes: Floats
    mouth: Floats
    brows: Floats
    skin: Floats
    line: Floats
    thick: float

    def placed(self, scale: Floats, shift: Floats) -> DrawnFace:
        """The same face in a picture made `scale` times as large and then shifted. Shapes: (2,) each."""
        points = np.asarray(self.points * scale + shift, np.float32)
        x, y = np.array(self.box[:2]) * scale + shift
        wide, tall = np.array(self.box[2:]) * scale
        return replace(self, points=points, box=(float(x), float(y), float(wide), float(tall)))


@dataclass(frozen=True, slots=True)
class Portrait:
    """One picture, seen.

    Shapes: `picture`, `foreground` and `plate` (H, W, 3) uint8; `matte` (H, W) float32, 0 to 1.
    `foreground` holds the subject's own colour wherever the matte is above 0, and its extension
    beyond the edge; `plate` is the background rebuilt behind the subject. `faces` come most
    prominent first and may be empty. `joints` (33, 3) are the body's, x, y in pixels and how surely
    each is seen, 0 to 1, or None where no body was found. `drawn` is the face of a drawing that has
    no other.
    """

    subject: Subject
    picture: Bytes
    foreground: Bytes
    matte: Floats
    plate: Bytes
    faces: tuple[Face, ...]
    joints: Floats | None = None
    drawn: DrawnFace | None = None
