"""Foliage: masses of leaves, trunks, branches, grass and flowers, as a lens out of focus sees them.

Limit: leaves are small ellipses and blades are thin triangles; they are for plates that are blurred.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas, Colour, Point

Colours = Floats  # (n, 3) linear light


@dataclass(frozen=True)
class Leaves:
    """How leaves look: `dark` deep in the mass, `lit` where the light falls, `size` in short sides."""

    dark: Floats
    lit: Floats
    size: float = 0.012
    spark: float = 0.06  # share of leaves that mirror the light


def mass(
    canvas: Canvas, layer: Floats, rng: np.random.Generator, centres: Floats, reach: float, count: int,
    leaves: Leaves, light: Point = (-0.4, -0.8),
) -> None:  # fmt: skip
    """Clumps of leaves around centres, the lit ones last and on the light's side, into `layer`.

    Shapes: `centres` (n, 2); `reach` the radius of a clump; `count` of leaves in each.
    """
    which = rng.integers(0, len(centres), count * len(centres))
    offset = rng.normal(0, reach * 0.5, (len(which), 2)).astype(np.float32)
    points = centres[which] + offset * np.array([1.0, 0.8])
    facing = (offset @ np.array(light, np.float32)) / reach + rng.normal(0, 0.35, len(which))
    order = np.argsort(facing)
    size = leaves.size * rng.uniform(0.6, 1.4, len(which)) * canvas.unit
    tilt = rng.uniform(0, 180, len(which))
    share = np.clip(0.42 + 0.55 * facing, 0, 1) * rng.uniform(0.7, 1.1, len(which))
    colours = leaves.dark + (leaves.lit - leaves.dark) * share[:, None]
    sparks = rng.random(len(which)) < leaves.spark * np.clip(share, 0.2, 1)
    colours[sparks] = colours[sparks] * 2.2 + 0.25 * leaves.lit.max()
    draw_leaves(canvas, layer, points[order], size[order], tilt[order], colours[order])


def draw_leaves(
    canvas: Canvas, layer: Floats, points: Floats, sizes: Floats, tilts: Floats, colours: Colours
) -> None:
    """Leaves one after another. Shapes: `points` (n, 2), the rest (n,) and (n, 3); sizes in canvas pixels."""
    middle = np.array([(canvas.width - 1) / 2, (canvas.height - 1) / 2])
    at = np.rint(points * canvas.unit + middle).astype(int)
    opaque = np.ones((len(at), 1))
    for (x, y), size, tilt, colour in zip(
        at.tolist(), sizes.tolist(), tilts.tolist(), np.hstack([colours, opaque]).tolist(), strict=True
    ):
        cv2.ellipse(
            layer, (x, y), (max(int(size + 0.5), 1), max(int(size * 0.6 + 0.5), 1)), tilt, 0, 360, colour, -1
        )


def trunk(
    canvas: Canvas,
    layer: Floats,
    foot: Point,
    top: Point,
    width: float,
    colours: tuple[Colour, Colour],
    lit_left: bool,
) -> None:
    """A trunk that tapers, with a lit side. `colours` are its dark and its lit bark."""
    dark, lit = (np.asarray(c, np.float32) for c in colours)
    steps = 7
    for i in range(steps):
        share = i / steps
        left, right = -0.5 + share, -0.5 + (i + 1.3) / steps
        bright = 1 - share if lit_left else share
        colour = dark + (lit - dark) * bright**1.6
        points = [
            (foot[0] + left * width, foot[1]), (foot[0] + right * width, foot[1]),
            (top[0] + right * width * 0.72, top[1]), (top[0] + left * width * 0.72, top[1]),
        ]  # fmt: skip
        canvas.poly(layer, points, colour)


def branch(
    canvas: Canvas,
    layer: Floats,
    rng: np.random.Generator,
    foot: Point,
    direction: Point,
    width: float,
    colour: Colour,
    depth: int = 4,
) -> list[Point]:
    """A branch that forks `depth` times; returns its tips, where leaves go."""
    if depth == 0 or width < 0.0012:
        return [foot]
    bend = rng.normal(0, 0.25)
    length = float(np.hypot(*direction))
    turn = np.arctan2(direction[1], direction[0]) + bend
    middle = (foot[0] + direction[0] * 0.5, foot[1] + direction[1] * 0.5)
    tip = (middle[0] + 0.5 * length * float(np.cos(turn)), middle[1] + 0.5 * length * float(np.sin(turn)))
    canvas.line(layer, [foot, middle, tip], width, colour)
    tips = [middle] if depth < 3 else []
    for side in (-1, 1):
        fork = turn + side * rng.uniform(0.25, 0.75)
        reach = length * rng.uniform(0.6, 0.85)
        toward = (reach * float(np.cos(fork)), reach * float(np.sin(fork)))
        tips += branch(canvas, layer, rng, tip, toward, width * 0.66, colour, depth - 1)
    return tips


def grass(
    canvas: Canvas,
    layer: Floats,
    rng: np.random.Generator,
    count: int,
    span: tuple[float, float],
    tall: float,
    low: Colour,
    high: Colour,
    lean: float = 0.0,
) -> None:
    """Blades that stand on rows from `span[0]` (far, small) down to `span[1]` (near, tall)."""
    dark, lit = np.asarray(low, np.float32), np.asarray(high, np.float32)
    depth = np.sort(rng.random(count))
    x = rng.uniform(canvas.left, -canvas.left, count)
    y = span[0] + (span[1] - span[0]) * depth
    height = tall * (0.25 + 0.75 * depth) * rng.uniform(0.5, 1.2, count)
    width = 0.004 + 0.006 * depth
    tip = x + rng.normal(lean, 0.28, count) * height
    share = rng.random(count)
    for i in range(count):
        colour = dark + (lit - dark) * share[i]
        points = [(x[i] - width[i], y[i]), (x[i] + width[i], y[i]), (tip[i], y[i] - height[i])]
        canvas.poly(layer, points, colour)


def dots(canvas: Canvas, layer: Floats, points: Floats, radii: Floats, colours: Colours) -> None:
    """Small round things: blossoms, berries, lights between leaves. Shapes: (n, 2), (n,), (n, 3)."""
    for (x, y), radius, colour in zip(points.tolist(), radii.tolist(), colours, strict=True):
        cv2.circle(layer, canvas.px(x, y), max(round(radius * canvas.unit), 1), (*colour.tolist(), 1.0), -1)
