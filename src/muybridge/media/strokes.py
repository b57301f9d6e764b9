"""Two characters drawn by ourselves, so that the Chinese AI mark needs no font: 生 and 成.

Monoline strokes in an em of 1000 units, y down, the baseline at 880; other characters are not here.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Point = tuple[int, int]

BASELINE: Final = 0.88  # of the em, from its top
_WEIGHT: Final = 0.074  # of the em; beside Latin letters of a regular weight it looks even
_FINER: Final = 8  # drawn larger by this, then averaged down

_STROKES: Final[dict[str, tuple[tuple[Point, ...], ...]]] = {
    "生": (
        ((268, 90), (242, 205), (196, 312), (118, 425)),
        ((236, 268), (872, 268)),
        ((160, 548), (832, 548)),
        ((512, 72), (512, 862)),
        ((62, 862), (938, 862)),
    ),
    "成": (
        ((168, 240), (912, 240)),
        ((168, 240), (168, 450), (158, 640), (126, 790), (70, 905)),
        ((186, 468), (420, 468)),
        ((420, 468), (415, 620), (398, 722), (362, 756), (262, 742)),
        ((550, 70), (556, 235), (584, 440), (648, 655), (738, 808), (828, 892)),
        ((828, 892), (876, 886), (902, 838), (922, 728)),
        ((856, 388), (798, 540), (700, 690), (578, 806), (432, 892)),
        ((688, 92), (800, 168)),
    ),
}


def drawn_here() -> frozenset[str]:
    """The characters that `stroked` can draw."""
    return frozenset(_STROKES)


def stroked(character: str, em: int) -> Bytes:
    """The character's coverage; shapes: (em, em) uint8, its em box exactly."""
    side = em * _FINER
    canvas = np.zeros((side, side), np.uint8)
    for stroke in _STROKES[character]:
        line = np.rint(_smooth(np.array(stroke, float)) * side / 1000).astype(np.int32)
        cv2.polylines(canvas, [line], False, 255, round(_WEIGHT * side), cv2.LINE_AA)
    return np.asarray(cv2.resize(canvas, (em, em), interpolation=cv2.INTER_AREA), np.uint8)


def _smooth(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points joined by a Catmull-Rom spline, 12 steps a piece; two points stay a straight line."""
    if len(points) == 2:
        return points
    ends = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, 12, endpoint=False)[:, None]
    pieces = [_piece(ends[at : at + 4], t) for at in range(len(points) - 1)]
    return np.vstack([*pieces, points[-1:]])


def _piece(p: NDArray[np.float64], t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Source: Catmull and Rom, A class of local interpolating splines, 1974 (uniform, tension 1/2)."""
    a, b, c = 2 * p[0] - 5 * p[1] + 4 * p[2] - p[3], 3 * p[1] - p[0] - 3 * p[2] + p[3], p[2] - p[0]
    return np.asarray(p[1] + 0.5 * t * (c + t * (a + t * b)))
