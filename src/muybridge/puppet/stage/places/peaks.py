"""Mountains: above a meadow, and mirrored in a lake."""

from __future__ import annotations

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint import sky as skies
from muybridge.puppet.stage.paint.canvas import Canvas, cover, lay, mix, ramp, rgb
from muybridge.puppet.stage.paint.foliage import grass
from muybridge.puppet.stage.paint.noise import Ground
from muybridge.puppet.stage.paint.terrain import ridged, terrain
from muybridge.puppet.stage.paint.water import glitter, mirrored
from muybridge.puppet.stage.places.daylight import far_air
from muybridge.puppet.stage.places.fields import finished, firs, grassland, opened, sunlight
from muybridge.puppet.stage.places.seasons import daylight, shadelight, turf
from muybridge.puppet.stage.plates import Motion
from muybridge.puppet.stage.setting import Painting, Setting


def mountains(setting: Setting) -> Painting:
    """Ranges behind ranges, the far ones blue with air, a meadow in front."""
    canvas, horizon, film, plates, painted = opened(setting, 0.60)
    far, near = _ranges(setting, canvas, horizon, painted)
    plates.append(film.plate(far, 16.0))
    plates.append(film.plate(near, 8.0))
    plates.append(film.plate(grassland(setting, canvas, canvas.fy(0.76), 0.35), 4.0))
    return finished(setting, plates, painted)


def lake(setting: Setting) -> Painting:
    """A lake between mountains that mirrors them, reeds at its near shore."""
    canvas, horizon, film, plates, painted = opened(setting, 0.56, amount=0.4)
    far, near = _ranges(setting, canvas, horizon, painted)
    ranges = lay(near, far)
    above = np.asarray(painted.light * (1 - ranges[..., 3:]) + ranges[..., :3], np.float32)
    water = [_mirror(setting, canvas, above, painted, horizon + 0.035, i) for i in range(3)]
    plates.append(film.plate(ranges, 13.0))
    plates.append(film.shimmer((water[0], water[1], water[2]), 6.0, 2.6))
    reeds, (low, high), rng = canvas.layer(), turf(setting), setting.rng(57)
    grass(canvas, reeds, rng, 620, (canvas.fy(0.97), -canvas.top + 0.02), 0.2, low * 0.6, high * 0.9, 0.06)
    plates.append(film.plate(reeds, 2.8, Motion(lean=0.02, anchor=(0, -canvas.top), period=3.8)))
    return finished(setting, plates, painted)


def _mirror(
    setting: Setting, canvas: Canvas, above: Floats, painted: skies.Sky, shore: float, moment: int
) -> Floats:
    """The lake: what stands above it upside down, deeper in colour toward the viewer. Shapes: (h, w, 4)."""
    ground = Ground(canvas, shore - 0.02)
    ripples = ground.noise(2.2, setting.key(50 + moment), 4, 3.0)
    seen = mirrored(canvas, above, shore, 0.7 * ripples) * np.float32(0.82)
    deep = rgb("#1c4a5c") * daylight(setting) * np.float32(0.5)
    share = 0.6 * ramp(canvas.y, canvas.fy(0.6), canvas.fy(1.15))[..., None]
    light = (seen + (deep - seen) * share) * (1 + 0.05 * ripples)[..., None]
    if setting.night and not setting.overcast:  # a low sun stands behind the mountains, the moon above
        path = glitter(canvas, ground, painted.sun[0], shore, setting.key(54 + moment), wide=0.02)
        light = light + path[..., None] * painted.hour.disc * np.float32(0.2)
    return cover(np.asarray(light, np.float32), ramp(canvas.y, shore - 0.004, shore + 0.004))


def _ranges(setting: Setting, canvas: Canvas, horizon: float, painted: skies.Sky) -> tuple[Floats, Floats]:
    """The high range, and the foothills with their firs. Shapes: (h, w, 4) each."""
    air, sun = far_air(setting, painted, horizon, canvas), sunlight(setting, painted)
    light, shade = daylight(setting), mix(shadelight(setting), daylight(setting), 0.25)
    line = 0.0 if setting.bare else 9.0
    green = turf(setting)

    def rock(height: Floats, level: Floats, lit: Floats) -> Floats:
        stone = rgb("#5a5a62") * shade + (rgb("#a8947e") * light - rgb("#5a5a62") * shade) * lit[..., None]
        low = green[0] * 0.6 + (green[1] * 0.7 - green[0] * 0.6) * lit[..., None]
        snow = rgb("#93aad2") * shade + (rgb("#fbfcfe") * light - rgb("#93aad2") * shade) * lit[..., None]
        colour = low + (stone - low) * ramp(height - 3 * level, 0.6, 4.4)[..., None]
        cap = (ramp(height + 3.2 * level, line + 0.8, line + 3.2) * ramp(level, 0.2, 0.45))[..., None]
        return np.asarray(colour + (snow - colour) * cap, np.float32)

    def peaks(x: Floats, z: Floats) -> Floats:
        return 33 * ridged(x / 34 + 3, z / 30 + 1, setting.key(5), 6, 0.45) ** 1.3 * ramp(z, 24, 70)

    def foothills(x: Floats, z: Floats) -> Floats:
        return 4.4 * ridged(x / 9 + 5, z / 9, setting.key(6), 5, 0.5) * ramp(z, 8, 26)

    far = terrain(canvas, horizon, (26, 130), peaks, rock, sun, air, 210)
    near = terrain(canvas, horizon, (8, 30), foothills, rock, sun, air, 90)
    return far, lay(firs(setting, canvas, horizon + 0.05, air, 0.7), near)
