"""Up in the air and beyond it: sky and clouds, a sky full of stars, space."""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint import sky as skies
from muybridge.puppet.stage.paint.canvas import Canvas, bloom, cover, lay, mix, ramp, rgb, shade
from muybridge.puppet.stage.paint.land import below, ridge_line
from muybridge.puppet.stage.paint.noise import fbm, warped
from muybridge.puppet.stage.places.daylight import outdoor_light, weather_air, white_in
from muybridge.puppet.stage.places.seasons import GREY_LIGHT
from muybridge.puppet.stage.plates import Light, Motion, Plate
from muybridge.puppet.stage.setting import Develop, Painting, Setting


def sky_place(setting: Setting) -> Painting:
    """High among clouds: towers of them behind, banks below that drift past."""
    canvas = setting.canvas()
    film, horizon = Develop(canvas), canvas.fy(0.80)
    painted = skies.sky(canvas, setting.hour, horizon, overcast=setting.overcast)
    if setting.night:
        skies.stars(canvas, painted.light, setting.rng(1), 300, horizon, 0.0013)
    plates = [film.plate(np.asarray(bloom(painted.light, canvas.unit * 0.08, 0.12), np.float32), 20.0)]
    for i, (base, rise, depth, speed) in enumerate(
        ((0.58, 0.15, 16.0, 0.004), (0.78, 0.11, 9.0, 0.008), (0.97, 0.09, 5.0, 0.014))
    ):
        bank = _bank(setting, canvas, painted, canvas.fy(base), rise, i)
        plates.append(film.plate(bank, depth, Motion(drift=(speed, 0.0))))
    return Painting(tuple(plates), outdoor_light(setting, painted), weather_air(setting), white_in(setting))


def _bank(
    setting: Setting, canvas: Canvas, painted: skies.Sky, base: float, rise: float, number: int
) -> Floats:
    """A bank of heaped cloud: round puffs, each lit from the sun's side, pulled about by the wind."""
    small, rng = Canvas(canvas.size, canvas.scale / 2), setting.rng(40 + number)
    look, grey = painted.hour, setting.overcast
    lit, dark = (
        (rgb("#dfe4e8", 0.8), rgb("#8b96a2", 0.7))
        if grey
        else (look.lit * 0.95, mix(look.dark, look.lit, 0.12))
    )
    if grey:
        lit, dark = lit * GREY_LIGHT[setting.hour] * 1.5, dark * GREY_LIGHT[setting.hour] * 1.5
    heaps = rng.uniform(small.left, -small.left, 7)
    count = 150
    x = rng.choice(heaps, count) + rng.normal(0, 0.2, count)
    tower = np.exp(-((x[:, None] - heaps) ** 2 / 0.02)).max(1)
    high = rng.random(count) ** 1.3
    y = base + 0.06 - rise * (0.6 + 1.4 * tower) * high
    size = (0.075 + 0.02 * number) * rng.uniform(0.6, 1.3, count) * (1.15 - 0.5 * high)
    layer = small.layer()
    solid = ramp(small.y, base + 0.02, base + 0.12)
    lay(cover(mix(dark, lit, 0.35), solid), layer)
    toward = np.array([0.55 * (np.sign(painted.sun[0]) or 1), -0.84], np.float32)
    for i in np.argsort(y):
        _puff(small, layer, (float(x[i]), float(y[i])), float(size[i]), (lit, dark), toward)
    bent = [
        fbm(small, setting.rng(46 + number + 3 * k), 5.0, 5, 0.6) * np.float32(0.016 * small.unit)
        for k in (0, 1)
    ]
    columns, rows = np.meshgrid(
        np.arange(small.width, dtype=np.float32), np.arange(small.height, dtype=np.float32)
    )
    layer = cv2.remap(
        layer, columns + bent[0], rows + bent[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    if not grey:  # light that comes through near the sun
        away = np.hypot(small.x - painted.sun[0], small.y - painted.sun[1])
        shade(layer, np.asarray(1 + 0.7 * np.exp(-away * 2.6), np.float32))
    return np.asarray(
        np.maximum(cv2.resize(layer, (canvas.width, canvas.height), interpolation=cv2.INTER_CUBIC), 0),
        np.float32,
    )


def _puff(
    canvas: Canvas,
    layer: Floats,
    centre: tuple[float, float],
    size: float,
    tones: tuple[Floats, Floats],
    toward: Floats,
) -> None:
    """One round heap, bright where it faces the light, soft at its foot; laid into `layer`."""
    reach = int(size * canvas.unit * 1.1) + 2
    column, row = canvas.px(*centre)
    x0, y0, x1, y1 = (
        max(column - reach, 0),
        max(row - reach, 0),
        min(column + reach, canvas.width),
        min(row + reach, canvas.height),
    )
    if x1 <= x0 or y1 <= y0:
        return
    y, x = np.mgrid[y0:y1, x0:x1].astype(np.float32)
    dx, dy = (x - column) / (size * canvas.unit), (y - row) / (size * canvas.unit)
    r2 = dx * dx + dy * dy
    alpha = np.clip(1.25 * (1 - r2), 0, 1)[..., None] * np.clip(1.1 - 0.75 * dy, 0, 1)[..., None]
    facing = np.clip(0.5 + 0.55 * (dx * toward[0] + dy * toward[1]) + 0.1 * (1 - r2), 0, 1)[..., None]
    colour = tones[1] + (tones[0] - tones[1]) * facing
    part = layer[y0:y1, x0:x1]
    part[:] = part * (1 - alpha)
    part[..., :3] += colour * alpha
    part[..., 3:] += alpha


def starry_sky(setting: Setting) -> Painting:
    """A clear night far from any town: the Milky Way above dark hills."""
    canvas, rng = setting.canvas(1.0), setting.rng(1)
    horizon = canvas.fy(0.84)
    height = (np.float32(horizon) - canvas.y[:, :1]) / 1.1
    stops = ((0.0, "#3a5068"), (0.12, "#22365a"), (0.45, "#101c3c"), (1.2, "#070c1e"))
    light = np.repeat(skies.gradient(height[:, 0], stops)[:, None], canvas.width, 1)
    light += np.exp(-np.maximum(horizon - canvas.y, 0) * 7)[..., None] * rgb("#8a6a58", 0.16)
    along = canvas.x * 0.80 + (canvas.y + 0.05) * 0.60
    across = canvas.x * -0.60 + (canvas.y + 0.05) * 0.80
    small = Canvas(setting.size, 0.25)
    dust = cv2.resize(
        fbm(small, rng, 3.2, 6, 0.58), (canvas.width, canvas.height), interpolation=cv2.INTER_CUBIC
    )
    band = np.exp(-((across / (0.17 + 0.03 * along)) ** 2)) * np.clip(0.75 + 0.34 * dust, 0, 2)
    rift = np.exp(-(((across - 0.02 + 0.03 * dust) / 0.035) ** 2)) * ramp(dust, -0.5, 0.9)
    milk = (band * (1 - 0.75 * rift))[..., None]
    light += milk * mix(rgb("#8fa6d8"), rgb("#d8b4a0"), 0.35) * 0.15
    skies.stars(canvas, light, rng, 1500, horizon, 0.0009)
    _stars_along(canvas, light, rng, 1500)
    hills = canvas.layer()
    for i, (base, tone) in enumerate(((0.845, "#141e30"), (0.90, "#0a1018"))):
        line = ridge_line(canvas, setting.rng(5 + i), canvas.fy(base), 0.022, 2.4 + i, 0.42)
        edge = below(canvas, line)
        hills = hills * (1 - edge[..., None]) + cover(rgb(tone), edge)
    film = Develop(canvas, aperture=0.0022)
    ground = Develop(canvas, aperture=0.012)
    plates = (
        film.plate(np.asarray(light, np.float32), 20.0),
        ground.plate(np.asarray(hills, np.float32), 8.0),
    )
    lit = Light((0.2, -0.85, 0.49), (0.12, 0.15, 0.22), (0.15, 0.18, 0.26), (0.26, 0.32, 0.48), (0.6, -0.8))
    return Painting(plates, lit, (0.03, 0.04, 0.07), (0.42, 0.48, 0.62), sharp=True)


def _stars_along(canvas: Canvas, light: Floats, rng: np.random.Generator, count: int) -> None:
    """More faint stars in the Milky Way's band, in place."""
    along, across = rng.uniform(-1.4, 1.4, count), rng.normal(0, 0.12, count)
    x, y = along * 0.80 - across * 0.60, along * 0.60 + across * 0.80 - 0.05
    field = np.zeros(light.shape[:2], np.float32)
    column = np.clip((x - canvas.left) * canvas.unit, 0, canvas.width - 1).astype(int)
    row = np.clip((y - canvas.top) * canvas.unit, 0, canvas.height - 1).astype(int)
    np.add.at(field, (row, column), rng.uniform(0.3, 1.6, count).astype(np.float32))
    light += (
        cv2.GaussianBlur(field, (0, 0), 0.75)[..., None]
        * ramp(canvas.y, canvas.fy(0.84), canvas.fy(0.6))[..., None]
    )


def space(setting: Setting) -> Painting:
    """Outside the air: nebula and stars, a planet with its bright limb."""
    canvas, half, rng = setting.canvas(1.0), setting.canvas(0.5), setting.rng(1)
    small = Canvas(setting.size, 0.25)
    cloud, veil = (
        warped(
            np.asarray(small.x * f + 9 * i, np.float32),
            np.asarray(small.y * f + 4, np.float32),
            setting.key(2 + i),
            6,
            0.42,
        )
        for i, f in enumerate((1.5, 2.1), 1)
    )
    lane = np.exp(-(((small.y + 0.35 * small.x + 0.12 + 0.08 * veil) / 0.34) ** 2))
    colour = ramp(cloud, -0.2, 1.8)[..., None] * rgb("#7a3f9c", 0.42) + ramp(veil, 0.0, 1.7)[..., None] * rgb(
        "#1f6fa8", 0.42
    )
    colour = colour + (ramp(cloud * 0.6 + veil * 0.6, 0.4, 1.9))[..., None] * rgb("#ff9a86", 0.2)
    colour = colour * (0.12 + lane)[..., None] + rgb("#04060e", 1.4)
    light = np.asarray(
        np.maximum(
            cv2.resize(
                np.asarray(colour, np.float32), (canvas.width, canvas.height), interpolation=cv2.INTER_CUBIC
            ),
            0,
        ),
        np.float32,
    )
    skies.stars(canvas, light, rng, 1700, -canvas.top + 0.3, 0.0009)
    film = Develop(canvas, aperture=0.0026)
    plates: tuple[Plate, ...] = (
        film.plate(light, 20.0),
        Develop(half, aperture=0.006).plate(_planet(setting, half), 10.0),
    )
    lit = Light((-0.75, -0.4, 0.53), (0.62, 0.62, 0.66), (0.16, 0.17, 0.24), (0.5, 0.62, 0.95), (1.0, 0.25))
    return Painting(plates, lit, (0.03, 0.03, 0.06), (0.7, 0.74, 0.9), roofed=True, sharp=True)


def _planet(setting: Setting, canvas: Canvas) -> Floats:
    """A blue planet low at the right, lit from the left, air glowing along its edge."""
    centre, radius = (canvas.fx(0.86), canvas.fy(1.02)), 0.56
    dx, dy = (
        (canvas.x - np.float32(centre[0])) / np.float32(radius),
        (canvas.y - np.float32(centre[1])) / np.float32(radius),
    )
    r2 = dx * dx + dy * dy
    z = np.sqrt(np.maximum(1 - r2, 0))
    inside = np.clip((1 - np.sqrt(r2)) * np.float32(radius * canvas.unit), 0, 1)
    lambert = np.clip(-0.78 * dx - 0.42 * dy + 0.36 * z, 0, 1)
    u, v = dx / (0.55 + z) * 1.5, dy / (0.55 + z) * 1.5
    land = warped(
        np.asarray(u * 1.5 + 7, np.float32), np.asarray(v * 1.5 + 3, np.float32), setting.key(8), 6, 0.5
    )
    white = warped(
        np.asarray(u * 2.0 + 2, np.float32), np.asarray(v * 3.0 + 8, np.float32), setting.key(9), 6, 0.9
    )
    colour = mix(rgb("#0b3a78"), rgb("#0b3a78"), 0) + ramp(land, 0.25, 0.75)[..., None] * (
        rgb("#5c7040") - rgb("#0b3a78")
    )
    colour = colour + (rgb("#f4f8fc", 1.1) - colour) * (0.9 * ramp(white, 0.1, 1.4))[..., None]
    air = (1 - z)[..., None] ** 2.2
    seen = (colour * (1 - 0.6 * air) + rgb("#7cc4ff") * air * 1.3) * lambert[..., None] ** 0.8 * 1.25
    rim = (
        np.exp(-np.maximum(np.sqrt(r2) - 1, 0) * 26)
        * np.clip(0.35 - 0.8 * dx - 0.5 * dy, 0, 1)
        * (1 - inside)
    )
    layer = cover(np.asarray(seen, np.float32), np.asarray(inside, np.float32))
    layer[..., :3] += rim[..., None] * rgb("#6db8ff", 0.8)
    layer[..., 3] = np.maximum(layer[..., 3], rim * 0.8)
    return layer
