"""Two characters drawn by code in different styles, each with the truth about its face.

A girl with large eyes in the manner of animation, and a plain cartoon boy with small ones; head
and shoulders. Neither is a photograph: the landmark network refuses both.
Convention: places in shares of the picture's height, x from the middle; RGB uint8 pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Colour = tuple[int, int, int]
Place = tuple[float, float]
Box = tuple[float, float, float, float]
FINE = 4  # drawn this many times larger, then shrunk


@dataclass(frozen=True)
class Sketch:
    """A drawn character. Shapes: `rgb` (H, W, 3) uint8; boxes are x, y, width, height in pixels.

    `eyes` holds the subject's right eye first; `skin` and `line` are the colours it was drawn in.
    """

    rgb: Array
    eyes: tuple[Box, Box]
    mouth: Box
    skin: Colour
    line: Colour


class _Pen:
    """Fills and inks shapes on a sheet, in shares of its height."""

    def __init__(self, size: tuple[int, int], paper: Array, line: Colour, thick: float) -> None:
        self.width, self.height = size[0] * FINE, size[1] * FINE
        self.sheet = cv2.resize(paper, (self.width, self.height), interpolation=cv2.INTER_LINEAR)
        self._line, self._thick = line, thick

    def at(self, place: Place) -> tuple[int, int]:
        return round(self.width / 2 + place[0] * self.height), round(place[1] * self.height)

    def ellipse(self, at: Place, radii: Place, fill: Colour, ink: bool = True, thick: float = 1.0) -> None:
        axes = (round(radii[0] * self.height), round(radii[1] * self.height))
        cv2.ellipse(self.sheet, self.at(at), axes, 0, 0, 360, fill, -1, cv2.LINE_AA)
        if ink:
            cv2.ellipse(self.sheet, self.at(at), axes, 0, 0, 360, self._line, self._wide(thick), cv2.LINE_AA)

    def shape(self, places: list[Place], fill: Colour, ink: bool = True) -> None:
        """A closed smooth outline through these places."""
        corners = self._smooth(places, closed=True)
        cv2.fillPoly(self.sheet, [corners], fill, cv2.LINE_AA)
        if ink:
            cv2.polylines(self.sheet, [corners], True, self._line, self._wide(1.0), cv2.LINE_AA)

    def stroke(self, places: list[Place], thick: float = 1.0, colour: Colour | None = None) -> None:
        """A smooth line; `thick` in lines' widths."""
        corners = self._smooth(places, closed=False)
        cv2.polylines(self.sheet, [corners], False, colour or self._line, self._wide(thick), cv2.LINE_AA)

    def box(self, at: Place, radii: Place) -> Box:
        """The picture's pixels that an ellipse covers."""
        x, y = (v / FINE for v in self.at(at))
        wide, tall = (2 * r * self.height / FINE for r in radii)
        return x - wide / 2, y - tall / 2, wide, tall

    def picture(self) -> Array:
        size = (self.width // FINE, self.height // FINE)
        return np.asarray(cv2.resize(self.sheet, size, interpolation=cv2.INTER_AREA), np.uint8)

    def _wide(self, thick: float) -> int:
        return max(1, round(thick * self._thick * self.height))

    def _smooth(self, places: list[Place], closed: bool) -> Array:
        # Catmull-Rom through the places
        points = np.array([self.at(place) for place in places], np.float64)
        padded = np.vstack([points[-1:], points, points[:2]] if closed else [points[:1], points, points[-1:]])
        t = np.linspace(0, 1, 12, endpoint=False)[:, None]
        parts = []
        for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
            cubic = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
            parts.append(cubic / 2)
        return np.rint(np.vstack([*parts, points[:1] if closed else points[-1:]])).astype(np.int32)


def _mirrored(places: list[Place], side: int) -> list[Place]:
    return [(side * x, y) for x, y in places]


def _paper(size: tuple[int, int], top: Colour, bottom: Colour) -> Array:
    share = np.linspace(0, 1, size[1])[:, None, None]
    rows = np.array(top) * (1 - share) + np.array(bottom) * share
    return np.broadcast_to(rows, (size[1], size[0], 3)).astype(np.uint8)


def girl(width: int = 512, height: int = 512) -> Sketch:
    """Large eyes, pointed chin, bangs, a sailor's collar, in the manner of animation."""
    skin, line, hair = (255, 226, 204), (72, 44, 58), (120, 74, 120)
    pen = _Pen((width, height), _paper((width, height), (190, 222, 240), (238, 226, 236)), line, 0.006)
    pen.shape(
        [(-0.29, 0.98), (-0.33, 0.5), (-0.27, 0.17), (0, 0.05), (0.27, 0.17), (0.33, 0.5), (0.29, 0.98)], hair
    )
    pen.shape(
        [(-0.40, 1.06), (-0.36, 0.90), (-0.09, 0.82), (0.09, 0.82), (0.36, 0.90), (0.40, 1.06)], (62, 84, 140)
    )
    pen.shape([(-0.055, 0.68), (-0.06, 0.86), (0, 0.91), (0.06, 0.86), (0.055, 0.68)], skin)
    pen.shape(
        [
            (-0.22, 0.36),
            (-0.215, 0.52),
            (-0.15, 0.65),
            (0, 0.75),
            (0.15, 0.65),
            (0.215, 0.52),
            (0.22, 0.36),
            (0.15, 0.18),
            (-0.15, 0.18),
        ],
        skin,
    )
    for side in (-1, 1):
        x = side * 0.105
        pen.ellipse((side * 0.145, 0.585), (0.035, 0.014), (252, 196, 184), ink=False)
        pen.ellipse((x, 0.485), (0.058, 0.066), (255, 255, 255), ink=False)
        pen.ellipse((x, 0.490), (0.040, 0.058), (66, 108, 176), ink=False)
        pen.ellipse((x, 0.505), (0.032, 0.038), (112, 168, 220), ink=False)
        pen.ellipse((x, 0.487), (0.019, 0.030), (30, 28, 56), ink=False)
        pen.ellipse((x + 0.016, 0.462), (0.013, 0.016), (255, 255, 255), ink=False)
        lash = [(0.040, 0.447), (0.075, 0.422), (0.115, 0.415), (0.150, 0.428), (0.172, 0.462)]
        pen.stroke(_mirrored(lash, side), 2.6)
        pen.stroke(_mirrored([(0.075, 0.549), (0.105, 0.553), (0.140, 0.547)], side), 0.9)
        pen.stroke(_mirrored([(0.055, 0.378), (0.105, 0.362), (0.160, 0.378)], side), 1.1)
    pen.stroke([(0.006, 0.588), (-0.006, 0.600), (0.004, 0.603)], 0.8)
    pen.stroke([(-0.034, 0.652), (0, 0.662), (0.034, 0.652)], 1.1)
    bangs = [
        (-0.24, 0.44), (-0.25, 0.24), (-0.13, 0.10), (0.05, 0.08), (0.20, 0.16),
        (0.25, 0.30), (0.24, 0.44), (0.205, 0.34), (0.13, 0.30), (0.10, 0.34),
        (0.02, 0.28), (-0.03, 0.35), (-0.10, 0.28), (-0.17, 0.35), (-0.20, 0.33),
    ]  # fmt: skip
    pen.shape(bangs, hair)
    for side in (-1, 1):
        lock = [(0.225, 0.30), (0.205, 0.52), (0.235, 0.80), (0.275, 0.66), (0.285, 0.40)]
        pen.shape(_mirrored(lock, side), hair)
    eyes = (pen.box((-0.105, 0.484), (0.066, 0.070)), pen.box((0.105, 0.484), (0.066, 0.070)))
    return Sketch(pen.picture(), eyes, pen.box((0, 0.656), (0.036, 0.010)), skin, line)


def boy(width: int = 512, height: int = 512) -> Sketch:
    """A round head in thick ink, small eyes, a big nose, a striped shirt."""
    skin, line, hair = (238, 188, 142), (34, 28, 30), (214, 120, 44)
    pen = _Pen((width, height), _paper((width, height), (250, 248, 240), (236, 232, 220)), line, 0.010)
    pen.shape(
        [(-0.34, 1.08), (-0.30, 0.88), (-0.10, 0.80), (0.10, 0.80), (0.30, 0.88), (0.34, 1.08)], (210, 62, 58)
    )
    pen.shape([(-0.07, 0.68), (-0.075, 0.82), (0, 0.86), (0.075, 0.82), (0.07, 0.68)], skin)
    for side in (-1, 1):
        pen.ellipse((side * 0.225, 0.50), (0.035, 0.055), skin)
    pen.ellipse((0, 0.47), (0.225, 0.265), skin)
    pen.shape(
        [
            (-0.235, 0.40),
            (-0.20, 0.20),
            (-0.06, 0.12),
            (0.10, 0.13),
            (0.21, 0.22),
            (0.235, 0.40),
            (0.18, 0.30),
            (0.06, 0.26),
            (-0.04, 0.30),
            (-0.15, 0.27),
        ],
        hair,
    )
    for side in (-1, 1):
        pen.ellipse((side * 0.085, 0.445), (0.040, 0.046), (255, 255, 255), thick=0.8)
        pen.ellipse((side * 0.080, 0.450), (0.018, 0.022), line, ink=False)
        pen.stroke(_mirrored([(0.045, 0.372), (0.085, 0.358), (0.130, 0.372)], side), 1.2)
    pen.stroke([(-0.022, 0.530), (-0.030, 0.556), (0, 0.570), (0.030, 0.556), (0.022, 0.530)], 0.9)
    pen.stroke([(-0.085, 0.628), (-0.045, 0.648), (0, 0.654), (0.045, 0.648), (0.085, 0.628)], 1.2)
    eyes = (pen.box((-0.085, 0.445), (0.044, 0.050)), pen.box((0.085, 0.445), (0.044, 0.050)))
    return Sketch(pen.picture(), eyes, pen.box((0, 0.641), (0.085, 0.018)), skin, line)
