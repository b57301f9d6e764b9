"""Names for the arrays that sight passes around, and the small operations all its steps share."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

# float32 pictures of one number a pixel; cv2's and numpy's stubs widen the type at every step, so
# the checker is told the rank's meaning by name and the number's type by the tests
Plane = NDArray[Any]
# the same with colours, (H, W, 3)
Colours = NDArray[Any]
# uint8, 0 or 1
Mask = NDArray[Any]


def as_unit(rgb: Colours) -> Colours:
    """8-bit colours from 0 to 1."""
    unit: Colours = rgb.astype(np.float32) * np.float32(1 / 255)
    return unit


def as_bytes(unit: Colours) -> Colours:
    """Colours from 0 to 1 as 8 bits, rounded."""
    rounded: Colours = np.clip(unit * np.float32(255) + np.float32(0.5), 0, 255).astype(np.uint8)
    return rounded


def clipped(plane: Plane) -> Plane:
    """The plane as float32, held within 0 and 1."""
    return np.clip(plane, 0, 1).astype(np.float32, copy=False)


def smoothstep(plane: Plane, low: float, high: float) -> Plane:
    """0 below `low`, 1 above `high`, and smooth between."""
    t = np.clip((plane - np.float32(low)) * np.float32(1 / (high - low)), 0, 1)
    smooth: Plane = t * t * (np.float32(3) - np.float32(2) * t)
    return smooth


def grown(mask: Mask, radius: float) -> Mask:
    """The mask and all that lies within `radius` pixels of it; as quick for large radii as for small."""
    if not mask.any():
        return mask.astype(np.uint8)
    away = cv2.distanceTransform((mask == 0).astype(np.uint8), cv2.DIST_L2, 5)
    near: Mask = (away <= radius).astype(np.uint8)
    return near


def shrunk(mask: Mask, radius: float) -> Mask:
    """The mask without all that lies within `radius` pixels of its outside; the border does not eat."""
    if mask.all():
        return mask.astype(np.uint8)
    deep = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
    return (deep > radius).astype(np.uint8)


def fitted(plane: Plane, width: int, height: int) -> Plane:
    """The plane in another size: area when smaller, linear when larger."""
    if (plane.shape[1], plane.shape[0]) == (width, height):
        return plane
    way = cv2.INTER_AREA if width < plane.shape[1] else cv2.INTER_LINEAR
    return cv2.resize(plane, (width, height), interpolation=way)
