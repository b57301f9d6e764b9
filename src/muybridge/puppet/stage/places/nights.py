"""The town from elsewhere: an alley of neon signs, a roof above the skyline."""

from __future__ import annotations

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint import sky as skies
from muybridge.puppet.stage.paint.canvas import Canvas, Point, bloom, mix, ramp, rgb
from muybridge.puppet.stage.paint.foliage import mass
from muybridge.puppet.stage.paint.lights import Lens, bokeh, pool
from muybridge.puppet.stage.paint.noise import Ground, fbm
from muybridge.puppet.stage.paint.rooms import planks
from muybridge.puppet.stage.paint.town import WARM, Facade, house
from muybridge.puppet.stage.paint.water import mirrored
from muybridge.puppet.stage.places.beach import sky_plates
from muybridge.puppet.stage.places.daylight import far_air, outdoor_light, weather_air, white_in
from muybridge.puppet.stage.places.seasons import daylight, leaves
from muybridge.puppet.stage.plates import Flicker, Light, Plate
from muybridge.puppet.stage.setting import Develop, Painting, Setting

NEONS = ("#ff2e88", "#2ee6ff", "#b04cff", "#ff6a2e", "#39ff9c", "#ffd23a")


def neon_alley(setting: Setting) -> Painting:
    """A narrow alley at night, signs on both sides, the ground wet."""
    canvas = setting.canvas()
    film = Develop(canvas, aperture=0.0195)
    vanish = (canvas.fx(0.47), canvas.fy(0.54))
    signs = [_signs(setting, canvas, vanish, i) for i in range(2)]
    base = _alley(setting, canvas, vanish)
    glow = np.asarray(sum(_spill(canvas, s) for s in signs), np.float32)
    base = base + glow
    rough = Ground(canvas, vanish[1]).noise(2.0, setting.key(3), 4, 2.0)
    mirror = mirrored(canvas, base + signs[0] + signs[1], vanish[1] + 0.04, rough)
    base += mirror * (0.62 * ramp(canvas.y, vanish[1] + 0.05, vanish[1] + 0.16))[..., None]
    near = np.zeros_like(base)
    rng = setting.rng(5)
    count = 26
    side = rng.choice([-1, 1], count)
    points = np.stack(
        [side * canvas.half[0] * rng.uniform(0.4, 1.15, count), canvas.fy(0.45) + rng.normal(0, 0.2, count)],
        1,
    )
    colours = np.stack(
        [
            rgb(NEONS[int(i)], s)
            for i, s in zip(rng.integers(0, 6, count), rng.uniform(0.08, 0.4, count), strict=True)
        ]
    )
    bokeh(canvas, near, points, colours, Lens(0.034, 0.4))
    still = Develop(canvas, 1.0, 0.0)
    plates: list[Plate] = [
        film.plate(np.asarray(bloom(base, canvas.unit * 0.08, 0.12), np.float32), 8.0),
        film.glow(signs[0], 8.0, Flicker.NEON, setting.seed + 1),
        film.glow(signs[1], 8.0, Flicker.STEADY),
        still.glow(near, 4.2, Flicker.TWINKLE, setting.seed),
    ]
    light = Light(
        (-0.8, -0.2, 0.57),
        (0.42, 0.18, 0.36),
        (0.20, 0.21, 0.32),
        (0.18, 0.75, 0.92),
        (1.0, -0.2),
        Flicker.NEON,
        setting.seed + 1,
    )
    return Painting(tuple(plates), light, (0.10, 0.05, 0.13), (0.75, 0.6, 0.85))


def _alley(setting: Setting, canvas: Canvas, vanish: Point) -> Floats:
    """Dark walls with pipes and doors, a strip of sky, the ground."""
    rng = setting.rng(1)
    layer = canvas.layer(rgb("#141624"))

    def at(side: int, y: float, depth: float) -> Point:
        return vanish[0] + side * 0.34 / depth, vanish[1] + y / depth

    for side in (-1, 1):
        for i in range(9, 0, -1):
            near, far = 0.22 + 0.24 * (i - 1), 0.22 + 0.24 * i
            tone = mix(rgb("#2c2c3c"), rgb("#4a2f58"), 0.09 * i) * np.float32(rng.uniform(0.6, 1.2))
            canvas.poly(
                layer,
                [at(side, 0.22, near), at(side, -0.95, near), at(side, -0.95, far), at(side, 0.22, far)],
                tone,
            )
            if rng.random() < 0.75:
                low = rng.uniform(-0.5, -0.2)
                lamp = rgb(WARM[int(rng.integers(5))], rng.uniform(0.3, 1.3))
                canvas.poly(
                    layer,
                    [
                        at(side, low + 0.14, near + 0.05),
                        at(side, low, near + 0.05),
                        at(side, low, far - 0.06),
                        at(side, low + 0.14, far - 0.06),
                    ],
                    lamp,
                )
            if rng.random() < 0.7:
                shop = rgb(WARM[int(rng.integers(5))], rng.uniform(0.5, 1.6))
                canvas.poly(
                    layer,
                    [
                        at(side, 0.20, near + 0.04),
                        at(side, -0.06, near + 0.04),
                        at(side, -0.06, far - 0.05),
                        at(side, 0.20, far - 0.05),
                    ],
                    shop,
                )
    ground = ramp(canvas.y, vanish[1] + 0.03, vanish[1] + 0.06)[..., None]
    light = layer[..., :3] * (1 - ground) + rgb("#181824") * ground
    light += pool(canvas, vanish, 0.16)[..., None] * rgb("#ff9ad0", 0.3)
    return np.asarray(light, np.float32)


def _signs(setting: Setting, canvas: Canvas, vanish: Point, number: int) -> Floats:
    """Neon: upright boards of strokes, rings and bars on both walls."""
    rng, layer = setting.rng(10 + number), canvas.layer()
    for i in range(9):
        side = 1 if (i + number) % 2 else -1
        depth = 0.36 + 0.17 * i + rng.uniform(0, 0.08)
        x, y = vanish[0] + side * 0.30 / depth, vanish[1] - rng.uniform(0.08, 0.42) / depth
        wide, tall = 0.062 / depth, rng.uniform(0.10, 0.22) / depth
        colour = rgb(NEONS[int(rng.integers(len(NEONS)))], 1.7)
        stroke = 0.012 / depth
        kind = int(rng.integers(3))
        if kind == 0:
            canvas.line(
                layer,
                [
                    (x - wide / 2, y),
                    (x + wide / 2, y),
                    (x + wide / 2, y + tall),
                    (x - wide / 2, y + tall),
                    (x - wide / 2, y),
                ],
                stroke,
                colour,
            )
            other = rgb(NEONS[int(rng.integers(len(NEONS)))], 1.7)
            for k in range(4):
                v = y + tall * (0.16 + 0.2 * k)
                canvas.line(
                    layer,
                    [
                        (x - wide * 0.3, v),
                        (x + wide * rng.uniform(0.05, 0.3), v + tall * rng.uniform(0, 0.1)),
                    ],
                    stroke,
                    other,
                )
        elif kind == 1:
            canvas.rect(layer, (x - wide * 0.4, y), (x + wide * 0.4, y + tall), colour * 0.42)
        else:
            for k in range(3):
                canvas.line(
                    layer,
                    [(x - wide * 0.5, y + tall * 0.3 * k), (x + wide * 0.5, y + tall * 0.3 * k)],
                    stroke * 1.2,
                    colour,
                )
    return np.asarray(layer[..., :3], np.float32)


def _spill(canvas: Canvas, light: Floats) -> Floats:
    """The colour that signs throw on the walls around them."""
    return np.asarray(0.34 * (bloom(light, canvas.unit * 0.16, 1.0, 0.0) - light), np.float32)


def rooftop(setting: Setting) -> Painting:
    """On a roof at the edge of town: the skyline behind, a parapet, plants, a string of lights."""
    canvas = setting.canvas()
    horizon, film = canvas.fy(0.62), Develop(canvas, aperture=0.0185)
    painted = skies.sky(canvas, setting.hour, horizon, overcast=setting.overcast)
    plates = sky_plates(setting, film, painted, horizon, 0.45)
    lit = {"day": 0.03, "dawn": 0.1, "sunset": 0.13, "night": 0.36}[setting.hour]
    air = far_air(setting, painted, horizon, canvas)
    for i, (share, depth, height) in enumerate(((0.66, 15.0, 0.36), (0.38, 10.0, 0.24))):
        plates.append(film.plate(_skyline(setting, canvas, horizon, air, (share, height, lit), i), depth))
    plates.append(film.plate(_terrace(setting, canvas), 4.0))
    plates.append(_lights(setting, film, 0.16 if setting.hour == "day" else 0.9))
    return Painting(tuple(plates), outdoor_light(setting, painted), weather_air(setting), white_in(setting))


def _skyline(
    setting: Setting,
    canvas: Canvas,
    horizon: float,
    air: Floats,
    look: tuple[float, float, float],
    number: int,
) -> Floats:
    """A row of towers, hazed by distance."""
    share, height, lit = look
    rng, layer = setting.rng(20 + number), canvas.layer()
    x = canvas.left - 0.05
    while x < -canvas.left:
        wide = rng.uniform(0.05, 0.15)
        tall = height * rng.uniform(0.25, 1.0) * (1.25 if rng.random() < 0.2 else 0.8)
        wall = mix(rgb("#6c7078") * daylight(setting) * np.float32(rng.uniform(0.5, 1.1)), air, share)
        pane = mix(rgb("#3a4656") * daylight(setting), air, share * 0.9)
        house(
            canvas,
            layer,
            rng,
            (x, horizon - tall),
            (x + wide, horizon + 0.14),
            Facade(wall, pane, lit, 1.5, (0.016, 0.022)),
        )
        x += wide * rng.uniform(0.8, 1.15)
    rise = ramp(canvas.y, horizon - 0.12, horizon + 0.12)
    layer[..., :3] += (air * layer[..., 3:] - layer[..., :3]) * (0.5 * rise)[..., None]
    return layer


def _terrace(setting: Setting, canvas: Canvas) -> Floats:
    """The roof's deck of boards, its parapet with planters, chairs at a low table."""
    rng, layer, light = setting.rng(25), canvas.layer(), daylight(setting)
    wall, floor, left = canvas.fy(0.71), canvas.fy(0.86), canvas.left - 0.1
    canvas.rect(layer, (left, floor), (-left, -canvas.top + 0.1), (1, 1, 1))
    deck = planks(canvas, canvas.fy(0.6), setting.key(26), (rgb("#7a5a40"), rgb("#b08a64")), 0.2)
    layer[..., :3] *= deck * light * np.float32(0.85)
    shaded = rgb("#a89a8c") * light
    canvas.rect(layer, (left, wall), (-left, floor), shaded * 0.5)
    canvas.rect(layer, (left, floor - 0.02), (-left, floor + 0.015), shaded * 0.25)
    canvas.rect(layer, (left, wall - 0.014), (-left, wall + 0.016), rgb("#d8ccba") * light * 0.9)
    layer[..., :3] *= (1 + 0.05 * fbm(canvas, rng, 6, 4))[..., None]
    for x, side in ((canvas.fx(0.09), 1), (canvas.fx(0.95), -1)):
        _chair(canvas, layer, (x, canvas.fy(0.97)), side, (rgb("#d8cfc0") * light, rgb("#2c2622") * light))
    if setting.bare:
        canvas.rect(layer, (left, wall - 0.026), (-left, wall), rgb("#eef3f8") * light)
        return layer
    for x0, x1 in ((canvas.left, canvas.fx(0.32)), (canvas.fx(0.70), -canvas.left)):
        canvas.rect(layer, (x0, wall - 0.035), (x1, wall + 0.02), rgb("#6a4c38") * light)
        tall = rng.uniform(0.0, 0.05, 14)
        centres = np.stack([np.linspace(x0, x1, 14), wall - 0.05 - tall], 1)
        mass(canvas, layer, rng, centres, 0.06, 60, leaves(setting, 0.009))
    return layer


def _chair(canvas: Canvas, layer: Floats, foot: Point, side: int, look: tuple[Floats, Floats]) -> None:
    """A lounge chair from the side, its back away from the middle. `look` is its cloth and its frame."""
    (x, y), (cloth, frame) = foot, look
    canvas.line(layer, [(x - 0.09 * side, y), (x - 0.05 * side, y - 0.11)], 0.012, frame)
    canvas.line(layer, [(x + 0.12 * side, y), (x + 0.10 * side, y - 0.10)], 0.012, frame)
    canvas.line(layer, [(x - 0.16 * side, y - 0.27), (x - 0.05 * side, y - 0.11)], 0.05, cloth * 0.85)
    canvas.line(layer, [(x - 0.06 * side, y - 0.10), (x + 0.14 * side, y - 0.115)], 0.045, cloth)


def _lights(setting: Setting, film: Develop, strength: float) -> Plate:
    canvas, rng = film.canvas, setting.rng(28)
    light = np.zeros((canvas.height, canvas.width, 3), np.float32)
    for row, base in enumerate((0.10, 0.19)):
        x = np.linspace(canvas.left, -canvas.left, 19) + 0.03 * row
        sag = 0.05 * np.cos((x - 0.2 * row) * 3.1) ** 2
        points = np.stack([x, canvas.fy(base) + sag + rng.normal(0, 0.003, 19)], 1)
        bokeh(
            canvas,
            light,
            points,
            rng.uniform(0.55, 0.9, (19, 1)) * strength * rgb("#ffc47c"),
            Lens(0.0165, 0.35),
        )
    if setting.night:
        light += (0.045 * pool(canvas, (0.0, canvas.fy(0.82)), 0.5, 1.8))[..., None] * rgb("#ffb46a")
    return Develop(canvas, 1.0, 0.0).glow(light, 4.6, Flicker.TWINKLE, setting.seed)
