"""Characters drawn with code, each with the truth about its outline.

Shapes: every drawing is (rgb (H, W, 3) uint8, cover (H, W) float32 0 to 1). Edges are anti-aliased.
None of them is a photograph: no face here may pass for a real one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from muybridge.puppet.portrait import Face

Array = NDArray[Any]
FINE = 4  # drawn this many times larger, then shrunk

INK = (38, 32, 48)
PAPER = (250, 249, 246)


@dataclass(frozen=True)
class Drawing:
    """A drawn character on its ground, and its true coverage."""

    rgb: Array
    cover: Array


class _Pen:
    """Draws in units of the picture's height on a transparent sheet, with an ink line around."""

    def __init__(self, width: int, height: int, line: float = 0.008) -> None:
        self.width, self.height = width * FINE, height * FINE
        self.colour = np.zeros((self.height, self.width, 3), np.uint8)
        self.cover = np.zeros((self.height, self.width), np.uint8)
        self._line = max(1, round(line * self.height))

    def _at(self, x: float, y: float) -> tuple[int, int]:
        return round(self.width / 2 + x * self.height), round(y * self.height)

    def ellipse(
        self, at: tuple[float, float], radii: tuple[float, float], fill: tuple[int, int, int]
    ) -> None:
        centre, axes = self._at(*at), (round(radii[0] * self.height), round(radii[1] * self.height))
        for colour, sheet in ((fill, self.colour), (255, self.cover)):
            cv2.ellipse(sheet, centre, axes, 0, 0, 360, colour, -1)
        cv2.ellipse(self.colour, centre, axes, 0, 0, 360, INK, self._line)
        cv2.ellipse(self.cover, centre, axes, 0, 0, 360, 255, self._line)

    def shape(self, points: list[tuple[float, float]], fill: tuple[int, int, int]) -> None:
        corners = np.array([self._at(*point) for point in points], np.int32)
        for colour, sheet in ((fill, self.colour), (255, self.cover)):
            cv2.fillPoly(sheet, [corners], colour)
        cv2.polylines(self.colour, [corners], True, INK, self._line)
        cv2.polylines(self.cover, [corners], True, 255, self._line)

    def stroke(self, points: list[tuple[float, float]], fill: tuple[int, int, int], thick: float) -> None:
        corners = np.array([self._at(*point) for point in points], np.int32)
        wide = max(1, round(thick * self.height))
        cv2.polylines(self.colour, [corners], False, INK, wide + self._line)
        cv2.polylines(self.colour, [corners], False, fill, wide)
        cv2.polylines(self.cover, [corners], False, 255, wide + self._line)

    def on(self, ground: Array) -> Drawing:
        size = (self.width // FINE, self.height // FINE)
        cover = cv2.resize(self.cover, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        # premultiplied while shrinking, or the empty sheet's black would line the edges
        held = (self.cover > 0).astype(np.float32)[..., None]
        colour = cv2.resize(self.colour * held, size, interpolation=cv2.INTER_AREA)
        mixed = colour + ground * (1 - cover[..., None])
        return Drawing(np.clip(mixed + 0.5, 0, 255).astype(np.uint8), cover)


def paper(width: int, height: int) -> Array:
    """Plain off-white paper."""
    return np.full((height, width, 3), PAPER, np.uint8)


def meadow(width: int, height: int) -> Array:
    """A sky over hills, with clouds: nothing plain along the border."""
    rows = np.linspace(0, 1, height)[:, None, None]
    sky = np.array((120, 180, 235)) * (1 - rows) + np.array((225, 236, 240)) * rows
    ground = np.broadcast_to(sky, (height, width, 3)).astype(np.uint8).copy()
    rng = np.random.default_rng(5)
    for _ in range(9):
        x, y = rng.integers(0, width), rng.integers(0, round(height * 0.4))
        cv2.ellipse(ground, (int(x), int(y)), (width // 9, height // 28), 0, 0, 360, (245, 246, 248), -1)
    for level, shade in ((0.72, (150, 190, 120)), (0.8, (120, 170, 95)), (0.9, (95, 145, 80))):
        x = np.arange(width)
        y = height * (level + 0.03 * np.sin(x / width * 9 + level * 30))
        hill = np.stack([x, y], axis=1).astype(np.int32)
        corners = np.concatenate([hill, [[width, height], [0, height]]]).astype(np.int32)
        cv2.fillPoly(ground, [corners], shade, cv2.LINE_AA)
    return ground


def person(width: int = 512, height: int = 512, ground: Callable[[int, int], Array] = paper) -> Drawing:
    """A flat cartoon person, whole, arms a little away from the body."""
    pen = _Pen(width, height)
    skin, hair, shirt, trousers = (246, 205, 170), (92, 56, 40), (226, 72, 66), (52, 84, 150)
    for side in (-1, 1):
        pen.stroke([(side * 0.05, 0.62), (side * 0.06, 0.9)], trousers, 0.07)
        pen.ellipse((side * 0.075, 0.925), (0.055, 0.025), (60, 50, 50))
        pen.stroke([(side * 0.1, 0.42), (side * 0.2, 0.55), (side * 0.19, 0.66)], shirt, 0.05)
        pen.ellipse((side * 0.19, 0.675), (0.03, 0.03), skin)
    pen.ellipse((0, 0.2), (0.145, 0.15), hair)
    pen.shape([(-0.11, 0.38), (0.11, 0.38), (0.12, 0.66), (-0.12, 0.66)], shirt)
    pen.shape([(-0.035, 0.32), (0.035, 0.32), (0.04, 0.4), (-0.04, 0.4)], skin)
    pen.ellipse((0, 0.22), (0.11, 0.125), skin)
    pen.shape([(-0.115, 0.19), (-0.07, 0.1), (0.06, 0.09), (0.115, 0.18), (0.03, 0.14)], hair)
    _eyes(pen, 0.045, 0.215, 0.02)
    pen.stroke([(-0.04, 0.28), (0, 0.3), (0.04, 0.28)], (180, 60, 60), 0.008)
    return pen.on(ground(width, height))


def robot(width: int = 512, height: int = 640, ground: Callable[[int, int], Array] = meadow) -> Drawing:
    """A robot of boxes and pipes, with an antenna."""
    pen = _Pen(width, height)
    steel, dark, glow = (170, 182, 194), (96, 108, 124), (250, 200, 70)
    pen.stroke([(0, 0.17), (0.02, 0.07)], dark, 0.012)
    pen.ellipse((0.02, 0.06), (0.022, 0.022), (230, 70, 60))
    for side in (-1, 1):
        pen.stroke([(side * 0.08, 0.7), (side * 0.08, 0.9)], dark, 0.05)
        low, high = side * 0.03, side * 0.15
        pen.shape([(low, 0.88), (high, 0.88), (high, 0.94), (low, 0.94)], steel)
        pen.stroke([(side * 0.15, 0.45), (side * 0.24, 0.52), (side * 0.24, 0.64)], dark, 0.035)
        pen.ellipse((side * 0.24, 0.66), (0.035, 0.035), steel)
    pen.shape([(-0.16, 0.4), (0.16, 0.4), (0.14, 0.72), (-0.14, 0.72)], steel)
    pen.shape([(-0.04, 0.33), (0.04, 0.33), (0.04, 0.41), (-0.04, 0.41)], dark)
    pen.shape([(-0.13, 0.16), (0.13, 0.16), (0.13, 0.34), (-0.13, 0.34)], steel)
    for side in (-1, 1):
        pen.ellipse((side * 0.055, 0.235), (0.03, 0.03), glow)
    pen.shape([(-0.06, 0.29), (0.06, 0.29), (0.06, 0.31), (-0.06, 0.31)], dark)
    pen.ellipse((0, 0.54), (0.06, 0.06), glow)
    return pen.on(ground(width, height))


def animal(width: int = 640, height: int = 512, ground: Callable[[int, int], Array] = meadow) -> Drawing:
    """A round animal with ears and a tail, sitting."""
    pen = _Pen(width, height)
    fur, pale, nose = (196, 140, 84), (240, 214, 176), (60, 44, 44)
    pen.stroke([(0.22, 0.8), (0.36, 0.74), (0.4, 0.6)], fur, 0.06)
    pen.ellipse((0, 0.7), (0.26, 0.24), fur)
    pen.ellipse((0, 0.74), (0.15, 0.17), pale)
    for side in (-1, 1):
        pen.shape([(side * 0.07, 0.2), (side * 0.2, 0.06), (side * 0.2, 0.28)], fur)
        pen.ellipse((side * 0.13, 0.92), (0.08, 0.04), fur)
    pen.ellipse((0, 0.33), (0.21, 0.18), fur)
    pen.ellipse((0, 0.39), (0.1, 0.075), pale)
    _eyes(pen, 0.085, 0.3, 0.028)
    pen.ellipse((0, 0.36), (0.03, 0.02), nose)
    return pen.on(ground(width, height))


def _eyes(pen: _Pen, apart: float, y: float, size: float) -> None:
    for side in (-1, 1):
        pen.ellipse((side * apart, y), (size, size * 1.2), (255, 255, 255))
        pen.ellipse((side * apart, y + size * 0.15), (size * 0.45, size * 0.6), INK)


def face_at(x: float, y: float, width: float, height: float, presence: float = 20.0) -> Face:
    """A face made of numbers in a box: points on an ellipse, eye corners and irises level and in place."""
    turn = np.linspace(0, 2 * np.pi, 478, endpoint=False)
    middle = np.array([x + width / 2, y + height / 2])
    points = np.zeros((478, 3), np.float32)
    points[:, :2] = middle + np.stack([width / 2 * np.cos(turn), height / 2 * np.sin(turn)], axis=1)
    for index, share in ((33, 0.2), (263, 0.8), (468, 0.3), (473, 0.7)):
        points[index, :2] = (x + share * width, y + 0.4 * height)
    return Face(points, presence, (x, y, width, height))
