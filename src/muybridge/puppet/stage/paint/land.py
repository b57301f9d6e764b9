"""Land: mountain ridges with air between them, dunes and hills, sand, snow, grass.

Limit: ridges are silhouettes with shaded flanks, not terrain; light comes from one side.
"""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas, Colour, cover, ramp
from muybridge.puppet.stage.paint.noise import fbm, line_noise


def ridge_line(
    canvas: Canvas, rng: np.random.Generator, base: float, rise: float, cells: float, gain: float = 0.5
) -> Floats:
    """The y of a ridge for every column of the canvas. Shapes: (w,)."""
    line = line_noise(canvas.width, rng, cells * canvas.width / canvas.unit / 2.3, 7, gain)
    return np.asarray(base - rise * line, np.float32)


def below(canvas: Canvas, line: Floats, soft: float = 1.0) -> Floats:
    """Coverage of everything below a line. Shapes: (w,) to (h, w); `soft` in canvas pixels."""
    return np.asarray(
        np.clip((canvas.y - line[None]) * np.float32(canvas.unit / soft) + 0.5, 0, 1), np.float32
    )


def flanks(
    canvas: Canvas, rng: np.random.Generator, line: Floats, frequency: float, sunward: float
) -> Floats:
    """How much light a mountain's flanks catch, 0 to 1: gullies that run down from the ridge.

    Shapes: (h, w). `sunward` -1 for light from the left, 1 from the right.
    """
    drop = canvas.y - line[None]
    rough = fbm(canvas, rng, frequency, 6, 0.58, (0.8, 1.5))
    # gullies lean with the slope, so shear the noise by how far below the ridge it is
    lean = np.asarray(np.gradient(cv2.GaussianBlur(line[None], (0, 0), 3)[0]) * canvas.unit, np.float32)
    slope = np.clip(lean * np.float32(1.2), -1, 1)[None] * np.exp(-drop * 2.5)
    relief = np.asarray(cv2.Sobel(rough, cv2.CV_32F, 1, 0, ksize=3), np.float32)
    relief /= np.float32(relief.std() + 1e-6)
    return np.asarray(np.clip(0.5 - sunward * (0.24 * relief + 0.42 * slope), 0, 1), np.float32)


def mountains(
    canvas: Canvas, rng: np.random.Generator, line: Floats, *, rock: Colour, shadow: Colour, sunward: float,
    snow: tuple[Colour, Colour, float] | None = None, frequency: float = 6.0,
) -> Floats:  # fmt: skip
    """One range of mountains. `snow` is its colour in light and shade and the y it reaches down to.

    Shapes: `line` (w,) from `ridge_line`; returns (h, w, 4).
    """
    lit = flanks(canvas, rng, line, frequency, sunward)[..., None]
    colour = (
        np.asarray(shadow, np.float32) + (np.asarray(rock, np.float32) - np.asarray(shadow, np.float32)) * lit
    )
    if snow is not None:
        bright, shade, limit = snow
        patches = 0.07 * fbm(canvas, rng, frequency * 1.4, 5, 0.6, (0.6, 1.6))
        cap = ramp(canvas.y + patches, limit + 0.05, limit - 0.05)[..., None]
        white = (
            np.asarray(shade, np.float32)
            + (np.asarray(bright, np.float32) - np.asarray(shade, np.float32)) * lit
        )
        colour = colour + (white - colour) * cap
    return cover(np.asarray(colour, np.float32), below(canvas, line))


def tinted(field: Floats, low: Colour, high: Colour) -> Floats:
    """Colour by a field of about unit deviation. Shapes: (h, w) to (h, w, 3)."""
    share = np.clip(0.5 + 0.28 * field, 0, 1)[..., None]
    first, second = np.asarray(low, np.float32), np.asarray(high, np.float32)
    return np.asarray(first + (second - first) * share, np.float32)
