"""Subjects on a plain ground, drawings above all: what is not the ground is the subject.

Limits: the ground is one even colour along most of the picture's top and sides. A white shirt on
white paper stays whole only where a line closes it off.
"""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.portrait import Bytes
from muybridge.puppet.sight.planes import Plane, smoothstep

EVEN = 6.0  # how far, in 8-bit colour, an even ground's pixels lie from its middle colour
SHARE = 0.8  # of the border


def plain_ground(rgb: Bytes, cover: Plane) -> Plane | None:
    """The subject's coverage where the ground is plain, or None where it is not.

    Shapes: `rgb` (H, W, 3), `cover` (H, W) what the networks think, to (H, W) float32, 0 to 1.
    """
    colour = _ground_colour(rgb)
    if colour is None:
        return None
    off = np.abs(rgb.astype(np.float32) - colour).max(axis=2)
    like = (off <= 2.5 * EVEN).astype(np.uint8)
    ground = _reached_from_border(like)
    share = float(ground.mean())
    if not 0.05 < share < 0.985:
        return None
    sees = cover > 0.5
    if sees.any() and float(ground[sees].mean()) > 0.4:
        return None  # a light subject on a light ground: the flood ran into it
    soft = smoothstep(off, EVEN, 6 * EVEN)
    beside = cv2.dilate(ground, np.ones((3, 3), np.uint8)) > 0
    return np.where(ground > 0, 0, np.where(beside, soft, 1)).astype(np.float32)


def _ground_colour(rgb: Bytes) -> Plane | None:
    depth = max(2, min(rgb.shape[:2]) // 100)
    strips = (rgb[:depth], rgb[:, :depth], rgb[:, -depth:])
    border = np.concatenate([strip.reshape(-1, 3) for strip in strips]).astype(np.float32)
    middle = np.median(border, axis=0)
    even = np.abs(border - middle).max(axis=1) <= EVEN
    return middle if even.mean() >= SHARE else None


def _reached_from_border(like: Plane) -> Plane:
    _, labels = cv2.connectedComponents(like, connectivity=4)
    edge = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    reached = np.unique(edge[edge > 0])
    return np.isin(labels, reached).astype(np.uint8)
