"""A frame of another size and shape brought to an ordered one, and a picture handed to Pillow's users."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from muybridge.units import Size

Bytes = NDArray[np.uint8]


def filled(rgb: Bytes, size: Size) -> Bytes:
    """The frame enlarged or made smaller until it fills `size`, what sticks out cut off evenly.

    Shapes: (H, W, 3) uint8 sRGB in and out. Cost: 3 ms to 1280x720.
    """
    height, width = rgb.shape[:2]
    if (width, height) == (size.width, size.height):
        return rgb
    scale = max(size.width / width, size.height / height)
    whole = (max(size.width, round(width * scale)), max(size.height, round(height * scale)))
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    grown = cv2.resize(rgb, whole, interpolation=how)
    top, left = (whole[1] - size.height) // 2, (whole[0] - size.width) // 2
    return np.ascontiguousarray(grown[top : top + size.height, left : left + size.width])


def pillow(rgb: Bytes) -> Image.Image:
    """The picture as libraries want it that take Pillow's; shapes: (H, W, 3) uint8 sRGB."""
    return Image.fromarray(np.ascontiguousarray(rgb))
