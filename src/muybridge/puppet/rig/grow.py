"""The subject grown past the picture's sides and bottom, where the photo cut it.

A shoulder or sleeve that the frame of the photo cut straight would show as a straight edge as
soon as the subject stands smaller than the picture. Its outline is carried on as it was going,
ever steeper, and filled with its own cloth, mirrored; a trunk cut at the bottom goes on straight
down in its last rows' colours, softer and darker. Limit: a hand or an object that is cut is
continued as plain stuff; a head cut at the top is not grown (the framing cuts it there too).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.rig.lattice import smoothstep

TOUCHED = 0.35  # coverage at the border that counts as cut
LEAST = 0.03  # share of the picture's height; shorter touches are specks of matte
MARGIN = 0.42  # share of the picture's width to grow by at most
FLAT_BELOW = 0.5  # the same of a drawing, whose flat colours bear it
BELOW = 0.24  # share of the picture's height that a trunk is grown downward


@dataclass(frozen=True, slots=True)
class Grown:
    """A cut-out with margins. Shapes: `colour` (H, W, 3) uint8, `matte` (H, W); `left` in pixels."""

    colour: Bytes
    matte: Floats
    left: int


def grow(colour: Bytes, matte: Floats, drawn: bool = False) -> Grown:
    """Grow a subject at whichever sides cut it. Shapes: (h, w, 3) uint8 and (h, w).

    What is `drawn` goes on downward as flat as it was, its lines with it: no folds, no shade.
    """
    if _cut_rows(matte[-3:].mean(0)) is not None:
        # first, for a trunk that goes on downward touches the sides along the way
        colour, matte = _straight_on(colour, matte) if drawn else _downward(colour, matte)
    left = _cut_rows(matte[:, :3].mean(1))
    right = _cut_rows(matte[:, -3:].mean(1))
    margin = round(matte.shape[1] * MARGIN)
    pads = (margin if left is not None else 0, margin if right is not None else 0)
    wide = cv2.copyMakeBorder(colour, 0, 0, pads[0], pads[1], cv2.BORDER_REFLECT_101)
    cover = cv2.copyMakeBorder(matte, 0, 0, pads[0], pads[1], cv2.BORDER_CONSTANT, value=0.0)
    if right is not None:
        cover[:, -margin:] = _beyond(matte, right, margin)
        _close_seam(cover, margin)
        wide[:, -margin:] = _calm(wide[:, -margin:])
    if left is not None:
        cover[:, :margin] = _beyond(matte[:, ::-1], left, margin)[:, ::-1]
        _close_seam(cover[:, ::-1], margin)
        wide[:, :margin] = _calm(wide[:, :margin][:, ::-1])[:, ::-1]
    return Grown(np.asarray(wide, np.uint8), np.asarray(cover, np.float32), pads[0])


def _downward(colour: Bytes, cover: Floats) -> tuple[Bytes, Floats]:
    """The last rows carried on downward. Shapes: (h, w, 3) and (h, w); the same, taller."""
    height = colour.shape[0]
    more = round(height * BELOW)
    # only the very last rows are cloth for certain: what stands higher must not come twice
    last = colour[-max(round(0.04 * height), 3) :].astype(np.float32)
    # a button on the edge is no cloth either: the median of its neighbours takes it out
    row = np.median(last, axis=0)[None].astype(np.uint8)
    row = cv2.medianBlur(row, 2 * round(0.05 * colour.shape[1]) + 1).astype(np.float32)
    plain = cv2.GaussianBlur(row, (0, 0), sigmaX=0.012 * height, sigmaY=0.1)
    down = np.linspace(0, 1, more, dtype=np.float32)[:, None, None]
    folds = _folds(more, colour.shape[1], 0.05 * height)
    grown = np.repeat(plain, more, 0) * (1 - 0.30 * down) * (1 + 0.05 * folds)
    mirrored = cv2.copyMakeBorder(last, 0, max(more - len(last), 0), 0, 0, cv2.BORDER_REPLICATE)[:more]
    mirrored[: len(last)] = last[::-1][:more]
    t = smoothstep(down, 0.0, 0.04 * height / more)
    grown = mirrored * (1 - t) + grown * t
    edge = np.repeat(cv2.GaussianBlur(cover[-3:].mean(0)[None], (0, 0), 1.2), more, 0)
    tall = np.vstack([colour, np.clip(grown, 0, 255).astype(np.uint8)])
    return np.asarray(tall, np.uint8), np.asarray(np.vstack([cover, edge]), np.float32)


def _straight_on(colour: Bytes, cover: Floats) -> tuple[Bytes, Floats]:
    """The last row itself carried on downward. Shapes: as `_downward`."""
    more = round(colour.shape[0] * FLAT_BELOW)
    tall = np.vstack([colour, np.repeat(colour[-1:], more, 0)])
    return np.asarray(tall, np.uint8), np.asarray(
        np.vstack([cover, np.repeat(cover[-3:-2], more, 0)]), np.float32
    )


def _folds(height: int, width: int, across: float) -> Floats:
    """Long soft folds that run down, and a fine weave. Shapes: (height, width, 1), about unit size."""
    rng = np.random.default_rng(11)
    noise = rng.standard_normal((height, width)).astype(np.float32)
    long = cv2.GaussianBlur(noise, (0, 0), sigmaX=across * 0.35, sigmaY=across * 2)
    fine = cv2.GaussianBlur(noise, (0, 0), 0.7)
    return np.asarray(long / max(float(long.std()), 1e-6) + 0.5 * fine, np.float32)[..., None]


def _cut_rows(border: Floats) -> tuple[int, int] | None:
    """The first and last row of the longest cut run, or None where the border is clear."""
    rows = np.flatnonzero(border > TOUCHED)
    if len(rows) < LEAST * len(border):
        return None
    runs = np.split(rows, np.flatnonzero(np.diff(rows) > 2) + 1)
    longest = max(runs, key=len)
    return (int(longest[0]), int(longest[-1])) if len(longest) >= LEAST * len(border) else None


def _beyond(matte: Floats, rows: tuple[int, int], margin: int) -> Floats:
    """Coverage right of a right border. Shapes: `matte` (h, w); returns (h, margin)."""
    height, width = matte.shape
    top, bottom = rows
    d = np.arange(1, margin + 1, dtype=np.float32)
    reach = 0.35 * width
    fall = d * _slope(matte, top, -1) + (d / reach) ** 2 * reach * 1.6
    # however high the outline began, it has come all the way down at the margin's own edge
    fall += max(height - top + 3 - fall[-1], 0.0) * (d / margin) ** 3
    y = np.arange(height, dtype=np.float32)[:, None]
    cover = smoothstep(y - (top + fall)[None], -1.5, 1.5)
    if bottom < height - 3:  # the cut part ends above the bottom: close it from below too
        rise = d * _slope(matte, bottom, 1) + (d / reach) ** 2 * reach * 1.6
        cover = cover * smoothstep((bottom - rise)[None] - y, -1.5, 1.5)
    return np.asarray(cover, np.float32)


def _close_seam(cover: Floats, margin: int) -> None:
    """Fill the picture's last columns where both sides are covered: mattes fade at a border."""
    seam, first = cover[:, -margin - 3 : -margin], cover[:, -margin]
    both = np.minimum(cover[:, -margin - 4], first)[:, None]
    np.maximum(seam, both, out=seam)


def _slope(matte: Floats, row: int, outward: int) -> float:
    """How steeply the outline ran into the border at a row, in rows a column, 0.15 to 3."""
    columns = range(matte.shape[1] - 26, matte.shape[1] - 2, 3)
    found = []
    for x in columns:
        inside = np.flatnonzero(matte[:, max(x, 0)] > 0.5)
        near = inside[np.abs(inside - row) < 120]
        if len(near):
            found.append((x, near.min() if outward < 0 else near.max()))
    if len(found) < 4:
        return 1.0
    xs, ys = np.array(found, np.float32).T
    steep = float(np.polyfit(xs, ys, 1)[0]) * (1.0 if outward < 0 else -1.0)
    return float(np.clip(steep, 0.15, 3.0))


def _calm(strip: Bytes) -> Bytes:
    """Mirrored cloth that grows softer and darker outward, so that no mirrored detail draws the eye."""
    soft = cv2.GaussianBlur(strip, (0, 0), 9.0).astype(np.float32)
    t = smoothstep(np.linspace(0, 1, strip.shape[1], dtype=np.float32), 0.0, 0.35)[None, :, None]
    shade = 1 - 0.18 * t
    return np.asarray(np.clip((strip * (1 - t) + soft * t) * shade, 0, 255), np.uint8)
