"""The trunk and the hair: breath, shoulders, lean, and hair that follows the head late.

Convention: iod units in the face's axes (or, without a face, in units of the subject's width
over six). Limit: half bodies; limbs do not bend here.
"""

from __future__ import annotations

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.rig.controls import Pose
from muybridge.puppet.rig.lattice import smoothstep

HUNCH = 0.13  # iod both shoulders rise in a plain shrug
BREATH = 0.030  # iod a full breath lifts the shoulders


class Body:
    """The trunk's and the hair's weights at the nodes."""

    def __init__(self, nodes: Floats, chin: float) -> None:
        """Shapes: `nodes` (rows, columns, 2); `chin` is where the neck begins, in v."""
        u, v = nodes[..., 0], nodes[..., 1]
        trunk = smoothstep(v, chin + 0.1, chin + 1.3)
        self._lift = 0.5 + 0.5 * trunk - 0.85 * smoothstep(v, chin + 2.0, chin + 6.0)
        self._swell = np.asarray(
            trunk * smoothstep(v, chin + 6.0, chin + 2.5) * np.clip(u / 2.2, -1, 1), np.float32
        )
        self._shoulders = np.asarray(trunk * np.clip(u / 1.9, -1, 1), np.float32)
        near = smoothstep(np.abs(u), 0.7, 1.7)
        self._hunch = np.asarray(
            trunk * smoothstep(v, chin + 5.0, chin + 1.8) * (0.35 + 0.65 * near), np.float32
        )
        self._upright = np.asarray(smoothstep(v, chin + 6.0, chin - 2.0), np.float32)
        out = np.hypot(u, (v - 0.25) / 1.25)
        self._hair = np.asarray(
            smoothstep(out, 1.05, 1.9) * smoothstep(v, -1.9, 0.5) * smoothstep(v, chin + 1.2, chin - 0.2),
            np.float32,
        )

    def displacement(self, pose: Pose) -> Floats:
        """Each node's move for a pose. Shapes: (rows, columns, 2), iod."""
        dx = 0.5 * BREATH * pose.breath * self._swell + pose.lean * self._upright + pose.hair_x * self._hair
        dy = (
            -(BREATH * pose.breath) * self._lift
            - (HUNCH * pose.hunch) * self._hunch
            - pose.shoulders * self._shoulders
            + pose.hair_y * self._hair
        )
        return np.stack([dx, dy], -1).astype(np.float32)
