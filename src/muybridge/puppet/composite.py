"""Putting the subject into the frame: one resample of the sprite, its motion blur, and `over`.

The deformation, the subject's place and the camera are composed first, on a quarter-size grid,
and the sprite is sampled once. Convention: straight alpha, sRGB, pixel centres at integers.
"""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.rig.lattice import Lattice

COARSE = 4  # px between the places where the inverse deformation is solved
SHUTTER = 0.5  # of a frame's time: a 180 degree shutter
LEAST_BLUR = 1.2  # px of motion in the shutter's time below which nothing is blurred

Region = tuple[int, int, int, int]  # x0, y0, x1, y1 in the frame, x1 and y1 outside


def covered(box: Floats, to_frame: Floats, margin: float, size: tuple[int, int]) -> Region | None:
    """The part of the frame a box of the sprite can reach, or None where it misses it.

    Shapes: `box` (4,) x0, y0, x1, y1 in the sprite; `to_frame` (2, 3); `margin` in frame pixels.
    """
    x0, y0, x1, y1 = box
    corners = np.array([[x0, y0, 1], [x1, y0, 1], [x0, y1, 1], [x1, y1, 1]], np.float32) @ to_frame.T
    low = np.floor(corners.min(0) - margin).astype(int)
    high = np.ceil(corners.max(0) + margin).astype(int) + 1
    # on the coarse grid of `source_map`, or a subject that moves would be sampled on another each frame
    left, top = (max(int(at) // COARSE * COARSE, 0) for at in low)
    right, bottom = min(int(high[0]), size[0]), min(int(high[1]), size[1])
    return (left, top, right, bottom) if right - left > 1 and bottom - top > 1 else None


def source_map(lattice: Lattice, moved: Floats, to_frame: Floats, region: Region, level: Floats) -> Floats:
    """Where in a level of the sprite each pixel of a region comes from.

    Shapes: `moved` (rows, columns, 2) in sprite pixels; `to_frame` (2, 3); `level` (2,) the level's
    size over the sprite's; returns (H, W, 2) in the level's pixels.
    """
    x0, y0, x1, y1 = region
    back = cv2.invertAffineTransform(to_frame)
    # one coarse cell around the region, and samples at the cells' centres, as resize expects
    columns, rows = -(-(x1 - x0) // COARSE) + 2, -(-(y1 - y0) // COARSE) + 2
    x = (x0 - COARSE + (COARSE - 1) / 2 + COARSE * np.arange(columns)).astype(np.float32)
    y = (y0 - COARSE + (COARSE - 1) / 2 + COARSE * np.arange(rows)).astype(np.float32)
    wanted = np.empty((rows, columns, 2), np.float32)
    for axis in range(2):
        wanted[..., axis] = back[axis, 0] * x[None] + (back[axis, 1] * y + back[axis, 2])[:, None]
    rest = (lattice.inverse(moved, wanted) + np.float32(0.5)) * level - np.float32(0.5)
    fine = cv2.resize(rest, (columns * COARSE, rows * COARSE), interpolation=cv2.INTER_LINEAR)
    return np.asarray(fine[COARSE : COARSE + y1 - y0, COARSE : COARSE + x1 - x0], np.float32)


def motion_blur(layer: Bytes, travel: tuple[float, float]) -> Bytes:
    """A layer smeared along its travel in one frame's time, for as long as the shutter is open.

    Shapes: `layer` (H, W, 4) uint8; `travel` pixels x, y.
    """
    dx, dy = travel[0] * SHUTTER, travel[1] * SHUTTER
    length = float(np.hypot(dx, dy))
    if length < LEAST_BLUR:
        return layer
    reach = int(np.ceil(length / 2)) + 1
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    for s in np.linspace(-0.5, 0.5, max(int(length * 2), 4)):
        _splat(kernel, reach + dx * float(s), reach + dy * float(s))
    return np.asarray(
        cv2.filter2D(layer, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE), np.uint8
    )


def out_of_focus(layer: Bytes, radius: float) -> Bytes:
    """A layer blurred by the lens, outline and all. Shapes: (H, W, 4) uint8; `radius` in pixels."""
    if radius < 0.4:
        return layer
    return np.asarray(cv2.GaussianBlur(layer, (0, 0), radius, borderType=cv2.BORDER_REPLICATE), np.uint8)


def place(piece: Bytes, to_frame: Floats, frame: Bytes) -> None:
    """Lay a rigid piece over a frame, in place.

    Shapes: `piece` (h, w, 4) uint8; `to_frame` (2, 3) from its pixels; `frame` (H, W, 3) uint8.
    """
    height, width = piece.shape[:2]
    box = np.array([0, 0, width, height], np.float32)
    region = covered(box, to_frame, 2.0, (frame.shape[1], frame.shape[0]))
    if region is None:
        return
    shrink = float(np.sqrt(abs(np.linalg.det(to_frame[:, :2]))))
    if shrink < 0.75:  # sampled more coarsely than it was drawn: soften first, or it shimmers
        piece = cv2.GaussianBlur(piece, (0, 0), 0.35 / shrink)
    x0, y0, x1, y1 = region
    matrix = to_frame.copy()
    matrix[:, 2] -= (x0, y0)
    over(cv2.warpAffine(piece, matrix, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR), frame, region)


def _splat(kernel: Floats, x: float, y: float) -> None:
    column, row = int(np.floor(x)), int(np.floor(y))
    fx, fy = x - column, y - row
    kernel[row, column] += (1 - fx) * (1 - fy)
    kernel[row, column + 1] += fx * (1 - fy)
    kernel[row + 1, column] += (1 - fx) * fy
    kernel[row + 1, column + 1] += fx * fy


def over(layer: Bytes, frame: Bytes, region: Region) -> None:
    """Lay a layer over a region of the frame, in place.

    Shapes: `layer` (h, w, 4) uint8, straight alpha; `frame` (H, W, 3) uint8.
    """
    x0, y0, x1, y1 = region
    under = frame[y0:y1, x0:x1]
    cover = cv2.extractChannel(layer, 3).astype(np.float32) * np.float32(1 / 255)
    colour = cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB)
    frame[y0:y1, x0:x1] = cv2.blendLinear(colour, np.ascontiguousarray(under), cover, 1 - cover)
