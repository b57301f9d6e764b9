"""A street by day: painted houses with shops and awnings, one side in the sun, trees, parked cars, people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint import sky as skies
from muybridge.puppet.stage.paint.canvas import Canvas, Point, bloom, cover, lay, mix, ramp, rgb
from muybridge.puppet.stage.paint.foliage import Leaves, mass
from muybridge.puppet.stage.paint.lights import Lens, bokeh
from muybridge.puppet.stage.paint.noise import Ground
from muybridge.puppet.stage.paint.town import SIGNS, WARM
from muybridge.puppet.stage.paint.water import mirrored
from muybridge.puppet.stage.places.daylight import far_air, outdoor_light, weather_air, white_in
from muybridge.puppet.stage.places.seasons import daylight, leaves, shadelight
from muybridge.puppet.stage.plates import Flicker, Motion, Plate
from muybridge.puppet.stage.setting import Develop, Painting, Setting

WALLS = ("#c9a27c", "#d8c4a4", "#a8634c", "#8c9aa0", "#e2d8c8", "#b07a58", "#9aa88c", "#cc8a70", "#7c6a60")
AWNINGS = ("#b83a34", "#2f6a5c", "#d8a83c", "#34507c", "#e8e0d0", "#8a3a5c")
CARS = ("#8c1f24", "#d8dade", "#1f2a3c", "#5c6468", "#c8a83c", "#2f4a6c")
COATS = ("#2c3444", "#7a3c34", "#c8b490", "#3c4a3c", "#d8d4cc", "#4a3a5c")
EDGE, FOOT = 0.62, 0.24  # half the street's width and the eye's height, at depth 1


def street_by_day(setting: Setting, wet: bool = False) -> Painting:
    """A street that runs away from the camera at dawn, by day or at sunset."""
    closed = setting.overcast or wet
    if closed and not setting.overcast:
        setting = replace(setting, weather="rain")
    canvas = setting.canvas()
    vanish = (canvas.fx(0.56), canvas.fy(0.56))
    film = Develop(canvas, aperture=0.0195)
    painted = skies.sky(canvas, setting.hour, vanish[1], overcast=closed, sun_x=0.56)
    if closed:
        skies.overcast_clouds(canvas, painted.light, setting.key(2))
    street = canvas.layer()
    air = far_air(setting, painted, vanish[1], canvas)
    lit = 0.05 if setting.hour == "day" and not closed else 0.3
    _houses(setting, canvas, street, vanish, (air, lit))
    wet_light = (
        np.where(street[..., 3:] > 0, street[..., :3], painted.light) if setting.weather == "rain" else None
    )
    lay(_road(setting, canvas, vanish, wet_light), street)
    _cars_and_people(setting, canvas, street, vanish, air)
    back = np.asarray(bloom(painted.light, canvas.unit * 0.1, 0.3, 0.9), np.float32)
    plates = [film.plate(back, 20.0), film.plate(street, 8.0), _trees(setting, film)]
    signs = _shop_lights(setting, canvas, vanish, 30, 1.0 if lit > 0.1 else 0.45)
    plates.append(film.glow(signs, 6.0, Flicker.TWINKLE, setting.seed))
    return Painting(tuple(plates), outdoor_light(setting, painted), weather_air(setting), white_in(setting))


def _houses(
    setting: Setting, canvas: Canvas, street: Floats, vanish: Point, look: tuple[Floats, float]
) -> None:
    """Both rows of houses, far ones first, the left row in the shade."""
    rng, (air, lit) = setting.rng(1), look
    for side, light in (
        (-1, mix(shadelight(setting), daylight(setting), 0.3)),
        (1, daylight(setting) * 0.95),
    ):
        depth = 3.4
        while depth > 0.3:
            near = max(depth - 0.3 * rng.uniform(0.7, 1.3), 0.26)
            share = min(0.11 * depth, 0.6)
            wall = mix(rgb(WALLS[int(rng.integers(len(WALLS)))]) * light, air, share)
            pane = mix(rgb("#46586a") * light + air * 0.12, air, share)
            _house(canvas, street, rng, vanish, (side, near, depth), (wall, pane, lit))
            depth = near


def _house(
    canvas: Canvas, street: Floats, rng: np.random.Generator, vanish: Point, where: tuple[int, float, float],
    look: tuple[Floats, Floats, float],
) -> None:  # fmt: skip
    """One house: wall, cornice, windows, a shop with its awning."""
    side, near, far = where
    wall, pane, lit = look
    tall = rng.uniform(0.55, 1.05)

    def at(u: float, v: float, out: float = 0.0) -> Point:
        z = 1 / ((1 - u) / near + u / far)
        return vanish[0] + side * (EDGE - out) / z, vanish[1] + (FOOT - v) / z

    def quad(u: Point, v: Point, colour: Floats, out: float = 0.0) -> None:
        canvas.poly(
            street, [at(u[0], v[0], out), at(u[1], v[0], out), at(u[1], v[1]), at(u[0], v[1])], colour
        )

    quad((0, 1), (0, tall), wall)
    quad((0, 1), (tall - 0.035, tall), wall * np.float32(1.3))
    quad((0, 0.03), (0, tall), wall * np.float32(0.75))
    for v in np.arange(0.27, tall - 0.1, 0.13):
        for u in (0.09, 0.32, 0.55, 0.78):
            glass = (
                rgb(WARM[int(rng.integers(5))], rng.uniform(0.5, 1.5))
                if rng.random() < lit
                else pane * np.float32(rng.uniform(0.6, 1.6))
            )
            quad((u - 0.015, u + 0.155), (v - 0.008, v + 0.09), wall * np.float32(1.22))
            quad((u, u + 0.14), (v, v + 0.08), glass)
    shop = rgb("#ffdca8", 0.3 + 1.1 * min(lit * 3, 1)) if rng.random() < 0.6 else pane * np.float32(0.7)
    quad((0.06, 0.94), (0.01, 0.16), mix(shop, pane, 0.25))
    quad((0.46, 0.54), (0.0, 0.16), wall * np.float32(0.5))
    if rng.random() < 0.75:
        tone = rgb(AWNINGS[int(rng.integers(len(AWNINGS)))]) * np.float32(wall.max() * 1.35)
        quad((0.04, 0.96), (0.155, 0.225), tone, 0.07)


def _road(setting: Setting, canvas: Canvas, vanish: Point, above: Floats | None) -> Floats:
    """Pavement and road; a wet one mirrors what stands `above` it."""
    ground, light = Ground(canvas, vanish[1] + 0.005), daylight(setting)
    rough = ground.noise(3.0, setting.key(5), 5)
    below = np.maximum(canvas.y - np.float32(vanish[1]), 0)
    aside = np.abs(canvas.x - np.float32(vanish[0]))
    pavement = ramp(aside - below * np.float32(0.42 / FOOT), -0.01, 0.01)
    tone = (rgb("#6c6a6a") + (rgb("#b4aa9c") - rgb("#6c6a6a")) * pavement[..., None]) * light
    road = tone * (1 + 0.10 * rough)[..., None]
    stripe = np.abs(aside - below * np.float32(0.02 / FOOT)) < below * np.float32(0.012 / FOOT)
    dashes = np.sin(np.pad(ground.z, ((ground.row, 0), (0, 0))) * 6) > 0
    road[stripe & dashes & (aside < 0.2)] = rgb("#e4e0d4") * light
    if not setting.overcast:  # the shadow of the left row, and sun that rakes past it
        shaded = ramp(canvas.x - np.float32(vanish[0]), 0.12, -0.05) * ramp(below, 0.0, 0.03)
        road = (
            road + (road * shadelight(setting) / np.maximum(light, 1e-3) - road) * (0.75 * shaded)[..., None]
        )
    if setting.bare:
        road = road + (rgb("#e6edf4") * light - road) * ramp(rough + 1.2 * pavement, -0.2, 1.0)[..., None]
    if above is not None:
        road = road * 0.42 + mirrored(canvas, above, vanish[1] + 0.02, rough) * 0.6
    inside = aside < below * np.float32(EDGE / FOOT) + 0.01
    return cover(np.asarray(road, np.float32), np.asarray(ramp(below, 0.012, 0.03) * inside, np.float32))


def _cars_and_people(setting: Setting, canvas: Canvas, street: Floats, vanish: Point, air: Floats) -> None:
    """Parked cars along the kerb and passers-by on the pavement, far ones first."""
    rng, light = setting.rng(6), daylight(setting)

    def seen(codes: tuple[str, ...], depth: float) -> Floats:
        return mix(rgb(codes[int(rng.integers(len(codes)))]) * light, air, min(0.16 * depth, 0.6))

    for depth in np.linspace(2.6, 0.75, 9):
        side, d = int(rng.choice([-1, 1])), float(depth)
        foot = (vanish[0] + side * 0.36 / d, vanish[1] + FOOT / d)
        _car(canvas, street, foot, d, (seen(CARS, d), seen(("#5c7080",), d), seen(("#101216",), d)))
    for depth in np.linspace(2.2, 0.85, 8):
        side, d = int(rng.choice([-1, 1])), float(depth)
        foot = (vanish[0] + side * rng.uniform(0.46, 0.58) / d, vanish[1] + FOOT / d)
        _person(
            canvas, street, foot, d, (seen(COATS, d), seen(("#22262e",), d), seen(("#b08468", "#6a4a38"), d))
        )


def _car(
    canvas: Canvas, street: Floats, foot: Point, depth: float, look: tuple[Floats, Floats, Floats]
) -> None:
    """A parked car from behind. `look` is its paint, its glass, its shadow."""
    (x, y), (paint, glass, shadow) = foot, look
    w, h = 0.085 / depth, 0.12 / depth
    canvas.ellipse(street, (x, y), (w * 1.15, 0.014 / depth), shadow)
    canvas.rect(street, (x - w, y - h * 0.66), (x + w, y - h * 0.08), paint)
    roof = [
        (x - w * 0.8, y - h * 0.6),
        (x - w * 0.6, y - h),
        (x + w * 0.6, y - h),
        (x + w * 0.8, y - h * 0.6),
    ]
    canvas.poly(street, roof, paint * np.float32(0.8))
    canvas.rect(street, (x - w * 0.6, y - h * 0.93), (x + w * 0.6, y - h * 0.66), glass)
    for lamp in (-0.8, 0.8):
        place = (x + w * lamp, y - h * 0.42)
        canvas.ellipse(street, place, (0.011 / depth, 0.009 / depth), rgb("#e8402c", 1.1))


def _person(
    canvas: Canvas, street: Floats, foot: Point, depth: float, look: tuple[Floats, Floats, Floats]
) -> None:
    """Somebody on the pavement. `look` is the coat, the legs, the skin."""
    (x, y), (coat, legs, skin), tall = foot, look, 0.265 / depth
    canvas.rect(street, (x - 0.020 / depth, y - tall * 0.48), (x + 0.020 / depth, y), legs)
    canvas.ellipse(street, (x, y - tall * 0.64), (0.034 / depth, tall * 0.23), coat)
    canvas.ellipse(street, (x, y - tall * 0.93), (0.016 / depth, 0.021 / depth), skin)


def _trees(setting: Setting, film: Develop) -> Plate:
    """Street trees leaning in at both sides; bare ones in winter."""
    canvas, rng, key = film.canvas, setting.rng(7), daylight(setting)
    layer = canvas.layer()
    look = leaves(setting, 0.009)
    if setting.hour == "day" and not setting.overcast:
        look = Leaves(look.dark, look.lit * np.float32(1.15), look.size, 0.1)
    for side in (-1, 1):
        x = canvas.fx(0.5) + side * canvas.half[0] * 0.95
        canvas.line(
            layer, [(x, canvas.fy(0.9)), (x + side * 0.02, canvas.fy(0.1))], 0.026, rgb("#3a3028") * key
        )
        if not setting.bare:
            centres = np.array([x, canvas.fy(0.05)]) + rng.normal(0, [0.14, 0.10], (30, 2))
            mass(canvas, layer, rng, centres, 0.07, 46, look, (0.5, -0.8))
    return film.plate(
        layer, 4.5, Motion(shift=(0.003, 0.001), turn=0.25, anchor=(0, canvas.fy(1.0)), period=4.7)
    )


def _shop_lights(setting: Setting, canvas: Canvas, vanish: Point, count: int, gain: float) -> Floats:
    """Signs, lamps and glints of glass and chrome down the street, as discs."""
    rng, light = setting.rng(9), np.zeros((canvas.height, canvas.width, 3), np.float32)
    depth, side = rng.uniform(0.6, 3.0, count), rng.choice([-1, 1], count)
    x = vanish[0] + side * rng.uniform(0.3, 0.6, count) / depth
    points = np.stack([x, vanish[1] + rng.uniform(-0.10, 0.16, count) / depth], 1)
    codes = np.array([*WARM, *WARM, "#ffffff", "#ffffff", *SIGNS[:2]])
    which = rng.integers(0, len(codes), count)
    colours = np.stack([rgb(str(codes[int(i)]), gain * rng.uniform(0.2, 0.8)) for i in which])
    bokeh(canvas, light, points, colours, Lens(0.0135))
    return light
