"""Terrain: a height field seen from a standing eye, lit by a low light, with air between near and far.

Limit: drawn by columns from far to near (as flight simulators of the nineties did), so nothing
overhangs; at half the canvas's pixels, for it is blurred anyway.
Source: ridged multifractal after Musgrave; Lambert's law for light.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas, Colour
from muybridge.puppet.stage.paint.noise import fbm_at

SLICES = 230  # distances at which the ground is cut, evenly in 1/distance and distance mixed

Heights = Callable[[Floats, Floats], Floats]  # of x and z, all in the same lengths as the eye's height
Cover = Callable[[Floats, Floats, Floats], Floats]  # colour (n, w, 3) from height, slope and light


@dataclass(frozen=True)
class Lit:
    """Where the light comes from (x right, y up, z away) and what fills the shade."""

    toward: tuple[float, float, float]
    soft: float = 0.25  # light that reaches what faces away


def ridged(x: Floats, z: Floats, seed: int, octaves: int = 6, sharp: float = 1.0) -> Floats:
    """Mountain heights, about 0 to 1: sharp crests between smooth valleys. Shapes: all (n, w)."""
    total, weight, scale = np.zeros_like(x, np.float32), np.ones_like(x, np.float32), 1.0
    power = 0.0
    for octave in range(octaves):
        folded = 1 - np.abs(
            fbm_at(x * np.float32(scale), z * np.float32(scale), seed + octave, 1)
        ) * np.float32(0.75)
        folded = np.clip(folded, 0, 1) ** np.float32(1 + sharp)
        total += np.float32(0.5**octave) * folded * weight
        power += 0.5**octave
        weight = np.clip(folded * 1.6, 0, 1)
        scale *= 2.1
    return np.asarray(total / np.float32(power), np.float32)


def terrain(
    canvas: Canvas, horizon: float, reach: tuple[float, float], heights: Heights, colour: Cover, lit: Lit,
    air: Colour, thick: float, eye: float = 1.0,
) -> Floats:  # fmt: skip
    """A landscape from `reach[0]` to `reach[1]` away (in eye heights). Shapes: returns (h, w, 4).

    `air` is laid over what is far: all but 1/e of it at the distance `thick`.
    """
    small = Canvas(canvas.size, canvas.scale / 2)
    share = np.linspace(0, 1, SLICES, dtype=np.float32)
    z = np.float32(reach[0]) * np.float32(reach[1] / reach[0]) ** share
    across = small.x[:1]
    x, depth = across * z[:, None], np.repeat(z[:, None], small.width, 1)
    height = heights(x, depth)
    slope_x = np.gradient(height, axis=1) / (np.gradient(x, axis=1) + 1e-6)
    slope_z = np.gradient(height, axis=0) / (np.gradient(depth, axis=0) + 1e-6)
    length = np.sqrt(slope_x**2 + slope_z**2 + 1)
    toward = np.array(lit.toward, np.float32) / np.linalg.norm(lit.toward)
    facing = (-slope_x * toward[0] + toward[1] - slope_z * toward[2]) / length
    light = lit.soft + (1 - lit.soft) * np.clip(facing * 1.25, 0, 1)
    painted = colour(height, np.asarray(1 / length, np.float32), np.asarray(light, np.float32))
    veil = (1 - np.exp(-z / np.float32(thick)))[:, None, None]
    painted = painted + (np.asarray(air, np.float32) - painted) * veil
    rows = (np.float32(horizon) + (np.float32(eye) - height) / depth - np.float32(small.top)) * np.float32(
        small.unit
    )
    layer = _swept(small, rows, np.asarray(painted, np.float32))
    return np.asarray(
        np.maximum(cv2.resize(layer, (canvas.width, canvas.height), interpolation=cv2.INTER_LINEAR), 0),
        np.float32,
    )


def _swept(canvas: Canvas, rows: Floats, painted: Floats) -> Floats:
    """Fill columns from far to near, each slice from its height down to the next one's."""
    layer = canvas.layer()
    grid = np.arange(canvas.height, dtype=np.float32)[:, None]
    for i in range(len(rows) - 1, -1, -1):
        low = int(max(rows[i].min() - 1, 0))
        # nearer slices cover all below, so a slice need only reach as far down as the next may leave open
        high = canvas.height if i == 0 else int(min(max(rows[i].max(), rows[i - 1].max()) + 3, canvas.height))
        if low >= canvas.height or high <= low:
            continue
        edge = np.clip(grid[low:high] - rows[i] + 1, 0, 1)[..., None]
        part = layer[low:high]
        part[..., :3] += (painted[i] - part[..., :3]) * edge
        part[..., 3:] = np.maximum(part[..., 3:], edge)
    return layer
