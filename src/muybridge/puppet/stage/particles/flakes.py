"""Solid particles, laid over the picture: petals, leaves, confetti, bubbles. They tumble as they fall.

Limit: one small picture for each kind and colour, turned and squeezed; its blur comes in four steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from muybridge.puppet.camera import View
from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.stage.particles.volume import Volume

SPRITE = 64  # px along a sprite's side; its shape fills the middle half
STEPS = (0.0, 2.0, 4.5, 9.0)  # px of blur in a sprite


@dataclass(frozen=True)
class Flakes:
    """Tumbling flakes. `sprites` are straight-alpha pictures, one for each colour.

    Shapes: `sprites` (k, SPRITE, SPRITE, 4) uint8. `radius` in short sides at depth 1;
    `tumble` turns a second, 0 for what keeps facing the camera.
    """

    volume: Volume
    sprites: Bytes
    radius: float
    tumble: float = 0.5
    _soft: list[list[Bytes]] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for sprite in self.sprites:
            self._soft.append([_softened(sprite, step) for step in STEPS])

    def draw_behind(self, frame: Bytes, view: View, t: float, scale: float) -> None:
        """Lay those behind the subject."""
        self._lay(frame, view, t, scale, self.volume.depth > 1)

    def draw_before(self, picture: Bytes, view: View, t: float) -> None:
        """Lay those before the subject."""
        self._lay(picture, view, t, 1.0, self.volume.depth <= 1)

    def _lay(self, frame: Bytes, view: View, t: float, scale: float, chosen: Floats) -> None:
        volume, unit = self.volume, self.volume.size.short_side * scale
        places = (volume.places(view, t) + 0.5) * scale - 0.5
        radii = self.radius * (0.7 + 0.6 * volume.luck[:, 0]) / volume.depth * unit
        blurs = volume.blur * unit / np.maximum(radii, 0.5) * (SPRITE / 4)
        turns = 2 * np.pi * (volume.luck[:, 1] + self.tumble * t * (0.6 + 0.8 * volume.luck[:, 2]))
        for i in np.flatnonzero(chosen):
            step = int(np.searchsorted(STEPS, blurs[i] + 0.01) - 1)
            sprite = self._soft[int(volume.luck[i, 3] * len(self._soft)) % len(self._soft)][step]
            squeeze = 1.0
            if self.tumble:
                squeeze = float(np.cos(1.37 * turns[i] + 9 * volume.luck[i, 3]))
                squeeze = np.copysign(max(abs(squeeze), 0.18), squeeze)
            _stamp(
                frame, sprite, places[i], float(radii[i]), float(turns[i]) if self.tumble else 0.0, squeeze
            )


def _softened(sprite: Bytes, blur: float) -> Bytes:
    if not blur:
        return sprite
    alpha = sprite[..., 3:4].astype(np.float32) / 255
    soft = cv2.GaussianBlur(np.dstack([sprite[..., :3] * alpha, alpha * 255]), (0, 0), blur)
    colour = soft[..., :3] / np.maximum(soft[..., 3:4] / 255, 1e-3)
    return np.clip(np.dstack([colour, soft[..., 3]]), 0, 255).astype(np.uint8)


def _stamp(frame: Bytes, sprite: Bytes, at: Floats, radius: float, turn: float, squeeze: float) -> None:
    """One sprite, turned and squeezed, laid over the frame in place."""
    reach = int(np.ceil(radius * 2)) + 1
    x, y = int(np.floor(at[0])), int(np.floor(at[1]))
    x0, y0 = max(x - reach, 0), max(y - reach, 0)
    x1, y1 = min(x + reach + 1, frame.shape[1]), min(y + reach + 1, frame.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    size = radius / (SPRITE / 4)
    cos, sin = size * np.cos(turn), size * np.sin(turn)
    linear = np.array([[cos, -sin * squeeze], [sin, cos * squeeze]])
    middle = np.array([SPRITE / 2 - 0.5, SPRITE / 2 - 0.5])
    shift = np.array([at[0] - x0, at[1] - y0]) - linear @ middle
    matrix = np.hstack([linear, shift[:, None]])
    layer = cv2.warpAffine(sprite, matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR)
    under = frame[y0:y1, x0:x1]
    light = 0.94 + 0.16 * squeeze  # one face catches more light
    colour = cv2.convertScaleAbs(layer if frame.shape[2] == 4 else layer[..., :3], alpha=light)
    cover = cv2.extractChannel(layer, 3).astype(np.float32) * np.float32(1 / 255)
    frame[y0:y1, x0:x1] = cv2.blendLinear(colour, under, cover, 1 - cover)
