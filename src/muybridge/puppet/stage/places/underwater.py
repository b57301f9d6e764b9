"""Under the sea: rays from the surface, caustics on sand, reef and weeds, bubbles."""

from __future__ import annotations

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas, cover, haze, lay, mix, ramp, rgb
from muybridge.puppet.stage.paint.foliage import draw_leaves
from muybridge.puppet.stage.paint.land import below, ridge_line
from muybridge.puppet.stage.paint.lights import caustics, rays
from muybridge.puppet.stage.paint.noise import Ground, fbm
from muybridge.puppet.stage.particles import make
from muybridge.puppet.stage.plates import Flicker, Light, Motion, Plate
from muybridge.puppet.stage.setting import Develop, Painting, Setting

CORALS = ("#ff7a6a", "#ffb24a", "#d86ab0", "#f0e0a0", "#8a6ae0", "#5ac8a8")
# at the surface, in the middle, in the deep, and how bright it all is
WATERS = {
    "dawn": ("#bfe0d8", "#3f93a8", "#123c5c", 0.75),
    "day": ("#c4f4f0", "#23a0c4", "#08406c", 1.0),
    "sunset": ("#ffd0a0", "#4c7f98", "#162c50", 0.7),
    "night": ("#5a86b8", "#123a68", "#04101f", 0.32),
}


def underwater(setting: Setting) -> Painting:
    """A shallow reef, looking into blue water with the surface above."""
    canvas = setting.canvas()
    film = Develop(canvas, aperture=0.0175)
    top, middle, deep, gain = WATERS[setting.hour]
    colours = [rgb(c) * np.float32(gain) for c in (top, middle, deep)]
    water = _water(setting, canvas, colours)
    lay(_reef(setting, canvas, colours, 0, canvas.fy(0.66), 0.07), water)
    plates: list[Plate] = [film.plate(water, 20.0)]
    floor = canvas.fy(0.78)
    ground = Ground(canvas, floor - 0.10)
    sands = tuple(_sand(setting, canvas, ground, floor, colours, i) for i in range(3))
    plates.append(film.shimmer((sands[0], sands[1], sands[2]), 6.0, 2.0))
    plates.append(film.plate(_reef(setting, canvas, colours, 1, canvas.fy(0.90), 0.05), 4.2))
    plates.append(
        film.plate(
            _weeds(setting, canvas, colours), 3.2, Motion(lean=0.05, anchor=(0, -canvas.top), period=4.4)
        )
    )
    source = (canvas.fx(0.4), canvas.top - 0.5)
    beams = (
        rays(canvas, source, setting.key(8), 24.0, 2.0)
        * ramp(canvas.y, canvas.fy(0.9), canvas.fy(-0.1)) ** 1.5
    )
    light = np.asarray(beams[..., None] * colours[0] * 0.26, np.float32)
    plates.append(film.glow(light, 3.0, Flicker.TWINKLE, 2))
    lit = Light(
        (-0.1, -0.95, 0.3),
        (0.30 * gain, 0.52 * gain, 0.56 * gain),
        (0.20 * gain, 0.42 * gain, 0.52 * gain),
        (0.28 * gain, 0.55 * gain, 0.6 * gain),
        (0.0, -1.0),
    )
    air = (float(colours[1][0]), float(colours[1][1]), float(colours[1][2]))
    motes = make("dust", setting.size, setting.seed + 3, (0.5, 0.8, 0.9))
    rising = () if setting.weather == "bubbles" else (make("bubbles", setting.size, setting.seed + 5),)
    return Painting(tuple(plates), lit, air, (0.7, 0.95, 1.0), roofed=True, particles=(motes, *rising))


def _water(setting: Setting, canvas: Canvas, colours: list[Floats]) -> Floats:
    """Blue that deepens downwards and away from the light, the bright rippled surface at the top."""
    away = np.hypot((canvas.x - canvas.fx(0.42)) * 0.75, (canvas.y - canvas.top) * 1.1)
    share = np.clip(away / 0.62, 0, 1)[..., None]
    light = colours[0] + (colours[1] - colours[0]) * share
    light = light + (colours[2] - light) * ramp(away, 0.5, 1.55)[..., None]
    up = np.maximum(canvas.fy(0.14) - canvas.y, 0) + 0.05
    ripples = caustics(
        canvas,
        np.asarray(canvas.x / up * 0.55 + 9, np.float32),
        np.asarray(0.5 / up, np.float32),
        setting.key(2),
    )
    light = light + (ripples * ramp(canvas.y, canvas.fy(0.16), canvas.top))[..., None] * colours[0] * 1.4
    return np.asarray(light, np.float32)


def _sand(
    setting: Setting, canvas: Canvas, ground: Ground, floor: float, colours: list[Floats], moment: int
) -> Floats:
    """The sandy floor under a net of light."""
    rough = ground.noise(1.6, setting.key(3), 4, 1.6)
    x = np.pad(ground.x, ((ground.row, 0), (0, 0)))
    z = np.pad(ground.z, ((ground.row, 0), (0, 0)))
    net = caustics(
        canvas,
        np.asarray(x * 1.25 + 0.25 * moment, np.float32),
        np.asarray(z * 1.25 + 0.2 * moment, np.float32),
        setting.key(4 + moment),
    )
    tone = mix(rgb("#d8cfa0") * colours[1].max(), colours[1], 0.45)
    light = tone * (0.62 + 0.07 * rough)[..., None] + net[..., None] * colours[0] * 0.42
    layer = cover(np.asarray(light, np.float32), ramp(canvas.y - 0.01 * rough, floor - 0.02, floor + 0.03))
    haze(
        layer,
        mix(colours[1], colours[2], 0.35),
        np.asarray(0.85 * np.exp(-np.maximum(canvas.y - floor, 0) * 7), np.float32),
    )
    return layer


def _reef(
    setting: Setting, canvas: Canvas, colours: list[Floats], number: int, base: float, rise: float
) -> Floats:
    """Rocks with corals on them, blue with distance."""
    rng = setting.rng(20 + number)
    bowl = (
        0.16 * np.clip(1.1 - np.abs(np.linspace(-2.4, 2.4, canvas.width)), 0, 1)
        if number
        else 0.1 * np.cos(np.linspace(-4, 4, canvas.width))
    )
    line = ridge_line(canvas, rng, base, rise, 4.0, 0.5) + np.asarray(bowl, np.float32)
    rough = fbm(canvas, rng, 8.0, 4, 0.6)
    stone = rgb("#5c5248") * colours[1].max()
    layer = cover(
        np.asarray(stone * (0.8 + 0.3 * rough)[..., None], np.float32),
        below(canvas, np.asarray(line, np.float32)),
    )
    count = 420
    x = rng.uniform(canvas.left, -canvas.left, count)
    column = np.clip(((x - canvas.left) * canvas.unit).astype(int), 0, canvas.width - 1)
    points = np.stack([x, line[column] + np.abs(rng.normal(0, 0.05, count))], 1)
    corals = np.stack(
        [
            rgb(CORALS[int(i)]) * np.float32(rng.uniform(0.4, 1.3)) * colours[1].max()
            for i in rng.integers(0, len(CORALS), count)
        ]
    )
    draw_leaves(
        canvas,
        layer,
        points,
        rng.uniform(3, 9, count) * canvas.unit / 360,
        rng.uniform(0, 180, count),
        corals,
    )
    haze(layer, mix(colours[1], colours[2], 0.4), 0.72 if number == 0 else 0.22)
    return layer


def _weeds(setting: Setting, canvas: Canvas, colours: list[Floats]) -> Floats:
    """Weeds at both sides that lean with the swell."""
    rng, layer = setting.rng(30), canvas.layer()
    for side in (-1, 1):
        for _ in range(26):
            x = side * canvas.half[0] * rng.uniform(0.72, 1.2)
            tall, bend = rng.uniform(0.18, 0.55), rng.normal(0, 0.06)
            y = -canvas.top + 0.02
            points = [(x + bend * np.sin(3 * u + x * 9), y - tall * u) for u in np.linspace(0, 1, 9)]
            tone = (
                mix(rgb("#4a7a2c"), rgb("#b0a840"), rng.random())
                * colours[1].max()
                * np.float32(rng.uniform(0.5, 1.0))
            )
            canvas.line(layer, points, 0.014, mix(tone, colours[1], 0.2))
    return layer
