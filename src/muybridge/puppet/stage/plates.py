"""What a place is made of: plates at their depths that may drift, sway and flicker, and its light.

Everything that moves is a pure function of time. Convention: depths are the camera's (1 is the
subject closest); lengths in short sides of the frame; seconds; axes x right, y down, z toward the
camera; plates carry straight alpha and sRGB; light gains are linear.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from muybridge.puppet.portrait import Bytes, Floats

MARGIN = 0.15  # of the frame's size, painted beyond each of its edges

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Motion:
    """How a plate moves of itself: a steady drift, and a sway about an anchor.

    `drift` short sides a second; `shift` the sway's reach in short sides; `turn` its reach in
    degrees; `lean` its shear (x by y); all but drift as two sines that never quite repeat.
    """

    drift: tuple[float, float] = (0.0, 0.0)
    shift: tuple[float, float] = (0.0, 0.0)
    turn: float = 0.0
    lean: float = 0.0
    anchor: tuple[float, float] = (0.0, 0.0)
    period: float = 5.0
    phase: float = 0.0

    def at(self, t: float) -> Floats:
        """The move at a time, on coordinates in short sides from the frame's centre. Shapes: (2, 3)."""
        turning = 2 * np.pi * t / self.period + self.phase
        swing = 0.72 * np.sin(turning) + 0.28 * np.sin(1.73 * turning + 1.1)
        other = 0.72 * np.sin(0.83 * turning + 2.0) + 0.28 * np.sin(1.91 * turning)
        angle = np.deg2rad(self.turn * swing)
        linear = np.array(
            [[np.cos(angle), -np.sin(angle) + self.lean * swing], [np.sin(angle), np.cos(angle)]]
        )
        anchor = np.array(self.anchor)
        moved = [self.drift[0] * t + self.shift[0] * swing, self.drift[1] * t + self.shift[1] * other]
        return np.hstack([linear, (anchor - linear @ anchor + moved)[:, None]]).astype(np.float32)


STILL = Motion()


class Flicker(StrEnum):
    """How a light's strength changes."""

    STEADY = "steady"
    FIRE = "fire"
    NEON = "neon"  # steady, with short drop-outs now and then
    TWINKLE = "twinkle"  # slow and gentle


def strength(kind: Flicker, t: float, seed: int = 0) -> float:
    """A light's gain at a time, about 1."""
    if kind is Flicker.FIRE:
        phase = 1.3 * seed
        waves = ((2.3, 0.34), (4.1, 0.27), (7.7, 0.2), (11.3, 0.12))
        return 1.0 + 0.34 * sum(a * float(np.sin(2 * np.pi * f * t + phase * f + f)) for f, a in waves)
    if kind is Flicker.NEON:
        beat = int(np.floor(t * 11))
        rng = np.random.default_rng((seed, max(beat // 9, 0), 91))
        dropped = rng.random() < 0.3 and beat % 9 in rng.integers(0, 9, 3)
        return 0.45 if dropped else 1.0 + 0.02 * float(np.sin(40 * t))
    if kind is Flicker.TWINKLE:
        return 1.0 + 0.16 * float(np.sin(1.9 * t + seed) + 0.6 * np.sin(3.1 * t + 2.2 * seed))
    return 1.0


@dataclass(frozen=True, slots=True)
class Plate:
    """One layer of a place on its canvas of the frame and `MARGIN` around it.

    Shapes: `rgba` (h, w, 4) uint8, straight alpha. `scale` is canvas pixels for each frame pixel.
    `others` are further pictures of the same plate, cross-faded with it over `cycle` seconds
    (two of them, or none). `glows` plates are added as light, times their `flicker`, and not laid over.
    """

    rgba: Bytes
    depth: float
    scale: float = 0.5
    motion: Motion = STILL
    others: tuple[Bytes, ...] = ()
    cycle: float = 2.4
    glows: bool = False
    flicker: Flicker = Flicker.STEADY
    seed: int = 0

    @property
    def moves(self) -> bool:
        """Whether it looks different at another time."""
        return self.motion != STILL or bool(self.others) or self.flicker is not Flicker.STEADY


@dataclass(frozen=True, slots=True)
class Light:
    """How the subject is to be lit so that it belongs to a place.

    `direction` points toward the key light; z below 0 is behind the subject. `key`, `ambient` and
    `rim` are linear gains: key on what faces the light, ambient on everything, rim on the outline
    at the side of `rim_from` (x, y). A neutral studio is key + ambient = 1.
    """

    direction: Triple = (-0.4, -0.5, 0.77)
    key: Triple = (0.55, 0.55, 0.55)
    ambient: Triple = (0.45, 0.45, 0.45)
    rim: Triple = (0.15, 0.15, 0.15)
    rim_from: tuple[float, float] = (1.0, -0.4)
    flicker: Flicker = Flicker.STEADY
    seed: int = 0

    def at(self, t: float) -> Light:
        """The light at a time: fire and neon change key and rim."""
        if self.flicker is Flicker.STEADY:
            return self
        gain = strength(self.flicker, t, self.seed)
        r, g, b = (v * gain for v in self.key)
        rim_r, rim_g, rim_b = (v * gain for v in self.rim)
        return replace(self, key=(r, g, b), rim=(rim_r, rim_g, rim_b))
