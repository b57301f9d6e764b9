"""The contact shadow: a soft dark pool under a figure's feet, without which it floats.

Limit: the light is taken to come from above; the shadow has no direction.
"""

from __future__ import annotations

import numpy as np

from muybridge.puppet.composite import place
from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.rig.sprite import Sprite

DARK = 0.42  # coverage where the feet stand
FLAT = 0.16  # its height over its width: a floor seen from eye level


class Shadow:
    """The pool of one sprite, in the sprite's pixels."""

    def __init__(self, sprite: Sprite) -> None:
        alpha = sprite.rgba[..., 3]
        rows = np.flatnonzero((alpha > 127).any(1))
        bottom = int(rows[-1]) if len(rows) else alpha.shape[0] - 1
        feet = np.flatnonzero((alpha[max(bottom - alpha.shape[0] // 25, 0) : bottom + 1] > 127).any(0))
        left, right = (int(feet[0]), int(feet[-1])) if len(feet) else (0, alpha.shape[1])
        wide = max(right - left, 8) * 1.5
        width, height = max(int(wide), 8), max(int(wide * FLAT), 4)
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        out = ((x / (width - 1) - 0.5) * 2) ** 2 + ((y / (height - 1) - 0.5) * 2) ** 2
        self._cover = np.asarray(np.clip(1 - out, 0, 1) ** 1.4 * DARK * 255, np.float32)
        corner = ((left + right - width) / 2, bottom - 0.55 * height)
        self._corner = np.array([[1, 0, corner[0]], [0, 1, corner[1]]], np.float32)

    def draw(self, frame: Bytes, to_frame: Floats, lifted: float) -> None:
        """Lay it on the ground, in place. `to_frame` (2, 3) from a sprite that stands; `lifted` in iod
        off the ground makes it fainter."""
        pool = np.zeros((*self._cover.shape, 4), np.uint8)
        pool[..., 3] = np.rint(self._cover / (1 + 2.5 * max(lifted, 0.0))).astype(np.uint8)
        place(pool, np.asarray(to_frame @ np.vstack([self._corner, [0, 0, 1]]), np.float32), frame)
