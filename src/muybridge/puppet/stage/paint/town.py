"""Towns: facades with windows, lit ones by night, streets in perspective, lamps and cars as far lights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas, Colour, Point, mix, rgb

WARM = ("#ffd08a", "#ffb860", "#ffe2b0", "#ffc878", "#fff0d8")
SIGNS = ("#ff4d6d", "#ffb02e", "#35d0ff", "#7dff8a", "#ff7ae0", "#ff5a2a", "#5a7bff", "#ffffff")


@dataclass(frozen=True)
class Facade:
    """How a house looks: its wall, its panes, how many panes are lit and how brightly."""

    wall: Floats
    pane: Floats
    lit: float = 0.0
    lamp: float = 2.5
    pitch: tuple[float, float] = (0.045, 0.06)  # from window to window across and down


def house(
    canvas: Canvas, layer: Floats, rng: np.random.Generator, low: Point, high: Point, look: Facade
) -> None:
    """A front from its upper left to its lower right corner, with rows of windows."""
    canvas.rect(layer, low, high, look.wall)
    canvas.rect(layer, low, (high[0], low[1] + 0.012), look.wall * np.float32(1.35))
    columns = max(int((high[0] - low[0]) / look.pitch[0]), 1)
    rows = max(int((high[1] - low[1] - 0.03) / look.pitch[1]), 1)
    wide, tall = (high[0] - low[0]) / columns, look.pitch[1]
    for row in range(rows):
        for column in range(columns):
            x, y = low[0] + (column + 0.22) * wide, low[1] + 0.03 + row * tall
            colour = look.pane * np.float32(rng.uniform(0.6, 1.5))
            if rng.random() < look.lit:
                colour = rgb(WARM[int(rng.integers(len(WARM)))], look.lamp * rng.uniform(0.25, 1.2))
            canvas.rect(layer, (x, y), (x + 0.56 * wide, y + 0.6 * tall), colour)


def side_of_street(
    canvas: Canvas, layer: Floats, rng: np.random.Generator, side: int, vanish: Point, look: Facade,
    air: Colour, count: int = 7, heights: tuple[float, float] = (0.5, 1.1),
) -> None:  # fmt: skip
    """A row of houses along one side of a street that runs to a vanishing point.

    `side` -1 left, 1 right; far houses take on the colour of the `air`.
    """
    for i in range(count, 0, -1):
        near, far = 0.34 * i, 0.34 * (i + 1)
        x0, x1 = vanish[0] + side * 0.62 / near, vanish[0] + side * 0.62 / far
        rise = rng.uniform(*heights)
        tone = mix(look.wall * np.float32(rng.uniform(0.7, 1.3)), air, min(0.13 * i, 0.85))
        pane = mix(look.pane, air, min(0.11 * i, 0.8))
        _receding(
            canvas,
            layer,
            rng,
            (x0, x1),
            (near, far),
            rise,
            vanish,
            Facade(tone, pane, look.lit, look.lamp, look.pitch),
        )


def _receding(
    canvas: Canvas, layer: Floats, rng: np.random.Generator, x: Point, depth: Point, rise: float,
    vanish: Point, look: Facade,
) -> None:  # fmt: skip
    """One front in perspective, from depth[0] at x[0] to depth[1] at x[1]."""

    def at(u: float, v: float) -> Point:
        z = 1 / ((1 - u) / depth[0] + u / depth[1])  # evenly on the wall, not on the picture
        share = (1 / z - 1 / depth[0]) / (1 / depth[1] - 1 / depth[0])
        ground, top = 0.24 / z, rise / z
        return x[0] + (x[1] - x[0]) * share, vanish[1] + ground - v * (ground + top)

    canvas.poly(layer, [at(0, 0), at(1, 0), at(1, 1), at(0, 1)], look.wall)
    columns, rows = 5, max(int(rise / 0.12), 3)
    for row in range(rows):
        for column in range(columns):
            u, v = (column + 0.2) / columns, (row + 0.35) / rows * 0.94 + 0.05
            colour = look.pane * np.float32(rng.uniform(0.6, 1.4))
            ground_floor = row == 0
            if rng.random() < (min(look.lit * 2.2, 0.95) if ground_floor else look.lit):
                colour = rgb(
                    WARM[int(rng.integers(len(WARM)))],
                    look.lamp * rng.uniform(0.3, 1.2) * (1.6 if ground_floor else 1),
                )
            du, dv = (0.72 if ground_floor else 0.55) / columns, 0.5 / rows
            canvas.poly(layer, [at(u, v), at(u + du, v), at(u + du, v + dv), at(u, v + dv)], colour)


def lamps(
    rng: np.random.Generator, vanish: Point, side: int, count: int, spacing: float = 0.3, height: float = 0.62
) -> tuple[Floats, Floats]:
    """Street lamps along a side of the street: their places and how bright each seems.

    Shapes: (n, 2) and (n,).
    """
    depth = 0.42 + spacing * np.arange(count) + rng.normal(0, 0.02, count)
    x = vanish[0] + side * 0.44 / depth
    y = vanish[1] - height * 0.5 / depth
    return np.stack([x, y], 1).astype(np.float32), np.asarray(1 / (0.6 + 0.5 * depth), np.float32)
