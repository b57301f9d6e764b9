"""Where faces may be: BlazeFace over the whole picture and, for small ones, over its parts.

Limits: BlazeFace's short-range model sees faces from about a tenth of the square it is given,
tilted by up to about 45 degrees. It also answers on cats and drawings; landmarks.py is the gate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.sight.crops import Square, crop, to_picture
from muybridge.puppet.sight.models import LiteNet

PIXELS = 128
SURE = 0.5
SAME = 0.3  # boxes that overlap more than this are one face


@dataclass(frozen=True, slots=True)
class Detection:
    """One place that may be a face.

    Shapes: `box` x, y, width, height in pixels; `keypoints` (6, 2): right eye, left eye (the
    subject's own), nose, mouth, right ear, left ear.
    """

    box: tuple[float, float, float, float]
    keypoints: Floats
    score: float

    @property
    def angle(self) -> float:
        """The eye line's turn from level, radians, clockwise on screen."""
        dx, dy = self.keypoints[1] - self.keypoints[0]
        return float(np.arctan2(dy, dx))


def _anchors() -> Floats:
    """The 896 anchor centres, 0 to 1: two a cell on a 16 grid, then six a cell on an 8 grid.

    Source: Bazarevsky et al. 2019, BlazeFace, section 3.2 (the anchors' sizes are all one).
    """
    grids = []
    for cells, each in ((16, 2), (8, 6)):
        y, x = np.mgrid[0:cells, 0:cells]
        centres = np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5
        grids.append(np.repeat(centres / cells, each, axis=0))
    return np.concatenate(grids).astype(np.float32)


ANCHORS = _anchors()


def detect_in(rgb: Bytes, square: Square, net: LiteNet) -> list[Detection]:
    """The faces in one square of the picture, overlapping answers blended by their scores."""
    seen = crop(rgb, square, PIXELS, replicate=False)
    raw, logits = net(seen.astype(np.float32) / 127.5 - 1)
    scores = 1 / (1 + np.exp(-np.clip(logits, -80, 80)))
    sure = scores > SURE
    if not sure.any():
        return []
    boxes = raw.reshape(-1, 8, 2)[sure]
    centres = ANCHORS[sure] * PIXELS
    points = np.concatenate([boxes[:, :1], boxes[:, 2:]], axis=1) + centres[:, None]
    points = to_picture(points, square, PIXELS)
    sizes = boxes[:, 1] * (square.side / PIXELS)
    return _blend(points, sizes, scores[sure].astype(np.float32))


def _blend(points: Floats, sizes: Floats, scores: Floats) -> list[Detection]:
    left = np.argsort(-scores)
    found = []
    while left.size:
        overlap = _overlaps(points[left, 0], sizes[left], points[left[0], 0], sizes[left[0]])
        mine = left[overlap > SAME]
        weight = scores[mine] / scores[mine].sum()
        (x, y), (w, h) = weight @ points[mine, 0], weight @ sizes[mine]
        keypoints = np.tensordot(weight, points[mine, 1:], axes=1).astype(np.float32)
        box = (float(x - w / 2), float(y - h / 2), float(w), float(h))
        found.append(Detection(box, keypoints, float(scores[left[0]])))
        left = left[overlap <= SAME]
    return found


def _overlaps(centres: Floats, sizes: Floats, centre: Floats, size: Floats) -> Floats:
    near = np.maximum(centres - sizes / 2, centre - size / 2)
    far = np.minimum(centres + sizes / 2, centre + size / 2)
    shared = np.prod(np.clip(far - near, 0, None), axis=-1)
    joined = np.prod(sizes, axis=-1) + np.prod(size) - shared
    # the first is the one asked about: always itself, even where its box is empty
    out: Floats = np.where(joined > 0, shared / np.maximum(joined, 1e-6), 0).astype(np.float32)
    out[0] = 1.0
    return out


def whole(rgb: Bytes, angle: float = 0.0) -> Square:
    """The square about the whole picture, turned by `angle`."""
    height, width = rgb.shape[:2]
    return Square((width - 1) / 2, (height - 1) / 2, max(width, height), angle)


def parts(rgb: Bytes, split: int) -> Iterator[Square]:
    """Squares a `split`-th of the long side wide, half overlapping, that cover the picture."""
    height, width = rgb.shape[:2]
    side = max(width, height) / split
    for y in _starts(height, side):
        for x in _starts(width, side):
            yield Square(x + side / 2, y + side / 2, side)


def _starts(length: float, side: float) -> Floats:
    if length <= side:
        return np.array([(length - side) / 2], dtype=np.float32)
    count = int(np.ceil((length - side) / (side / 2))) + 1
    return np.linspace(0, length - side, count, dtype=np.float32)


def detect(rgb: Bytes, net: LiteNet, split: int = 1, angle: float = 0.0) -> list[Detection]:
    """Every place that may be a face, in the whole picture (`split` 1) or its parts, each once."""
    squares = [whole(rgb, angle)] if split == 1 else list(parts(rgb, split))
    every = [found for square in squares for found in detect_in(rgb, square, net)]
    return distinct(every)


def distinct(found: list[Detection]) -> list[Detection]:
    """The detections without those that repeat a surer one."""
    kept: list[Detection] = []
    for one in sorted(found, key=lambda d: -d.score):
        if all(not same_place(one.box, other.box) for other in kept):
            kept.append(one)
    return kept


def same_place(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    """Whether two boxes show one face: much overlap, or one mostly inside the other."""
    wide = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    tall = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if wide <= 0 or tall <= 0:
        return False
    return wide * tall > 0.5 * min(a[2] * a[3], b[2] * b[3])
