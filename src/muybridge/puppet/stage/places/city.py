"""City streets: by day between houses, by night in lamps, signs and cars out of focus; rain on the road."""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint import sky as skies
from muybridge.puppet.stage.paint.canvas import Canvas, bloom, cover, mix, opaque, ramp, rgb
from muybridge.puppet.stage.paint.foliage import Leaves, mass
from muybridge.puppet.stage.paint.lights import Lens, bokeh
from muybridge.puppet.stage.paint.noise import Ground
from muybridge.puppet.stage.paint.town import SIGNS, WARM, Facade, lamps, side_of_street
from muybridge.puppet.stage.particles.traffic import Traffic
from muybridge.puppet.stage.places.daylight import outdoor_light, weather_air, white_in
from muybridge.puppet.stage.plates import Flicker, Light, Motion, Plate
from muybridge.puppet.stage.setting import Develop, Painting, Setting

APERTURE = 0.021


def city_street(setting: Setting) -> Painting:
    """A street that runs away from the camera; a night of lights after dark."""
    return _night(setting) if setting.night else _day(setting)


def rain_street(setting: Setting) -> Painting:
    """A street in the rain, wet and mirroring; best by night."""
    return _night(setting, wet=True) if setting.night else _day(setting, wet=True)


def _day(setting: Setting, wet: bool = False) -> Painting:
    canvas, rng = setting.canvas(), setting.rng(1)
    vanish = (canvas.fx(0.56), canvas.fy(0.56))
    closed = setting.overcast or wet
    painted = skies.sky(canvas, setting.hour, vanish[1], overcast=closed, sun_x=0.56)
    look = skies.HOURS[setting.hour]
    film = Develop(canvas, aperture=APERTURE)
    if closed:
        skies.overcast_clouds(canvas, painted.light, setting.key(2))
    gain = {"day": 1.0, "dawn": 0.62, "sunset": 0.6}[setting.hour] * (0.6 if closed else 1)
    key = rgb("#cdd4da", gain) if closed else (look.key * 0.55 + look.fill * 0.6) * np.float32(gain)
    air = np.asarray(painted.light[canvas.px(*vanish)[1] - 6, canvas.px(*vanish)[0]], np.float32)
    street = canvas.layer()
    lit = 0.0 if setting.hour == "day" and not closed else 0.22
    for side, wall in ((-1, "#b8a48c"), (1, "#a8a6a4")):
        facade = Facade(rgb(wall) * key, rgb("#52687c") * key, lit, 1.3)
        side_of_street(canvas, street, rng, side, vanish, facade, air * 0.9)
    _road(setting, canvas, street, painted.light, vanish, key, closed)
    shade_side = ramp(canvas.x, canvas.left * 0.2, canvas.left * 0.9)
    street[..., :3] *= (1 - 0.38 * shade_side)[..., None]
    plates = [film.plate(painted.light, 20.0), film.plate(street, 8.0)]
    plates.append(_trees(setting, film, key, vanish))
    signs = _shop_lights(setting, canvas, vanish, 26, 0.9 if lit else 0.28)
    plates.append(film.glow(signs, 6.0, Flicker.TWINKLE, setting.seed))
    light = outdoor_light(setting if not wet else _closed(setting), painted)
    return Painting(tuple(plates), light, weather_air(setting), white_in(setting))


def _closed(setting: Setting) -> Setting:
    return Setting(setting.size, setting.hour, setting.season, setting.weather or "rain", setting.seed)


def _road(
    setting: Setting,
    canvas: Canvas,
    street: Floats,
    above: Floats,
    vanish: tuple[float, float],
    key: Floats,
    wet: bool,
) -> None:
    """Pavement and road below the houses, in place; a wet one mirrors what stands above it."""
    ground = Ground(canvas, vanish[1] + 0.005)
    rough = ground.noise(3.0, setting.key(5), 5)
    tone = rgb("#8a8884") * key * (0.55 if wet else 0.95)
    road = np.asarray(tone * (1 + 0.12 * rough)[..., None], np.float32)
    pavement = (
        np.abs(canvas.x - np.float32(vanish[0])) * ground.below
        > 0.30 * np.maximum(canvas.y - vanish[1], 0) / 0.24
    )
    road[pavement] *= np.float32(1.28)
    if setting.bare:
        snowy = ramp(rough + 1.2 * pavement, -0.2, 1.0)[..., None]
        road = road + (rgb("#e6edf4") * key - road) * snowy
    share = ramp(canvas.y, vanish[1] + 0.02, vanish[1] + 0.05)
    if wet:
        mirror = _mirrored(
            canvas, np.where(street[..., 3:] > 0, street[..., :3], above), vanish[1] + 0.02, rough
        )
        road = road * 0.55 + mirror * 0.6
    inside = np.abs(canvas.x - vanish[0]) < 0.62 * np.maximum(canvas.y - vanish[1], 0) / 0.24 + 0.01
    layer = cover(road, np.asarray(share * inside, np.float32))
    street *= 1 - layer[..., 3:]
    street += layer


def _mirrored(canvas: Canvas, above: Floats, line: float, rough: Floats) -> Floats:
    """What a wet road shows of the street above: upside down and drawn out toward the camera."""
    below = np.maximum(canvas.y - np.float32(line), 0)
    row = np.clip(
        (np.float32(line) - below * 1.15 - np.float32(canvas.top)) * np.float32(canvas.unit),
        0,
        canvas.height - 1,
    )
    column = (canvas.x - np.float32(canvas.left)) * np.float32(canvas.unit) - 0.5 + 2.5 * rough
    smeared = cv2.GaussianBlur(above, (0, 0), sigmaX=canvas.unit * 0.006, sigmaY=canvas.unit * 0.05)
    return np.asarray(
        cv2.remap(
            smeared,
            column.astype(np.float32),
            row.astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.float32,
    )


def _trees(setting: Setting, film: Develop, key: Floats, vanish: tuple[float, float]) -> Plate:
    """Street trees leaning in at both sides, or bare ones in winter."""
    canvas, rng = film.canvas, setting.rng(7)
    layer = canvas.layer()
    dark, lit = {"autumn": ("#6a3a16", "#e8a040"), "spring": ("#3f5a24", "#b8d070")}.get(
        setting.season or "", ("#1f3a18", "#8fb84e")
    )
    for side in (-1, 1):
        x = canvas.fx(0.5) + side * canvas.half[0] * 0.93
        canvas.line(
            layer, [(x, canvas.fy(0.9)), (x + side * 0.02, canvas.fy(0.1))], 0.026, rgb("#3a3028") * key
        )
        if not setting.bare:
            centres = np.array([x, canvas.fy(0.08)]) + rng.normal(0, [0.13, 0.09], (26, 2))
            mass(canvas, layer, rng, centres, 0.07, 46, Leaves(rgb(dark) * key, rgb(lit) * key, 0.009))
    return film.plate(
        layer, 4.5, Motion(shift=(0.003, 0.001), turn=0.25, anchor=(0, canvas.fy(1.0)), period=4.7)
    )


def _shop_lights(
    setting: Setting, canvas: Canvas, vanish: tuple[float, float], count: int, strength: float
) -> Floats:
    """Signs, tail lamps and traffic lights down the street, as discs."""
    rng, light = setting.rng(9), np.zeros((canvas.height, canvas.width, 3), np.float32)
    depth = rng.uniform(0.5, 3.0, count)
    side = rng.choice([-1, 1], count)
    points = np.stack(
        [
            vanish[0] + side * rng.uniform(0.12, 0.55, count) / depth,
            vanish[1] + rng.uniform(-0.12, 0.14, count) / depth,
        ],
        1,
    )
    colours = np.stack(
        [rgb((*SIGNS, *WARM)[int(i)], strength * rng.uniform(0.4, 1)) for i in rng.integers(0, 13, count)]
    )
    bokeh(canvas, light, points, colours, Lens(0.016))
    return light


def _night(setting: Setting, wet: bool = False) -> Painting:
    canvas = setting.canvas()
    vanish = (canvas.fx(0.58), canvas.fy(0.57))
    film = Develop(canvas, aperture=APERTURE)
    wet = wet or setting.weather == "rain"
    far, near = (_night_lights(setting, canvas, vanish, i) for i in (0, 1))
    base = _night_street(setting, canvas, vanish)
    if wet:
        rough = Ground(canvas, vanish[1]).noise(2.0, setting.key(11), 4, 2.0)
        mirror = _mirrored(canvas, base + far + near, vanish[1] + 0.03, rough)
        base += mirror * (0.72 * ramp(canvas.y, vanish[1] + 0.03, vanish[1] + 0.12))[..., None]
    haze = cv2.GaussianBlur(far, (0, 0), canvas.unit * 0.09)
    base = np.asarray(bloom(base + haze * 0.5 + far * 0.85, canvas.unit * 0.05, 0.05), np.float32)
    plates = [
        Plate(film.picture(opaque(base), 4.0), 9.0, canvas.scale),
        _discs(film, near, 5.0, Flicker.TWINKLE, setting.seed),
    ]
    cars = Traffic(setting.size, vanish, setting.key(13), 7)
    light = Light((0.6, -0.3, 0.55), (0.30, 0.25, 0.21), (0.21, 0.22, 0.29), (0.62, 0.42, 0.24), (0.8, -0.3))
    particles = (cars,) if setting.size.aspect > 0.9 else ()
    return Painting(tuple(plates), light, (0.05, 0.05, 0.07), (0.62, 0.58, 0.6), particles=particles)


def _discs(film: Develop, light: Floats, depth: float, flicker: Flicker, seed: int) -> Plate:
    """Lights whose discs are already painted, as a glowing plate."""
    return Develop(film.canvas, film.exposure, 0.0).glow(light, depth, flicker, seed)


def _night_street(setting: Setting, canvas: Canvas, vanish: tuple[float, float]) -> Floats:
    """The dark street itself: sky with the town's glow, houses with lit windows, the road."""
    rng = setting.rng(12)
    painted = skies.sky(canvas, "night", vanish[1], overcast=setting.overcast)
    glow = np.exp(-np.maximum(vanish[1] - canvas.y, 0) * 3.2)[..., None] * rgb("#6a4a3c", 0.55)
    base = painted.light * 0.8 + glow
    street = canvas.layer()
    facade = Facade(rgb("#2a2c38", 0.7), rgb("#1a2230", 0.6), 0.3, 1.5)
    for side in (-1, 1):
        side_of_street(canvas, street, rng, side, vanish, facade, rgb("#4a3a3c", 0.5))
    base = base * (1 - street[..., 3:]) + street[..., :3]
    ground = Ground(canvas, vanish[1])
    rough = ground.noise(2.4, setting.key(14), 5)
    road = rgb("#23242c") * (0.6 + 0.1 * rough)[..., None]
    if setting.bare:
        road = rgb("#5a6478") * (0.6 + 0.14 * rough)[..., None]
    shine = np.exp(-((canvas.x - np.float32(vanish[0])) ** 2) * 5) * np.exp(
        -np.maximum(canvas.y - vanish[1], 0) * 5
    )
    road = road + shine[..., None] * rgb("#ffb070", 0.34)
    share = ramp(canvas.y, vanish[1] + 0.03, vanish[1] + 0.07)[..., None]
    return np.asarray(base * (1 - share) + road * share, np.float32)


def _night_lights(setting: Setting, canvas: Canvas, vanish: tuple[float, float], layer: int) -> Floats:
    """Lamps, signs and windows as discs: the far ones (0) small and many, the near ones (1) large."""
    rng = setting.rng(15 + layer)
    light = np.zeros((canvas.height, canvas.width, 3), np.float32)
    if layer == 0:
        for side in (-1, 1):
            points, bright = lamps(rng, vanish, side, 12)
            bokeh(canvas, light, points, bright[:, None] * rgb("#ffbe78", 1.1), Lens(0.017))
        count, lens = 130, Lens(0.013, 0.25)
        spread = rng.normal(0, [0.42, 0.085], (count, 2))
        points = np.asarray(vanish) + spread + [0, -0.015]
    else:
        count, lens = 34, Lens(0.034, 0.4)
        side = rng.choice([-1, 1], count)
        x = canvas.fx(0.5) + side * canvas.half[0] * rng.uniform(0.32, 1.1, count)
        points = np.stack([x, vanish[1] + rng.normal(-0.10, 0.15, count)], 1)
    codes = np.array([*WARM, *WARM, *SIGNS])
    strength = rng.uniform(0.12, 0.75, count) * (1 if layer == 0 else 0.62)
    colours = np.stack(
        [
            mix(rgb(str(codes[int(i)])), rgb("#ffc080"), 0.15) * np.float32(s)
            for i, s in zip(rng.integers(0, len(codes), count), strength, strict=True)
        ]
    )
    bokeh(canvas, light, points, colours, lens)
    return light
