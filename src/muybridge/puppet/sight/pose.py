"""Where a body's joints are: 33 points, each with how surely it is seen.

Two networks: one finds the body and its lean, the other its points in that square.
Limits: one body, the most certain one; drawings are found where they are drawn like people.
Source: Bazarevsky et al. 2020, BlazePose.
"""

from __future__ import annotations

import numpy as np

from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.sight.crops import Square, crop, to_picture
from muybridge.puppet.sight.detect import whole
from muybridge.puppet.sight.models import Models

DETECTED, POINTS = 224, 256  # px of the two networks' squares
SURE = 0.5
ROOM = 1.25  # the square over the circle that the detector draws about the body


def _anchors() -> Floats:
    """The detector's 2254 anchor centres, 0 to 1: two a cell at 28 and 14, six a cell at 7."""
    grids = []
    for cells, each in ((28, 2), (14, 2), (7, 6)):
        y, x = np.mgrid[0:cells, 0:cells]
        grids.append(np.repeat((np.stack([x, y], -1).reshape(-1, 2) + 0.5) / cells, each, axis=0))
    return np.concatenate(grids).astype(np.float32)


ANCHORS = _anchors()


def find_joints(rgb: Bytes, models: Models) -> Floats | None:
    """The joints of the most certain body, or None.

    Shapes: `rgb` (H, W, 3); returns (33, 3): x, y in pixels and how surely each is seen, 0 to 1.
    Cost: 20 to 56 ms.
    """
    square = _body(rgb, models)
    if square is None:
        return None
    seen = crop(rgb, square, POINTS, replicate=False)
    outputs = models.pose(seen.astype(np.float32) / np.float32(255))
    raw = next(out for out in outputs if out.size == 195).reshape(39, 5)
    present = next(out for out in outputs if out.size == 1)[0]
    if present < SURE:
        return None
    points = to_picture(np.ascontiguousarray(raw[:33, :2]), square, POINTS)
    sure = _sigmoid(raw[:33, 3]) * _sigmoid(raw[:33, 4])
    return np.column_stack([points, sure]).astype(np.float32)


def _body(rgb: Bytes, models: Models) -> Square | None:
    square = whole(rgb)
    seen = crop(rgb, square, DETECTED, replicate=False)
    outputs = models.pose_detector(seen.astype(np.float32) / np.float32(127.5) - np.float32(1))
    boxes = next(out for out in outputs if out.size == 2254 * 12).reshape(-1, 6, 2)
    scores = _sigmoid(next(out for out in outputs if out.size == 2254))
    best = int(scores.argmax())
    if scores[best] < SURE:
        return None
    near = np.linalg.norm(
        boxes[:, 2] / DETECTED + ANCHORS - boxes[best, 2] / DETECTED - ANCHORS[best], axis=1
    )
    weight = scores * (near < 0.1) * (scores > SURE)
    keys = boxes[:, 2:4] + (ANCHORS * DETECTED)[:, None]
    hip, reach = to_picture(
        np.tensordot(weight / weight.sum(), keys, axes=1).astype(np.float32), square, DETECTED
    )
    dx, dy = reach - hip
    return Square(
        float(hip[0]), float(hip[1]), 2 * ROOM * float(np.hypot(dx, dy)), float(np.arctan2(dx, -dy))
    )


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -60, 60))), np.float32)
