"""The camera: a pinhole that sees flat layers at their depths, and the moves it makes.

Depth 1 is where the subject stands when closest; a layer at depth z is seen at 1/z of its size
there. Convention: frame pixels, x right, y down, the principal point at the frame's centre.
Every move is sub-pixel smooth: positions are floats and layers are resampled at them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muybridge.domain.storyboard import CameraKind, Storyboard
from muybridge.puppet.acting.curves import drift
from muybridge.puppet.portrait import Floats
from muybridge.puppet.rig.lattice import smoothstep
from muybridge.units import FrameRate, Seconds, Size

PUSH = 0.17  # how far forward a plain push in goes, in depths; 1 / (1 - .17) is a fifth larger


@dataclass(frozen=True, slots=True)
class View:
    """Where the camera is at one moment: moved by x, y (px at depth 1) and z (depths), and turned
    by pan, tilt (px of the frame) and roll (degrees)."""

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    pan: float = 0.0
    tilt: float = 0.0
    roll: float = 0.0

    def project(self, depth: float, size: Size) -> Floats:
        """From frame pixels at depth 1 with the camera at rest to frame pixels now.

        Shapes: returns (2, 3), an affine matrix.
        """
        scale = 1.0 / max(depth - self.z, 0.05)
        turn = np.deg2rad(self.roll)
        cos, sin = scale * np.cos(turn), scale * np.sin(turn)
        centre = np.array([size.width / 2 - 0.5, size.height / 2 - 0.5])
        linear = np.array([[cos, -sin], [sin, cos]])
        shift = centre - linear @ (centre + np.array([self.x, self.y])) - np.array([self.pan, self.tilt])
        return np.hstack([linear, shift[:, None]]).astype(np.float32)


REST = View()


class Camera:
    """A storyboard's camera moves as one View for each frame."""

    def __init__(self, storyboard: Storyboard, rate: FrameRate, seed: int) -> None:
        count = rate.frames_in(storyboard.duration)
        t = np.array([rate.time_of(i) for i in range(count)], np.float32)
        rng = np.random.default_rng((seed, 1))
        self._z = np.zeros_like(t)
        self._turns: list[Floats] = [np.zeros_like(t) for _ in range(3)]
        for move in storyboard.camera:
            if move.kind is CameraKind.PUSH_IN:
                self._z += PUSH * move.amount * _travel(t, move.start, move.end)
            elif move.kind is CameraKind.PULL_OUT:
                self._z += PUSH * move.amount * (1 - _travel(t, move.start, move.end))
            elif move.kind is CameraKind.HANDHELD:
                hold = smoothstep(t, move.start - 0.01, move.start + 0.4) * smoothstep(
                    t, move.end + 0.6, move.end
                )
                for axis, reach in enumerate((5.0, 4.0, 0.28)):
                    shake = drift(t, rng, 0.25, 1.3) + 0.16 * drift(t, rng, 2.0, 5.0)
                    self._turns[axis] = self._turns[axis] + reach * move.amount * hold * shake

    def view(self, frame: int) -> View:
        """The camera at one frame."""
        pan, tilt, roll = (float(turn[frame]) for turn in self._turns)
        return View(z=float(self._z[frame]), pan=pan, tilt=tilt, roll=roll)


def _travel(t: Floats, start: Seconds, end: Seconds) -> Floats:
    """A dolly's way: it eases out of rest and into it, and is steady between."""
    s = np.clip((t - start) / (end - start), 0, 1)
    ease = 0.22
    ramp_in = np.minimum(s, ease) ** 2 / (2 * ease)
    steady = np.clip(s - ease, 0, 1 - 2 * ease)
    out = np.maximum(s - (1 - ease), 0)
    return np.asarray((ramp_in + steady + out - out**2 / (2 * ease)) / (1 - ease), np.float32)
