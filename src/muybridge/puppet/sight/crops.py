"""Views: parts of a picture as networks want them, turned upright, shrunk without aliasing, and back.

Convention: pixel centres lie at integers in pictures. A view counts from its edge, so its
coordinates are half a pixel larger than its indices.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.sight.planes import Colours, Plane

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Square:
    """A turned square in a picture: centre and side in pixels, angle in radians, clockwise on screen."""

    x: float
    y: float
    side: float
    angle: float = 0.0

    def matrix(self, pixels: int) -> Matrix:
        """From a `pixels` wide view's edge coordinates to the picture's pixel indices, as 2x3."""
        scale = self.side / pixels
        cos, sin = scale * np.cos(self.angle), scale * np.sin(self.angle)
        half = pixels / 2
        return np.array(
            [
                [cos, -sin, self.x - half * cos + half * sin],
                [sin, cos, self.y - half * sin - half * cos],
            ]
        )


@dataclass(frozen=True, slots=True)
class Upright:
    """An upright rectangle in a picture, stretched to a square view: edges in pixels."""

    left: float
    top: float
    width: float
    height: float

    def matrix(self, pixels: int) -> Matrix:
        """From a `pixels` wide view's edge coordinates to the picture's pixel indices, as 2x3."""
        across, down = self.width / pixels, self.height / pixels
        return np.array([[across, 0.0, self.left - 0.5], [0.0, down, self.top - 0.5]])


View = Square | Upright


def crop(rgb: Bytes, view: View, pixels: int, *, replicate: bool) -> Bytes:
    """What the view shows, `pixels` wide; outside the picture black or the border repeated."""
    matrix = view.matrix(pixels)
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    source: Colours = rgb
    while scale >= 2 and min(source.shape[:2]) >= 2:
        size = (source.shape[1] // 2, source.shape[0] // 2)
        source = cv2.resize(source, size, interpolation=cv2.INTER_AREA)
        scale /= 2
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5)
    # a pixel of the halved picture is centred between two pixels of the whole one
    factor = np.array([rgb.shape[1] / source.shape[1], rgb.shape[0] / source.shape[0]])
    to_source = matrix / factor[:, None]
    to_source[:, 2] += 0.5 / factor - 0.5
    border = cv2.BORDER_REPLICATE if replicate else cv2.BORDER_CONSTANT
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    out = cv2.warpAffine(source, to_source, (pixels, pixels), flags=flags, borderMode=border)
    return out.astype(np.uint8, copy=False)


def put_back(plane: Plane, view: View, width: int, height: int) -> Plane:
    """A view's plane laid over the picture; 0 where the view does not reach.

    Shapes: (pixels, pixels) to (`height`, `width`) float32.
    """
    matrix = view.matrix(plane.shape[0])
    matrix[:, 2] += matrix[:, :2] @ (0.5, 0.5)
    return cv2.warpAffine(plane, matrix, (width, height), flags=cv2.INTER_CUBIC)


def to_picture(points: Floats, view: View, pixels: int) -> Floats:
    """Points in a view's edge coordinates as the picture's pixel indices.

    Shapes: (..., 2) or (..., 3); z is only scaled, being relative to the face.
    """
    matrix = view.matrix(pixels)
    out = np.empty_like(points)
    out[..., :2] = points[..., :2] @ matrix[:, :2].T + matrix[:, 2]
    if points.shape[-1] == 3:
        out[..., 2] = points[..., 2] * float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    return out
