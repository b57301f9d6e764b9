"""The sprite at several sizes, so that a subject far away is sampled without shimmer.

Levels lie a quarter octave apart: a subject that comes closer changes level without a visible
step. Each level has its own eyes, drawn at its own size.
"""

from __future__ import annotations

from functools import cached_property

import cv2
import numpy as np

from muybridge.puppet.portrait import Bytes, DrawnFace, Floats
from muybridge.puppet.rig.anatomy import EYES, MOUTH_CORNER, SIDES, Side
from muybridge.puppet.rig.controls import Pose
from muybridge.puppet.rig.drawn import DrawnEye, DrawnMouth
from muybridge.puppet.rig.eye import MEET, WINK_MEET, Eye
from muybridge.puppet.rig.mouth import Mouth

OCTAVE_STEPS = 4
MOST_LEVELS = 12


class Level:
    """One size of the sprite: `factor` of its full size."""

    def __init__(
        self, rgba: Bytes, points: Floats | None, factor: float, drawn: DrawnFace | None = None
    ) -> None:
        """Shapes: `rgba` (H, W, 4) uint8 the full sprite; `points` (478, 3), `drawn` in its pixels."""
        height, width = rgba.shape[:2]
        size = (max(round(width * factor), 1), max(round(height * factor), 1))
        self.rgba = (
            rgba
            if factor == 1
            else np.asarray(cv2.resize(rgba, size, interpolation=cv2.INTER_AREA), np.uint8)
        )
        self.scale = np.array([size[0] / width, size[1] / height], np.float32)
        self._points, self._drawn = points, drawn

    @cached_property
    def _face(self) -> tuple[dict[Side, Eye | DrawnEye], Mouth | DrawnMouth | None]:
        """The eyes and the mouth at this size, as far as the picture shows them."""
        if self._points is None:
            return self._drawn_face()
        points = self._points * np.append(self.scale, self.scale[0])
        # pixel centres are at integers, so a smaller picture's grid is shifted by half a pixel's growth
        points[:, :2] += 0.5 * self.scale - 0.5
        points = points.astype(np.float32)
        colour = np.ascontiguousarray(self.rgba[..., :3])
        eyes: dict[Side, Eye | DrawnEye] = {
            s: Eye(colour, points, s) for s in SIDES if self._shows(points[list(EYES[s].iris)])
        }
        lips = points[[MOUTH_CORNER["right"], MOUTH_CORNER["left"]]]
        mouth = Mouth(colour, points) if self._shows(np.vstack([lips.mean(0), lips])) else None
        return eyes, mouth

    def _drawn_face(self) -> tuple[dict[Side, Eye | DrawnEye], Mouth | DrawnMouth | None]:
        if self._drawn is None:
            return {}, None
        face = self._drawn.placed(self.scale, 0.5 * self.scale - 0.5)
        colour = np.ascontiguousarray(self.rgba[..., :3])
        seen = [(side, eye) for side, eye in zip(SIDES, face.eyes, strict=True) if np.isfinite(eye).all()]
        eyes: dict[Side, Eye | DrawnEye] = {side: DrawnEye(colour, face, eye) for side, eye in seen}
        mouth = DrawnMouth(colour, face, face.mouth) if np.isfinite(face.mouth).all() else None
        return eyes, mouth

    def _shows(self, places: Floats) -> bool:
        """Whether the sprite holds a part of the face: its middle's row and any of its places."""
        height, width = self.rgba.shape[:2]
        x, y = places[:, 0], places[:, 1]
        return bool(0 <= y[0] < height and ((x >= 0) & (x < width)).any())

    @property
    def mouth(self) -> Mouth | DrawnMouth | None:
        """The mouth at this size; none where the picture shows none."""
        return self._face[1]

    @property
    def eyes(self) -> dict[Side, Eye | DrawnEye]:
        """The eyes at this size that the picture shows."""
        return self._face[0]

    def paint(self, pose: Pose, onto: Bytes) -> None:
        """Draw eyes and mouth for a pose into this level's pixels. Shapes: `onto` as `rgba`, changed."""
        mouth = self._face[1]
        if mouth is not None:
            x0, y0, x1, y1 = mouth.box
            onto[y0:y1, x0:x1, :3] = mouth.draw(pose.jaw, pose.bite)
        for side, eye in self.eyes.items():
            meet = WINK_MEET if getattr(pose, f"wink_{side}") > 0.01 else MEET
            x0, y0, x1, y1 = eye.box
            gaze = (pose.gaze_x, pose.gaze_y)
            onto[y0:y1, x0:x1, :3] = eye.draw(getattr(pose, f"lid_{side}"), pose.squint, gaze, meet)


class Pyramid:
    """The levels of one sprite, made when first asked for."""

    def __init__(self, rgba: Bytes, points: Floats | None, drawn: DrawnFace | None = None) -> None:
        self._rgba, self._points, self._drawn = rgba, points, drawn
        self._levels: dict[int, Level] = {}

    def index(self, shrink: float) -> int:
        """The level to sample when the sprite is seen at `shrink` of its size (1 or less)."""
        octaves = -np.log2(max(min(shrink, 1.0), 1e-3))
        return min(int(octaves * OCTAVE_STEPS + 0.35), MOST_LEVELS)

    def level(self, index: int) -> Level:
        """One level; making one twice at once is harmless."""
        if index not in self._levels:
            factor = 2.0 ** (-index / OCTAVE_STEPS)
            self._levels[index] = Level(self._rgba, self._points, factor, self._drawn)
        return self._levels[index]
