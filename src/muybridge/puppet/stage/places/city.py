"""City streets: by day between houses, by night in lamps, signs and cars out of focus; rain on the road."""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint import sky as skies
from muybridge.puppet.stage.paint.canvas import Canvas, bloom, mix, opaque, ramp, rgb
from muybridge.puppet.stage.paint.lights import Lens, bokeh
from muybridge.puppet.stage.paint.noise import Ground
from muybridge.puppet.stage.paint.town import SIGNS, WARM, Facade, lamps, side_of_street
from muybridge.puppet.stage.paint.water import mirrored
from muybridge.puppet.stage.particles.traffic import Traffic
from muybridge.puppet.stage.places.town_day import street_by_day
from muybridge.puppet.stage.plates import Flicker, Light, Plate
from muybridge.puppet.stage.setting import Develop, Painting, Setting

APERTURE = 0.021


def city_street(setting: Setting) -> Painting:
    """A street that runs away from the camera; a night of lights after dark."""
    return _night(setting) if setting.night else street_by_day(setting)


def rain_street(setting: Setting) -> Painting:
    """A street in the rain, wet and mirroring; best by night."""
    return _night(setting, wet=True) if setting.night else street_by_day(setting, wet=True)


def _night(setting: Setting, wet: bool = False) -> Painting:
    canvas = setting.canvas()
    vanish = (canvas.fx(0.58), canvas.fy(0.57))
    film = Develop(canvas, aperture=APERTURE)
    wet = wet or setting.weather == "rain"
    far, near = (_night_lights(setting, canvas, vanish, i) for i in (0, 1))
    base = _night_street(setting, canvas, vanish)
    if wet:
        rough = Ground(canvas, vanish[1]).noise(2.0, setting.key(11), 4, 2.0)
        mirror = mirrored(canvas, base + far + near, vanish[1] + 0.03, rough)
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
        x = canvas.half[0] * rng.choice([-1, 1], count) * rng.uniform(0.32, 1.1, count)
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
