"""One face's 478 points, presence and blendshapes, from where a detector saw it.

Limits: the mesh network was trained on photographs. On drawings and animals its presence logit
stays low, and `REAL` is the gate that keeps them out.
"""

from __future__ import annotations

import numpy as np

from muybridge.puppet.portrait import Bytes, Face, Floats
from muybridge.puppet.sight.crops import Square, crop, to_picture
from muybridge.puppet.sight.detect import Detection
from muybridge.puppet.sight.models import LiteNet, Models
from muybridge.puppet.sight.planes import as_unit

PIXELS = 256
MARGIN = 1.5  # the square's side over the face's longer side, as the network was trained
RIGHT_CORNER, LEFT_CORNER = 33, 263
# scale and shift (in sides) of the looks that the points are the mean of; one look wanders by
# a pixel or so with its crop, and a rig on a wandering lid shows
LOOKS = (
    (1.0, 0.0, 0.0),
    (0.95, 0.015, 0.015),
    (1.05, -0.015, -0.015),
    (1.0, -0.015, 0.015),
    (1.0, 0.015, -0.015),
)

# fmt: off
# the points that the blendshape network takes, in its order (MediaPipe's face blendshapes graph)
EXPRESSION_POINTS = np.array([
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67,
    70, 78, 80, 81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148,
    149, 150, 152, 153, 154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191,
    195, 197, 234, 246, 249, 251, 263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297,
    300, 308, 310, 311, 312, 314, 317, 318, 321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374,
    375, 377, 378, 379, 380, 381, 382, 384, 385, 386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415,
    454, 466, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477,
])
BLENDSHAPES = (
    "_neutral", "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight",
    "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft",
    "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight", "eyeSquintLeft", "eyeSquintRight",
    "eyeWideLeft", "eyeWideRight", "jawForward", "jawLeft", "jawOpen", "jawRight", "mouthClose",
    "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight", "mouthFunnel",
    "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight",
    "mouthPucker", "mouthRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower",
    "mouthShrugUpper", "mouthSmileLeft", "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthUpperUpLeft", "mouthUpperUpRight", "noseSneerLeft", "noseSneerRight",
)
# fmt: on


def look_closer(rgb: Bytes, seen: Detection, models: Models) -> Face:
    """The face at a detection: a rough look for its square, then the mean of five looks at that.

    Cost: six passes of the mesh network, about 5 ms each on one core.
    """
    points, presence = _look(rgb, _square_of_detection(seen), models.face_mesh)
    if presence < 0:
        # not a face: do not chase its points around the picture
        return Face(points=points, presence=presence, box=_box(points))
    square = _square_of_points(points)
    looks = [_look(rgb, _moved(square, look), models.face_mesh) for look in LOOKS]
    points = np.mean([p for p, _ in looks], axis=0).astype(np.float32)
    presence = float(np.median([logit for _, logit in looks]))
    return Face(points, presence, _box(points), _blendshapes(points, models.expression))


def _look(rgb: Bytes, square: Square, net: LiteNet) -> tuple[Floats, float]:
    seen = crop(rgb, square, PIXELS, replicate=True)
    raw, presence, _ = net(as_unit(seen))
    return to_picture(raw.reshape(478, 3), square, PIXELS), float(presence[0])


def _square_of_detection(seen: Detection) -> Square:
    x, y, width, height = seen.box
    return Square(x + width / 2, y + height / 2, MARGIN * max(width, height), seen.angle)


def _square_of_points(points: Floats) -> Square:
    across = points[LEFT_CORNER, :2] - points[RIGHT_CORNER, :2]
    angle = float(np.arctan2(across[1], across[0]))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    upright = points[:, :2] @ turn.T
    low, high = upright.min(axis=0), upright.max(axis=0)
    x, y = turn.T @ ((low + high) / 2)
    return Square(float(x), float(y), MARGIN * float((high - low).max()), angle)


def _moved(square: Square, look: tuple[float, float, float]) -> Square:
    scale, dx, dy = look
    return Square(square.x + dx * square.side, square.y + dy * square.side, square.side * scale, square.angle)


def _box(points: Floats) -> tuple[float, float, float, float]:
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])


def _blendshapes(points: Floats, net: LiteNet) -> dict[str, float]:
    (weights,) = net(points[EXPRESSION_POINTS, :2])
    return {name: float(weight) for name, weight in zip(BLENDSHAPES, weights, strict=True)}
