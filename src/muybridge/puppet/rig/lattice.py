"""The lattice a subject is bent on: forward positions at nodes, and their inverse at pixels.

A deformation is given forward, as where each node of a regular lattice over the sprite goes.
The renderer needs it backward, as where each pixel of the frame comes from; `inverse` solves
that by fixed-point iteration, which converges while neighbouring nodes do not fold (the
displacement's slope stays under 1; every control is bounded to keep it so).

Convention: pixel centres at integers; node (i, j) lies at pixel (j * step, i * step).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from muybridge.puppet.portrait import Bytes, Floats

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Lattice:
    """A regular lattice over a sprite of `width` x `height` pixels, a node every `step` pixels."""

    width: int
    height: int
    step: float

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of nodes; the last ones lie at or beyond the sprite's edge."""
        return int(np.ceil((self.height - 1) / self.step)) + 1, int(np.ceil((self.width - 1) / self.step)) + 1

    def nodes(self) -> Floats:
        """The nodes' rest positions. Shapes: (rows, columns, 2), pixels."""
        rows, columns = self.shape
        x, y = np.meshgrid(np.arange(columns) * self.step, np.arange(rows) * self.step)
        return np.stack([x, y], -1).astype(np.float32)

    def inverse(self, moved: Floats, wanted: Floats) -> Floats:
        """Where each wanted deformed position lies at rest.

        Shapes: `moved` (rows, columns, 2), the displacement of each node in pixels; `wanted`
        (H, W, 2), deformed positions in pixels; returns (H, W, 2) rest positions. Beyond the
        lattice the edge's displacement holds.
        """
        scale = np.float32(1.0 / self.step)
        rest = wanted - sample(moved, wanted * scale)
        for _ in range(ROUNDS - 1):
            rest = wanted - sample(moved, rest * scale)
        return rest


def sample(field: Floats, at: Floats) -> Floats:
    """A field's values between its nodes, bilinear, held at the border.

    Shapes: `field` (rows, columns[, C]); `at` (H, W, 2) in nodes, x first; returns (H, W[, C]).
    """
    return remap(field, at, cv2.BORDER_REPLICATE)


def remap(picture: Floats | Bytes, at: Floats, border: int) -> Floats | Bytes:
    """A picture read bilinearly at other places; `border` is one of cv2's for what lies outside.

    Shapes: `picture` (h, w[, C]); `at` (H, W, 2) in pixels, x first; returns (H, W[, C]).
    """
    # the stubs insist on the second map, which a two-channel first one leaves out
    read: Floats | Bytes = cv2.remap(picture, at, None, cv2.INTER_LINEAR, borderMode=border)  # type: ignore[call-overload]
    return read


def smoothstep(x: Floats | float, low: Floats | float = 0.0, high: Floats | float = 1.0) -> Floats:
    """0 up to `low`, 1 from `high`, and 3t^2 - 2t^3 between; also falling, where low > high."""
    t = np.clip((np.asarray(x, np.float32) - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), np.float32)


def spread(controls: Floats, moves: Floats, at: Floats) -> Floats:
    """Displacements at any place from those at a few controls, by a linear radial basis.

    Shapes: `controls` (N, 2), `moves` (N, 2), `at` (..., 2), all in one unit; returns (..., 2).
    Source: polyharmonic spline of order 1 with a constant term (interpolates exactly).
    Cost: N^3 once and N for each place; meant for precomputing.
    """
    count = len(controls)
    system = np.zeros((count + 1, count + 1))
    system[:count, :count] = _distances(controls, controls) + 1e-9 * np.eye(count)
    system[:count, count] = system[count, :count] = 1.0
    wanted = np.vstack([moves, np.zeros((1, 2))]).astype(np.float64)
    # no BLAS here: its threads would wait for each other longer than this takes
    weights = np.asarray(cv2.solve(system, wanted, flags=cv2.DECOMP_LU)[1], np.float32)
    apart = _distances(at.reshape(-1, 2), controls)
    found = np.einsum("nc,cd->nd", apart, weights[:count]) + weights[count]
    return np.asarray(found, np.float32).reshape(*at.shape)


def _distances(places: Floats, others: Floats) -> Floats:
    x = places[:, None, 0] - others[None, :, 0]
    y = places[:, None, 1] - others[None, :, 1]
    return np.asarray(np.hypot(x, y), np.float32)
