"""A photographer's studio: seamless paper in a colour, a lamp's pool on it, a floor that curves up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from muybridge.puppet.stage.paint.canvas import mix, ramp, rgb
from muybridge.puppet.stage.paint.lights import cone, pool
from muybridge.puppet.stage.paint.noise import fbm
from muybridge.puppet.stage.plates import Flicker, Light, Triple
from muybridge.puppet.stage.setting import Develop, Painting, Setting

# paper in the lamp's light, at the frame's corner, and the rim light
PAPERS: dict[str, tuple[str, str, Triple]] = {
    "studio": ("#b9b4ae", "#4c4a4b", (0.34, 0.34, 0.36)),
    "studio_white": ("#fbfaf8", "#d9d9dc", (0.20, 0.20, 0.21)),
    "studio_black": ("#3a3a40", "#08080a", (0.62, 0.64, 0.70)),
    "studio_blue": ("#5b93d8", "#142a58", (0.34, 0.46, 0.70)),
    "studio_red": ("#d8473f", "#4a0e14", (0.70, 0.30, 0.26)),
    "studio_green": ("#6fae7c", "#143a28", (0.32, 0.52, 0.36)),
    "studio_yellow": ("#f4c94c", "#a86a10", (0.62, 0.50, 0.24)),
    "studio_pink": ("#f2b3bf", "#b4627e", (0.60, 0.40, 0.46)),
    "studio_purple": ("#9a78d0", "#2c1850", (0.50, 0.36, 0.70)),
    "studio_orange": ("#f0935a", "#7c3012", (0.68, 0.42, 0.24)),
}


def studio(name: str) -> Callable[[Setting], Painting]:
    """A painter of one of the studios in PAPERS."""
    lit, corner, rim = PAPERS[name]

    def painted(setting: Setting) -> Painting:
        canvas = setting.canvas()
        film = Develop(canvas)
        lamp = pool(canvas, (canvas.fx(0.54), canvas.fy(0.40)), 0.62, 1.12)
        lamp = ramp(np.asarray(lamp, np.float32), -0.05, 1.02)[..., None]
        bright, dark = rgb(lit), rgb(corner)
        light = dark + (bright - dark) * lamp
        cloth = (
            fbm(canvas, setting.rng(1), 1.3, 4, 0.45) * 0.035
            + fbm(canvas, setting.rng(2), 5.0, 3, 0.5) * 0.014
        )
        floor = ramp(canvas.y, canvas.fy(0.74), canvas.fy(0.95))
        light = (
            light
            * (1 + cloth)[..., None]
            * (1 - 0.2 * floor + 0.32 * floor * ramp(canvas.y, canvas.fy(0.86), canvas.fy(1.1)))[..., None]
        )
        beam = cone(canvas, (canvas.fx(1.12), canvas.top - 0.1), (canvas.fx(0.62), canvas.fy(0.7)), 0.7)
        haze = np.asarray(beam[..., None] * mix(bright, rgb("#ffffff"), 0.4) * 0.05, np.float32)
        plates = (film.plate(np.asarray(light, np.float32), 4.0), film.glow(haze, 2.6, Flicker.STEADY))
        key = Light((-0.5, -0.45, 0.74), (0.56, 0.55, 0.54), (0.44, 0.44, 0.45), rim, (0.9, -0.45))
        air = tuple(float(v) for v in mix(bright, dark, 0.4))
        return Painting(plates, key, (air[0], air[1], air[2]), roofed=True)

    return painted
