"""Lights out of focus, and light in the air: bokeh discs, lamps, cones, rays, caustics."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas, Colour, ramp
from muybridge.puppet.stage.paint.noise import fbm_at


@dataclass(frozen=True)
class Lens:
    """How a lens draws a far light: `radius` of its disc in short sides; `rim` how much brighter
    its edge is; `vignette` how far discs near the corners are cut to cat's eyes (0: not at all)."""

    radius: float
    rim: float = 0.3
    vignette: float = 0.55


def bokeh(canvas: Canvas, light: Floats, points: Floats, colours: Floats, lens: Lens) -> None:
    """Add far lights as discs, in place. Shapes: `light` (h, w, 3 or 4), `points` (n, 2), `colours` (n, 3).

    A colour is the disc's own brightness: a lens spreads a light evenly over its disc.
    """
    radius = lens.radius * canvas.unit
    reach = int(np.ceil(radius)) + 2
    far = float(np.hypot(*canvas.half))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    for (px, py), colour in zip(points, colours, strict=True):
        cx, cy = px * canvas.unit + (canvas.width - 1) / 2, py * canvas.unit + (canvas.height - 1) / 2
        column, row = int(np.floor(cx)), int(np.floor(cy))
        x0, y0 = max(column - reach, 0), max(row - reach, 0)
        x1, y1 = min(column + reach + 1, canvas.width), min(row + reach + 1, canvas.height)
        if x1 <= x0 or y1 <= y0:
            continue
        part = np.s_[y0 - row + reach : y1 - row + reach, x0 - column + reach : x1 - column + reach]
        dx, dy = x[part] - (cx - column), y[part] - (cy - row)
        r = np.sqrt(dx * dx + dy * dy)
        # the rim is two pixels soft, for the canvas is enlarged later
        disc = np.clip((radius - r) * 0.55 + 0.5, 0, 1) * (1 - lens.rim + lens.rim * (r / radius) ** 4)
        if lens.vignette:
            # the barrel's edge cuts the side of the disc that is away from the middle
            push = lens.vignette * radius / far
            ox, oy = dx + px * push * 1.15, dy + py * push * 1.15
            disc = disc * np.clip(radius * 1.12 - np.sqrt(ox * ox + oy * oy) + 0.5, 0, 1)
        light[y0:y1, x0:x1, :3] += disc[..., None] * np.asarray(colour, np.float32)


def pool(canvas: Canvas, centre: tuple[float, float], radius: float, squash: float = 1.0) -> Floats:
    """Light that falls off around a lamp, 1 in the middle. Shapes: (h, w)."""
    dx, dy = canvas.x - np.float32(centre[0]), (canvas.y - np.float32(centre[1])) * np.float32(squash)
    return np.asarray(1 / (1 + (dx * dx + dy * dy) / np.float32(radius * radius)) ** 1.5, np.float32)


def cone(canvas: Canvas, top: tuple[float, float], foot: tuple[float, float], width: float) -> Floats:
    """A beam from a lamp at `top` to `foot`, `width` wide there, fading on its way. Shapes: (h, w)."""
    ax, ay = foot[0] - top[0], foot[1] - top[1]
    length = float(np.hypot(ax, ay))
    dx, dy = canvas.x - np.float32(top[0]), canvas.y - np.float32(top[1])
    along = (dx * np.float32(ax) + dy * np.float32(ay)) / np.float32(length)
    across = (dx * np.float32(-ay) + dy * np.float32(ax)) / np.float32(length)
    half = np.float32(0.012) + np.maximum(along, 0) * np.float32(width / 2 / length)
    beam = np.exp(-((across / half) ** 2) * 2.2) * ramp(along, 0.0, 0.03)
    return np.asarray(beam / (0.35 + np.maximum(along, 0) / length) * 0.5, np.float32)


def rays(
    canvas: Canvas, source: tuple[float, float], seed: int, count: float = 14.0, soft: float = 1.0
) -> Floats:
    """Shafts of light that spread from a point, 0 to about 1. Shapes: (h, w)."""
    dx, dy = canvas.x - np.float32(source[0]), canvas.y - np.float32(source[1])
    turn = np.arctan2(dx, dy) * np.float32(count / 2)
    shafts = fbm_at(np.asarray(turn + 20, np.float32), np.full_like(turn, 3.3), seed, 3, 0.6)
    return np.asarray(ramp(shafts, 0.1, 0.1 + 1.6 * soft), np.float32)


def caustics(canvas: Canvas, u: Floats, v: Floats, seed: int) -> Floats:
    """The bright net that waves throw on what lies below them, 0 to about 1. Shapes: (h, w)."""
    first = np.abs(fbm_at(u, v, seed, 2, 0.4))
    second = np.abs(
        fbm_at(np.asarray(u * 1.3 + 4, np.float32), np.asarray(v * 1.3 + 9, np.float32), seed + 1, 2, 0.4)
    )
    return np.asarray(np.exp(-5.0 * np.minimum(first, second)), np.float32)


def scatter_glow(
    canvas: Canvas, light: Floats, centre: tuple[float, float], radius: float, colour: Colour
) -> None:
    """A soft glow around a lamp, added in place. Shapes: `light` (h, w, 3 or 4)."""
    light[..., :3] += pool(canvas, centre, radius)[..., None] * np.asarray(colour, np.float32)


def soften(field: Floats, canvas: Canvas, radius: float) -> Floats:
    """A field blurred by `radius` short sides. Shapes: kept."""
    return np.asarray(cv2.GaussianBlur(field, (0, 0), max(radius * canvas.unit, 0.4)), np.float32)
