"""Rooms: walls and what stands in them painted as plain colours, then lit by their lamps and windows.

Limit: walls face the camera; light falls off with distance on the picture, not in the room.
"""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas, Colour, Point, mix, ramp, rgb
from muybridge.puppet.stage.paint.lights import pool
from muybridge.puppet.stage.paint.noise import Ground

BOOKS = (
    "#7a2c28",
    "#2f4a5e",
    "#b08a4c",
    "#3c5a3c",
    "#8c6a50",
    "#d8c8a4",
    "#4a3650",
    "#a8482c",
    "#22303c",
    "#c4b090",
)
JARS = ("#d8d2c4", "#8a5a32", "#3c2a20", "#b8c4bc", "#c08848", "#5a6a54", "#e6e0d4", "#704030", "#98a8b0")


class Room:
    """One depth of a room. Paint colours into `layer`, lamps into `glow` and `falling`, then `light`.

    Shapes: `layer` (h, w, 4), `glow` (h, w, 3) what shines of itself, `falling` (h, w, 3) light that
    falls on everything.
    """

    def __init__(self, canvas: Canvas, ambient: Colour, wall: Colour | None = None) -> None:
        self.canvas, self.layer = canvas, canvas.layer(wall)
        self.glow = np.zeros((canvas.height, canvas.width, 3), np.float32)
        self.falling = np.zeros_like(self.glow) + np.asarray(ambient, np.float32)

    def lamp(
        self, place: Point, radius: float, colour: Colour, reach: float = 0.5, strength: float = 1.0
    ) -> None:
        """A lamp: its bright body, and the light it throws around itself."""
        shade = self.canvas.layer()
        self.canvas.ellipse(shade, place, (radius, radius), colour)
        self.glow += shade[..., :3]
        self.throw(place, colour, reach, strength)

    def throw(self, place: Point, colour: Colour, reach: float, strength: float, squash: float = 1.0) -> None:
        """Light from a place that is not itself seen here."""
        share = np.asarray(colour, np.float32) / max(float(np.max(colour)), 1e-6)
        self.falling += pool(self.canvas, place, reach, squash)[..., None] * share * np.float32(strength)

    def darken(self, centre: Point, radii: Point, strength: float) -> None:
        """A soft shadow on what was painted so far."""
        dx = (self.canvas.x - np.float32(centre[0])) / np.float32(radii[0])
        dy = (self.canvas.y - np.float32(centre[1])) / np.float32(radii[1])
        self.layer[..., :3] *= (1 - np.float32(strength) * np.exp(-dx * dx - dy * dy))[..., None]

    def light(self) -> Floats:
        """The depth as it is seen. Shapes: (h, w, 4) premultiplied."""
        seen = self.layer.copy()
        seen[..., :3] = seen[..., :3] * self.falling + self.glow
        seen[..., 3] = np.maximum(seen[..., 3], np.clip(self.glow.max(2) * 2, 0, 1))
        return seen


def shelf(
    canvas: Canvas,
    layer: Floats,
    rng: np.random.Generator,
    low: Point,
    high: Point,
    rows: int,
    codes: tuple[str, ...],
    wood: Colour,
    slim: float = 0.02,
) -> None:
    """A shelf with rows of upright things in the colours of `codes`: books, bottles, jars."""
    canvas.rect(layer, low, high, np.asarray(wood, np.float32) * 0.32)
    tall = (high[1] - low[1]) / rows
    for row in range(rows):
        foot, x = low[1] + (row + 1) * tall, low[0] + 0.006
        while x < high[0] - slim:
            wide = slim * rng.uniform(0.45, 1.3)
            if rng.random() < 0.08:
                x += wide * 1.6
                continue
            top = foot - tall * rng.uniform(0.52, 0.84)
            colour = rgb(codes[int(rng.integers(len(codes)))]) * np.float32(rng.uniform(0.65, 1.25))
            canvas.rect(layer, (x, top), (min(x + wide * 0.9, high[0]), foot), colour)
            canvas.rect(layer, (x, top), (x + wide * 0.25, foot), colour * np.float32(1.35))
            x += wide
        canvas.rect(layer, (low[0], foot - 0.006), (high[0], foot + 0.006), wood)
    for x in (low[0], high[0]):
        canvas.rect(layer, (x - 0.008, low[1]), (x + 0.008, high[1]), wood)


def window(
    canvas: Canvas,
    room: Room,
    low: Point,
    high: Point,
    outside: Floats,
    frame: Colour,
    panes: tuple[int, int] = (2, 2),
) -> None:
    """A window that shows `outside` (h, w, 3) as light of its own, with its frame and bars."""
    mask = canvas.layer()
    canvas.rect(mask, low, high, (1, 1, 1))
    room.layer[..., :3] *= 1 - mask[..., 3:]
    np.maximum(room.layer[..., 3], mask[..., 3], out=room.layer[..., 3])
    room.glow += outside * mask[..., 3:]
    bars = canvas.layer()
    for i in range(panes[0] + 1):
        x = low[0] + (high[0] - low[0]) * i / panes[0]
        canvas.rect(bars, (x - 0.008, low[1]), (x + 0.008, high[1]), frame)
    for i in range(panes[1] + 1):
        y = low[1] + (high[1] - low[1]) * i / panes[1]
        canvas.rect(bars, (low[0], y - 0.008), (high[0], y + 0.008), frame)
    room.glow *= 1 - bars[..., 3:]
    room.layer[:] = room.layer * (1 - bars[..., 3:]) + bars


def planks(
    canvas: Canvas, horizon: float, seed: int, wood: tuple[Colour, Colour], wide: float = 0.16
) -> Floats:
    """Boards that run away from the camera. Shapes: (h, w, 3)."""
    ground = Ground(canvas, horizon)
    x = np.pad(ground.x, ((ground.row, 0), (0, 0))) / np.float32(wide)
    board = np.floor(x)
    tone = np.mod(board * 0.37 + 0.21 * np.mod(board, 5), 1.0)
    grain = ground.noise(3.0, seed, 4, 0.35)
    first, second = (np.asarray(c, np.float32) for c in wood)
    seam = ramp(np.abs(np.asarray(x - board, np.float32) - 0.5), 0.49, 0.44)
    share = np.clip(0.2 + 0.6 * tone + 0.12 * grain, 0, 1)[..., None]
    return np.asarray((first + (second - first) * share) * (0.6 + 0.4 * seam)[..., None], np.float32)


def gloss(
    canvas: Canvas, floor: Floats, above: Floats, line: float, strength: float, smear: float = 0.04
) -> None:
    """Add to a floor, in place, the mirror image of what stands above `line`. Shapes: (h, w, 3)."""
    below = np.maximum(canvas.y - np.float32(line), 0)
    row = (np.float32(line) - below - np.float32(canvas.top)) * np.float32(canvas.unit)
    column = (canvas.x - np.float32(canvas.left)) * np.float32(canvas.unit) - 0.5
    soft = cv2.GaussianBlur(above, (0, 0), sigmaX=canvas.unit * 0.012, sigmaY=canvas.unit * smear)
    seen = cv2.remap(
        soft, column, np.clip(row, 0, canvas.height - 1), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    fade = ramp(canvas.y, line, line + 0.01) * np.exp(-below * 1.4)
    floor += seen * (np.float32(strength) * fade)[..., None]


def pendant(canvas: Canvas, room: Room, x: float, y: float, size: float, shade: Colour, bulb: Colour) -> None:
    """A lamp that hangs from the ceiling: cord, shade, bulb below it."""
    canvas.line(room.layer, [(x, canvas.top), (x, y)], 0.004, mix(shade, rgb("#000000"), 0.6))
    outline = [
        (x - size * 0.28, y - size * 0.5),
        (x + size * 0.28, y - size * 0.5),
        (x + size, y + size * 0.35),
        (x - size, y + size * 0.35),
    ]
    canvas.poly(room.layer, outline, shade)
    glow = canvas.layer()
    canvas.ellipse(glow, (x, y + size * 0.38), (size * 0.86, size * 0.2), bulb)
    canvas.ellipse(glow, (x, y + size * 0.5), (size * 0.3, size * 0.3), np.asarray(bulb, np.float32) * 2.2)
    room.glow += glow[..., :3]


def pot_plant(
    canvas: Canvas,
    layer: Floats,
    rng: np.random.Generator,
    foot: Point,
    size: float,
    pot: Colour,
    leaf: tuple[Colour, Colour],
) -> None:
    """A house plant: a pot and long leaves that arch out of it."""
    x, y = foot
    canvas.poly(
        layer,
        [
            (x - size * 0.16, y - size * 0.3),
            (x + size * 0.16, y - size * 0.3),
            (x + size * 0.11, y),
            (x - size * 0.11, y),
        ],
        pot,
    )
    dark, lit = (np.asarray(c, np.float32) for c in leaf)
    for _ in range(26):
        turn, reach = rng.normal(0, 0.75), size * rng.uniform(0.5, 1.0)
        tip = (x + reach * float(np.sin(turn)), y - size * 0.3 - reach * float(np.cos(turn)) * 0.9)
        middle = ((x + tip[0]) / 2 - 0.1 * size * float(np.sin(turn)), (y - size * 0.3 + tip[1]) / 2)
        colour = dark + (lit - dark) * np.float32(rng.random())
        canvas.line(layer, [(x, y - size * 0.3), middle, tip], 0.012 * size / 0.3, colour)
        canvas.ellipse(layer, middle, (size * 0.055, size * 0.2), colour, float(np.degrees(turn)))
