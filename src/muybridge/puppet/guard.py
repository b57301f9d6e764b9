"""The border guard: an edge at which the photo cut its subject never comes into the frame.

Framing leaves room for what a subject usually does. Where it does more (bows, jumps, comes from
far off, leans with the camera turned), the guard holds it back, on all four sides and in every
frame: it moves the subject as far as it must, and brings it closer where two sides ask at once.
It sets in softly, so that nothing stops dead. Convention: frame pixels; edges in sprite pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.rig.lattice import Lattice, sample
from muybridge.units import Size

CUT = 0.35  # coverage at the sprite's rim that an eye would see as an edge
EVERY = 6  # px between the places that stand for an edge
SOFT = 0.02  # of the frame, within which the guard sets in
CLEAR = 2.0  # px that an edge stays outside


@dataclass(frozen=True, slots=True)
class _Side:
    """One side's cut places. Shapes: `places` (N, 2); `low` where it is the left or the top."""

    places: Floats
    axis: int
    low: bool


class Guard:
    """Holds one sprite's cut edges outside frames of one size."""

    def __init__(self, rgba: Bytes, lattice: Lattice, size: Size) -> None:
        """Shapes: `rgba` (H, W, 4), the whole sprite."""
        self._lattice = lattice
        self._frame = np.array([size.width, size.height], np.float32)
        cover = rgba[..., 3].astype(np.float32) / 255
        height, width = cover.shape
        rims = (
            (cover[:, 0], 0, 0.0), (cover[:, -1], 0, width - 1.0),
            (cover[0], 1, 0.0), (cover[-1], 1, height - 1.0),
        )  # fmt: skip
        self._sides = []
        for rim, axis, at in rims:
            along = np.flatnonzero(rim > CUT)
            if len(along):
                ends = np.unique(np.append(along[::EVERY], along[-1])).astype(np.float32)
                both = (np.full_like(ends, at), ends)
                self._sides.append(_Side(np.stack(both if axis == 0 else both[::-1], -1), axis, at == 0))

    def kept(self, to_frame: Floats, moved: Floats) -> Floats:
        """The subject's place in the frame, moved as far as it must be.

        Shapes: `to_frame` (2, 3); `moved` (rows, columns, 2), each node's move in sprite pixels.
        """
        # how far each side's edge is inside: axis, then low and high; an uncut side is far outside
        inward: Floats = np.full((2, 2), -1e6, np.float32)
        for side in self._sides:
            at = side.places + sample(moved, (side.places / self._lattice.step)[None])[0]
            seen = at @ to_frame[side.axis, :2] + to_frame[side.axis, 2]
            outermost = self._frame[side.axis] - 1 - seen.min() if not side.low else seen.max()
            inward[side.axis, int(not side.low)] = outermost + CLEAR
        kept = to_frame.copy()
        # where two opposite edges are nearer to each other than the frame is wide, come closer
        need = self._frame - 1 + 2 * CLEAR
        both = inward.min(1) > -1e5
        grow = max(float((need / np.maximum(need - np.where(both, inward.sum(1), 0), 1)).max()), 1.0)
        if grow > 1.0:
            centre = (self._frame - 1) / 2
            middle = np.where(both, centre + (inward[:, 0] - inward[:, 1]) / 2, centre)
            kept *= np.float32(grow)
            kept[:, 2] += centre - grow * middle
            # an edge that stood inside past the middle has gone further in
            inward = centre[:, None] + grow * (inward - CLEAR - centre[:, None]) + CLEAR
            inward[both] = -1e6
        push = _softly(inward, SOFT * self._frame[:, None])
        kept[:, 2] += push[:, 1] - push[:, 0]
        return kept


def _softly(inward: Floats, soft: Floats) -> Floats:
    """At least `inward` where that is positive, nothing below -soft, and smooth between."""
    near = (np.clip(inward, -soft, soft) + soft) ** 2 / (4 * soft)
    return np.asarray(np.where(inward > soft, inward, near), np.float32)
