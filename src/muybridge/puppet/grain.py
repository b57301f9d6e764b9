"""Film grain: fine noise over the whole frame, so that a sharpened subject and a soft background match.

Limit: luminance only; a few tiles are reused at random offsets, which no eye sees at this strength.
"""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.portrait import Bytes
from muybridge.units import Size

STRENGTH = 1.5  # standard deviation, of 255
SPARE = 96  # px a tile is larger than the frame, to be offset by


class Grain:
    """Grain for frames of one size; the same frame number always gets the same grain."""

    def __init__(self, size: Size, seed: int) -> None:
        self._size, self._seed = size, seed
        rng = np.random.default_rng((seed, 2))
        noise = rng.standard_normal((size.height + SPARE, size.width + SPARE), np.float32)
        soft = cv2.GaussianBlur(noise, (0, 0), 0.55)
        grain = np.rint(soft / soft.std() * STRENGTH).clip(-6, 6)
        self._up = np.repeat(np.maximum(grain, 0).astype(np.uint8)[..., None], 3, 2)
        self._down = np.repeat(np.maximum(-grain, 0).astype(np.uint8)[..., None], 3, 2)

    def add(self, picture: Bytes, frame: int) -> Bytes:
        """The picture with grain, in place. Shapes: (H, W, 3) uint8."""
        rng = np.random.default_rng((self._seed, 3, frame))
        x, y = rng.integers(0, SPARE, 2)
        window = np.s_[y : y + self._size.height, x : x + self._size.width]
        cv2.add(picture, self._up[window], dst=picture)
        cv2.subtract(picture, self._down[window], dst=picture)
        return picture
