"""What the face's skin does for each expression, as displacement fields worked out once.

Each basis is a sparse set of landmark moves, spread over the face by a linear radial basis and
pinned to nothing at the lids (the eyes are layers of their own), the nose and a ring around the
head. Per frame an expression is a weighted sum. Convention: iod units in the face's own axes.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.rig.anatomy import (
    CHIN,
    EYES,
    FOREHEAD,
    JAW,
    LOWER_INNER,
    LOWER_OUTER,
    MOUTH_CORNER,
    NOSE,
    SIDES,
    UPPER_INNER,
    UPPER_OUTER,
    Side,
)
from muybridge.puppet.rig.controls import Pose
from muybridge.puppet.rig.lattice import spread

RING = 2.6  # iod; beyond it no expression moves anything
LOWEST = -1.4  # of a plain smile, downward; beyond it a closed grin folds
TAPER = (1.0, 0.75, 0.45, 0.22)  # how a corner's pull runs along the lips toward their middle


class Expression:
    """The face's bases at the nodes that lie within reach of it."""

    def __init__(self, face_points: Floats, face_nodes: Floats) -> None:
        """Shapes: `face_points` (478, 2) and `face_nodes` (N, 2), both in iod in the face's axes."""
        self._points = face_points
        self._fields = {
            f"smile_{side}": self._field(self._smile(side), face_nodes, JAW + FOREHEAD + _brows())
            for side in SIDES
        }
        for side in SIDES:
            self._fields[f"cheek_{side}"] = self._field(
                self._cheek(side), face_nodes, JAW + FOREHEAD + _mouth()
            )
            self._fields[f"inner_{side}"] = self._field(
                self._inner_brow(side), face_nodes, FOREHEAD[:3] + JAW + _mouth()
            )
            self._fields[f"brow_{side}"] = self._field(
                self._brow(side), face_nodes, FOREHEAD[:3] + JAW + _mouth()
            )

        self._fields["pucker"] = self._field(self._pucker(), face_nodes, JAW + FOREHEAD + _brows())
        self._fields["sneer"] = self._field(
            self._sneer(), face_nodes, JAW + FOREHEAD + _brows() + LOWER_OUTER
        )
        self._fields["jaw"] = self._field(self._jaw(), face_nodes, FOREHEAD + _brows() + UPPER_OUTER[1:-1])

    def displacement(self, pose: Pose, downward: float = 1.0) -> Floats:
        """Each node's move for a pose. Shapes: (N, 2), iod in the face's axes.

        `downward` is how much farther than plain the corners go down: those of a mouth that the
        picture shows in a grin come from higher up.
        """
        # what two controls do to one place must not fold it: brows low at their inner ends leave the
        # rest of them little way to the lid, pursed lips little way down for their corners
        lowest = -1.0 + 0.8 * max(-pose.brow_inner, 0.0)
        smile = max(pose.smile, -0.85 + 0.3 * max(pose.pucker, 0.0))
        smile = max(smile * downward, LOWEST) if smile < 0 else smile
        cheeks = 0.35 * max(pose.smile, 0.0) + 0.4 * pose.squint
        weights = {
            "smile_right": smile,
            "smile_left": smile,
            "cheek_right": min(pose.wink_right + cheeks, 1.5),
            "cheek_left": min(pose.wink_left + cheeks, 1.5),
            "brow_right": max(pose.brow_right, lowest),
            "brow_left": max(pose.brow_left, lowest),
            "inner_right": pose.brow_inner,
            "inner_left": pose.brow_inner,
            "pucker": pose.pucker,
            "sneer": pose.sneer,
            "jaw": pose.jaw,
        }
        total = np.zeros_like(next(iter(self._fields.values())))
        for name, weight in weights.items():
            if weight:
                total += np.float32(weight) * self._fields[name]
        return total

    def _field(self, moves: dict[int, tuple[float, float]], nodes: Floats, pinned: Iterable[int]) -> Floats:
        still = [n for n in dict.fromkeys((*pinned, *NOSE, *_lids())) if n not in moves]
        turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
        ring = RING * np.stack([np.cos(turn), np.sin(turn)], -1) + [0.0, 0.3]
        controls = np.vstack([self._points[list(moves)], self._points[still], ring]).astype(np.float32)
        shifts = np.zeros_like(controls)
        shifts[: len(moves)] = list(moves.values())
        field = spread(controls, shifts, nodes)
        reach = np.hypot(nodes[:, 0], nodes[:, 1] - 0.3)
        return np.asarray(field * np.clip((RING - reach) / 0.4, 0, 1)[:, None], np.float32)

    def _out(self, side: Side) -> float:
        """The direction away from the nose, in the face's x."""
        return -1.0 if side == "right" else 1.0

    def _smile(self, side: Side) -> dict[int, tuple[float, float]]:
        out, moves = self._out(side), {}
        corner = (0.082, -0.082)
        for row in (UPPER_INNER, LOWER_INNER, UPPER_OUTER, LOWER_OUTER):
            ordered = row if side == "right" else row[::-1]
            for number, share in zip(ordered, TAPER, strict=False):
                moves[number] = (out * corner[0] * share, corner[1] * share)
        moves[MOUTH_CORNER[side]] = (out * corner[0], corner[1])
        other: Side = "left" if side == "right" else "right"
        for number in (*UPPER_OUTER, *LOWER_OUTER, *UPPER_INNER, *LOWER_INNER):
            moves.setdefault(number, (0.0, 0.006 if number in LOWER_OUTER else 0.0))
        moves[MOUTH_CORNER[other]] = (0.0, 0.0)
        for number in EYES[side].cheek:
            moves[number] = (out * 0.022, -0.042)
        return moves

    def _cheek(self, side: Side) -> dict[int, tuple[float, float]]:
        moves = dict.fromkeys(EYES[side].cheek, (0.0, -0.055))
        moves.update(dict.fromkeys(EYES[side].below_lid, (0.0, -0.03)))
        return moves

    def _inner_brow(self, side: Side) -> dict[int, tuple[float, float]]:
        """The inner end up and, for the other sign, down and toward the nose."""
        moves = {}
        inner = sorted(EYES[side].brow, key=lambda n: abs(float(self._points[n, 0])))
        for place, number in enumerate(inner[:6]):
            share = 1.0 - 0.16 * place
            moves[number] = (self._out(side) * 0.035 * share, -0.085 * share)
        return moves

    def _pucker(self) -> dict[int, tuple[float, float]]:
        """Corners drawn to the middle, lips a little fuller up and down."""
        lips = dict.fromkeys((*UPPER_OUTER, *LOWER_OUTER, *UPPER_INNER, *LOWER_INNER))
        middle = self._points[list(lips)].mean(0)
        moves = {}
        for number in lips:
            dx, dy = self._points[number] - middle
            fuller = 0.18 if number in UPPER_OUTER or number in LOWER_OUTER else 0.0
            moves[number] = (-0.34 * float(dx), fuller * float(dy))
        return moves

    def _sneer(self) -> dict[int, tuple[float, float]]:
        """The wings of the nose and the upper lip lifted."""
        moves = dict.fromkeys((98, 327, 48, 278, 129, 358), (0.0, -0.045))
        moves.update(dict.fromkeys(UPPER_OUTER[2:-2], (0.0, -0.050)))
        moves.update(dict.fromkeys(UPPER_INNER[2:-2], (0.0, -0.045)))
        return moves

    def _jaw(self) -> dict[int, tuple[float, float]]:
        """The chin down most, the jaw's line less toward the ears; lips part in a layer of their own."""
        low = max(float(self._points[CHIN, 1]), 0.5)
        moves = {}
        for number in JAW:
            share = max(float(self._points[number, 1]) / low, 0.0) ** 2
            moves[number] = (0.0, 0.21 * share)
        moves.update(dict.fromkeys(LOWER_OUTER[2:-2], (0.0, 0.055)))
        return moves

    def _brow(self, side: Side) -> dict[int, tuple[float, float]]:
        return dict.fromkeys(EYES[side].brow, (0.0, -0.075))


def _lids() -> tuple[int, ...]:
    rows = ((*EYES[s].corners, *EYES[s].upper, *EYES[s].lower, *EYES[s].crease) for s in SIDES)
    return tuple(n for row in rows for n in row)


def _brows() -> tuple[int, ...]:
    return tuple(n for s in SIDES for n in EYES[s].brow)


def _mouth() -> tuple[int, ...]:
    return (*UPPER_OUTER, *LOWER_OUTER)
