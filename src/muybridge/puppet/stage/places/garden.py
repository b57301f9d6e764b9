"""A garden in bloom."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint import sky as skies
from muybridge.puppet.stage.paint.canvas import Canvas, Point, cover, haze, mix, ramp, rgb
from muybridge.puppet.stage.paint.foliage import Leaves, branch, dots, mass
from muybridge.puppet.stage.paint.land import tinted
from muybridge.puppet.stage.paint.lights import Lens, bokeh, pool
from muybridge.puppet.stage.paint.noise import Ground
from muybridge.puppet.stage.particles import Particles, make
from muybridge.puppet.stage.places.beach import still_sky
from muybridge.puppet.stage.places.daylight import far_air, outdoor_light, weather_air, white_in
from muybridge.puppet.stage.places.seasons import daylight, leaves, season_of, shadelight, turf
from muybridge.puppet.stage.plates import Flicker, Motion, Plate
from muybridge.puppet.stage.setting import Develop, Painting, Setting

LANTERN = rgb("#ff9a4a")


def blossom(setting: Setting, size: float) -> Leaves:
    """What the trees bear: blossoms in spring and where no season was named, else leaves."""
    if setting.bare:
        return Leaves(rgb("#8fa0b8") * daylight(setting), rgb("#f4f8fc") * daylight(setting), size, 0.02)
    if setting.season in (None, "spring"):
        return Leaves(
            rgb("#b4607c") * mix(daylight(setting), shadelight(setting), 0.5),
            rgb("#ffd9e2") * daylight(setting) * 1.1,
            size,
            0.04,
        )
    return leaves(setting, size)


def garden(setting: Setting) -> Painting:
    """A garden in bloom: blossoming trees, a lawn with flower beds, petals in the air."""
    canvas = setting.canvas()
    horizon, film = canvas.fy(0.60), Develop(canvas, aperture=0.02)
    painted = skies.sky(canvas, setting.hour, horizon, overcast=setting.overcast)
    sky = still_sky(setting, film, painted, horizon, 0.45)
    plates: list[Plate] = [
        sky,
        film.plate(_far_trees(setting, canvas, painted, horizon), 11.0),
        film.plate(_lawn(setting, canvas, horizon), 6.0),
        film.plate(
            _bough(setting, canvas), 3.6, Motion(turn=0.5, anchor=(canvas.left, canvas.top), period=4.6)
        ),
    ]
    if setting.night:
        plates.append(_lanterns(setting, film, horizon))
    own: tuple[Particles, ...] = ()
    if setting.weather is None and not setting.bare and setting.season in (None, "spring"):
        own = (make("petals", setting.size, setting.seed, white_in(setting)),)
    return Painting(
        tuple(plates), outdoor_light(setting, painted), weather_air(setting), white_in(setting), particles=own
    )


def park(setting: Setting) -> Painting:
    """The same garden in leaf and not in bloom: a park in summer where no season was named."""
    return garden(replace(setting, season=setting.season or "summer"))


def _far_trees(setting: Setting, canvas: Canvas, painted: skies.Sky, horizon: float) -> Floats:
    rng, layer = setting.rng(3), canvas.layer()
    air = far_air(setting, painted, horizon, canvas)
    green = leaves(setting, 0.009)
    x = np.linspace(canvas.left, -canvas.left, 40)
    mass(canvas, layer, rng, np.stack([x, horizon - 0.03 + rng.normal(0, 0.02, 40)], 1), 0.06, 40, green)
    haze(layer, air, 0.3)
    for where, tall in ((0.02, 0.46), (0.16, 0.34), (0.33, 0.26), (0.72, 0.30), (0.86, 0.44), (1.0, 0.5)):
        foot = (canvas.fx(where), horizon + 0.03)
        tips = branch(
            canvas, layer, rng, foot, (0.01, -tall * 0.42), 0.022, rgb("#4a342c") * daylight(setting) * 0.7, 4
        )
        points = np.array(tips) + rng.normal(0, 0.015, (len(tips), 2))
        mass(
            canvas,
            layer,
            rng,
            points,
            0.085,
            46,
            blossom(setting, 0.0095),
            (np.sign(painted.sun[0]) * 0.4, -0.8),
        )
    return layer


def _lawn(setting: Setting, canvas: Canvas, horizon: float) -> Floats:
    rng, ground = setting.rng(5), Ground(canvas, horizon - 0.02)
    low, high = turf(setting)
    field = ground.noise(1.6, setting.key(6), 5, 2.0)
    layer = cover(tinted(field, low, high), ramp(canvas.y, horizon + 0.01, horizon + 0.03))
    path = (
        np.abs(canvas.x - np.float32(0.18) * (canvas.y - horizon))
        < 0.30 * np.maximum(canvas.y - horizon, 0) + 0.006
    )
    stone = rgb("#c8bda8") * daylight(setting) * (0.9 + 0.08 * ground.noise(4, setting.key(7), 3))[..., None]
    layer[..., :3] = np.where((path & (canvas.y > horizon + 0.02))[..., None], stone, layer[..., :3])
    if season_of(setting) != "winter":
        count = 900
        near = rng.random(count) ** 1.4
        side = rng.choice([-1, 1], count)
        y = horizon + 0.03 + near * (-canvas.top - horizon)
        x = 0.18 * (y - horizon) + side * (
            0.36 * (y - horizon) + np.abs(rng.normal(0.02, 0.05, count)) * (0.4 + near)
        )
        codes = ("#f8f4ec", "#f2a8c0", "#e8547c", "#f6d860", "#c08ae8", "#ffffff")
        colours = np.stack(
            [rgb(codes[int(i)]) * daylight(setting) * 1.2 for i in rng.integers(0, len(codes), count)]
        )
        dots(canvas, layer, np.stack([x, y], 1), 0.003 + 0.009 * near, colours)
    fallen = ramp(ground.noise(3.0, setting.key(8), 4, 1.5), 0.3, 1.5) * ramp(
        canvas.y, horizon + 0.02, horizon + 0.2
    )
    if setting.season in (None, "spring") and not setting.bare:
        layer[..., :3] += (
            (rgb("#f6c4d2") * daylight(setting) - layer[..., :3]) * (0.5 * fallen)[..., None]
        ) * layer[..., 3:]
    return layer


def _bough(setting: Setting, canvas: Canvas) -> Floats:
    """Branches in bloom that reach in from the upper corners."""
    rng, layer = setting.rng(9), canvas.layer()
    bark = rgb("#3c2a24") * daylight(setting) * 0.7
    tips: list[Point] = []
    for side, reach in ((-1, 0.36), (1, 0.27)):
        foot = (side * (canvas.half[0] * 1.25), canvas.fy(0.02))
        tips += branch(canvas, layer, rng, foot, (-side * reach, -0.01), 0.022, bark, 4)
    points = np.array(tips) + rng.normal(0, 0.02, (len(tips), 2))
    mass(canvas, layer, rng, points, 0.075, 34, blossom(setting, 0.013))
    return layer


def _lanterns(setting: Setting, film: Develop, horizon: float) -> Plate:
    """Lights strung between the trees, after dark."""
    canvas, rng = film.canvas, setting.rng(10)
    light = np.zeros((canvas.height, canvas.width, 3), np.float32)
    x = np.linspace(canvas.left, -canvas.left, 26)
    y = horizon - 0.26 + 0.06 * np.sin(x * 6)
    for i in range(1, 26, 4):  # what they throw on leaves and lawn
        light += (0.022 * pool(canvas, (float(x[i]), float(y[i])), 0.12))[..., None] * LANTERN
        light += (0.016 * pool(canvas, (float(x[i]), horizon + 0.12), 0.16, 2.4))[..., None] * LANTERN
    points = np.stack([x, y + rng.normal(0, 0.006, 26)], 1)
    bokeh(canvas, light, points, rng.uniform(0.4, 0.9, (26, 1)) * LANTERN, Lens(0.018, 0.3))
    return Develop(canvas, 1.0, 0.0).glow(light, 7.0, Flicker.TWINKLE, setting.seed)
