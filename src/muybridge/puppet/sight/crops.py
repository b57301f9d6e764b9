"""Square crops, turned upright and shrunk without aliasing, and the way back to the picture.

Convention: pixel centres lie at integers in pictures. Networks count from the crop's edge, so
their coordinates are half a pixel larger than the crop's indices.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.sight.planes import Colours

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Square:
    """A turned square in a picture: centre and side in pixels, angle in radians, clockwise on screen."""

    x: float
    y: float
    side: float
    angle: float = 0.0

    def matrix(self, pixels: int) -> Matrix:
        """From a `pixels` wide crop's edge coordinates to the picture's pixel indices, as 2x3."""
        scale = self.side / pixels
        cos, sin = scale * np.cos(self.angle), scale * np.sin(self.angle)
        half = pixels / 2
        return np.array(
            [
                [cos, -sin, self.x - half * cos + half * sin],
                [sin, cos, self.y - half * sin - half * cos],
            ]
        )


def crop(rgb: Bytes, square: Square, pixels: int, *, replicate: bool) -> Bytes:
    """The square, upright, `pixels` wide; outside the picture black or the border repeated."""
    source: Colours = rgb
    shrink = 1.0
    while square.side / pixels / shrink >= 2 and min(source.shape[:2]) >= 2:
        size = (source.shape[1] // 2, source.shape[0] // 2)
        source = cv2.resize(source, size, interpolation=cv2.INTER_AREA)
        shrink *= 2
    to_picture = square.matrix(pixels)
    to_picture[:, 2] += to_picture[:, :2] @ (0.5, 0.5)
    # a pixel of the halved picture is centred between two pixels of the whole one
    factor = np.array([rgb.shape[1] / source.shape[1], rgb.shape[0] / source.shape[0]])
    to_source = to_picture / factor[:, None]
    to_source[:, 2] += 0.5 / factor - 0.5
    border = cv2.BORDER_REPLICATE if replicate else cv2.BORDER_CONSTANT
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    out = cv2.warpAffine(source, to_source, (pixels, pixels), flags=flags, borderMode=border)
    return out.astype(np.uint8, copy=False)


def to_picture(points: Floats, square: Square, pixels: int) -> Floats:
    """Points in a crop's edge coordinates as the picture's pixel indices.

    Shapes: (..., 2) or (..., 3); z is only scaled, being relative to the face.
    """
    matrix = square.matrix(pixels)
    out = np.empty_like(points)
    out[..., :2] = points[..., :2] @ matrix[:, :2].T + matrix[:, 2]
    if points.shape[-1] == 3:
        out[..., 2] = points[..., 2] * (square.side / pixels)
    return out
