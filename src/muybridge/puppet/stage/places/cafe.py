"""A cafe: counter and shelves in lamp light, a window at one side, lamps hanging in a row."""

from __future__ import annotations

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas, bloom, mix, rgb
from muybridge.puppet.stage.paint.lights import Lens, bokeh
from muybridge.puppet.stage.paint.rooms import JARS, Room, gloss, pendant, planks, pot_plant, shelf, window
from muybridge.puppet.stage.places.outside import view
from muybridge.puppet.stage.plates import Flicker, Light, Plate
from muybridge.puppet.stage.setting import Develop, Painting, Setting

BULB = rgb("#ffc27a")
# daylight that comes in at the window, and how much
DAYLIGHT = {
    "dawn": ("#ffd9b8", 0.45),
    "day": ("#e8f0f8", 0.75),
    "sunset": ("#ffb070", 0.6),
    "night": ("#5a70a8", 0.06),
}


def cafe(setting: Setting) -> Painting:
    """A warm cafe with its counter behind the subject."""
    canvas = setting.canvas()
    film = Develop(canvas, 1.25, 0.0195)
    code, amount = DAYLIGHT[setting.hour]
    day = rgb(code) * np.float32(amount * (0.6 if setting.overcast else 1.0))
    lamps = 0.55 if setting.hour == "day" else 0.95
    back = _back(setting, canvas, day, lamps)
    plates: list[Plate] = [
        film.plate(np.asarray(bloom(back, canvas.unit * 0.06, 0.10), np.float32), 7.0),
        film.plate(_counter(setting, canvas, day, lamps), 4.6),
        film.plate(_lamps(setting, canvas, lamps), 3.4),
        _string(setting, canvas, film),
    ]
    warm = (0.34, 0.27, 0.2) if setting.night else (0.44, 0.41, 0.37)
    fill = (0.34, 0.30, 0.27) if setting.night else (0.46, 0.45, 0.44)
    rim = (0.55, 0.38, 0.22) if setting.night else (0.45, 0.40, 0.34)
    light = Light((-0.6, -0.4, 0.69), warm, fill, rim, (0.8, -0.5))
    return Painting(tuple(plates), light, (0.3, 0.24, 0.18), (0.9, 0.84, 0.76), roofed=True)


def _back(setting: Setting, canvas: Canvas, day: Floats, lamps: float) -> Floats:
    """The far wall: bricks, shelves, a board, and the window."""
    rng, floor = setting.rng(1), canvas.fy(0.80)
    room = Room(canvas, np.asarray(day * 0.32 + BULB * 0.10 * lamps, np.float32), rgb("#6a4a38"))
    for row in range(60):
        y = canvas.top + row * 0.024
        for column in range(60):
            x = canvas.left + (column + 0.5 * (row % 2)) * 0.058
            tone = rgb("#7a4e3a") * np.float32(rng.uniform(0.75, 1.25))
            canvas.rect(room.layer, (x, y), (x + 0.053, y + 0.019), tone)
    wood = rgb("#8a5c36")
    shelf(
        canvas,
        room.layer,
        rng,
        (canvas.fx(0.36), canvas.fy(0.14)),
        (canvas.fx(0.74), canvas.fy(0.52)),
        3,
        JARS,
        wood,
        0.03,
    )
    canvas.rect(
        room.layer, (canvas.fx(0.78), canvas.fy(0.10)), (canvas.fx(1.02), canvas.fy(0.44)), rgb("#20241f")
    )
    for i in range(9):
        y = canvas.fy(0.15 + 0.03 * i)
        x = canvas.fx(0.80)
        canvas.line(room.layer, [(x, y), (x + rng.uniform(0.1, 0.34), y)], 0.006, rgb("#b8b4a4"))
    boards = planks(canvas, floor - 0.04, setting.key(3), (rgb("#4a3020"), rgb("#7a5434")))
    below = canvas.y > floor
    room.layer[..., :3][below] = boards[below]
    edge = (canvas.fx(0.30), canvas.fy(0.72))
    window(
        canvas,
        room,
        (canvas.left - 0.1, canvas.fy(0.04)),
        edge,
        view(setting, canvas, canvas.fy(0.5)),
        rgb("#3a2c22"),
        (4, 2),
    )
    room.throw((canvas.fx(0.2), canvas.fy(0.5)), day, 0.55, float(day.max()) * 0.9)
    for x in (0.42, 0.56, 0.70, 0.88):
        room.throw((canvas.fx(x), canvas.fy(0.18)), BULB, 0.22, 0.62 * lamps, 0.8)
    light = room.light()[..., :3]
    gloss(canvas, light, light, floor, 0.22)
    points = np.stack(
        [
            rng.uniform(canvas.fx(0.36), canvas.fx(0.74), 46),
            rng.uniform(canvas.fy(0.16), canvas.fy(0.52), 46),
        ],
        1,
    )
    bokeh(canvas, light, points, rng.uniform(0.05, 0.5, (46, 1)) * BULB * lamps, Lens(0.008, 0.2))
    return np.asarray(light, np.float32)


def _counter(setting: Setting, canvas: Canvas, day: Floats, lamps: float) -> Floats:
    """The counter with its machine and cups, a plant and a table with chairs."""
    rng = setting.rng(5)
    room = Room(canvas, np.asarray(day * 0.4 + BULB * 0.2 * lamps, np.float32))
    top, foot = canvas.fy(0.60), canvas.fy(0.86)
    right = -canvas.left + 0.1
    for i in range(22):
        x = canvas.fx(0.52) + i * 0.056
        canvas.rect(
            room.layer, (x, top), (x + 0.05, foot), rgb("#5c3d26") * np.float32(rng.uniform(0.8, 1.15))
        )
    canvas.rect(room.layer, (canvas.fx(0.51), top - 0.014), (right, top + 0.018), rgb("#c8a070"))
    steel = (canvas.fx(0.80), canvas.fy(0.44))
    canvas.rect(room.layer, steel, (canvas.fx(0.93), top - 0.014), rgb("#9a9c9e"))
    canvas.rect(room.layer, steel, (canvas.fx(0.93), canvas.fy(0.47)), rgb("#e4e6e8"))
    canvas.rect(
        room.layer, (canvas.fx(0.82), canvas.fy(0.51)), (canvas.fx(0.91), top - 0.014), rgb("#34302e")
    )
    for x in np.arange(0.60, 0.79, 0.03):
        tall = rng.uniform(0.02, 0.06)
        colour = rgb(JARS[int(rng.integers(len(JARS)))]) * 1.2
        canvas.rect(
            room.layer, (canvas.fx(x), top - 0.014 - tall), (canvas.fx(x) + 0.026, top - 0.014), colour
        )
    pot_plant(
        canvas,
        room.layer,
        rng,
        (canvas.fx(0.05), canvas.fy(0.84)),
        0.42,
        rgb("#8a5a40"),
        (rgb("#1f3a1c"), rgb("#6a9a4a")),
    )
    _table(canvas, room.layer)
    room.throw((canvas.fx(0.1), canvas.fy(0.5)), day, 0.5, float(day.max()) * 0.9)
    for x in (0.55, 0.70, 0.86):
        room.throw((canvas.fx(x), canvas.fy(0.42)), BULB, 0.2, 0.7 * lamps)
    return room.light()


def _table(canvas: Canvas, layer: Floats) -> None:
    """A round table and two chairs by the window."""
    canvas.ellipse(layer, (canvas.fx(0.20), canvas.fy(0.80)), (0.17, 0.022), rgb("#a87848"))
    canvas.rect(
        layer, (canvas.fx(0.195), canvas.fy(0.80)), (canvas.fx(0.205), canvas.fy(1.05)), rgb("#241c18")
    )
    for x in (0.10, 0.30):
        canvas.rect(
            layer,
            (canvas.fx(x) - 0.06, canvas.fy(0.72)),
            (canvas.fx(x) + 0.06, canvas.fy(0.80)),
            rgb("#4a3222"),
        )
        canvas.rect(
            layer,
            (canvas.fx(x) - 0.06, canvas.fy(0.86)),
            (canvas.fx(x) + 0.06, canvas.fy(0.89)),
            rgb("#5c4028"),
        )
        for leg in (-0.055, 0.045):
            canvas.rect(
                layer,
                (canvas.fx(x) + leg, canvas.fy(0.72)),
                (canvas.fx(x) + leg + 0.01, canvas.fy(1.1)),
                rgb("#2c2018"),
            )


def _lamps(setting: Setting, canvas: Canvas, lamps: float) -> Floats:
    """Lamps that hang above the counter, nearer than it."""
    del setting
    room = Room(canvas, rgb("#8a7a6a") * 0.4)
    for x, y, size in ((0.62, 0.20, 0.055), (0.76, 0.17, 0.066), (0.93, 0.13, 0.080), (0.16, 0.10, 0.07)):
        pendant(
            canvas,
            room,
            canvas.fx(x),
            canvas.fy(y),
            size,
            rgb("#2c2a2a"),
            BULB * np.float32(2.4 * lamps + 0.8),
        )
    return room.light()


def _string(setting: Setting, canvas: Canvas, film: Develop) -> Plate:
    """A string of small bulbs along the wall, as discs."""
    rng, light = setting.rng(8), np.zeros((canvas.height, canvas.width, 3), np.float32)
    x = np.linspace(canvas.left, -canvas.left, 30)
    sag = 0.05 * np.sin(x * 7.5) ** 2
    points = np.stack([x + rng.normal(0, 0.004, 30), canvas.fy(0.065) + sag], 1)
    bokeh(
        canvas,
        light,
        points,
        rng.uniform(0.3, 0.7, (30, 1)) * mix(BULB, rgb("#fff0d0"), 0.3),
        Lens(0.0145, 0.35),
    )
    return Develop(canvas, film.exposure, 0.0).glow(light, 5.0, Flicker.TWINKLE, setting.seed)
