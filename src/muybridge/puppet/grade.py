"""Grades and styles: how the finished picture is coloured, as operators that compose.

A grade is a colour matrix, a tone curve for each channel and a bloom; several multiply into one
matrix and one table, so a frame pays for one of each however many were named.
Convention: the matrix and the curves act on sRGB values, as a colourist's do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from muybridge.puppet.portrait import Bytes, Floats

_LUMA = np.array([0.2126, 0.7152, 0.0722])


@dataclass(frozen=True)
class Grade:
    """One look. `matrix` (3, 3) on 0 to 1; `curve` 0 to 1 to 0 to 1 for each channel; `bloom` 0 to 1."""

    saturation: float = 1.0
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    contrast: float = 1.0
    fade: float = 0.0
    shadows: tuple[float, float, float] = (0.0, 0.0, 0.0)
    lights: tuple[float, float, float] = (0.0, 0.0, 0.0)
    bloom: float = 0.0

    def matrix(self) -> Floats:
        """Saturation and tint as one matrix."""
        grey = np.ones((3, 1)) * _LUMA[None]
        saturate = grey + (np.eye(3) - grey) * self.saturation
        return np.asarray(np.diag(self.tint) @ saturate, np.float64)

    def curve(self, x: Floats) -> Floats:
        """Contrast about the middle, faded blacks, coloured shadows and lights. Shapes: (N,) to (N, 3)."""
        s = 0.5 + (x - 0.5) * self.contrast + 0.10 * (self.contrast - 1) * np.sin(2 * np.pi * (x - 0.5))
        s = self.fade + s * (1 - self.fade)
        low, high = (1 - x) ** 2, x**2
        return np.stack([s + low * a + high * b for a, b in zip(self.shadows, self.lights, strict=True)], -1)


GRADES: dict[str, Grade] = {
    "cinematic": Grade(0.96, contrast=1.10, shadows=(-0.015, 0.008, 0.03), lights=(0.025, 0.008, -0.03)),
    "vintage": Grade(0.72, (1.05, 1.0, 0.88), 0.94, 0.06, (0.03, 0.01, 0.0), (0.02, 0.0, -0.04)),
    "noir": Grade(0.0, contrast=1.32, shadows=(-0.03, -0.03, -0.03)),
    "black_and_white": Grade(0.0, contrast=1.08),
    "sepia": Grade(0.0, (1.07, 0.95, 0.76), 1.0, 0.03),
    "warm": Grade(1.04, (1.06, 1.0, 0.90)),
    "cool": Grade(0.96, (0.93, 0.99, 1.08)),
    "vivid": Grade(1.28, contrast=1.06),
    "muted": Grade(0.70, contrast=0.95, fade=0.02),
    "dreamy": Grade(0.95, (1.03, 1.0, 1.02), 0.92, 0.04, bloom=0.45),
    "bright": Grade(1.02, (1.07, 1.07, 1.07), 0.98, 0.03),
    "dark": Grade(0.90, (0.76, 0.78, 0.82), 1.08),
    "night": Grade(0.70, (0.56, 0.66, 0.90), 1.05),
    "sunset": Grade(1.06, (1.10, 0.96, 0.78), 1.02, lights=(0.02, 0.0, -0.03)),
    "dawn": Grade(0.95, (1.03, 0.97, 0.98), 0.96, 0.02, lights=(0.02, 0.0, 0.01)),
    "soft": Grade(0.97, contrast=0.92, bloom=0.25),
    "neon": Grade(1.22, (1.0, 0.95, 1.10), 1.10, shadows=(0.02, -0.01, 0.05), bloom=0.2),
}


class Grading:
    """Several grades as one operation on a frame."""

    def __init__(self, names: tuple[str, ...]) -> None:
        grades = [GRADES[name] for name in names if name in GRADES]
        matrix = np.eye(3)
        x = np.linspace(0, 1, 256)
        table = np.stack([x] * 3, -1)
        for grade in grades:
            matrix = grade.matrix() @ matrix
            table = np.stack([np.interp(table[:, c], x, grade.curve(x)[:, c]) for c in range(3)], -1)
        self._matrix = matrix.astype(np.float32)
        self._table = np.rint(np.clip(table, 0, 1) * 255).astype(np.uint8)[None]
        self._bloom = max((grade.bloom for grade in grades), default=0.0)
        self.apply: Callable[[Bytes], Bytes] = self._apply if grades else lambda frame: frame

    def _apply(self, frame: Bytes) -> Bytes:
        """The frame graded. Shapes: (H, W, 3) uint8 in and out."""
        graded = cv2.LUT(cv2.transform(frame, self._matrix), self._table)
        if self._bloom:
            small = cv2.resize(graded, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
            bright = cv2.subtract(small, np.full_like(small, 96))
            glow = cv2.resize(
                cv2.GaussianBlur(bright, (0, 0), 4.0),
                (frame.shape[1], frame.shape[0]),
                interpolation=cv2.INTER_LINEAR,
            )
            graded = cv2.addWeighted(graded, 1.0, glow, self._bloom, 0)
        return np.asarray(graded, np.uint8)
