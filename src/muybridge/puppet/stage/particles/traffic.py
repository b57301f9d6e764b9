"""Cars far down a street at night: pairs of lamps out of focus that pass each other.

Limit: only lamps, no cars; drawn behind the subject, as light.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from muybridge.puppet.camera import View
from muybridge.puppet.portrait import Bytes
from muybridge.units import Size

WHITE, RED = (250, 232, 196), (235, 40, 26)
FAR, NEAR = 3.6, 0.75  # how far along the street they appear and vanish
DEPTH = 7.0  # of the whole group, for the camera


@dataclass(frozen=True)
class Traffic:
    """Lamps that come up one lane and go down the other. `vanish` in short sides from the centre."""

    size: Size
    vanish: tuple[float, float]
    seed: int
    count: int

    def draw_behind(self, frame: Bytes, view: View, t: float, scale: float) -> None:
        """Add the lamps. Shapes: (h, w, 4) uint8."""
        rng = np.random.default_rng((self.seed, 5))
        light = np.zeros_like(frame)
        unit = self.size.short_side
        middle = np.array([self.size.width, self.size.height]) / 2 - 0.5
        seen = view.project(DEPTH, self.size)
        for lane in (-1, 1):
            starts, pace = rng.random(self.count), rng.uniform(0.045, 0.07)
            for start in starts:
                way = (start + lane * pace * t) % 1.0
                along = 1 / (1 / FAR + way * (1 / NEAR - 1 / FAR))
                faded = float(np.clip(np.sin(np.pi * way) * 3, 0, 1))
                colour = WHITE if lane > 0 else RED
                for lamp in (-0.055, 0.055):
                    place = np.array(
                        [self.vanish[0] + (lane * -0.16 + lamp) / along, self.vanish[1] + 0.115 / along]
                    )
                    rest = np.array([*((place * unit) * DEPTH + middle), 1.0])
                    at = ((seen @ rest) + 0.5) * scale - 0.5
                    self._lamp(
                        light, at[0], at[1], (0.011 + 0.011 / along) * unit * scale, colour, 0.5 * faded
                    )
        cv2.add(frame, light, dst=frame)

    def draw_before(self, picture: Bytes, view: View, t: float) -> None:
        """No car comes that near."""

    def _lamp(
        self, light: Bytes, x: float, y: float, radius: float, colour: tuple[int, int, int], gain: float
    ) -> None:
        at = (int(x * 16), int(y * 16))
        for reach, part in ((1.06, 0.45), (1.0, 0.85), (0.82, 0.72)):
            shown = [c * gain * part for c in colour]
            cv2.circle(light, at, max(int(radius * reach * 16), 8), shown, -1, cv2.LINE_AA, 4)
