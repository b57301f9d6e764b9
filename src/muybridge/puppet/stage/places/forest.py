"""A forest: trunks in depth, leaves that let the sky through as discs of light, shafts of sun."""

from __future__ import annotations

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint import sky as skies
from muybridge.puppet.stage.paint.canvas import Canvas, bloom, cover, haze, mix, ramp, rgb
from muybridge.puppet.stage.paint.foliage import grass, mass, trunk
from muybridge.puppet.stage.paint.land import tinted
from muybridge.puppet.stage.paint.lights import Lens, bokeh, rays
from muybridge.puppet.stage.paint.noise import Ground, fbm
from muybridge.puppet.stage.places.daylight import outdoor_light, weather_air, white_in
from muybridge.puppet.stage.places.seasons import daylight, leaves, season_of, shadelight, turf
from muybridge.puppet.stage.plates import Flicker, Motion, Plate
from muybridge.puppet.stage.setting import Develop, Painting, Setting

# the light between the far trees
GLADE = {"dawn": "#ffe2b0", "day": "#e8f4b4", "sunset": "#ffb85e", "night": "#5f7fb4"}
GLADE_GAIN = {"dawn": 0.95, "day": 1.0, "sunset": 0.95, "night": 0.17}


def forest(setting: Setting) -> Painting:
    """Among tall trees, the light coming from a clearing ahead."""
    canvas = setting.canvas()
    film = Develop(canvas, aperture=0.021)
    horizon = canvas.fy(0.60)
    side = 1 if setting.hour == "sunset" else -1
    clearing = (canvas.fx(0.5 + 0.2 * side), canvas.fy(0.3))
    glade = _glade(setting)
    plates = [
        film.plate(_far(setting, canvas, clearing, glade, horizon), 16.0),
        film.plate(_middle(setting, canvas, glade, horizon), 8.0),
        film.plate(_near(setting, canvas, side), 4.0, Motion(turn=0.22, anchor=(0, -0.9), period=5.5)),
    ]
    if not setting.overcast:
        plates.append(_shafts(setting, film, clearing, glade))
    painted = skies.sky(
        setting.canvas(0.1), setting.hour, horizon, overcast=setting.overcast, sun_x=0.5 + 0.3 * side
    )
    return Painting(tuple(plates), outdoor_light(setting, painted), weather_air(setting), white_in(setting))


def _glade(setting: Setting) -> Floats:
    gain = GLADE_GAIN[setting.hour] * (0.62 if setting.overcast else 1.0)
    colour = rgb(GLADE[setting.hour])
    if setting.overcast:
        colour = mix(colour, rgb("#cdd8de") if not setting.night else rgb("#56667c"), 0.75)
    season = season_of(setting)
    if season == "autumn" and setting.hour == "day":
        colour = mix(colour, rgb("#ffdf9a"), 0.6)
    if season == "winter":
        colour = mix(colour, rgb("#dfe9f2") if not setting.night else rgb("#7088ac"), 0.6)
    return np.asarray(colour * np.float32(gain), np.float32)


def _far(
    setting: Setting, canvas: Canvas, clearing: tuple[float, float], glade: Floats, horizon: float
) -> Floats:
    """The bright gap, far leaves in haze, and the sky that shows between them as discs."""
    rng = setting.rng(1)
    away = np.hypot(canvas.x - clearing[0], (canvas.y - clearing[1]) * 1.15)
    open_air = np.exp(-away * 1.5)[..., None]
    look = leaves(setting, 0.011)
    rough = fbm(canvas, rng, 3.0, 5, 0.6)
    green = look.dark + (look.lit - look.dark) * np.clip(0.3 + 0.2 * rough, 0, 1)[..., None]
    light = green * 0.42 + (glade - green * 0.42) * np.clip(open_air * 0.95, 0, 1)
    layer = np.dstack([light, np.ones_like(rough)]).astype(np.float32)
    for i in range(26):
        x = rng.uniform(canvas.left, -canvas.left)
        width = rng.uniform(0.008, 0.022)
        tone = mix(shadelight(setting) * rgb("#6a5a46"), glade, rng.uniform(0.35, 0.7))
        trunk(
            canvas,
            layer,
            (x, horizon + 0.02),
            (x + rng.normal(0, 0.02), canvas.top),
            width,
            (tone * 0.8, tone * 1.1),
            i % 2 == 0,
        )
    if season_of(setting) != "winter":
        centres = np.stack(
            [rng.uniform(canvas.left, -canvas.left, 70), rng.uniform(canvas.top, horizon - 0.02, 70)], 1
        )
        centres = centres[np.hypot(centres[:, 0] - clearing[0], centres[:, 1] - clearing[1]) > 0.22]
        mass(canvas, layer, rng, centres, 0.10, 34, look)
    haze(layer, glade * 0.9, np.asarray(0.55 * open_air[..., 0] + 0.06, np.float32))
    picture = layer[..., :3]
    count = 170 if not setting.overcast else 60
    points = np.asarray(clearing) + rng.normal(0, [0.55, 0.26], (count, 2))
    points = points[points[:, 1] < horizon - 0.03]
    strength = rng.uniform(0.1, 0.9, len(points)) ** 1.5 * (1.3 if not setting.night else 1.6)
    bokeh(
        canvas,
        picture,
        points,
        strength[:, None] * mix(glade, rgb("#ffffff") * glade.max(), 0.3),
        Lens(0.017, 0.25),
    )
    return np.asarray(bloom(picture, canvas.unit * 0.08, 0.25, 0.8), np.float32)


def _middle(setting: Setting, canvas: Canvas, glade: Floats, horizon: float) -> Floats:
    """The forest floor with dappled light, trunks that stand on it, undergrowth."""
    rng = setting.rng(2)
    ground = Ground(canvas, horizon - 0.02)
    low, high = turf(setting)
    litter = {"autumn": ("#6a3c16", "#c8803a"), "winter": ("#a9b4c2", "#f0f5fa")}.get(season_of(setting))
    if litter:
        low, high = rgb(litter[0]) * daylight(setting) * 0.7, rgb(litter[1]) * daylight(setting)
    floor = tinted(ground.noise(2.6, setting.key(3), 5, 1.5), low * 0.55, mix(low, high, 0.6))
    dapple = ramp(ground.noise(1.1, setting.key(4), 4, 2.2), 0.5, 1.3)[..., None]
    floor = floor + dapple * glade * mix(high, rgb("#ffffff"), 0.2) * (0.25 if setting.overcast else 1.3)
    path = np.exp(
        -(
            (
                (canvas.x - np.float32(0.12 * (canvas.y - horizon) - 0.03))
                / (0.02 + 0.34 * np.maximum(canvas.y - horizon, 0))
            )
            ** 2
        )
    )
    earth = mix(rgb("#8a6c4a") * daylight(setting), glade, 0.15)
    floor = floor + (earth - floor) * (0.55 * path)[..., None]
    rise = ramp(canvas.y, horizon - 0.012, horizon + 0.03)
    layer = cover(np.asarray(floor, np.float32), rise)
    haze(layer, glade, np.asarray(0.75 * np.exp(-np.maximum(canvas.y - horizon, 0) * 9), np.float32))
    bark = (shadelight(setting) * rgb("#4a3c30"), mix(rgb("#8a7358") * daylight(setting), glade, 0.2))
    for x in np.sort(rng.uniform(canvas.left, -canvas.left, 9)):
        if abs(x) < 0.14:
            continue
        foot = horizon + rng.uniform(0.02, 0.09)
        trunk(
            canvas,
            layer,
            (x, foot),
            (x + rng.normal(0, 0.03), canvas.top),
            rng.uniform(0.028, 0.05),
            bark,
            setting.hour != "sunset",
        )
    if season_of(setting) != "winter":
        x = np.concatenate([rng.uniform(canvas.left, -0.2, 16), rng.uniform(0.2, -canvas.left, 16)])
        mass(
            canvas,
            layer,
            rng,
            np.stack([x, horizon + rng.uniform(0.0, 0.09, 32)], 1),
            0.06,
            30,
            leaves(setting, 0.008),
        )
    return layer


def _near(setting: Setting, canvas: Canvas, side: int) -> Floats:
    """Large trunks at the frame's sides and branches that hang in from above."""
    rng, layer = setting.rng(5), canvas.layer()
    bark = (shadelight(setting) * rgb("#2e251d"), rgb("#7a6248") * daylight(setting))
    for where, width in ((0.04, 0.13), (0.93, 0.17)):
        x = canvas.fx(where)
        trunk(
            canvas,
            layer,
            (x, -canvas.top),
            (x + 0.03, canvas.top),
            width,
            bark,
            (where < 0.5) == (side > 0) or side < 0,
        )
    rough = fbm(canvas, rng, 9.0, 4, 0.6, (0.35, 2.2))
    layer[..., :3] *= np.clip(1 + 0.3 * rough, 0.4, 1.8)[..., None]
    if season_of(setting) != "winter":
        sides = (
            rng.uniform(canvas.left, canvas.fx(0.28), 20),
            rng.uniform(canvas.fx(0.74), -canvas.left, 20),
        )
        y = canvas.top + np.abs(rng.normal(0, 0.12, 40)) + 0.04
        mass(
            canvas, layer, rng, np.stack([np.concatenate(sides), y], 1), 0.08, 30, leaves(setting, 0.013, 0.1)
        )
    low, high = turf(setting)
    grass(canvas, layer, rng, 420, (canvas.fy(0.93), -canvas.top), 0.12, low * 0.6, high * 0.8)
    return layer


def _shafts(setting: Setting, film: Develop, clearing: tuple[float, float], glade: Floats) -> Plate:
    """Sunlight in the air, breathing slowly."""
    canvas = film.canvas
    source = (clearing[0] * 1.5, canvas.top - 0.25)
    beams = rays(canvas, source, setting.key(6), 22.0, 1.6)
    fade = np.exp(-np.hypot(canvas.x - source[0], canvas.y - source[1]) * 0.9) * ramp(
        canvas.y, canvas.fy(0.95), canvas.fy(0.3)
    )
    light = (beams * fade)[..., None] * glade * np.float32(0.24)
    return film.glow(np.asarray(light, np.float32), 6.0, Flicker.TWINKLE, setting.seed)
