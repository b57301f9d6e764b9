"""The rig: a sprite with everything on it that can move.

`displacement` says where every node of the lattice goes and `pyramid` draws what is layered (the
eyes); both are pure functions of a Pose, so any frame can be made alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.rig.body import Body
from muybridge.puppet.rig.controls import Pose
from muybridge.puppet.rig.drawn_skin import DrawnExpression, DrawnHead
from muybridge.puppet.rig.expression import RING, Expression
from muybridge.puppet.rig.head import Head
from muybridge.puppet.rig.lattice import Lattice
from muybridge.puppet.rig.limbs import free_limbs
from muybridge.puppet.rig.pyramid import Pyramid
from muybridge.puppet.rig.sprite import Sprite

OPEN_PUCKER = 0.55  # of a pucker that lips held apart over teeth can take
GRIN_DOWN = 2.0  # how much farther a grin's corners have to go to look sad
NODES_PER_IOD = 15.0


class Rig:
    """A subject that can act. Without a face only the body's controls do anything."""

    def __init__(self, sprite: Sprite) -> None:
        self.sprite = sprite
        width, height = sprite.size
        frame = sprite.frame
        self._iod = frame.iod if frame else self.unit_without_face(sprite)
        self.lattice = Lattice(width, height, max(self._iod / NODES_PER_IOD, 4.0))
        nodes = self.lattice.nodes()
        self.wear(sprite.rgba)
        self._head: Head | None = None
        if frame is None:
            centre = np.array([width / 2, height * 0.3], np.float32)
            self._rest = (nodes - centre) / np.float32(self._iod)
            self._turn = np.eye(2, dtype=np.float32)
            self._body = Body(self._rest, chin=0.0)
            return
        self._rest = frame.to_face(nodes)
        self._turn = np.stack([frame.x, frame.y]).astype(np.float32)
        self._near = np.hypot(self._rest[..., 0], self._rest[..., 1] - 0.3) < RING
        self._expression: Expression | DrawnExpression
        if sprite.points is not None:
            points = np.dstack(
                [frame.to_face(sprite.points[None, :, :2]), sprite.points[None, :, 2:] / frame.iod]
            )[0]
            self._head = Head(points, self._rest)
            self._expression = Expression(np.ascontiguousarray(points[:, :2]), self._rest[self._near])
        elif sprite.drawn is not None:
            self._head = DrawnHead(sprite.drawn, self._rest)
            self._expression = DrawnExpression(sprite.drawn, self._rest[self._near])
        self._body = Body(self._rest, self._head.chin if self._head else 0.0)

    @staticmethod
    def unit_without_face(sprite: Sprite) -> float:
        """What stands for an iod where there is no face: a sixth of the subject's width."""
        columns = np.flatnonzero(sprite.rgba[..., 3].max(0) > 40)
        return float(max(columns[-1] - columns[0], 60)) / 6 if len(columns) else sprite.size[0] / 6

    def wear(self, rgba: Bytes) -> None:
        """Go on with the same sprite in other light. Shapes: (H, W, 4) uint8, as the sprite's."""
        self.sprite = replace(self.sprite, rgba=rgba)
        trunk, self.limbs = free_limbs(rgba, self.sprite.joints)
        self.pyramid = Pyramid(trunk, self.sprite.points, self.sprite.drawn)

    def head_depth(self) -> Floats | None:
        """How far behind the irises each node of the lattice lies, in iod; None without a face."""
        return None if self._head is None else self._head.depth

    @property
    def _open_mouth(self) -> bool:
        mouth = self.pyramid.level(0).mouth
        return mouth is not None and mouth.shows_inside

    def limits(self, poses: Iterable[Pose]) -> tuple[str, ...]:
        """Sentences about what these poses ask for and this picture does not allow."""
        asked = list(poses)
        told = []
        if self._open_mouth and any(pose.pucker > 0.4 for pose in asked):
            told.append("The picture shows an open mouth: pursed lips are held back.")
        if self.sprite.drawn is not None:
            level = self.pyramid.level(0)
            if len(level.eyes) < 2 and any(max(pose.lid_right, pose.lid_left) > 0.5 for pose in asked):
                told.append("An eye of the drawing could not be told from what lies over it: it stays open.")
            if level.mouth is None and any(max(pose.jaw, abs(pose.smile)) > 0.2 for pose in asked):
                told.append("No mouth was found in the drawing: it stays as it is.")
        return tuple(told)

    @property
    def iod(self) -> float:
        """The sprite's own unit of length, in its pixels."""
        return self._iod

    def displacement(self, pose: Pose) -> Floats:
        """Where every node goes. Shapes: (rows, columns, 2), sprite pixels."""
        at = self._rest
        if self._open_mouth:
            pose = replace(pose, pucker=pose.pucker * OPEN_PUCKER if pose.pucker > 0 else pose.pucker)
        if self._head is not None:
            moved = self._rest.copy()
            moved[self._near] += self._expression.displacement(pose, GRIN_DOWN if self._open_mouth else 1.0)
            at = self._head.turned(pose, moved)
        shift = at - self._rest + self._body.displacement(pose)
        return np.asarray((shift @ self._turn) * np.float32(self._iod), np.float32)
