"""The matte: how much of each pixel is the subject, fine enough for hair.

The rough shape says where the edge is about; colour says the rest. Around the head the edge may
lie anywhere within a wide band, along the body within a narrow one. In that band the matte is the
one that is locally linear in colour and agrees with what nearby sure colours suggest.
Limits: solved at no more than `SOLVED` pixels, then carried to full size by its colour lines.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from muybridge.puppet.portrait import Bytes, Face, Floats
from muybridge.puppet.sight.guided import ColourLines, solve_matte
from muybridge.puppet.sight.planes import Colours, Mask, Plane, as_unit, clipped, fitted, smoothstep
from muybridge.puppet.sight.silhouette import Silhouette, face_mask

SOLVED = 640
PINNED = 1000.0
OUT = 0.16  # how far hair may stand off the rough shape, in distances between the eyes
REACH = 40  # and in pixels of the solved size
HAZE = 0.05  # a solved matte leaves breaths of a few hundredths on both sides, which would show
RIGHT_IRIS, LEFT_IRIS = 468, 473


def fine_matte(rgb: Bytes, shape: Silhouette, face: Face | None) -> Floats:
    """The subject's coverage at full size.

    Shapes: `rgb` (H, W, 3) to (H, W) float32, 0 to 1. Cost: 0.4 s at 512x512 on two cores.
    """
    window = _about(shape)
    matte = np.zeros(rgb.shape[:2], np.float32)
    face = None if face is None else _moved(face, window)
    matte[window] = _solved(rgb[window], shape.cover[window], shape.solid[window], face)
    return matte


def _about(shape: Silhouette) -> tuple[slice, slice]:
    # the subject and some ground about it: a small one is solved as finely as a large one
    rows, columns = (np.flatnonzero((shape.cover > 0.02).any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return slice(None), slice(None)
    height, width = shape.cover.shape
    room = 8 + max(rows[-1] - rows[0], columns[-1] - columns[0]) // 12
    return (
        slice(max(0, rows[0] - room), min(height, rows[-1] + room + 1)),
        slice(max(0, columns[0] - room), min(width, columns[-1] + room + 1)),
    )


def _moved(face: Face, window: tuple[slice, slice]) -> Face:
    top, left = (edge.start or 0 for edge in window)
    x, y, width, height = face.box
    points = face.points - np.array([left, top, 0], np.float32)
    return replace(face, points=points, box=(x - left, y - top, width, height))


def _solved(rgb: Bytes, cover: Plane, solid: Mask, face: Face | None) -> Plane:
    height, width = rgb.shape[:2]
    scale = min(1.0, SOLVED / max(height, width))
    small = (max(1, round(width * scale)), max(1, round(height * scale)))
    guide = as_unit(fitted(rgb, *small))
    cover, solid = fitted(cover, *small), fitted(solid, *small)
    start, trust = _hints(guide, cover, solid, _bands(small, face, scale))
    if face is not None:
        sure = fitted(face_mask(face, rgb.shape), *small) > 0
        start[sure], trust[sure] = 1, PINNED
    lines = ColourLines(guide, radius=2, epsilon=1e-4)
    matte = solve_matte(lines, start, trust, steps=40)
    matte = clipped((_grown_out(matte, solid) - HAZE) / (1 - 2 * HAZE))
    return matte if scale == 1 else _carried(rgb, lines, matte)


def _bands(size: tuple[int, int], face: Face | None, scale: float) -> tuple[Plane, Plane]:
    # how far the true edge may lie inside and outside of the rough one, in pixels
    width, height = size
    body = np.full((height, width), max(2.0, 0.006 * max(size)), np.float32)
    if face is None:
        return body * 1.5, body * 1.5
    x, y, wide, tall = (scale * v for v in face.box)
    eyes = scale * float(np.hypot(*(face.points[LEFT_IRIS, :2] - face.points[RIGHT_IRIS, :2])))
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    off = np.hypot((columns - x - wide / 2) / (1.15 * wide), (rows - y - 0.38 * tall) / tall)
    head = 1 - smoothstep(off, 0.85, 1.15)
    inner = body + head * np.maximum(0.12 * eyes - body, 0)
    outer = body + head * np.maximum(OUT * eyes - body, 0)
    return inner, outer


def _hints(guide: Colours, cover: Plane, solid: Plane, bands: tuple[Plane, Plane]) -> tuple[Plane, Plane]:
    # the value each pixel leans to, and how hard; hardest where nobody doubts
    inside = (solid > 0).astype(np.uint8)
    deep = cv2.distanceTransform(inside, cv2.DIST_L2, 5) / bands[0]
    far = cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5) / bands[1]
    off = np.where(inside > 0, deep, far)
    colour, telling = _by_colour(guide, (deep > 1.2), (far > 1.2), bands[1])
    telling *= 1 - smoothstep(off, 0.6, 1.2)
    # where colours do not tell the two sides apart, the rough shape must
    blind = 1 - cv2.blur(telling, (9, 9))
    leaning = (0.1 + 2 * blind**2) * (2 * cover - 1) ** 2 + 5 * smoothstep(off, 0.5, 1.2) ** 2
    towards = np.where(off > 1.2, inside, smoothstep(cover, 0.3, 0.75))
    trust = leaning + 0.6 * telling + 1e-4
    start = (leaning * towards + 0.6 * telling * colour + 1e-4 * cover) / trust
    trust[off > 1.2] = PINNED
    return clipped(start), trust.astype(np.float32)


def _by_colour(guide: Colours, subject: Plane, ground: Plane, band: Plane) -> tuple[Plane, Plane]:
    # where a pixel lies between the nearby sure colours of both sides, and how well that tells
    sigma = float(np.quantile(band, 0.99)) * 1.2
    front, near_front = _spread(guide, subject, sigma)
    back, near_back = _spread(guide, ground, sigma)
    across = front - back
    length = (across**2).sum(axis=2)
    share = ((guide - back) * across).sum(axis=2) / (length + 1e-4)
    share = np.clip(share, 0, 1)
    off = ((guide - back - share[..., None] * across) ** 2).sum(axis=2)
    telling = length / (length + 0.03) * np.exp(-off / 0.01) * np.minimum(near_front, near_back)
    return share, telling


def _spread(guide: Colours, where: Plane, sigma: float) -> tuple[Colours, Plane]:
    weight = where.astype(np.float32)
    total = cv2.GaussianBlur(weight, (0, 0), sigma)
    colours = cv2.GaussianBlur(guide * weight[..., None], (0, 0), sigma)
    return colours / np.maximum(total, 1e-5)[..., None], np.clip(total * 20, 0, 1)


def _grown_out(matte: Plane, solid: Mask) -> Plane:
    # what is only reached through fainter pixels is no hair of hers, but the ground's own shadow
    inside = solid.astype(np.float32)
    out = matte * inside
    square = np.ones((3, 3), np.uint8)
    for _ in range(REACH):
        out = np.minimum(matte, cv2.dilate(out, square))
    return out


def _carried(rgb: Bytes, lines: ColourLines, matte: Plane) -> Plane:
    # each window's colour line, smooth over windows, is applied to the full picture's colours
    size = (rgb.shape[1], rgb.shape[0])
    slopes = [fitted(part, *size) for part in lines.mean_fit(matte)]
    colours = as_unit(rgb) - lines.middle
    carried: Plane = slopes[0] * colours[..., 0] + slopes[1] * colours[..., 1] + slopes[2] * colours[..., 2]
    return clipped(carried + slopes[3])
