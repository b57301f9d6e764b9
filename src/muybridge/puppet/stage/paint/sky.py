"""Skies by the hour: the gradient, the sun or moon with its glow, clouds lit by it, stars.

Limit: colours by art and not by a table of the atmosphere; what it takes from one is the shape:
a pale band at the horizon, a halo around the sun that falls off with angle, warmth where light
travels far.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas, mix, ramp, rgb
from muybridge.puppet.stage.paint.noise import warped

Stops = tuple[tuple[float, str], ...]

# height above the horizon (1: half the frame) and colour
GRADIENTS: dict[str, Stops] = {
    "dawn": ((0, "#f6d3b4"), (0.16, "#f2bfae"), (0.4, "#cfb2c8"), (0.75, "#93a3cf"), (1.3, "#6483bd")),
    "day": ((0, "#d6e6f0"), (0.12, "#b4d3ea"), (0.4, "#7fb2df"), (0.8, "#4d8fcd"), (1.4, "#2f6fb4")),
    "sunset": ((0, "#ffb867"), (0.12, "#fb9a5f"), (0.32, "#e27a6a"), (0.6, "#94648a"), (1.2, "#3d4480")),
    "night": ((0, "#2d4468"), (0.2, "#1e3056"), (0.6, "#101d3e"), (1.3, "#081026")),
    "overcast_night": ((0, "#46586e"), (0.25, "#34455c"), (0.7, "#222f44"), (1.4, "#182234")),
    "overcast": ((0, "#d3d8dc"), (0.3, "#bcc4cb"), (0.8, "#9aa5b0"), (1.4, "#84909c")),
}


@dataclass(frozen=True)
class Hour:
    """What an hour does to a place out of doors.

    `sun`: the place of sun or moon as shares of the frame's width and of the sky's height above
    the horizon; colours are linear light: `disc` of the sun itself, `lit` and `dark` of clouds,
    `key` and `fill` of what stands on the ground, `air` of haze.
    """

    name: str
    sun: tuple[float, float]
    disc: Floats
    halo: Floats
    lit: Floats
    dark: Floats
    key: Floats
    fill: Floats
    air: Floats


HOURS: dict[str, Hour] = {
    "dawn": Hour(
        "dawn", (0.24, 0.22), rgb("#fff0d2", 14), rgb("#ffd2a0", 0.55), rgb("#ffe3d0", 1.25),
        rgb("#a79ab8", 0.8), rgb("#ffd9b4", 0.8), rgb("#9aa6c8", 0.5), rgb("#efd0bf", 0.95),
    ),
    "day": Hour(
        "day", (0.2, 1.5), rgb("#fffaf0", 30), rgb("#fff6e4", 0.35), rgb("#ffffff", 1.5),
        rgb("#aebccb", 0.9), rgb("#fff4e0", 1.0), rgb("#a8c4e4", 0.55), rgb("#cfe0ec", 0.95),
    ),
    "sunset": Hour(
        "sunset", (0.74, 0.2), rgb("#ffe0a0", 26), rgb("#ffb060", 0.9), rgb("#ffa878", 1.15),
        rgb("#70567c", 0.62), rgb("#ffae68", 0.85), rgb("#7a6a96", 0.42), rgb("#eb9a70", 0.8),
    ),
    "night": Hour(
        "night", (0.76, 0.72), rgb("#f4f2e4", 3.2), rgb("#8fa8d8", 0.10), rgb("#6f83ac", 0.5),
        rgb("#16213c", 0.8), rgb("#8fa8dc", 0.16), rgb("#3c5080", 0.14), rgb("#2b4068", 0.8),
    ),
}  # fmt: skip


def stops_of(hour: str, overcast: bool = False) -> Stops:
    """The gradient of an hour's sky, or of the closed cover of clouds at that hour."""
    if not overcast:
        return GRADIENTS[hour]
    return GRADIENTS["overcast_night" if hour == "night" else "overcast"]


def gradient(height: Floats, stops: Stops) -> Floats:
    """Colour by height above the horizon. Shapes: (h, w) to (h, w, 3)."""
    at = [stop[0] for stop in stops]
    colours = np.stack([rgb(stop[1]) for stop in stops])
    column = np.asarray(height, np.float32)
    return np.stack([np.interp(column, at, colours[:, c]).astype(np.float32) for c in range(3)], -1)


@dataclass(frozen=True)
class Sky:
    """A painted sky. Shapes: `light` (h, w, 3) without clouds; `sun` its place on the canvas."""

    light: Floats
    sun: tuple[float, float]
    hour: Hour


def sky(
    canvas: Canvas, hour: str, horizon: float, *, overcast: bool = False, sun_x: float | None = None
) -> Sky:
    """The clear sky at an hour down to its horizon, sun or moon included; all grey where overcast."""
    look = HOURS[hour]
    reach = horizon + canvas.half[1]  # from the frame's top to the horizon
    height = (np.float32(horizon) - canvas.y[:, :1]) / np.float32(max(reach, 0.2))
    height = height * np.float32(1.15 * max(reach, 0.35) / 0.6)
    light = np.repeat(gradient(height[:, 0], stops_of(hour, overcast))[:, None], canvas.width, 1)
    if overcast:
        light *= np.float32({"dawn": 0.62, "sunset": 0.5, "day": 0.85}.get(hour, 1.0))
        if hour in ("dawn", "sunset"):
            light *= rgb("#fff0e6")
    place = (canvas.fx(look.sun[0] if sun_x is None else sun_x), horizon - look.sun[1] * reach)
    if not overcast:
        _shine(canvas, light, place, look, horizon)
    return Sky(light, place, look)


def _shine(canvas: Canvas, light: Floats, place: tuple[float, float], look: Hour, horizon: float) -> None:
    """Add the halo, the band of warmth along the horizon, and the disc itself."""
    dx, dy = canvas.x - np.float32(place[0]), canvas.y - np.float32(place[1])
    away = np.sqrt(dx * dx + dy * dy)
    halo = 0.62 * np.exp(-away * 2.6) + 0.9 * np.exp(-away * 9.0)
    if look.name in ("dawn", "sunset"):
        along = np.exp(-np.abs(canvas.y - np.float32(horizon)) * 5.5 - np.abs(dx) * 1.1)
        halo = halo + 0.42 * along
    light += halo[..., None] * look.halo
    radius = {"night": 0.03, "sunset": 0.042, "dawn": 0.034}.get(look.name, 0.03)
    disc = np.clip((np.float32(radius) - away) * np.float32(canvas.unit) + 0.5, 0, 1)
    light += disc[..., None] * look.disc


def clouds(
    canvas: Canvas, painted: Sky, horizon: float, seed: int, *, amount: float = 0.5, size: float = 1.0
) -> Floats:
    """Clouds that run together toward the horizon, lit from the sun's side. Shapes: (h, w, 4).

    `amount` 0 is hardly any, 1 almost closed; `size` of the puffs.
    """
    small = Canvas(canvas.size, canvas.scale / 2)  # clouds are soft; a quarter of the pixels will do
    up = np.maximum(np.float32(horizon) - small.y, 0) + np.float32(0.10)
    # layers of cloud run together toward the horizon, but each keeps some height of its own
    far = (np.float32(0.42) / up) ** np.float32(0.72) / np.float32(size)
    u, v = np.asarray(small.x * far * 1.9 + 20.0, np.float32), np.asarray(far * 3.4 + 9.0, np.float32)
    body = warped(u, v, seed, 6, 0.22)
    aside = np.float32(0.2 * np.sign(painted.sun[0] or 1))
    sunward = warped(np.asarray(u + aside, np.float32), np.asarray(v + 0.22, np.float32), seed, 4, 0.22)
    edge = 0.95 - 1.5 * amount
    alpha = ramp(body, edge, edge + 0.85) * ramp(up, 0.10, 0.22)
    disc_away = np.hypot(small.x - painted.sun[0], small.y - painted.sun[1])
    alpha = alpha * (1 - np.exp(-((disc_away / 0.12) ** 4)))  # a sun burns through thin cloud
    thick = ramp(body, edge + 0.3, edge + 2.2)
    facing = np.clip(0.52 + 0.42 * (body - sunward), 0, 1)
    away = np.hypot(small.x - painted.sun[0], small.y - painted.sun[1])
    near_sun = np.exp(-away * 2.4)
    look = painted.hour
    share = np.clip(facing * (1 - 0.55 * thick) + 0.35 * near_sun * (1 - thick), 0, 1)[..., None]
    colour = look.dark + (look.lit - look.dark) * share
    colour = colour * (1 + 0.8 * (near_sun * (1 - 0.7 * thick))[..., None])
    if look.name in ("sunset", "dawn"):  # far from the sun the light is gone
        colour *= (0.62 + 0.38 * np.exp(-away * 0.9))[..., None]
    layer = np.concatenate([colour * alpha[..., None], alpha[..., None]], 2).astype(np.float32)
    return np.asarray(
        np.maximum(cv2.resize(layer, (canvas.width, canvas.height), interpolation=cv2.INTER_CUBIC), 0),
        np.float32,
    )


def overcast_clouds(canvas: Canvas, light: Floats, seed: int, strength: float = 0.16) -> None:
    """Mottle a grey sky in place, as a closed cover of clouds does. Shapes: (h, w, 3)."""
    small = Canvas(canvas.size, canvas.scale / 2)
    up = np.float32(small.half[1] + 0.3) - small.y
    far = np.float32(0.5) / np.maximum(up, 0.25)
    mottled = warped(
        np.asarray(small.x * far * 2.4 + 9, np.float32), np.asarray(far * 4.0, np.float32), seed, 5, 0.25
    )
    large = cv2.resize(mottled, (canvas.width, canvas.height), interpolation=cv2.INTER_CUBIC)
    light *= np.exp(np.float32(strength) * np.clip(large, -2, 2))[..., None]


def stars(
    canvas: Canvas, light: Floats, rng: np.random.Generator, count: int, below: float, size: float = 0.0011
) -> None:
    """Scatter stars over a sky in place, many faint and few bright, down to height `below`."""
    x = rng.uniform(canvas.left, -canvas.left, count)
    y = rng.uniform(canvas.top, below, count)
    bright = 0.1 * rng.pareto(1.6, count) + 0.06
    warm = rng.random(count)
    field = np.zeros_like(light)
    for i in range(count):
        colour = mix(rgb("#ffd9b0"), rgb("#bcd4ff"), float(warm[i])) * np.float32(min(bright[i], 5.0))
        radius = size * canvas.unit * (0.75 + 0.55 * min(float(bright[i]), 2.0))
        column, row = canvas.px(float(x[i]), float(y[i]))
        cv2.circle(field, (column, row), max(round(radius), 0), colour.tolist(), -1)
    soft = cv2.GaussianBlur(field, (0, 0), max(0.55, size * canvas.unit * 0.55))
    fade = ramp(canvas.y, below, below - 0.25)
    light += (soft * 1.7 + 0.25 * cv2.GaussianBlur(field, (0, 0), canvas.unit * 0.006)) * fade[..., None]
