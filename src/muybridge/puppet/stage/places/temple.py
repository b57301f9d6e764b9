"""A temple: its court, a red hall with lanterns, a pagoda far off."""

from __future__ import annotations

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint import sky as skies
from muybridge.puppet.stage.paint.canvas import Canvas, Colour, Point, cover, lay, mix, ramp, rgb
from muybridge.puppet.stage.paint.foliage import Leaves, mass
from muybridge.puppet.stage.paint.land import below, ridge_line, tinted
from muybridge.puppet.stage.paint.lights import Lens, bokeh
from muybridge.puppet.stage.paint.noise import Ground
from muybridge.puppet.stage.places.beach import still_sky
from muybridge.puppet.stage.places.daylight import far_air, outdoor_light, weather_air, white_in
from muybridge.puppet.stage.places.seasons import daylight, leaves
from muybridge.puppet.stage.plates import Flicker, Motion, Plate
from muybridge.puppet.stage.setting import Develop, Painting, Setting

LANTERN = rgb("#ff9a4a")


def temple(setting: Setting) -> Painting:
    """A temple court: a pagoda in the mist of hills, a red hall with lanterns, maples."""
    canvas = setting.canvas()
    horizon, film = canvas.fy(0.64), Develop(canvas, aperture=0.0175)
    painted = skies.sky(canvas, setting.hour, horizon, overcast=setting.overcast)
    air = far_air(setting, painted, horizon, canvas)
    hills = canvas.layer()
    for i, (base, share) in enumerate(((0.46, 0.75), (0.54, 0.5))):
        line = ridge_line(canvas, setting.rng(2 + i), canvas.fy(base), 0.045, 2.2 + i, 0.42)
        lay(cover(mix(leaves(setting).dark, air, share), below(canvas, line)), hills)
    _pagoda(setting, canvas, hills, (canvas.fx(0.20), horizon), 0.62, air)
    court = _court(setting, canvas, horizon)
    hall = canvas.layer()
    _hall(setting, canvas, hall, (canvas.fx(0.84), horizon + 0.05), 0.95)
    lay(hall, court)
    maple = canvas.layer()
    rng = setting.rng(8)
    centres = np.stack(
        [canvas.fx(0.04) + rng.normal(0, 0.16, 30), canvas.top + np.abs(rng.normal(0, 0.14, 30))], 1
    )
    red = (
        Leaves(rgb("#6a1a14") * daylight(setting), rgb("#f0643a") * daylight(setting), 0.012)
        if setting.season in (None, "autumn") and not setting.bare
        else leaves(setting, 0.012)
    )
    mass(canvas, maple, rng, centres, 0.07, 40, red)
    sky = still_sky(setting, film, painted, horizon, 0.45)
    plates = (
        sky,
        film.plate(hills, 12.0),
        film.plate(court, 6.0),
        film.plate(maple, 3.4, Motion(turn=0.4, anchor=(canvas.left, canvas.top), period=5.0)),
        _hall_lights(setting, film, horizon),
    )
    return Painting(plates, outdoor_light(setting, painted), weather_air(setting), white_in(setting))


def _roof(canvas: Canvas, layer: Floats, foot: Point, half: float, rise: float, tone: Colour) -> None:
    """A hipped roof over `foot`, the middle of its eaves: slopes that sag, corners that curve up, a ridge."""
    centre, eave = foot
    u = np.linspace(-1, 1, 31)
    dark = np.asarray(tone, np.float32)
    lower = [(centre + half * v, eave - 0.30 * rise * abs(v) ** 4) for v in u]
    slope = [
        (centre + half * (1 - 0.52 * s), eave - 0.30 * rise * (1 - s) ** 4 - rise * s**1.6)
        for s in np.linspace(0, 1, 12)
    ]
    upper = [*slope, *[(2 * centre - x, y) for x, y in slope[::-1]]]
    canvas.poly(layer, [*lower, *upper], dark)
    for share in (0.25, 0.5, 0.75):  # courses of tiles catch the light
        y = eave - rise * share**1.6
        reach = half * (1 - 0.52 * share)
        canvas.line(layer, [(centre - reach, y), (centre + reach, y)], 0.010, dark * 1.25)
    canvas.line(layer, lower, 0.010, dark * 1.7)
    canvas.rect(
        layer,
        (centre - half * 0.5, eave - rise * 1.06),
        (centre + half * 0.5, eave - rise * 0.95),
        dark * 1.5,
    )


def _pagoda(setting: Setting, canvas: Canvas, layer: Floats, foot: Point, tall: float, air: Floats) -> None:
    """Five roofs above each other, pale with distance."""
    tile = mix(rgb("#343c44") * daylight(setting), air, 0.32)
    wood = mix(rgb("#a84a34") * daylight(setting), air, 0.32)
    if setting.bare:
        tile = mix(tile, rgb("#eef3f8") * daylight(setting), 0.6)
    for i in range(5):
        y, half = foot[1] - tall * (0.10 + 0.155 * i), 0.125 - 0.015 * i
        canvas.rect(layer, (foot[0] - half * 0.6, y - 0.06), (foot[0] + half * 0.6, y + 0.05), wood)
        _roof(canvas, layer, (foot[0], y - 0.028), half, 0.05, tile)
    canvas.rect(layer, (foot[0] - 0.004, foot[1] - tall), (foot[0] + 0.004, foot[1] - tall * 0.75), tile)


def _hall(setting: Setting, canvas: Canvas, layer: Floats, foot: Point, wide: float) -> None:
    """A hall with red pillars under a broad roof."""
    light = daylight(setting)
    half, top = wide / 2, foot[1] - 0.34
    canvas.rect(layer, (foot[0] - half * 0.84, top), (foot[0] + half * 0.84, foot[1]), rgb("#5a2a1e") * light)
    for x in np.linspace(-0.8, 0.8, 7):
        canvas.rect(
            layer,
            (foot[0] + half * x - 0.016, top),
            (foot[0] + half * x + 0.016, foot[1]),
            rgb("#c0392b") * light,
        )
        canvas.rect(
            layer,
            (foot[0] + half * x - 0.016, top),
            (foot[0] + half * x - 0.006, foot[1]),
            rgb("#e8604a") * light,
        )
    canvas.rect(
        layer, (foot[0] - half * 0.9, top - 0.02), (foot[0] + half * 0.9, top + 0.03), rgb("#2f6a5c") * light
    )
    tile = rgb("#3a4048") * light if not setting.bare else rgb("#e8eef4") * light
    _roof(canvas, layer, (foot[0], top - 0.01), half * 1.15, 0.18, tile)
    canvas.rect(
        layer,
        (foot[0] - half * 0.95, foot[1]),
        (foot[0] + half * 0.95, foot[1] + 0.04),
        rgb("#b0a898") * light,
    )


def _court(setting: Setting, canvas: Canvas, horizon: float) -> Floats:
    """Flagstones with a paler way across them, hedges at the far edge, stone lanterns."""
    rng, ground = setting.rng(6), Ground(canvas, horizon - 0.04)
    light = daylight(setting)
    low, high = (rgb("#b4c0d0"), rgb("#f2f6fa")) if setting.bare else (rgb("#9a9284"), rgb("#bdb4a4"))
    stone = tinted(0.7 * ground.noise(2.0, setting.key(7), 5), low * light, high * light)
    x, z = (np.pad(part, ((ground.row, 0), (0, 0))) for part in (ground.x, ground.z))
    flags = 0.5 + 0.5 * np.sin(2.1 * np.floor(x * 1.6) + 5.3 * np.floor(z * 2.2 + 0.5 * np.floor(x * 1.6)))
    stone = stone * (0.86 + 0.2 * flags)[..., None]
    way = ramp(np.abs(x - 0.35), 0.75, 0.65)[..., None]
    stone = stone * (1 + 0.28 * way)
    if setting.weather == "rain":
        stone = stone * np.float32(0.55)
    layer = cover(np.asarray(stone, np.float32), ramp(canvas.y, horizon, horizon + 0.02))
    along = np.linspace(canvas.left, -canvas.left, 36)
    hedge = np.stack([along, horizon - 0.005 + rng.normal(0, 0.012, 36)], 1)
    mass(canvas, layer, rng, hedge, 0.045, 36, leaves(setting, 0.008))
    for where, size in ((0.34, 0.11), (0.09, 0.19)):
        _stone_lantern(canvas, layer, (canvas.fx(where), horizon + 0.16 * size / 0.19), size, light)
    return layer


def _stone_lantern(canvas: Canvas, layer: Floats, foot: Point, size: float, light: Floats) -> None:
    """A lantern of stone: post, lit chamber, roof."""
    (x, y), grey = foot, rgb("#8a877e") * light
    canvas.rect(layer, (x - 0.26 * size, y - 0.08 * size), (x + 0.26 * size, y), grey * 0.8)
    canvas.rect(layer, (x - 0.09 * size, y - 0.6 * size), (x + 0.09 * size, y), grey)
    canvas.rect(layer, (x - 0.24 * size, y - 0.92 * size), (x + 0.24 * size, y - 0.58 * size), grey * 1.1)
    canvas.rect(layer, (x - 0.12 * size, y - 0.86 * size), (x + 0.12 * size, y - 0.64 * size), LANTERN * 0.9)
    roof = [(x - 0.42 * size, y - 0.9 * size), (x + 0.42 * size, y - 0.9 * size), (x, y - 1.25 * size)]
    canvas.poly(layer, roof, grey * 0.75)


def _hall_lights(setting: Setting, film: Develop, horizon: float) -> Plate:
    """A row of paper lanterns under the eaves; bright after dark."""
    canvas = film.canvas
    light = np.zeros((canvas.height, canvas.width, 3), np.float32)
    x = canvas.fx(0.84) + 0.475 * np.linspace(-0.8, 0.8, 7)
    points = np.stack([x, np.full(7, horizon - 0.235)], 1)
    strength = {"day": 0.25, "dawn": 0.5, "sunset": 0.7}.get(setting.hour, 1.0)
    bokeh(canvas, light, points, np.full((7, 1), strength) * LANTERN, Lens(0.022, 0.2))
    light += (
        0.5
        * strength
        * np.exp(-(((canvas.y - horizon + 0.2) / 0.16) ** 2) - ((canvas.x - canvas.fx(0.84)) / 0.5) ** 2)[
            ..., None
        ]
        * LANTERN
        * 0.35
    )
    return Develop(canvas, 1.0, 0.0).glow(light, 6.0, Flicker.TWINKLE, setting.seed)
