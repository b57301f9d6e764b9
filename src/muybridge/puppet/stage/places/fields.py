"""Open land: meadow, snow field, desert."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint import sky as skies
from muybridge.puppet.stage.paint.canvas import Canvas, cover, haze, lay, mix, ramp, rgb
from muybridge.puppet.stage.paint.foliage import dots, grass, mass
from muybridge.puppet.stage.paint.land import below, ridge_line, tinted
from muybridge.puppet.stage.paint.noise import Ground, fbm, fbm_at
from muybridge.puppet.stage.paint.terrain import Lit, ridged, terrain
from muybridge.puppet.stage.places.beach import sky_plates
from muybridge.puppet.stage.places.daylight import far_air, outdoor_light, weather_air, white_in
from muybridge.puppet.stage.places.seasons import daylight, leaves, season_of, shadelight, turf
from muybridge.puppet.stage.plates import Motion, Plate
from muybridge.puppet.stage.setting import Develop, Painting, Setting

FLOWERS = ("#f4f2e8", "#f6d84c", "#e86a8a", "#c87ae0", "#f08a3c", "#e84a4a")


def meadow(setting: Setting) -> Painting:
    """Grass and flowers before a row of trees and far hills."""
    canvas, horizon, film, plates, painted = opened(setting, 0.55)
    hills = canvas.layer()
    for i, (rise, share) in enumerate(((0.05, 0.72), (0.035, 0.5))):
        line = ridge_line(canvas, setting.rng(3 + i), horizon - 0.05 + 0.03 * i, rise * 0.6, 2.0 + i, 0.35)
        low, high = turf(setting)
        tone = mix(mix(low, high, 0.35), far_air(setting, painted, horizon, canvas), share)
        lay(cover(tone, below(canvas, line)), hills)
    plates.append(film.plate(hills, 14.0))
    plates.append(film.plate(_tree_row(setting, canvas, horizon, painted), 9.0))
    plates.append(film.plate(grassland(setting, canvas, horizon), 4.5))
    plates.append(
        film.plate(_blades(setting, canvas), 2.6, Motion(lean=0.014, anchor=(0, -canvas.top), period=3.4))
    )
    return finished(setting, plates, painted)


def snow_field(setting: Setting) -> Painting:
    """A wide field under snow, firs at its edge, hills behind."""
    winter = replace(setting, season="winter")
    canvas, horizon, film, plates, painted = opened(winter, 0.54)
    air, sun = far_air(setting, painted, horizon, canvas), sunlight(setting, painted)
    # snow mirrors the sky too: less of the sun's colour than sand, and blue where the sun is not
    full, grey = daylight(setting), np.full(3, daylight(setting).mean())
    light = rgb("#f6f9fd") * mix(full, grey, 0.5)
    shade = rgb("#86a4dc") * mix(shadelight(setting), grey, 0.4)

    def white(height: Floats, level: Floats, lit: Floats) -> Floats:
        del height, level
        return np.asarray(shade + (light - shade) * lit[..., None], np.float32)

    def hills(x: Floats, z: Floats) -> Floats:
        return 5.5 * ridged(x / 16 + 7, z / 16, setting.key(3), 4, 0.6) * ramp(z, 22, 60)

    def drifts(x: Floats, z: Floats) -> Floats:
        return 0.2 * fbm_at(x * 0.5, z * 0.55, setting.key(20), 4, 0.42)

    plates.append(film.plate(terrain(canvas, horizon, (24, 110), hills, white, sun, air, 110), 15.0))
    plates.append(film.plate(firs(winter, canvas, horizon + 0.03, air), 8.0))
    plates.append(film.plate(terrain(canvas, horizon, (1.2, 30), drifts, white, sun, air, 60), 4.5))
    return finished(winter, plates, painted)


def desert(setting: Setting) -> Painting:
    """Dunes with sharp crests, one side lit and one in shade."""
    canvas, horizon, film, plates, painted = opened(setting, 0.52, amount=0.25)
    air, sun = far_air(setting, painted, horizon, canvas), sunlight(setting, painted, 0.5)
    lit_sand, dark_sand = (
        rgb("#f2c98e") * daylight(setting),
        rgb("#7c4a34") * mix(daylight(setting), shadelight(setting), 0.5),
    )
    if setting.bare:
        lit_sand, dark_sand = (
            mix(lit_sand, rgb("#f2f5f8") * daylight(setting), 0.5),
            mix(dark_sand, rgb("#a8b4c8") * daylight(setting), 0.4),
        )

    def sand(height: Floats, level: Floats, lit: Floats) -> Floats:
        del height, level
        return np.asarray(dark_sand + (lit_sand - dark_sand) * lit[..., None], np.float32)

    def dunes(x: Floats, z: Floats) -> Floats:
        bent = x + 0.5 * z + 1.4 * fbm_at(x * 0.22, z * 0.22, setting.key(23), 2, 0.4)
        ridges = ridged(bent / 12, (z - 0.3 * x) / 20, setting.key(22), 2, 0.2)
        return 2.6 * ridges * ramp(z, 1.0, 9) + 0.012 * fbm_at(x * 2.4, z * 5, setting.key(24), 2)

    plates.append(film.plate(terrain(canvas, horizon, (9, 90), dunes, sand, sun, air, 70, 2.4), 11.0))
    plates.append(film.plate(terrain(canvas, horizon, (1.3, 10), dunes, sand, sun, air, 70, 2.4), 4.5))
    return finished(setting, plates, painted)


def sunlight(setting: Setting, painted: skies.Sky, height: float = 0.55) -> Lit:
    """Low light from the sun's side, or from all over under a closed sky."""
    if setting.overcast:
        return Lit((0.1, 1.0, -0.2), 0.6)
    side = float(np.sign(painted.sun[0]) or 1)
    return Lit((0.95 * side, height, 0.1), 0.06)


def opened(
    setting: Setting, line: float, amount: float = 0.5
) -> tuple[Canvas, float, Develop, list[Plate], skies.Sky]:
    """What every open place begins with: canvas, horizon, film, the sky's plates, the sky itself."""
    canvas = setting.canvas()
    horizon, film = canvas.fy(line), Develop(canvas, aperture=0.0125)
    painted = skies.sky(canvas, setting.hour, horizon, overcast=setting.overcast)
    return canvas, horizon, film, sky_plates(setting, film, painted, horizon, amount), painted


def finished(setting: Setting, plates: list[Plate], painted: skies.Sky) -> Painting:
    """The plates as a painting in the open air's light."""
    return Painting(tuple(plates), outdoor_light(setting, painted), weather_air(setting), white_in(setting))


def _tree_row(setting: Setting, canvas: Canvas, horizon: float, painted: skies.Sky) -> Floats:
    rng, layer = setting.rng(11), canvas.layer()
    look = leaves(setting, 0.007)
    for _ in range(15):
        x = rng.uniform(canvas.left, -canvas.left)
        if abs(x) < 0.16:
            continue
        tall = rng.uniform(0.05, 0.15)
        canvas.line(
            layer, [(x, horizon + 0.02), (x, horizon - tall * 0.6)], 0.008, rgb("#3c3026") * daylight(setting)
        )
        centres = np.array([x, horizon - tall * 0.72]) + rng.normal(0, [tall * 0.34, tall * 0.3], (9, 2))
        mass(canvas, layer, rng, centres, tall * 0.42, 30, look, (np.sign(painted.sun[0]) * 0.5, -0.8))
    along = np.linspace(canvas.left, -canvas.left, 46)
    hedge = np.stack([along, horizon + 0.005 + rng.normal(0, 0.006, 46)], 1)
    mass(canvas, layer, rng, hedge, 0.03, 22, look)
    haze(layer, far_air(setting, painted, horizon, canvas), 0.1)
    return layer


def grassland(setting: Setting, canvas: Canvas, horizon: float, bend: float = 0.0) -> Floats:
    """A grassy ground with lit and shaded stretches and specks of flowers."""
    rng, ground = setting.rng(13), Ground(canvas, horizon - 0.03)
    low, high = turf(setting)
    field = 0.7 * ground.noise(1.3, setting.key(14), 4, 2.5) + 0.6 * ground.noise(
        5.0, setting.key(15), 4, 1.5
    )
    colour = tinted(field, low, high)
    edge = horizon + 0.004 * fbm(canvas, rng, 5, 3) + bend * 0.3 * canvas.x * canvas.x
    layer = cover(colour, ramp(canvas.y - np.asarray(edge, np.float32), -0.004, 0.012))
    if season_of(setting) in ("spring", "summer"):
        count = 900
        near = rng.random(count) ** 1.6
        points = np.stack(
            [rng.uniform(canvas.left, -canvas.left, count), horizon + 0.02 + near * (-canvas.top - horizon)],
            1,
        )
        which = rng.integers(0, len(FLOWERS), count)
        colours = np.stack([rgb(FLOWERS[int(i)]) * daylight(setting) * 1.25 for i in which])
        dots(canvas, layer, points, 0.0022 + 0.009 * near, colours)
    return layer


def _blades(setting: Setting, canvas: Canvas) -> Floats:
    rng, layer = setting.rng(16), canvas.layer()
    low, high = turf(setting)
    grass(canvas, layer, rng, 900, (canvas.fy(0.9), -canvas.top + 0.02), 0.17, low * 0.8, high * 1.15)
    if season_of(setting) in ("spring", "summer"):
        count = 46
        points = np.stack(
            [
                rng.uniform(canvas.left, -canvas.left, count),
                rng.uniform(canvas.fy(0.80), canvas.fy(1.05), count),
            ],
            1,
        )
        colours = np.stack(
            [rgb(FLOWERS[int(i)]) * daylight(setting) * 1.3 for i in rng.integers(0, len(FLOWERS), count)]
        )
        dots(canvas, layer, points, rng.uniform(0.008, 0.02, count), colours)
    return layer


def firs(setting: Setting, canvas: Canvas, foot: float, air: Floats, size: float = 1.0) -> Floats:
    """Firs at the edge of a field, in groups that thin out toward the middle, snow on them in winter."""
    rng, layer = setting.rng(18), canvas.layer()
    dark, lit = rgb("#16261f") * daylight(setting), rgb("#4c6a4a") * daylight(setting)
    groups = np.concatenate([rng.uniform(canvas.left, -0.22, 7), rng.uniform(0.22, -canvas.left, 7)])
    x = (groups[:, None] + rng.normal(0, 0.07, (14, 9))).ravel()
    veil = rng.uniform(0.1, 0.5, len(x))
    for i in np.argsort(-veil):  # far ones first
        tall = size * rng.uniform(0.07, 0.17) * (0.6 + 0.9 * min(abs(x[i]), 0.9)) * (1.2 - 0.7 * veil[i])
        tone = mix(mix(dark, lit, rng.uniform(0, 0.5)), air, float(veil[i]))
        white = mix(rgb("#f0f5fb") * daylight(setting), air, float(veil[i]))
        base = foot + 0.02 * (0.5 - veil[i])
        for step in range(9):
            y, half = base - tall * step / 9, tall * 0.27 * (1 - step / 9.3) * rng.uniform(0.75, 1.15)
            lean = rng.normal(0, 0.12) * half
            corners = [
                (x[i] - half, y + 0.2 * half),
                (x[i] + half, y + 0.2 * half),
                (x[i] + lean, y - tall * 0.26),
            ]
            canvas.poly(layer, corners, tone * np.float32(rng.uniform(0.85, 1.2)))
        if setting.bare or season_of(setting) == "winter":  # snow lies in patches on the boughs
            for _ in range(12):
                up = rng.uniform(0.05, 0.97)
                half = tall * 0.25 * (1.02 - up)
                place = (x[i] + rng.uniform(-1, 0.5) * half, base - tall * up)
                canvas.ellipse(
                    layer, place, (half * 0.35 + 0.002, half * 0.16 + 0.0015), white, rng.uniform(-25, 25)
                )
    return layer
