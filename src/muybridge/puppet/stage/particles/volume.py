"""Where particles are: a volume before the camera that repeats itself outside the frame.

A particle that leaves on one side comes back on the other, beyond the frame's edge, so that the
volume is endless whichever way the camera turns. Convention: places in frame pixels of size 1 to 1,
speeds in short sides a second at depth 1, nearer particles move faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from muybridge.puppet.camera import View
from muybridge.puppet.portrait import Bytes, Floats
from muybridge.units import Size

AIR = 0.16  # short sides beyond the frame where a particle may be: no flake is larger
LENS = 0.012  # radius of the blur disc of a far light, in short sides


class Particles(Protocol):
    """A group of moving things that is drawn behind the subject and before it."""

    def draw_behind(self, frame: Bytes, view: View, t: float, scale: float) -> None:
        """Draw those behind the subject into a frame at `scale`, in place. Shapes: (h, w, 4) uint8."""

    def draw_before(self, picture: Bytes, view: View, t: float) -> None:
        """Draw those before the subject, in place. Shapes: (H, W, 3) uint8."""


@dataclass(frozen=True)
class Drift:
    """How a kind moves: `fall` and `wind` short sides a second, and a sway of `sway` short sides."""

    fall: float
    wind: float = 0.0
    sway: float = 0.0
    pace: float = 0.35  # sways a second
    spread: float = 0.25  # how much speeds differ, as a share


class Volume:
    """The places of a number of particles over time."""

    def __init__(self, count: int, depths: tuple[float, float], drift: Drift, size: Size, seed: int) -> None:
        rng = np.random.default_rng((seed, 41))
        self.size, self.drift = size, drift
        # evenly in 1/z: as many seem near as far
        near, far = 1 / depths[0], 1 / depths[1]
        self.depth = np.sort(1 / rng.uniform(far, near, count))[::-1].astype(np.float32)
        self._box = np.array([size.width, size.height], np.float64) + 2 * AIR * size.short_side
        self._start = rng.random((count, 2)) * self._box
        self._pace = 1 + drift.spread * rng.uniform(-1, 1, (count, 1))
        self._phase = rng.uniform(0, 2 * np.pi, (count, 4))
        self.luck = rng.random((count, 4)).astype(np.float32)
        # the air behind is drawn crisper than a lens would, or all of it would melt away
        wide = np.where(self.depth < 1, 1.5, 0.42)
        self.blur = (LENS * np.abs(1 - 1 / self.depth) * wide).astype(np.float32)

    @property
    def speed(self) -> Floats:
        """Every particle's steady speed on screen. Shapes: (n, 2) in pixels a second."""
        steady = np.array([[self.drift.wind, self.drift.fall]]) * self._pace
        return np.asarray(steady / self.depth[:, None] * self.size.short_side, np.float32)

    def places(self, view: View, t: float) -> Floats:
        """Where every particle is seen, within `AIR` of the frame. Shapes: (n, 2) in frame pixels."""
        unit, distance = self.size.short_side, np.maximum(self.depth - view.z, 0.08)[:, None]
        turning = 2 * np.pi * self.drift.pace * t * self._pace
        swing = 0.7 * np.sin(turning + self._phase[:, :2]) + 0.3 * np.sin(1.9 * turning + self._phase[:, 2:])
        swing = swing * self.drift.sway * unit * np.array([1.0, 0.45]) / self.depth[:, None]
        shift = np.array([view.x, view.y]) / distance + np.array([view.pan, view.tilt])
        middle = self._box / 2
        at = self._start + self.speed * t - middle
        at = at * (self.depth[:, None] / distance)
        at = np.mod(at + swing - shift + middle, self._box) - middle
        turn = np.deg2rad(view.roll)
        linear = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        centre = np.array([self.size.width / 2 - 0.5, self.size.height / 2 - 0.5])
        return np.asarray(at @ linear.T + centre, np.float32)
