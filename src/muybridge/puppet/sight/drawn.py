"""Faces in drawings: five points by YuNet, and the eyes, mouth and brows around them by colour.

A drawing is asked at several sizes, a little softened: its hard lines are not what the network
learned from. Around the points, what is not of the skin's colour is looked at upright, piece by piece.
Limits: one face, about frontal; an eye that hair or glasses join to the outline is not found, and
shaded paintings whose skin has many tones are left to the body.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from muybridge.puppet.portrait import Bytes, DrawnFace, Floats
from muybridge.puppet.rig.anatomy import FaceFrame
from muybridge.puppet.sight.face import FLAT, flatness
from muybridge.puppet.sight.models import Models

SIDES = (448, 320, 256, 192, 144)  # px on the long side at which a drawing is looked at
SOFT = 1.2  # px of blur there
SURE, LOOKS = 0.7, 3  # the score that counts, and how many looks have to agree
FINE = 100  # px to one distance of the eyes in the upright face
LEFT, TOP, RIGHT, BOTTOM = -1.7, -1.3, 1.7, 2.5  # what of it is seen, in distances of the eyes
UNLIKE = 13.0  # of Lab's units from the skin, from which a pixel is none of it
COLUMNS = 24
CLOSE = 4  # px of the upright face between an eye and a lash line that is its own


def find_drawn(rgb: Bytes, models: Models) -> DrawnFace | None:
    """The surest drawn face, or None.

    Shapes: `rgb` (H, W, 3) uint8. Raises: WeightsMissing. Cost: 30 ms.
    """
    found = _agreed(rgb, models)
    if found is None:
        return None
    box, points = found
    x, y, wide, tall = box
    inner = rgb[
        max(int(y + 0.2 * tall), 0) : int(y + 0.95 * tall), max(int(x + 0.1 * wide), 0) : int(x + 0.9 * wide)
    ]
    if flatness(cv2.cvtColor(inner, cv2.COLOR_RGB2GRAY).ravel()) < FLAT:
        return None
    # the network's eyes lie too near each other on large ones: measure again from those found
    face = _features(rgb, points, box)
    frame = FaceFrame.between(points[0], points[1])
    for row, eye in enumerate(face.eyes):
        if np.isfinite(eye).all():
            middle = np.array([eye[0, [0, -1]].mean(), (eye[1].min() + eye[2].max()) / 2], np.float32)
            points[row] = frame.to_picture(middle)
    return _features(rgb, points, box)


def _agreed(rgb: Bytes, models: Models) -> tuple[tuple[float, float, float, float], Floats] | None:
    """Box and points, the median of the looks that saw the same face."""
    rows = []
    for side in SIDES:
        scale = min(side / max(rgb.shape[:2]), 1.0)
        size = (max(round(rgb.shape[1] * scale), 32), max(round(rgb.shape[0] * scale), 32))
        small = cv2.GaussianBlur(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), (0, 0), SOFT)
        seen = models.five_points(small.astype(np.uint8, copy=False))
        back = np.array([*(rgb.shape[1] / size[0], rgb.shape[0] / size[1]) * 7, 1], np.float32)
        rows += [row * back for row in seen if row[14] >= SURE]
    if not rows:
        return None
    best = max(rows, key=lambda row: float(row[2] * row[3]))
    same = [row for row in rows if np.hypot(*(row[4:6] - best[4:6])) < 0.25 * best[2]]
    if len(same) < LOOKS:
        return None
    middle = np.median(np.array(same), axis=0).astype(np.float32)
    box = (float(middle[0]), float(middle[1]), float(middle[2]), float(middle[3]))
    return box, middle[4:14].reshape(5, 2)


class _Upright:
    """The face turned upright at one scale, and the pieces in it that are not skin."""

    def __init__(self, rgb: Bytes, points: Floats) -> None:
        frame = FaceFrame.between(points[0], points[1])
        step = frame.iod / FINE
        linear = np.stack([frame.x * step, frame.y * step], -1)
        corner = frame.origin + linear @ (np.array([LEFT, TOP], np.float32) * FINE)
        size = (round((RIGHT - LEFT) * FINE), round((BOTTOM - TOP) * FINE))
        back = np.hstack([linear, corner[:, None]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        self.rgb: Bytes = cv2.warpAffine(
            rgb, back, size, flags=flags, borderMode=cv2.BORDER_REPLICATE
        ).astype(np.uint8)
        self.points = frame.to_face(points)
        self.skin = self._skin()
        lab = cv2.cvtColor(self.rgb.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB)
        skin = cv2.cvtColor((self.skin / 255).reshape(1, 1, 3).astype(np.float32), cv2.COLOR_RGB2LAB)[0, 0]
        self.other = (np.linalg.norm(lab - skin, axis=2) > UNLIKE).astype(np.uint8)
        self._count, self._labels, self._stats, self._centres = cv2.connectedComponentsWithStats(self.other)

    def _skin(self) -> Floats:
        """The commonest colour between eyes and mouth."""
        mouth = float(self.points[3:, 1].mean())
        rows = slice(self._row(0.25), self._row(max(0.9 * mouth, 0.4)))
        pixels = self.rgb[rows, self._column(-0.6) : self._column(0.6)].reshape(-1, 3).astype(np.float32)
        keys = (pixels // 12).astype(np.int64) @ np.array([1024, 32, 1])
        values, counts = np.unique(keys, return_counts=True)
        near = pixels[keys == values[counts.argmax()]].mean(0)
        return np.asarray(pixels[np.linalg.norm(pixels - near, axis=1) < 16].mean(0), np.float32)

    @staticmethod
    def _row(v: float) -> int:
        return round((v - TOP) * FINE)

    @staticmethod
    def _column(u: float) -> int:
        return round((u - LEFT) * FINE)

    def pieces(self) -> Iterator[tuple[int, tuple[float, float, float, float], tuple[float, float]]]:
        """Each piece that lies inside: its number, its box u0, v0, u1, v1, and its centre."""
        height, width = self.other.shape
        for number in range(1, self._count):
            x, y, wide, tall, area = (int(v) for v in self._stats[number])
            inside = x > 0 and y > 0 and x + wide < width and y + tall < height
            if inside and area > 12:
                box = (x / FINE + LEFT, y / FINE + TOP, (x + wide) / FINE + LEFT, (y + tall) / FINE + TOP)
                u, v = (float(c) for c in self._centres[number])
                yield number, box, (u / FINE + LEFT, v / FINE + TOP)

    def depth(self, number: int) -> float:
        """How far from its edge a piece's middle lies, in distances of the eyes."""
        return (
            float(cv2.distanceTransform((self._labels == number).astype(np.uint8), cv2.DIST_L2, 3).max())
            / FINE
        )

    def touching(self, number: int) -> set[int]:
        """The pieces within `CLOSE` of a piece."""
        brush = np.ones((2 * CLOSE + 1, 2 * CLOSE + 1), np.uint8)
        around = cv2.dilate((self._labels == number).astype(np.uint8), brush).astype(bool)
        return set(np.unique(self._labels[around]).tolist()) - {0, number}

    def outline(self, numbers: list[int]) -> Floats:
        """Columns, top and bottom of pieces taken together. Shapes: (3, COLUMNS)."""
        mask = np.isin(self._labels, numbers)
        xs = np.flatnonzero(mask.any(0))
        top, bottom = mask.argmax(0), mask.shape[0] - 1 - mask[::-1].argmax(0)
        u = np.linspace(xs[0], xs[-1], COLUMNS)
        curves = np.stack([u, np.interp(u, xs, top[xs]), np.interp(u, xs, bottom[xs] + 1.0)])
        return np.asarray(curves / FINE + np.array([[LEFT], [TOP], [TOP]]), np.float32)

    def line(self, eyes: Floats) -> tuple[Floats, float]:
        """The colour of the upper lids' line and its thickness."""
        dark, runs = [], []
        for eye in eyes[np.isfinite(eyes).all(axis=(1, 2))]:
            for u, top, bottom in eye[:, 4:-4].T:
                rows = slice(self._row(float(top)), self._row(float(top + 0.4 * (bottom - top))) + 1)
                column = self.rgb[rows, self._column(float(u))].astype(np.float32)
                light = column.mean(1)
                below = light < 0.5 * float(self.skin.mean())
                if below.any():
                    first = int(below.argmax())
                    run = int(np.argmin(np.append(below[first:], False)))
                    runs.append(run)
                    dark.append(column[first + run // 2])
        if not runs:
            return np.asarray(self.skin * 0.3, np.float32), 0.03
        return np.median(dark, axis=0).astype(np.float32), float(np.clip(np.median(runs) / FINE, 0.02, 0.09))


def _features(rgb: Bytes, points: Floats, box: tuple[float, float, float, float]) -> DrawnFace:
    seen = _Upright(rgb, points)
    eyes = np.stack([_eye(seen, seen.points[row]) for row in (0, 1)])
    brows = np.stack([_brow(seen, eye) for eye in eyes])
    line, thick = seen.line(eyes)
    return DrawnFace(points, box, eyes, _mouth(seen), brows, seen.skin, line, thick)


def _eye(seen: _Upright, at: Floats) -> Floats:
    """The piece with the thickest middle near a point, and the lines that all but touch it."""
    near = [
        (number, box)
        for number, box, (u, v) in seen.pieces()
        if np.hypot(u - at[0], v - at[1]) < 0.42 and box[2] - box[0] < 1.0 and box[3] - box[1] < 0.95
    ]
    if not near:
        return np.full((3, COLUMNS), np.nan, np.float32)
    core, box = max(near, key=lambda piece: seen.depth(piece[0]))
    beside = seen.touching(core)
    own = [core]
    for number, (u0, _, u1, _) in near:
        if number in beside and min(u1, box[2]) - max(u0, box[0]) > 0.6 * (u1 - u0):
            own.append(number)
    return seen.outline(own)


def _mouth(seen: _Upright) -> Floats:
    """The widest piece near the middle of the corners, below the nose."""
    at, nose = seen.points[3:].mean(0), float(seen.points[2, 1])
    best, chosen = 0.05, 0
    for number, box, (u, v) in seen.pieces():
        if abs(u) > 0.3 or abs(v - at[1]) > 0.45 or v < 0.55 * nose + 0.45 * at[1] or box[2] - box[0] > 1.3:
            continue
        worth = box[2] - box[0] - 0.5 * abs(v - float(at[1]))
        if worth > best:
            best, chosen = worth, number
    return seen.outline([chosen]) if chosen else np.full((3, COLUMNS), np.nan, np.float32)


def _brow(seen: _Upright, eye: Floats) -> Floats:
    """The low wide piece above an eye."""
    if np.isnan(eye).any():
        return np.full(4, np.nan, np.float32)
    middle, top = float(eye[0].mean()), float(eye[1].min())
    for _, box, (u, v) in seen.pieces():
        wide, tall = box[2] - box[0], box[3] - box[1]
        if abs(u - middle) < 0.3 and top - 0.55 < v < top and wide > 0.2 and tall < 0.6 * wide:
            return np.array(box, np.float32)
    return np.full(4, np.nan, np.float32)
