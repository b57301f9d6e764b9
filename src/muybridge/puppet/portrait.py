"""A Portrait: everything seen in one picture that the puppet acts with, as arrays.

Convention: pixel centres lie at half-integers outside this package and at integers inside it
(OpenCV's); x runs right, y down; colours are sRGB, RGB order; the matte is coverage, not
premultiplied.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

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
class Portrait:
    """One picture, seen.

    Shapes: `picture`, `foreground` and `plate` (H, W, 3) uint8; `matte` (H, W) float32, 0 to 1.
    `foreground` holds the subject's own colour wherever the matte is above 0, and its extension
    beyond the edge; `plate` is the background rebuilt behind the subject. `faces` come most
    prominent first and may be empty. `joints` (33, 3) are the body's, x, y in pixels and how surely
    each is seen, 0 to 1, or None where no body was found.
    """

    subject: Subject
    picture: Bytes
    foreground: Bytes
    matte: Floats
    plate: Bytes
    faces: tuple[Face, ...]
    joints: Floats | None = None
