"""Weather over a painted place: its particles, and fog as plates that drift between the others.

Painters see to the sky and to what is wet or white; this adds what moves in the air.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas, cover, develop, ramp
from muybridge.puppet.stage.paint.noise import fbm
from muybridge.puppet.stage.particles import KINDS, make
from muybridge.puppet.stage.plates import Motion, Plate
from muybridge.puppet.stage.scene import Scene
from muybridge.puppet.stage.setting import Painting, Setting

WEATHERS = ("fog", *sorted(KINDS))
FALLING = ("rain", "snow")  # what no roof lets in


def with_weather(painting: Painting, setting: Setting, name: str) -> Scene:
    """The painting as a scene in its setting's weather."""
    plates, particles, weather = painting.plates, painting.particles, setting.weather
    notes: tuple[str, ...] = ()
    if weather == "fog" and not painting.roofed:
        plates = _fogged(painting, setting)
    elif weather in FALLING and painting.roofed:
        notes = (f"No {weather} falls indoors: it stays outside the windows.",)
    elif weather in KINDS:
        particles = (*particles, make(weather, setting.size, setting.seed, painting.tint))
    elif weather is not None:
        notes = ("There is no fog indoors.",)
    return Scene(name, setting.size, plates, painting.light, particles, painting.sharp, notes)


def _fogged(painting: Painting, setting: Setting) -> tuple[Plate, ...]:
    """Fog banks laid between the plates: thick behind them all, a thin veil before the subject."""
    canvas = Canvas(setting.size, 0.25)
    colour = np.array(painting.air, np.float32)
    behind = [plate for plate in painting.plates if plate.depth > 1]
    plates: list[Plate] = []
    for i, plate in enumerate(behind):
        plates.append(plate)
        if i == 0 or (i == len(behind) - 1 and i > 1):
            strength = 0.78 if i == 0 else 0.34
            bank = _bank(canvas, setting.rng(70 + i), strength)
            plates.append(_fog_plate(canvas, bank, colour, plate.depth * 0.97, 0.012 + 0.006 * i))
    veil = _bank(canvas, setting.rng(79), 0.13) * ramp(canvas.y, canvas.fy(0.4), canvas.fy(1.0))
    mist = _fog_plate(canvas, np.asarray(veil, np.float32), colour, 0.85, 0.03)
    front = [plate for plate in painting.plates if plate.depth <= 1]
    return (*plates, replace(mist, glows=True), *front)


def _bank(canvas: Canvas, rng: np.random.Generator, strength: float) -> Floats:
    """How much a bank of fog covers: uneven, and thicker low down. Shapes: (h, w)."""
    uneven = np.clip(1 + 0.3 * fbm(canvas, rng, 1.2, 4, 0.5, (2.4, 1.0)), 0.35, 1.5)
    low = 0.55 + 0.45 * ramp(canvas.y, canvas.fy(0.1), canvas.fy(0.75))
    return np.asarray(np.clip(strength * uneven * low, 0, 0.94), np.float32)


def _fog_plate(canvas: Canvas, alpha: Floats, colour: Floats, depth: float, speed: float) -> Plate:
    light = np.broadcast_to(colour, (*alpha.shape, 3))
    return Plate(develop(cover(light, alpha)), depth, canvas.scale, Motion(drift=(speed, 0.0)))
