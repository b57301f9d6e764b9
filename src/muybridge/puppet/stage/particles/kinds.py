"""The kinds of particles by name, each with its size, speed and look.

Limit: fog is not here: it is made of plates (see weather.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.particles import sprites
from muybridge.puppet.stage.particles.flakes import Flakes
from muybridge.puppet.stage.particles.glints import Glints
from muybridge.puppet.stage.particles.volume import Drift, Particles, Volume
from muybridge.units import Size

Tint = tuple[float, float, float]  # display gain of what the place's light makes of a white particle
NEUTRAL: Tint = (1.0, 1.0, 1.0)


def make(kind: str, size: Size, seed: int, tint: Tint = NEUTRAL) -> Particles:
    """A kind of particles by its name, one of KINDS. Raises: KeyError for another name."""
    return KINDS[kind](size, seed, tint)


def _dimmed(colour: Tint, tint: Tint) -> Tint:
    return (colour[0] * tint[0], colour[1] * tint[1], colour[2] * tint[2])


def _rain(size: Size, seed: int, tint: Tint) -> Particles:
    volume = Volume(620, (0.6, 6.0), Drift(3.9, 0.3, spread=0.12), size, seed)
    return Glints(volume, 0.0009, _dimmed((0.2, 0.22, 0.24), tint), streaks=True)


def _snow(size: Size, seed: int, tint: Tint) -> Particles:
    volume = Volume(420, (0.55, 9.0), Drift(0.17, 0.05, 0.035, 0.3, 0.35), size, seed)
    return Glints(volume, 0.0036, _dimmed((0.9, 0.93, 0.98), tint))


def _floating(t: float, luck: Floats) -> Floats:
    """Dust in a beam: each speck turns into the light and out again."""
    return np.asarray(
        0.55 + 0.45 * np.sin(2 * np.pi * (0.25 + 0.4 * luck[:, 2]) * t + 9 * luck[:, 3]), np.float32
    )


def _dust(size: Size, seed: int, tint: Tint) -> Particles:
    volume = Volume(110, (0.6, 4.0), Drift(-0.008, 0.014, 0.03, 0.12, 0.8), size, seed)
    return Glints(volume, 0.0021, _dimmed((0.85, 0.78, 0.62), tint), gain=_floating)


def _blinking(t: float, luck: Floats) -> Floats:
    """Fireflies: a slow glow up and down, dark for about half the time."""
    turn = t * (0.22 + 0.2 * luck[:, 2]) + luck[:, 3]
    return np.asarray(np.clip(1.6 * np.sin(2 * np.pi * turn) + 0.3, 0, 1), np.float32)


def _fireflies(size: Size, seed: int, tint: Tint) -> Particles:
    volume = Volume(64, (0.7, 4.0), Drift(-0.012, 0.01, 0.09, 0.16, 0.9), size, seed)
    return Glints(volume, 0.0046, (0.92, 0.95, 0.36), glow=4.2, gain=_blinking)


def _cooling(t: float, luck: Floats) -> Floats:
    return np.asarray(0.55 + 0.45 * np.sin(2 * np.pi * (0.9 + luck[:, 2]) * t + 9 * luck[:, 3]), np.float32)


def _sparks(size: Size, seed: int, tint: Tint) -> Particles:
    volume = Volume(80, (0.65, 4.0), Drift(-0.3, 0.04, 0.06, 0.5, 0.5), size, seed)
    return Glints(volume, 0.0026, (1.0, 0.52, 0.16), glow=3.0, gain=_cooling)


def _flakes(
    look: Callable[[], Floats], count: int, radius: float, drift: Drift, tumble: float
) -> Callable[[Size, int, Tint], Particles]:
    def made(size: Size, seed: int, tint: Tint) -> Particles:
        pictures = look().astype(np.float32)
        pictures[..., :3] *= np.array(tint, np.float32)
        volume = Volume(count, (0.6, 4.0), drift, size, seed)
        return Flakes(volume, np.clip(pictures, 0, 255).astype(np.uint8), radius, tumble)

    return made


_falling = Drift(0.13, 0.09, 0.05, 0.28, 0.35)

KINDS: dict[str, Callable[[Size, int, Tint], Particles]] = {
    "rain": _rain,
    "snow": _snow,
    "dust": _dust,
    "fireflies": _fireflies,
    "sparks": _sparks,
    "petals": _flakes(sprites.petals, 44, 0.0125, _falling, 0.35),
    "leaves": _flakes(sprites.leaves, 34, 0.019, replace(_falling, fall=0.16), 0.3),
    "confetti": _flakes(sprites.confetti, 84, 0.0125, replace(_falling, fall=0.22, wind=0.02), 0.9),
    "bubbles": _flakes(sprites.bubbles, 30, 0.013, Drift(-0.15, 0.01, 0.03, 0.5, 0.4), 0.0),
}
