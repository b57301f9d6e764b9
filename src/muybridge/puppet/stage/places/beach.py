"""A beach: sky, sea with surf, sand; a palm leaning in by day."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint import sky as skies
from muybridge.puppet.stage.paint.canvas import Canvas, bloom, cover, lay, mix, ramp, rgb
from muybridge.puppet.stage.paint.land import below, ridge_line, tinted
from muybridge.puppet.stage.paint.noise import Ground, fbm, line_noise
from muybridge.puppet.stage.paint.water import glitter, sea, waves
from muybridge.puppet.stage.places.daylight import far_air, outdoor_light, weather_air, white_in
from muybridge.puppet.stage.places.seasons import daylight
from muybridge.puppet.stage.plates import Motion, Plate
from muybridge.puppet.stage.setting import Develop, Painting, Setting

DEEP = {"dawn": "#4d6a85", "day": "#0f7f9c", "sunset": "#4a4660", "night": "#0b1a2c"}


def beach(setting: Setting) -> Painting:
    """A sandy beach with surf, looking out to sea."""
    canvas = setting.canvas()
    horizon, shore = canvas.fy(0.53), canvas.fy(0.80)
    film = Develop(canvas, aperture=0.0165)
    painted = skies.sky(canvas, setting.hour, horizon, overcast=setting.overcast)
    plates = [*sky_plates(setting, film, painted, horizon)]
    water = sea_layers(setting, canvas, painted, horizon)
    shown = ramp(canvas.y, horizon - 0.001, horizon + 0.004)
    moments = [cover(w, shown) for w in water]
    plates.append(film.shimmer((moments[0], moments[1], moments[2]), 9.0, 2.1))
    line = shore + 0.014 * line_noise(canvas.width, setting.rng(4), 3.0, 4)
    line = np.asarray(line + 0.05 * np.linspace(-1, 1, canvas.width), np.float32)
    plates.append(film.plate(_sand(setting, canvas, line, horizon), 4.0))
    plates.append(film.plate(_foam(setting, canvas, line), 4.2, Motion(shift=(0.004, 0.011), period=5.2)))
    return Painting(tuple(plates), outdoor_light(setting, painted), weather_air(setting), white_in(setting))


def open_sea(setting: Setting) -> Painting:
    """Out at sea: nothing but swell down to the frame's edge, an island far off."""
    canvas = setting.canvas()
    horizon, film = canvas.fy(0.55), Develop(canvas)
    painted = skies.sky(canvas, setting.hour, horizon, overcast=setting.overcast)
    plates = sky_plates(setting, film, painted, horizon)
    line = ridge_line(canvas, setting.rng(6), horizon + 0.012, 0.03, 2.2, 0.45)
    line += np.asarray(
        0.07 * ramp(np.abs(np.linspace(-2.2, 2.2, canvas.width) + 1.25), 0.2, 0.75), np.float32
    )
    island = mix(far_air(setting, painted, horizon, canvas), rgb("#2c4a3c") * daylight(setting), 0.35)
    plates.append(film.plate(cover(island, below(canvas, line)), 16.0))
    water = sea_layers(setting, canvas, painted, horizon)
    for i, layer in enumerate(water):
        _crests(setting, canvas, layer, horizon, i)
    far = tuple(cover(w, ramp(canvas.y, horizon - 0.001, horizon + 0.004)) for w in water)
    near = tuple(cover(w, ramp(canvas.y, canvas.fy(0.80), canvas.fy(0.92))) for w in water[::-1])
    plates.append(film.shimmer((far[0], far[1], far[2]), 9.0, 2.1))
    heave = film.shimmer((near[0], near[1], near[2]), 4.0, 2.9)
    plates.append(replace(heave, motion=Motion(shift=(0.003, 0.006), period=4.3)))
    return Painting(tuple(plates), outdoor_light(setting, painted), weather_air(setting), white_in(setting))


def _crests(setting: Setting, canvas: Canvas, light: Floats, horizon: float, moment: int) -> None:
    """White horses on the swell, in place; more of them in bad weather."""
    ground = Ground(canvas, horizon)
    rough = ground.noise(1.9, setting.key(40 + moment), 5, 3.4)
    foam = ramp(rough, 0.95 if setting.overcast else 1.5, 2.6) * ramp(canvas.y, horizon + 0.02, horizon + 0.1)
    light += (rgb("#e6eef2") * daylight(setting) - light) * (0.7 * foam)[..., None]


def sky_plates(
    setting: Setting, film: Develop, painted: skies.Sky, horizon: float, amount: float = 0.52
) -> list[Plate]:
    """The sky as a plate, and its clouds as another that drifts."""
    canvas = film.canvas
    if setting.overcast:
        skies.overcast_clouds(canvas, painted.light, setting.key(1))
        return [film.plate(painted.light, 20.0)]
    if setting.night:
        skies.stars(canvas, painted.light, setting.rng(1), 420, horizon, 0.0016)
    clouds = skies.clouds(
        canvas, painted, horizon, setting.key(2), amount=amount * (0.8 if setting.night else 1)
    )
    glowing = np.asarray(bloom(painted.light, canvas.unit * 0.07, 0.1), np.float32)
    return [film.plate(glowing, 20.0), film.plate(clouds, 18.0, Motion(drift=(0.0055, 0.0)))]


def still_sky(
    setting: Setting, film: Develop, painted: skies.Sky, horizon: float, amount: float = 0.5
) -> Plate:
    """The sky with its clouds in one plate, for places that have enough else to draw."""
    parts = [part.rgba for part in sky_plates(setting, film, painted, horizon, amount)]
    if len(parts) == 1:
        return Plate(parts[0], 20.0, film.canvas.scale)
    share = parts[1][..., 3].astype(np.float32) / 255
    mixed = cv2.blendLinear(parts[1], parts[0], share, 1 - share)
    mixed[..., 3] = 255
    return Plate(mixed, 20.0, film.canvas.scale)


def sea_layers(setting: Setting, canvas: Canvas, painted: skies.Sky, horizon: float) -> list[Floats]:
    """Three pictures of the same sea a moment apart."""
    ground = Ground(canvas, horizon)
    deep = rgb(DEEP[setting.hour]) * (0.6 if setting.overcast else 1)
    layers = []
    for i in range(3):
        height = waves(ground, setting.key(10 + i))
        light = sea(canvas, ground, painted.light, horizon, deep, height, 1.0)
        if not setting.overcast and setting.hour != "day":  # at noon the sun's path lies below the frame
            path = glitter(canvas, ground, painted.sun[0], horizon, setting.key(20 + i))
            light += path[..., None] * painted.hour.disc * np.float32(0.8 if setting.night else 0.42)
        layers.append(light)
    return layers


def _sand(setting: Setting, canvas: Canvas, line: Floats, horizon: float) -> Floats:
    """Sand below the shore line: wet and mirroring near the water, dry and rippled nearer."""
    ground = Ground(canvas, horizon)
    grain = ground.noise(2.2, setting.key(30), 5, 1.6)
    dry = tinted(grain, rgb("#b08a5c"), rgb("#e8cfa0"))
    if setting.bare:
        dry = tinted(grain, rgb("#b9c0c8"), rgb("#f2f5f8"))
    look = skies.HOURS[setting.hour]
    if setting.overcast:
        light = daylight(setting)
    else:
        light = look.key * np.float32(0.62) + look.fill * np.float32(0.55)
    dry = dry * light
    mirror = skies.gradient(
        np.full((1, 1), 0.14, np.float32), skies.stops_of(setting.hour, setting.overcast)
    )[0, 0]
    wet = dry * np.float32(0.42) + mirror * np.float32(0.34)
    down = canvas.y - line[None] + 0.012 * fbm(canvas, setting.rng(31), 3.0, 3, 0.5, (3, 1))
    share = ramp(down, 0.055, 0.10)[..., None]
    colour = wet + (dry - wet) * share
    edge = np.clip((canvas.y - line[None]) * np.float32(canvas.unit) + 0.5, 0, 1)
    return cover(np.asarray(colour, np.float32), np.asarray(edge, np.float32))


def _foam(setting: Setting, canvas: Canvas, line: Floats) -> Floats:
    """The last wave's lace on the sand and a breaker behind it."""
    look = skies.HOURS[setting.hour]
    white = mix(look.key * 0.75 + look.fill * 0.7, look.lit, 0.25)
    if setting.overcast:
        white = daylight(setting) * np.float32(1.3)
    rough = fbm(canvas, setting.rng(33), 9.0, 5, 0.6, (3.0, 1.0))
    down = canvas.y - line[None] - 0.012 * fbm(canvas, setting.rng(34), 3.0, 4, 0.55, (2.0, 1.0))
    lace = np.exp(-((down / 0.012) ** 2)) + 0.8 * np.exp(
        -(((down + 0.075) / (0.010 + 0.006 * np.abs(rough))) ** 2)
    )
    film = 0.35 * ramp(down, -0.10, -0.02) * ramp(down, 0.008, 0.0)
    alpha = np.clip(
        lace * np.clip(0.62 + 0.4 * rough, 0, 1) + film * np.clip(0.5 + 0.5 * rough, 0, 1), 0, 0.92
    )
    layer = cover(np.broadcast_to(white, (*alpha.shape, 3)), np.asarray(alpha, np.float32))
    lay(
        cover(
            np.zeros(3, np.float32) + white * 0.2,
            np.asarray(0.22 * np.exp(-(((down - 0.022) / 0.012) ** 2)), np.float32),
        ),
        layer,
    )
    return layer
