"""The head as a solid: how deep each of its places lies, and where it goes when the head turns.

Convention: iod units in the face's axes; z grows away from the camera and is 0 at the irises.
The raw mesh is steep at the ears and would fold at 7 degrees, so its depth saturates there and
a paraboloid carries on over hair and hat. Limit: 13 degrees; the far cheek is never uncovered.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.rig.anatomy import CHIN, EYES, OVAL
from muybridge.puppet.rig.controls import Pose
from muybridge.puppet.rig.lattice import smoothstep

AXIS_DEPTH = 1.15  # iod from the irises back to the axis the head turns about
NECK = 1.05  # iod below the chin where the head's motion has died away


class Head:
    """Depth and weight of the head at the nodes, and its rotation."""

    def __init__(self, face_points: Floats, face_nodes: Floats) -> None:
        """Shapes: `face_points` (478, 3), `face_nodes` (rows, columns, 2), iod in the face's axes."""
        depth = self._depths(face_points, face_nodes)
        self._settle(face_nodes, depth, float(face_points[CHIN, 1]))

    def _settle(self, face_nodes: Floats, depth: Floats, chin: float) -> None:
        """The head's depth and chin as given, and the weights about them."""
        self.chin, self.depth = chin, depth
        self._reach = np.asarray(AXIS_DEPTH - self.depth, np.float32)
        u, v = face_nodes[..., 0], face_nodes[..., 1]
        along = smoothstep(v, self.chin + NECK, self.chin - 0.1)
        # below the jaw only the neck turns: a shoulder or a collar beside it stays
        wide = 1.55 - 0.45 * smoothstep(v, self.chin - 0.9, self.chin + 0.3)
        aside = smoothstep(np.abs(u), wide + 0.75, wide)
        low = smoothstep(v, self.chin - 1.4, self.chin - 0.1)
        # a raised hand or another thing far beside the head is none of it
        far = smoothstep(np.abs(u), 5.2, 2.6)
        self.weight = np.asarray(along * (1 - low * (1 - aside)) * far, np.float32)

    @staticmethod
    def _depths(points: Floats, nodes: Floats) -> Floats:
        eye = np.mean([points[n, 2] for s in EYES.values() for n in s.corners])
        z = points[:, 2] - np.mean(points[[468, 473], 2])
        ceiling, tau = eye - np.mean(points[[468, 473], 2]) + 0.30, 0.14
        z = -tau * np.logaddexp(-z / tau, -ceiling / tau)
        x, y = points[:, 0], points[:, 1]
        known = np.stack([np.ones_like(x), x, y, x * x, y * y], -1)
        fit = np.linalg.lstsq(known, z, rcond=None)[0]
        u, v = nodes[..., 0], nodes[..., 1]
        bowl = fit[0] + fit[1] * u + fit[2] * v + max(fit[3], 0.12) * u * u + max(fit[4], 0.04) * v * v
        bowl = np.minimum(bowl, AXIS_DEPTH)
        near = np.full(nodes.shape[:2], np.nan, np.float32)
        hull = cv2.convexHull(points[list(OVAL), :2].astype(np.float32))[:, 0]
        box = (
            (u > hull[:, 0].min()) & (u < hull[:, 0].max()) & (v > hull[:, 1].min()) & (v < hull[:, 1].max())
        )
        flat = nodes[box]
        apart = ((flat[:, None] - points[None, :, :2]) ** 2).sum(-1)
        weight = np.exp(-apart / (2 * 0.09**2)) + 1e-9 * np.exp(-apart / 2)
        near[box] = np.einsum("np,p->n", weight, z) / weight.sum(1)
        inside = np.array(
            [cv2.pointPolygonTest(hull, (float(a), float(b)), True) for a, b in flat], np.float32
        )
        blend = np.zeros_like(near)
        blend[box] = smoothstep(inside, 0.0, 0.25)
        mixed = np.where(np.isnan(near), bowl, near) * blend + bowl * (1 - blend)
        step = float(nodes[0, 1, 0] - nodes[0, 0, 0])
        return np.asarray(cv2.GaussianBlur(mixed.astype(np.float32), (0, 0), 0.06 / max(abs(step), 1e-3)))

    def turned(self, pose: Pose, at: Floats) -> Floats:
        """Where places of the head go. Shapes: `at` (rows, columns, 2) near the nodes; same out."""
        if not (pose.yaw or pose.pitch or pose.roll):
            return at
        (cy, sy), (cp, sp), (cr, sr) = (_turn(a) for a in (pose.yaw, pose.pitch, pose.roll))
        u, v = at[..., 0], at[..., 1] - (self.chin - 0.35)
        # the head is a ball on a neck: its own travel is smaller than its surface's
        x = u * cy + (self._reach - 0.30 * AXIS_DEPTH) * sy
        deep = self._reach * cy - u * sy
        y = v * cp - (deep - 0.45 * AXIS_DEPTH) * sp
        down = y - 0.45  # roll about the neck, below the chin
        moved = np.stack([x * cr - down * sr, x * sr + down * cr + (0.45 + self.chin - 0.35)], -1)
        return np.asarray(at + self.weight[..., None] * (moved - at), np.float32)


def _turn(degrees: float) -> tuple[float, float]:
    """Cosine and sine as plain floats, which leave float32 arrays what they are."""
    return math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
