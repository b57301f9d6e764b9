"""Natural roughness: fractal noise on a canvas or on any coordinates, warped and ridged.

Convention: fields have about zero mean and unit deviation unless said otherwise; frequencies are
cells in one short side of the frame. Limit: coordinates repeat after 64 cells.
Source: fractional Brownian motion as a sum of octaves of value noise, domain warping after Quilez.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas

CELLS, CELL = 64, 8  # a tile's cells along each side, and samples in a cell


def fbm(
    canvas: Canvas,
    rng: np.random.Generator,
    frequency: float,
    octaves: int = 5,
    gain: float = 0.5,
    stretch: tuple[float, float] = (1.0, 1.0),
) -> Floats:
    """Fractal noise over a canvas; `stretch` makes its grains longer in x and y. Shapes: (h, w)."""
    total = np.zeros((canvas.height, canvas.width), np.float32)
    weight, power = 1.0, 0.0
    for octave in range(octaves):
        cells = frequency * 2**octave
        columns = cells * canvas.width / canvas.unit / stretch[0]
        rows = cells * canvas.height / canvas.unit / stretch[1]
        if columns > canvas.width / 1.5 and rows > canvas.height / 1.5:
            break
        total += np.float32(weight) * _grid(canvas, rng, columns, rows)
        power += weight**2
        weight *= gain
    return np.asarray(total / np.float32(max(power, 1e-6) ** 0.5), np.float32)


def _grid(canvas: Canvas, rng: np.random.Generator, columns: float, rows: float) -> Floats:
    """One octave: a coarse grid of random heights, smoothly interpolated."""
    wide, high = int(columns) + 5, int(rows) + 5
    heights = rng.standard_normal((min(high, canvas.height), min(wide, canvas.width)), np.float32)
    x, y = rng.uniform(1, 2, 2)
    to_grid = np.array([[columns / canvas.width, 0, x], [0, rows / canvas.height, y]], np.float32)
    return np.asarray(
        cv2.warpAffine(
            heights, to_grid, (canvas.width, canvas.height),
            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT,
        ) * np.float32(1.5), np.float32,
    )  # fmt: skip


@lru_cache(maxsize=8)
def _tile(seed: int) -> Floats:
    """Value noise that repeats without a seam. Shapes: (CELLS * CELL, CELLS * CELL)."""
    rng = np.random.default_rng((seed, 77))
    heights = rng.standard_normal((CELLS, CELLS), np.float32)
    padded = np.pad(heights, 3, mode="wrap")
    large = cv2.resize(padded, None, fx=CELL, fy=CELL, interpolation=cv2.INTER_CUBIC)
    edge = 3 * CELL
    return np.asarray(large[edge:-edge, edge:-edge] * np.float32(1.5), np.float32)


def noise_at(u: Floats, v: Floats, seed: int) -> Floats:
    """One octave of noise at coordinates measured in cells. Shapes: all (h, w)."""
    tile, span = _tile(seed), CELLS * CELL
    # cv2 keeps coordinates in 16 bits, so they are brought into the tile first
    across, down = (w * np.float32(CELL) - np.floor(w * np.float32(CELL / span)) * span for w in (u, v))
    return np.asarray(cv2.remap(tile, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP), np.float32)


def fbm_at(
    u: Floats, v: Floats, seed: int, octaves: int = 5, gain: float = 0.5, footprint: Floats | None = None
) -> Floats:
    """Fractal noise at coordinates in cells; octaves finer than `footprint` (cells a pixel) fade out.

    Shapes: all (h, w).
    """
    total = np.zeros_like(u, np.float32)
    weight, power, cells = 1.0, 0.0, 1.0
    for octave in range(octaves):
        # every octave's grid lies at an angle of its own, or its rows and columns would show
        angle = 0.65 + 0.9 * octave
        cos, sin = np.float32(cells * np.cos(angle)), np.float32(cells * np.sin(angle))
        across, down = cos * u - sin * v + 17.3 * octave, sin * u + cos * v + 5.7 * octave
        part = noise_at(np.asarray(across, np.float32), np.asarray(down, np.float32), seed)
        if footprint is not None:
            part = part * np.clip(2.0 - 4.0 * footprint * cells, 0, 1).astype(np.float32)
        total += np.float32(weight) * part
        power += weight**2
        weight, cells = weight * gain, cells * 2.03
    return np.asarray(total / np.float32(power**0.5), np.float32)


def warped(u: Floats, v: Floats, seed: int, octaves: int = 5, amount: float = 0.8) -> Floats:
    """Fractal noise whose coordinates are bent by other noise: clouds, smoke, marble. Shapes: (h, w)."""
    bend_u = fbm_at(u * 0.9 + 3.1, v * 0.9 + 7.7, seed + 1, 3)
    bend_v = fbm_at(u * 0.9 + 11.9, v * 0.9 + 1.3, seed + 2, 3)
    return fbm_at(
        np.asarray(u + amount * bend_u, np.float32),
        np.asarray(v + amount * bend_v, np.float32),
        seed,
        octaves,
    )


def line_noise(
    count: int, rng: np.random.Generator, cells: float, octaves: int = 6, gain: float = 0.5
) -> Floats:
    """Fractal noise along a line of `count` samples with `cells` of the coarsest octave. Shapes: (count,)."""
    total = np.zeros(count, np.float32)
    for octave in range(octaves):
        number = cells * 2**octave
        if number > count:
            break
        knots = rng.standard_normal(int(number) + 4).astype(np.float32)
        at = np.linspace(1, 1 + number, count, dtype=np.float32)
        left = np.floor(at).astype(int)
        s = at - left
        s = s * s * (3 - 2 * s)
        total += np.float32(gain**octave) * (knots[left] * (1 - s) + knots[left + 1] * s)
    return total


class Ground:
    """A level ground seen in perspective: where on it each pixel below the horizon looks.

    `x` and `z` are ground coordinates in units of the eye's height; `pixel` is the depth a pixel
    covers there. They hold the rows from `row` down; what noise makes of them fills the canvas,
    with zeros above.
    """

    def __init__(self, canvas: Canvas, horizon: float) -> None:
        self.row = min(max(int((horizon - canvas.top) * canvas.unit), 0), canvas.height - 2)
        below = np.maximum(canvas.y[self.row :] - np.float32(horizon), np.float32(0.6 / canvas.unit))
        self.z = np.asarray(1 / below, np.float32)
        self.x = np.asarray(canvas.x[self.row :] * self.z, np.float32)
        self.pixel = np.asarray(self.z**2 / np.float32(canvas.unit), np.float32)
        self.below = np.asarray(canvas.y > horizon, np.float32)

    def noise(self, frequency: float, seed: int, octaves: int = 5, long: float = 1.0) -> Floats:
        """Fractal noise lying on the ground; `long` stretches its grains across. Shapes: (h, w)."""
        part = fbm_at(
            np.asarray(self.x * np.float32(frequency / long), np.float32),
            np.asarray(self.z * np.float32(frequency), np.float32),
            seed, octaves, 0.55, np.asarray(self.pixel * np.float32(frequency * 0.5), np.float32),
        )  # fmt: skip
        return np.asarray(np.pad(part, ((self.row, 0), (0, 0))), np.float32)
