"""The sprite: the subject cut out and brought to the size at which it is seen closest.

A small source is enlarged once, here, with its fine detail strengthened and no overshoot, so
that a frame samples it near 1:1. Convention: straight (not premultiplied) sRGB and coverage.
Limit: detail that the source lacks is not invented; a face of 40 px between the eyes stays soft.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from muybridge.puppet.light import to_bytes
from muybridge.puppet.portrait import Bytes, DrawnFace, Floats, Portrait
from muybridge.puppet.rig.anatomy import FaceFrame
from muybridge.puppet.rig.drawn import frame_of
from muybridge.puppet.rig.grow import grow

CLOSE_IOD = 118.0  # px between the irises in the closest 720p frame: head and shoulders
MOST_PIXELS = 2_600_000  # a sprite's bound; a whole body at 118 px iod would be far beyond


@dataclass(frozen=True, slots=True)
class Sprite:
    """The cut-out subject at its closest size.

    Shapes: `rgba` (H, W, 4) uint8; `points` (478, 3) in sprite pixels, or None without a face.
    `scale` is sprite pixels for each pixel of the portrait's picture, whose left edge lies at
    column `left` of the sprite (what is left of it was grown). `joints` (33, 3) and `drawn` as
    the portrait's.
    """

    rgba: Bytes
    scale: float
    points: Floats | None
    left: float = 0.0
    joints: Floats | None = None
    drawn: DrawnFace | None = None

    @property
    def frame(self) -> FaceFrame | None:
        """The acting face's axes in sprite pixels."""
        if self.points is None:
            return None if self.drawn is None else frame_of(self.drawn)
        return FaceFrame.of(self.points)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in sprite pixels."""
        return self.rgba.shape[1], self.rgba.shape[0]


def cut_out(portrait: Portrait, closest: float) -> Sprite:
    """The portrait's subject as a sprite whose pixels are `closest` times the picture's."""
    grown = grow(portrait.foreground, portrait.matte, portrait.drawn is not None)
    height, width = grown.matte.shape
    scale = min(closest, (MOST_PIXELS / (width * height)) ** 0.5)
    size = (round(width * scale), round(height * scale))
    colour = enlarge(grown.colour, size)
    matte = cv2.resize(grown.matte, size, interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)
    # a matte enlarged is a matte blurred: bring its edge back to about the source's width
    edge = np.clip((matte - 0.5) * min(max(scale, 1.0), 1.8) + 0.5, 0.0, 1.0) if scale > 1 else matte
    alpha = np.where(matte < 0.02, 0.0, edge)
    rgba = np.dstack([colour, to_bytes(alpha * 255)])
    points = None
    if portrait.faces:
        points = portrait.faces[0].points + np.array([grown.left, 0, 0], np.float32)
        points = points * np.float32(scale)
    joints = None
    if portrait.joints is not None:
        joints = (portrait.joints + np.array([grown.left, 0, 0], np.float32)) * np.array(
            [scale, scale, 1], np.float32
        )
    drawn = portrait.drawn
    if drawn is not None:
        drawn = drawn.placed(np.full(2, scale, np.float32), np.array([grown.left * scale, 0], np.float32))
    return Sprite(np.ascontiguousarray(rgba), scale, points, grown.left * scale, joints, drawn)


def enlarge(picture: Bytes, size: tuple[int, int]) -> Bytes:
    """A picture at another size; larger ones keep crisp edges without ringing.

    Shapes: `picture` (h, w, 3) uint8, `size` width and height; returns (H, W, 3) uint8.
    """
    growth = size[0] / picture.shape[1]
    if growth <= 1.0:
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    smooth = cv2.bilateralFilter(picture, 5, 14, 1.6)  # film grain and blocks would grow into worms
    large = cv2.resize(smooth, size, interpolation=cv2.INTER_LANCZOS4).astype(np.float32)
    lost = cv2.resize(picture.astype(np.float32) - smooth, size, interpolation=cv2.INTER_CUBIC)
    radius = 0.55 * growth
    detail = large - cv2.GaussianBlur(large, (0, 0), radius)
    coarse = cv2.GaussianBlur(large, (0, 0), 0.3 * growth) - cv2.GaussianBlur(large, (0, 0), 1.4 * growth)
    crisp = large + 0.9 * detail + 0.25 * coarse + 0.6 * lost
    # hold every pixel within what its neighbours show, so that no edge gains a bright or dark rim;
    # the neighbours as a linear resize has them, for Lanczos itself rings
    reach = 2 * round(growth) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    shown = cv2.resize(smooth, size, interpolation=cv2.INTER_LINEAR)
    slack = 0.03 * 255
    low, high = cv2.erode(shown, kernel) - slack, cv2.dilate(shown, kernel) + slack
    return to_bytes(np.clip(crisp, low, high))
