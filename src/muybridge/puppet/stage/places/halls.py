"""Halls: a library between its shelves, a stage in the spotlights."""

from __future__ import annotations

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas, Point, bloom, mix, ramp, rgb
from muybridge.puppet.stage.paint.lights import Lens, bokeh, cone, pool
from muybridge.puppet.stage.paint.noise import fbm
from muybridge.puppet.stage.paint.rooms import BOOKS, Room, gloss, planks, shelf, window
from muybridge.puppet.stage.places.cafe import DAYLIGHT
from muybridge.puppet.stage.places.outside import view
from muybridge.puppet.stage.plates import Flicker, Light
from muybridge.puppet.stage.setting import Develop, Painting, Setting

LAMP = rgb("#ffd49c")


def library(setting: Setting) -> Painting:
    """An aisle between tall shelves that leads to a bright window."""
    canvas = setting.canvas()
    film = Develop(canvas, aperture=0.0195)
    code, amount = DAYLIGHT[setting.hour]
    day = rgb(code) * np.float32(amount * (0.65 if setting.overcast else 1.0))
    lamps = 0.4 if setting.hour == "day" else 0.9
    back = _aisle(setting, canvas, day, lamps)
    near = _near_shelves(setting, canvas, day, lamps)
    lights = np.zeros((canvas.height, canvas.width, 3), np.float32)
    depth = np.linspace(1.0, 2.6, 6)
    points = np.concatenate(
        [[(canvas.fx(0.5) + s * 0.5 / d, canvas.fy(0.5) - 0.42 / d) for d in depth] for s in (-1, 1)]
    )
    bokeh(canvas, lights, points, np.tile(0.7 / depth, 2)[:, None] * LAMP * 1.6, Lens(0.022, 0.3))
    still = Develop(canvas, 1.0, 0.0)
    plates = (
        film.plate(np.asarray(bloom(back, canvas.unit * 0.09, 0.16), np.float32), 8.0),
        still.glow(lights, 6.0, Flicker.STEADY),
        film.plate(near, 3.6),
    )
    key = (0.36, 0.30, 0.23) if setting.night else (0.46, 0.43, 0.39)
    light = Light((0.3, -0.6, 0.74), key, (0.38, 0.36, 0.34), (0.42, 0.38, 0.32), (0.7, -0.6))
    return Painting(plates, light, (0.4, 0.34, 0.26), (0.95, 0.88, 0.78), roofed=True)


def _aisle(setting: Setting, canvas: Canvas, day: Floats, lamps: float) -> Floats:
    """Shelves that run to the window at the far end, floor and ceiling between them."""
    rng, vanish = setting.rng(1), (canvas.fx(0.5), canvas.fy(0.5))
    room = Room(canvas, np.asarray(day * 0.25 + LAMP * 0.22 * lamps + 0.05, np.float32), rgb("#5a4230"))
    boards = planks(canvas, vanish[1], setting.key(2), (rgb("#5c3c24"), rgb("#8c6440")), 0.22)
    below = canvas.y > vanish[1]
    room.layer[..., :3][below] = boards[below]
    room.layer[..., :3][~below] = rgb("#8a7a66")
    for side in (-1, 1):
        _shelf_wall(canvas, room.layer, rng, vanish, side)
    low, high = (vanish[0] - 0.17, vanish[1] - 0.34), (vanish[0] + 0.17, vanish[1] + 0.06)
    window(canvas, room, low, high, view(setting, canvas, vanish[1], 0.6) * 1.15, rgb("#4a3828"), (3, 4))
    room.throw((vanish[0], vanish[1] - 0.1), day, 0.42, float(day.max()) * 1.3)
    for d in (0.9, 1.3, 2.0):
        for side in (-1, 1):
            room.throw((vanish[0] + side * 0.5 / d, vanish[1] - 0.36 / d), LAMP, 0.30 / d, 0.75 * lamps)
    light = room.light()[..., :3]
    gloss(canvas, light, light, canvas.fy(0.60), 0.20)
    return np.asarray(light, np.float32)


def _shelf_wall(canvas: Canvas, layer: Floats, rng: np.random.Generator, vanish: Point, side: int) -> None:
    """One side of the aisle in perspective: rows of books, uprights between the bays."""
    edge, top, foot = 0.42, 0.52, 0.30

    def at(depth: float, v: float) -> Point:
        return vanish[0] + side * edge / depth, vanish[1] + (foot - v * (foot + top)) / depth

    canvas.poly(layer, [at(0.3, 0), at(2.6, 0), at(2.6, 1), at(0.3, 1)], rgb("#2e2016"))
    for row in range(7):
        depth = 2.6
        while depth > 0.32:
            wide = 0.055 * rng.uniform(0.5, 1.3) * depth**0.9
            nearer, v = max(depth - wide, 0.3), row / 7
            tall = rng.uniform(0.6, 0.86) / 7
            colour = rgb(BOOKS[int(rng.integers(len(BOOKS)))]) * np.float32(rng.uniform(0.6, 1.25))
            if rng.random() > 0.07:
                canvas.poly(
                    layer, [at(depth, v), at(nearer, v), at(nearer, v + tall), at(depth, v + tall)], colour
                )
            depth = nearer
        v = row / 7
        canvas.poly(
            layer,
            [at(2.6, v - 0.008), at(0.3, v - 0.008), at(0.3, v + 0.006), at(2.6, v + 0.006)],
            rgb("#7a5434"),
        )
    for depth in (2.6, 2.0, 1.5, 1.1, 0.8, 0.56):
        canvas.poly(
            layer,
            [at(depth, 0), at(depth - 0.035 * depth, 0), at(depth - 0.035 * depth, 1), at(depth, 1)],
            rgb("#8a5f3a"),
        )


def _near_shelves(setting: Setting, canvas: Canvas, day: Floats, lamps: float) -> Floats:
    """The nearest bays, at both edges of the frame."""
    rng = setting.rng(6)
    room = Room(canvas, np.asarray(day * 0.3 + LAMP * 0.3 * lamps + 0.04, np.float32))
    span = canvas.half[0]
    for side in (-1, 1):
        inner, outer = side * span * 0.86, side * (span * 1.3 + 0.1)
        low, high = (min(inner, outer), canvas.top - 0.05), (max(inner, outer), -canvas.top + 0.05)
        shelf(canvas, room.layer, rng, low, high, 6, BOOKS, rgb("#6a4629"), 0.05)
        room.throw((inner, canvas.fy(0.2)), LAMP, 0.4, 0.5 * lamps)
    return room.light()


def stage(setting: Setting) -> Painting:
    """On a stage: beams from above, haze, lamps in the dark behind, a floor that mirrors them."""
    canvas, rng = setting.canvas(), setting.rng(1)
    film = Develop(canvas, aperture=0.02)
    floor = canvas.fy(0.80)
    codes = ("#5b7cff", "#c24cff", "#ff5a9c", "#4cc8ff")
    smoke = np.clip(1 + 0.35 * fbm(canvas, rng, 1.8, 5, 0.55, (1.6, 1.0)), 0.3, 2)
    light = np.zeros((canvas.height, canvas.width, 3), np.float32) + rgb("#0a0c18")
    folds = 0.5 + 0.5 * np.sin(canvas.x * 34 + 1.3 * np.sin(canvas.x * 9) + 0.6)
    light += (folds * ramp(canvas.y, floor, canvas.top))[..., None] * rgb("#3a1830", 0.4)
    sets: list[Floats] = [np.zeros_like(light), np.zeros_like(light)]
    for i, x in enumerate(np.linspace(-0.08, 1.08, 8)):
        top = (canvas.fx(float(x)), canvas.top + 0.06)
        foot = (canvas.fx(0.5 + (float(x) - 0.5) * 0.35 + 0.05 * (-1) ** i), floor + 0.1)
        colour = rgb(codes[i % 4])
        beam = cone(canvas, top, foot, 0.34)
        spot = pool(canvas, foot, 0.13, 3.2)
        sets[i % 2] += (beam * smoke * ramp(canvas.y, floor + 0.1, floor - 0.25) * 0.55 + spot * 0.35)[
            ..., None
        ] * colour
        bokeh(
            canvas, light, np.array([top]), (mix(colour, rgb("#ffffff"), 0.6) * 1.2)[None], Lens(0.026, 0.3)
        )
    light += (
        pool(canvas, (canvas.fx(0.5), canvas.fy(0.42)), 0.4)[..., None]
        * rgb("#8a7cff", 0.22)
        * smoke[..., None]
    )
    ground = ramp(canvas.y, floor - 0.01, floor + 0.01)[..., None]
    boards = rgb("#14131c") * (1 + 0.12 * fbm(canvas, rng, 5, 4, 0.5, (4, 1)))[..., None]
    light = light * (1 - ground) + boards * ground
    gloss(canvas, light, light + sets[0] + sets[1], floor, 0.4, 0.06)
    far = np.zeros_like(light)
    points = np.stack(
        [rng.uniform(canvas.left, -canvas.left, 60), floor - np.abs(rng.normal(0.04, 0.05, 60))], 1
    )
    colours = np.stack(
        [
            rgb(codes[int(i)], s)
            for i, s in zip(rng.integers(0, 4, 60), rng.uniform(0.1, 0.6, 60), strict=True)
        ]
    )
    bokeh(canvas, far, points, colours, Lens(0.014, 0.3))
    still = Develop(canvas, 1.0, 0.0)
    plates = (
        film.plate(np.asarray(bloom(light, canvas.unit * 0.06, 0.15), np.float32), 8.0),
        still.glow(far, 7.0, Flicker.TWINKLE, 7),
        film.glow(sets[0], 5.0, Flicker.TWINKLE, 1),
        film.glow(sets[1], 5.0, Flicker.TWINKLE, 5),
    )
    lit = Light((-0.35, -0.75, 0.56), (0.58, 0.55, 0.58), (0.22, 0.21, 0.30), (0.62, 0.46, 0.95), (0.8, -0.6))
    return Painting(plates, lit, (0.10, 0.08, 0.18), (0.9, 0.85, 1.0), roofed=True)
