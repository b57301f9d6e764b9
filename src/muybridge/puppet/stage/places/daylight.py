"""How the open air lights a subject, and what colour its fog is, by hour and weather."""

from __future__ import annotations

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas, mix, rgb
from muybridge.puppet.stage.paint.sky import HOURS, Sky
from muybridge.puppet.stage.plates import Light, Triple
from muybridge.puppet.stage.setting import Setting

# key, ambient, rim
GAINS: dict[str, tuple[Triple, Triple, Triple]] = {
    "dawn": ((0.46, 0.40, 0.36), (0.48, 0.47, 0.54), (0.70, 0.52, 0.40)),
    "day": ((0.62, 0.60, 0.55), (0.44, 0.47, 0.52), (0.45, 0.44, 0.42)),
    "sunset": ((0.46, 0.33, 0.22), (0.50, 0.41, 0.43), (1.10, 0.58, 0.26)),
    "night": ((0.13, 0.16, 0.23), (0.14, 0.17, 0.25), (0.20, 0.25, 0.38)),
}
GREY: dict[str, float] = {"dawn": 0.72, "day": 0.92, "sunset": 0.66, "night": 0.3}
AIR: dict[str, Triple] = {
    "dawn": (0.74, 0.62, 0.60),
    "day": (0.66, 0.70, 0.73),
    "sunset": (0.62, 0.42, 0.34),
    "night": (0.05, 0.068, 0.105),
}


def outdoor_light(setting: Setting, sky: Sky) -> Light:
    """The light of sun or moon and sky. A low sun stands behind the subject and draws a rim."""
    if setting.overcast:
        g = GREY[setting.hour]
        blue, edge = (1.35, 0.2) if setting.night else (1.04, 0.08)
        return Light(
            (0.0, -0.9, 0.44),
            (0.3 * g, 0.3 * g, 0.3 * g * blue),
            (0.66 * g, 0.67 * g, 0.68 * g * blue),
            (edge * g, edge * g, edge * g * blue),
        )
    key, ambient, rim = GAINS[setting.hour]
    side = float(np.clip(sky.sun[0] * 1.3, -0.8, 0.8)) or 0.4
    low = setting.hour in ("dawn", "sunset")
    height = -0.35 if low else -0.75
    return Light((side, height, 0.5 if low else 0.6), key, ambient, rim, (side, -0.5))


def far_air(setting: Setting, painted: Sky, horizon: float, canvas: Canvas) -> Floats:
    """The colour that far things take on. Against a low sun they stand in their own shade. Shapes: (3,)."""
    row = int(np.clip((horizon - 0.03 - canvas.top) * canvas.unit, 8, canvas.height - 1))
    air = np.minimum(painted.light[row - 8 : row].mean((0, 1)), 1.1)
    if setting.overcast or setting.hour in ("day", "night"):
        return np.asarray(air, np.float32)
    return mix(air, rgb("#8a6f96" if setting.hour == "sunset" else "#9c93b4", 0.62), 0.6)


def weather_air(setting: Setting) -> Triple:
    """The colour of fog out of doors, in linear light."""
    return AIR[setting.hour]


def white_in(setting: Setting) -> Triple:
    """What the hour's light makes of a white flake, as display gains."""
    return TINTS[setting.hour]


TINTS: dict[str, Triple] = {
    "dawn": (0.95, 0.86, 0.84),
    "day": (1.0, 1.0, 1.0),
    "sunset": (0.98, 0.82, 0.72),
    "night": (0.42, 0.48, 0.62),
}

__all__ = ["AIR", "HOURS", "outdoor_light", "weather_air", "white_in"]
