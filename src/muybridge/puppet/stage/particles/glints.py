"""Bright particles, added as light: rain, snow, dust, sparks, fireflies.

Limit: discs of even brightness with a soft rim; overlapping ones of a group do not add up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from muybridge.puppet.camera import View
from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.stage.particles.volume import Volume

SHIFT = 4  # bits of sub-pixel accuracy in cv2's drawing
SHUTTER = 0.02  # s that the shutter is open: 180 degrees at 25 frames a second


@dataclass(frozen=True)
class Glints:
    """Discs of light, or streaks where `streaks` (what falls fast).

    `radius` in short sides at depth 1; `glow` how far a halo reaches, in radii (0: none);
    `gain(t, luck)` each one's brightness over time, from its four random numbers. Shapes: (n,).
    """

    volume: Volume
    radius: float
    colour: tuple[float, float, float]
    streaks: bool = False
    glow: float = 0.0
    gain: Callable[[float, Floats], Floats] | None = None

    def draw_behind(self, frame: Bytes, view: View, t: float, scale: float) -> None:
        """Add those behind the subject."""
        self._add(frame, view, t, scale, self.volume.depth > 1)

    def draw_before(self, picture: Bytes, view: View, t: float) -> None:
        """Add those before the subject."""
        self._add(picture, view, t, 1.0, self.volume.depth <= 1)

    def _add(self, frame: Bytes, view: View, t: float, scale: float, chosen: Floats) -> None:
        if not chosen.any():
            return
        places = (self.volume.places(view, t) + 0.5) * scale - 0.5
        light: Bytes = np.zeros(frame.shape[:2], np.uint8)  # all are of one colour
        (self._streaks if self.streaks else self._discs)(light, places, chosen, t, scale)
        if not self.streaks:  # small discs have corners: soften them
            light = cv2.GaussianBlur(light, (5, 5), 1.0)
        channels = [cv2.convertScaleAbs(light, alpha=part) for part in self.colour]
        if frame.shape[2] == 4:
            channels.append(np.zeros_like(light))
        cv2.add(frame, cv2.merge(channels), dst=frame)

    def _brightness(self, t: float, spread: Floats) -> Floats:
        """Each one's brightness: dimmer the more its blur spreads it. Shapes: (n,)."""
        gain = np.ones(len(spread), np.float32) if self.gain is None else self.gain(t, self.volume.luck)
        return np.asarray(gain * spread * np.float32(255), np.float32)

    def _discs(self, light: Bytes, places: Floats, chosen: Floats, t: float, scale: float) -> None:
        volume, unit = self.volume, self.volume.size.short_side * scale
        sharp = self.radius * (0.55 + 0.9 * volume.luck[:, 0] ** 2) / volume.depth
        wide = np.hypot(sharp, volume.blur)
        bright = self._brightness(t, np.clip((sharp / wide) ** 1.6, 0.06, 1))
        chosen = chosen & (bright > 1.5)
        for at, radius, level in zip(
            places[chosen].tolist(), (wide[chosen] * unit).tolist(), bright[chosen].tolist(), strict=True
        ):
            x, y = int(at[0] * 16 + 0.5), int(at[1] * 16 + 0.5)
            if self.glow:
                for ring, part in ((1.0, 0.07), (0.72, 0.15), (0.48, 0.3)):
                    _disc(light, x, y, radius * self.glow * ring, level * part)
            _disc(light, x, y, radius, level)

    def _streaks(self, light: Bytes, places: Floats, chosen: Floats, t: float, scale: float) -> None:
        volume = self.volume
        track = volume.speed * np.float32(SHUTTER * scale)
        bright = self._brightness(t, np.clip(0.35 + 0.65 * volume.luck[:, 1], 0, 1) / (1 + 60 * volume.blur))
        wide = 2 * (self.radius / volume.depth + 0.3 * volume.blur) * volume.size.short_side * scale
        thick = np.clip(np.rint(wide), 1, 4)
        ends = np.rint(np.stack([places - track / 2, places + track / 2], 1) * 16).astype(np.int32)
        # a handful of widths, so that all streaks of one width are drawn at once
        for width in np.unique(thick[chosen]):
            for low, high in ((0.0, 0.34), (0.34, 0.67), (0.67, 1.01)):
                band = chosen & (thick == width) & (volume.luck[:, 1] >= low) & (volume.luck[:, 1] < high)
                if band.any():
                    level = float(bright[band].mean())
                    cv2.polylines(light, list(ends[band]), False, level, int(width), cv2.LINE_AA, SHIFT)


def _disc(light: Bytes, x: int, y: int, radius: float, level: float) -> None:
    cv2.circle(light, (x, y), max(int(radius * 16), 8), level, -1, cv2.LINE_AA, SHIFT)
