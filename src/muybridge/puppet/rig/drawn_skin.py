"""How a drawn face bends: the corners of its mouth, its brows and chin, and its head as a bowl.

Convention: iod units (the distance of the drawn eyes) in the face's own axes.
Limit: a drawing has no depth of its own; features slide over a plain rounded head, 13 degrees.
"""

from __future__ import annotations

import numpy as np

from muybridge.puppet.portrait import DrawnFace, Floats
from muybridge.puppet.rig.controls import Pose
from muybridge.puppet.rig.drawn import frame_of
from muybridge.puppet.rig.expression import RING
from muybridge.puppet.rig.head import AXIS_DEPTH, Head
from muybridge.puppet.rig.lattice import spread


def chin_of(face: DrawnFace) -> float:
    """Where the chin is, in v: the lower edge of the face's box."""
    x, y, wide, tall = face.box
    return float(frame_of(face).to_face(np.array([[x + wide / 2, y + tall]], np.float32))[0, 1])


class DrawnHead(Head):
    """A drawn head: as `Head`, on a bowl in place of a mesh."""

    def __init__(self, face: DrawnFace, face_nodes: Floats) -> None:
        """Shapes: `face` in the sprite's pixels; `face_nodes` (rows, columns, 2), iod."""
        u, v = face_nodes[..., 0], face_nodes[..., 1]
        chin = chin_of(face)
        wide = max(face.box[2] / 2 / frame_of(face).iod, 0.8)
        bowl = 0.34 * (u / wide) ** 2 + 0.12 * ((v - 0.4 * chin) / chin) ** 2
        self._settle(face_nodes, np.asarray(np.minimum(bowl, AXIS_DEPTH), np.float32), chin)


class DrawnExpression:
    """The skin's bases at the nodes within reach of a drawn face."""

    def __init__(self, face: DrawnFace, face_nodes: Floats) -> None:
        """Shapes: `face` in the sprite's pixels; `face_nodes` (N, 2), iod."""
        self._still = _eyes_around(face)
        self._fields: dict[str, Floats] = {}
        if np.isfinite(face.mouth).all():
            u, v = face.mouth[0, [0, -1]], face.mouth[1:].mean(0)[[0, -1]]
            ends = np.stack([u, v], -1)
            middle = np.array([[u.mean(), face.mouth[1:].mean(0)[len(face.mouth[0]) // 2]]])
            half = float(u[1] - u[0]) / 2
            reach = float(np.clip(half, 0.12, 0.30))
            corners = np.vstack([ends, middle])
            rising = np.array([[-0.35, -0.42], [0.35, -0.42], [0.0, 0.16]]) * reach
            self._fields["smile"] = self._field(corners, rising, face_nodes)
            drawn_in = np.array([[0.45 * half, 0], [-0.45 * half, 0], [0, 0]])
            self._fields["pucker"] = self._field(corners, drawn_in, face_nodes)
        chin = chin_of(face)
        jaw = np.array([[-0.3, chin - 0.08], [0.0, chin], [0.3, chin - 0.08]])
        self._fields["jaw"] = self._field(jaw, np.array([[0, 0.06], [0, 0.08], [0, 0.06]]), face_nodes)
        for side, brow in zip(("right", "left"), face.brows, strict=True):
            if np.isfinite(brow).all():
                places = np.stack([np.linspace(brow[0], brow[2], 4), np.full(4, (brow[1] + brow[3]) / 2)], -1)
                self._fields[f"brow_{side}"] = self._field(places, np.full((4, 2), (0, -0.10)), face_nodes)
                inner = np.abs(places[:, 0]).argsort().argsort()[:, None]
                lift = np.array([0.0, -0.13]) * np.array([1.0, 0.55, 0.1, -0.2])[inner]
                self._fields[f"inner_{side}"] = self._field(places, lift, face_nodes)

    def _field(self, places: Floats, moves: Floats, nodes: Floats) -> Floats:
        turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        ring = RING * np.stack([np.cos(turn), np.sin(turn)], -1) + [0.0, 0.3]
        controls = np.vstack([places, self._still, ring]).astype(np.float32)
        shifts = np.zeros_like(controls)
        shifts[: len(places)] = moves
        return spread(controls, shifts, nodes)

    def displacement(self, pose: Pose, downward: float = 1.0) -> Floats:
        """Each node's move for a pose, as `Expression.displacement`. Shapes: (N, 2)."""
        # a brow has little way down to the lid, and a line squeezed there grows thin
        inner = max(pose.brow_inner, 0.5 * pose.brow_inner)
        brows = (pose.brow_right - 0.3 * pose.wink_right, pose.brow_left - 0.3 * pose.wink_left)
        right, left = (max(brow, 0.35 * brow) for brow in brows)
        weights = {
            "smile": pose.smile if pose.smile >= 0 else pose.smile * downward,
            "pucker": pose.pucker,
            "jaw": max(pose.jaw, 0.0),
            "brow_right": right,
            "brow_left": left,
            "inner_right": inner,
            "inner_left": inner,
        }
        total = np.zeros_like(next(iter(self._fields.values())))
        for name, weight in weights.items():
            if weight and name in self._fields:
                total += np.float32(weight) * self._fields[name]
        return total


def _eyes_around(face: DrawnFace) -> Floats:
    """Places on the eyes and the nose that no expression moves. Shapes: (N, 2)."""
    places = [frame_of(face).to_face(face.points[2:3])]
    for eye in face.eyes:
        if np.isfinite(eye).all():
            places += [np.stack([eye[0, ::4], eye[row, ::4]], -1) for row in (1, 2)]
    return np.vstack(places)
