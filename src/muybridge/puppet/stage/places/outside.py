"""What is seen through windows: a bright garden or sky by day, lights by night."""

from __future__ import annotations

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas, defocus, mix, rgb
from muybridge.puppet.stage.paint.foliage import mass
from muybridge.puppet.stage.paint.lights import Lens, bokeh
from muybridge.puppet.stage.paint.sky import gradient, stops_of
from muybridge.puppet.stage.paint.town import SIGNS, WARM
from muybridge.puppet.stage.places.seasons import leaves
from muybridge.puppet.stage.setting import Setting

BRIGHT = {"dawn": 0.95, "day": 1.35, "sunset": 1.0, "night": 1.0}


def view(setting: Setting, canvas: Canvas, horizon: float, green: float = 1.0) -> Floats:
    """The view from a window, `green` how much of it is trees. Shapes: (h, w, 3)."""
    rng = setting.rng(90)
    stops = stops_of(setting.hour, setting.overcast)
    light = gradient(np.maximum(horizon - canvas.y, 0) * 1.4, stops) * np.float32(BRIGHT[setting.hour])
    layer = np.dstack([light, np.ones(light.shape[:2], np.float32)]).astype(np.float32)
    if setting.night:
        count = 70
        points = np.stack(
            [rng.uniform(canvas.left, -canvas.left, count), horizon + rng.normal(-0.02, 0.10, count)], 1
        )
        codes = np.array([*WARM, *WARM, *SIGNS])
        colours = np.stack(
            [rgb(str(codes[int(i)]), rng.uniform(0.15, 0.9)) for i in rng.integers(0, len(codes), count)]
        )
        bokeh(canvas, light, points, colours, Lens(0.018, 0.25))
        return light
    centres = np.stack([rng.uniform(canvas.left, -canvas.left, 60), horizon + rng.normal(0.0, 0.09, 60)], 1)
    look = leaves(setting, 0.014, 0.12)
    if green:
        mass(canvas, layer, rng, centres, 0.12, int(64 * green), look)
    below = canvas.y > horizon + 0.12
    layer[..., :3][below] = mix(look.lit, rgb("#d8d4c8"), 0.5) * np.float32(0.7)
    points = np.stack([rng.uniform(canvas.left, -canvas.left, 60), horizon + rng.normal(-0.05, 0.12, 60)], 1)
    bright = light.max() * rng.uniform(0.1, 0.5, (60, 1))
    bokeh(canvas, layer, points, bright * rgb("#fff4dc"), Lens(0.02, 0.2))
    # the garden is farther than the window, so it is softer
    return defocus(np.asarray(layer[..., :3] * 1.15, np.float32), 0.012 * canvas.unit)
