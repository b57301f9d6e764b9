"""Tracks: one value for each control and frame, that beats add to."""

from __future__ import annotations

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.rig.controls import LIMITS, Pose
from muybridge.units import FrameRate, Seconds


class Tracks:
    """The controls of a performance over time; beats add to them, `pose` reads one frame.

    Shapes: `t` (N,), each frame's time in seconds; `self[name]` (N,) in the control's unit.
    """

    def __init__(self, duration: Seconds, rate: FrameRate) -> None:
        self.t: Floats = np.array([rate.time_of(i) for i in range(rate.frames_in(duration))], np.float32)
        self.dt = float(rate.time_of(1))
        self._values = {name: np.zeros_like(self.t) for name in LIMITS}
        self._values["near"] += 1.0

    def __getitem__(self, name: str) -> Floats:
        return self._values[name]

    def add(self, name: str, values: Floats) -> None:
        """Add to a control."""
        self._values[name] += values

    def at_least(self, name: str, values: Floats) -> None:
        """Raise a control to these values where it is lower; lids and winks do not add up."""
        np.maximum(self._values[name], values, out=self._values[name])

    def replace(self, name: str, values: Floats) -> None:
        """Set a control for the whole performance."""
        self._values[name][:] = values

    def pose(self, frame: int) -> Pose:
        """The pose at one frame, within the controls' limits."""
        return Pose(**{name: float(values[frame]) for name, values in self._values.items()}).bounded()

    def __len__(self) -> int:
        return len(self.t)
