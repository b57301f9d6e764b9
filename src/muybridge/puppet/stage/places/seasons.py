"""What the seasons do to leaves and meadows, and the hours to the light that falls on them."""

from __future__ import annotations

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import rgb
from muybridge.puppet.stage.paint.foliage import Leaves
from muybridge.puppet.stage.paint.sky import HOURS
from muybridge.puppet.stage.setting import Setting

# deep in the mass and in full light
LEAVES = {
    "spring": ("#3f6420", "#c4dc6a"),
    "summer": ("#1d4018", "#92c04a"),
    "autumn": ("#74350f", "#f2a83a"),
    "winter": ("#6c7682", "#eef4fb"),
}
GRASS = {
    "spring": ("#3f6b22", "#a8cf5c"),
    "summer": ("#4c6a22", "#b5c65a"),
    "autumn": ("#6b5a26", "#cfae62"),
    "winter": ("#aeb9c6", "#f4f8fc"),
}
GREY_LIGHT = {"dawn": 0.4, "day": 0.62, "sunset": 0.36, "night": 0.15}


def season_of(setting: Setting) -> str:
    """The season, summer where none was named; winter where snow falls."""
    return "winter" if setting.bare else setting.season or "summer"


def daylight(setting: Setting) -> Floats:
    """The linear gain of full light on the ground: sun and sky, or a grey sky alone. Shapes: (3,)."""
    if setting.overcast:
        return rgb("#a4bce8" if setting.night else "#dde4ea", GREY_LIGHT[setting.hour])
    look = HOURS[setting.hour]
    return np.asarray(look.key * np.float32(0.72) + look.fill * np.float32(0.5), np.float32)


def shadelight(setting: Setting) -> Floats:
    """The linear gain of what lies in the shade. Shapes: (3,)."""
    if setting.overcast:
        return daylight(setting) * np.float32(0.55)
    return np.asarray(HOURS[setting.hour].fill * np.float32(0.62), np.float32)


def leaves(setting: Setting, size: float = 0.012, spark: float = 0.06) -> Leaves:
    """Leaves of the season in the hour's light."""
    dark, lit = LEAVES[season_of(setting)]
    return Leaves(rgb(dark) * shadelight(setting) * 1.5, rgb(lit) * daylight(setting) * 1.15, size, spark)


def turf(setting: Setting) -> tuple[Floats, Floats]:
    """Grass of the season, in its hollows and in the light."""
    low, high = GRASS[season_of(setting)]
    return rgb(low) * daylight(setting) * 0.8, rgb(high) * daylight(setting)
