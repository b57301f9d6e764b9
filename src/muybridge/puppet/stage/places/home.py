"""At home: a living room by its window, and a room with a fire burning."""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas, bloom, ramp, rgb
from muybridge.puppet.stage.paint.lights import Lens, bokeh
from muybridge.puppet.stage.paint.noise import fbm
from muybridge.puppet.stage.paint.rooms import BOOKS, Room, gloss, planks, pot_plant, shelf, window
from muybridge.puppet.stage.places.cafe import DAYLIGHT
from muybridge.puppet.stage.places.outside import view
from muybridge.puppet.stage.plates import Flicker, Light
from muybridge.puppet.stage.setting import Develop, Painting, Setting

LAMP = rgb("#ffcf96")
FIRE = rgb("#ffa45c")


def living_room(setting: Setting) -> Painting:
    """Sofa, shelves, pictures and a floor lamp; a tall window with curtains at the left."""
    canvas = setting.canvas()
    film = Develop(canvas)
    code, amount = DAYLIGHT[setting.hour]
    day = rgb(code) * np.float32(amount * (0.65 if setting.overcast else 1.05))
    lamps = 0.12 if setting.hour == "day" else 0.9
    wall = _living_wall(setting, canvas, day, lamps)
    plates = (
        film.plate(np.asarray(bloom(wall, canvas.unit * 0.07, 0.12), np.float32), 6.0),
        film.plate(_sofa(setting, canvas, day, lamps), 3.6),
    )
    key = (0.34, 0.28, 0.22) if setting.night else (0.52, 0.50, 0.48)
    fill = (0.34, 0.31, 0.30) if setting.night else (0.42, 0.42, 0.42)
    light = Light((-0.75, -0.3, 0.59), key, fill, (0.36, 0.33, 0.30), (-1.0, -0.3))
    return Painting(plates, light, (0.5, 0.45, 0.4), (0.95, 0.92, 0.88), roofed=True)


def _living_wall(setting: Setting, canvas: Canvas, day: Floats, lamps: float) -> Floats:
    rng, floor = setting.rng(1), canvas.fy(0.83)
    room = Room(canvas, np.asarray(day * 0.42 + LAMP * 0.14 * lamps, np.float32), rgb("#cfc6b8"))
    room.layer[..., :3] *= (1 + 0.015 * fbm(canvas, rng, 3.0, 4))[..., None]
    canvas.rect(room.layer, (canvas.left - 0.1, floor - 0.03), (-canvas.left + 0.1, floor), rgb("#e8e4dc"))
    for (x, y, w, h), tone in (
        ((0.40, 0.17, 0.17, 0.22), "#d8a45c"),
        ((0.52, 0.13, 0.13, 0.16), "#5c7c8c"),
        ((0.53, 0.33, 0.11, 0.10), "#b46a54"),
    ):
        low = (canvas.fx(x), canvas.fy(y))
        canvas.rect(room.layer, low, (low[0] + w, low[1] + h), rgb("#3a302a"))
        canvas.rect(
            room.layer, (low[0] + 0.01, low[1] + 0.01), (low[0] + w - 0.01, low[1] + h - 0.01), rgb("#eeeae2")
        )
        canvas.rect(
            room.layer, (low[0] + 0.03, low[1] + 0.035), (low[0] + w - 0.03, low[1] + h - 0.035), rgb(tone)
        )
    room.darken((canvas.fx(0.82), canvas.fy(0.5)), (0.30, 0.55), 0.18)
    shelf(
        canvas,
        room.layer,
        rng,
        (canvas.fx(0.71), canvas.fy(0.14)),
        (canvas.fx(0.93), floor),
        5,
        BOOKS,
        rgb("#7a5638"),
        0.021,
    )
    boards = planks(canvas, floor - 0.07, setting.key(3), (rgb("#7c5434"), rgb("#b08458")))
    below = canvas.y > floor
    room.layer[..., :3][below] = boards[below]
    canvas.ellipse(room.layer, (canvas.fx(0.45), canvas.fy(0.97)), (0.62, 0.07), rgb("#b8ac9c"))
    low, high = (canvas.fx(0.03), canvas.fy(0.06)), (canvas.fx(0.27), canvas.fy(0.76))
    window(canvas, room, low, high, view(setting, canvas, canvas.fy(0.5)) * 1.1, rgb("#f0ece4"), (2, 3))
    _curtains(canvas, room, floor)
    if setting.hour != "night" and not setting.overcast:  # the window's own light, slanting over the wall
        for i in range(2):
            x, y = canvas.fx(0.40 + 0.075 * i), canvas.fy(0.30)
            patch = canvas.layer()
            slant = [(x, y), (x + 0.10, y + 0.03), (x + 0.16, y + 0.36), (x + 0.06, y + 0.33)]
            canvas.poly(patch, slant, day)
            room.falling += cv2.GaussianBlur(patch[..., :3], (0, 0), canvas.unit * 0.012) * np.float32(0.55)
    room.throw((canvas.fx(0.16), canvas.fy(0.45)), day, 0.75, float(day.max()) * 1.0)
    _floor_lamp(canvas, room, floor, lamps)
    light = room.light()[..., :3]
    gloss(canvas, light, light, floor, 0.16)
    return np.asarray(light, np.float32)


def _curtains(canvas: Canvas, room: Room, floor: float) -> None:
    """Curtains at both sides of the window, in folds that let some light through."""
    for x in (canvas.fx(-0.06), canvas.fx(0.26)):
        for i in range(9):
            fold = np.float32(0.78 + 0.3 * np.sin(i * 2.1))
            canvas.rect(
                room.layer,
                (x + i * 0.018, canvas.fy(0.02)),
                (x + (i + 1) * 0.018, floor),
                rgb("#d9cdbc") * fold,
            )
            room.glow[:, canvas.px(x + i * 0.018, 0)[0] : canvas.px(x + (i + 1) * 0.018, 0)[0] + 1] *= 0.25


def _floor_lamp(canvas: Canvas, room: Room, floor: float, lamps: float) -> None:
    """A lamp on a stand with a cloth shade."""
    lamp = (canvas.fx(0.655), canvas.fy(0.33))
    canvas.rect(room.layer, (lamp[0] - 0.005, lamp[1]), (lamp[0] + 0.005, floor), rgb("#3a322c"))
    shade = canvas.layer()
    canvas.poly(
        shade,
        [
            (lamp[0] - 0.05, lamp[1] - 0.07),
            (lamp[0] + 0.05, lamp[1] - 0.07),
            (lamp[0] + 0.085, lamp[1] + 0.06),
            (lamp[0] - 0.085, lamp[1] + 0.06),
        ],
        LAMP * (0.35 + 1.5 * lamps),
    )
    room.layer[:] = room.layer * (1 - shade[..., 3:]) + shade * [0, 0, 0, 1]
    room.glow = room.glow * (1 - shade[..., 3:]) + shade[..., :3]
    room.throw(lamp, LAMP, 0.3, 0.85 * lamps)


def _sofa(setting: Setting, canvas: Canvas, day: Floats, lamps: float) -> Floats:
    rng = setting.rng(5)
    room = Room(canvas, np.asarray(day * 0.5 + LAMP * 0.2 * lamps, np.float32))
    cloth, top, foot = rgb("#5f7080"), canvas.fy(0.64), canvas.fy(0.99)
    left, right = canvas.fx(0.30), canvas.fx(0.86)
    canvas.rect(room.layer, (left, top), (right, foot), cloth * 0.9)
    canvas.ellipse(room.layer, ((left + right) / 2, top), ((right - left) / 2, 0.022), cloth * 1.15)
    for i in range(3):
        x = left + (i + 0.5) * (right - left) / 3
        canvas.ellipse(
            room.layer, (x, top + 0.11), ((right - left) / 6.4, 0.095), cloth * np.float32(1.08 - 0.08 * i)
        )
    canvas.rect(room.layer, (left, canvas.fy(0.85)), (right, foot), cloth * 0.8)
    for x, tone in ((0.37, "#d8a03c"), (0.47, "#e8e0d0"), (0.79, "#b4543c")):
        canvas.ellipse(room.layer, (canvas.fx(x), top + 0.10), (0.075, 0.07), rgb(tone), 14)
    for x in (left, right):
        canvas.ellipse(room.layer, (x, canvas.fy(0.80)), (0.045, 0.07), cloth * 1.1)
        canvas.rect(room.layer, (x - 0.045, canvas.fy(0.80)), (x + 0.045, foot), cloth)
    pot_plant(
        canvas,
        room.layer,
        rng,
        (canvas.fx(0.97), canvas.fy(0.95)),
        0.5,
        rgb("#c8bca8"),
        (rgb("#1f3d22"), rgb("#6c9a54")),
    )
    room.throw((canvas.fx(0.1), canvas.fy(0.4)), day, 0.7, float(day.max()))
    room.throw((canvas.fx(0.655), canvas.fy(0.3)), LAMP, 0.32, 0.7 * lamps)
    seen = room.light()
    seen[..., :3] *= (1.12 - 0.5 * ramp(canvas.y, top, foot))[..., None]
    return seen


def fireplace(setting: Setting) -> Painting:
    """A hearth with a fire, candles on its mantel, books beside it; evening whatever the hour."""
    canvas = setting.canvas()
    film = Develop(canvas, aperture=0.02)
    wall = _hearth(setting, canvas)
    flames = _flames(setting, canvas)
    falling = _firelight(canvas)
    rng = setting.rng(9)
    tips = np.zeros_like(wall)
    points = np.stack(
        [rng.uniform(canvas.fx(0.5), canvas.fx(1.05), 30), canvas.fy(0.42) + rng.normal(0, 0.012, 30)], 1
    )
    bokeh(canvas, tips, points, rng.uniform(0.25, 0.9, (30, 1)) * rgb("#ffb45e"), Lens(0.0135, 0.3))
    still = Develop(canvas, 1.0, 0.0)
    plates = (
        film.plate(np.asarray(bloom(wall, canvas.unit * 0.08, 0.1), np.float32), 5.0),
        film.glow(np.asarray(falling * wall * 1.0, np.float32), 5.0, Flicker.FIRE, 3),
        film.glow(flames[0], 5.0, Flicker.FIRE, 1),
        film.glow(flames[1], 5.0, Flicker.FIRE, 2),
        still.glow(tips, 4.4, Flicker.TWINKLE, 4),
    )
    light = Light(
        (0.75, 0.3, 0.58),
        (0.48, 0.29, 0.15),
        (0.30, 0.24, 0.21),
        (0.85, 0.42, 0.16),
        (1.0, 0.25),
        Flicker.FIRE,
        3,
    )
    return Painting(plates, light, (0.2, 0.12, 0.07), (0.85, 0.66, 0.48), roofed=True)


FIRE_AT = (0.76, 0.76)  # of the frame


def _firelight(canvas: Canvas) -> Floats:
    away = np.hypot(canvas.x - canvas.fx(FIRE_AT[0]), (canvas.y - canvas.fy(FIRE_AT[1])) * 1.1)
    return np.asarray((0.55 * np.exp(-away * 2.1))[..., None] * FIRE * 1.6, np.float32)


def _hearth(setting: Setting, canvas: Canvas) -> Floats:
    rng, x, y = setting.rng(1), canvas.fx(FIRE_AT[0]), canvas.fy(FIRE_AT[1])
    room = Room(canvas, rgb("#6a5a58") * 0.5, rgb("#5e4638"))
    room.layer[..., :3] *= (1 + 0.03 * fbm(canvas, rng, 4.0, 4))[..., None]
    shelf(
        canvas,
        room.layer,
        rng,
        (canvas.left - 0.05, canvas.fy(-0.1)),
        (canvas.fx(0.38), canvas.fy(0.86)),
        5,
        BOOKS,
        rgb("#6a4428"),
        0.024,
    )
    for row in range(26):
        top = canvas.fy(0.45) + row * 0.034
        for column in range(13):
            left = x - 0.42 + (column + 0.5 * (row % 2)) * 0.066
            canvas.rect(
                room.layer,
                (left, top),
                (left + 0.061, top + 0.029),
                rgb("#8a5a46") * np.float32(rng.uniform(0.7, 1.3)),
            )
    canvas.rect(room.layer, (x - 0.26, y - 0.19), (x + 0.26, y + 0.16), rgb("#120b08"))
    canvas.rect(room.layer, (x - 0.50, canvas.fy(0.43)), (x + 0.50, canvas.fy(0.465)), rgb("#7a5030"))
    for i in range(4):
        canvas.line(
            room.layer,
            [(x - 0.17 + 0.03 * i, y + 0.12 - 0.02 * i), (x + 0.14 + 0.02 * i, y + 0.10 - 0.012 * i)],
            0.032,
            rgb("#3a2418"),
        )
    canvas.rect(room.layer, (x - 0.13, canvas.fy(0.10)), (x + 0.15, canvas.fy(0.33)), rgb("#3c2c1c"))
    canvas.rect(room.layer, (x - 0.11, canvas.fy(0.125)), (x + 0.13, canvas.fy(0.305)), rgb("#6a6a5c"))
    floor = canvas.fy(0.93)
    boards = planks(canvas, floor - 0.1, setting.key(3), (rgb("#4a2e1c"), rgb("#7c5434")))
    below = canvas.y > floor
    room.layer[..., :3][below] = boards[below]
    room.throw((x, y), FIRE, 0.30, 1.5)
    room.throw((x, canvas.fy(0.40)), LAMP, 0.14, 0.8)
    light = room.light()[..., :3]
    gloss(canvas, light, light, floor, 0.2)
    return np.asarray(light, np.float32)


def _flames(setting: Setting, canvas: Canvas) -> tuple[Floats, Floats]:
    """Two sets of flames that flicker apart from each other."""
    x, y = canvas.fx(FIRE_AT[0]), canvas.fy(FIRE_AT[1]) + 0.11
    made = []
    for i in range(2):
        rough = fbm(canvas, setting.rng(20 + i), 7.0, 4, 0.55, (0.7, 1.6))
        up = (np.float32(y) - canvas.y) / np.float32(0.24)
        lean = 0.05 * fbm(canvas, setting.rng(24 + i), 4.0, 3, 0.5, (1.0, 1.5)) * np.clip(up, 0, 1)
        wide = 0.17 * np.clip(1.05 - up, 0.02, 1.2) ** 0.8
        body = (
            np.exp(-(((canvas.x - x + lean) / wide) ** 2))
            * ramp(up + 0.28 * rough, 1.02, 0.25)
            * ramp(up, -0.1, 0.05)
        )
        heat = np.clip(body * (1.25 + 0.35 * rough), 0, 2)[..., None]
        made.append(
            np.asarray(
                heat * rgb("#ff7a1e", 1.15) + np.maximum(heat - 0.75, 0) * rgb("#ffd890", 3.4), np.float32
            )
        )
    return made[0], made[1]
