"""Between display bytes and linear light.

Source: IEC 61966-2-1 (sRGB), its piecewise transfer function.
"""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.portrait import Bytes, Floats


def _decode(values: Floats) -> Floats:
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4).astype(np.float32)


_TO_LINEAR = _decode(np.arange(256, dtype=np.float32) / 255)
_STEPS = 4096
_x = np.linspace(0, 1, _STEPS, dtype=np.float32)
_TO_SRGB = np.rint(255 * np.where(_x <= 0.0031308, 12.92 * _x, 1.055 * _x ** (1 / 2.4) - 0.055)).astype(
    np.uint8
)


def to_linear(picture: Bytes) -> Floats:
    """sRGB bytes to linear light, 0 to 1, of the same shape."""
    return np.asarray(cv2.LUT(picture, _TO_LINEAR), np.float32)


def to_srgb(light: Floats) -> Bytes:
    """Linear light to sRGB bytes, clipped; of the same shape. Exact to half a step."""
    return np.asarray(_TO_SRGB[(np.clip(light, 0, 1) * (_STEPS - 1) + 0.5).astype(np.uint16)], np.uint8)


def to_bytes(values: Floats) -> Bytes:
    """Values from 0 to 255 as bytes, rounded and clipped."""
    return np.asarray(np.rint(np.clip(values, 0, 255)), np.uint8)
