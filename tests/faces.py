"""A drawn person whose every landmark is known, for tests that need a Portrait and no weights.

The face is drawn from its landmarks, so drawing and landmarks agree by construction. The 478
places stand in `face_points.csv` (thousandths of an iod: u, v, depth): the landmark model's mean
over two sample pictures, turned frontal, made symmetric to the last digit, the mouth closed.
Convention: as in `muybridge.puppet`; pixel centres at integers, left and right the subject's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from muybridge.domain.subject import Box, Subject, SubjectKind
from muybridge.puppet.portrait import DrawnFace, Face, Portrait
from muybridge.puppet.rig import anatomy
from muybridge.puppet.rig.controls import Pose
from muybridge.puppet.rig.lattice import sample
from muybridge.puppet.rig.rig import Rig
from muybridge.puppet.rig.sprite import cut_out
from muybridge.units import Size

Array = NDArray[Any]
Colour = tuple[int, int, int]
FINE = 4  # drawn this many times larger, then shrunk

SKIN: Colour = (214, 168, 140)
WHITE: Colour = (238, 236, 232)
IRIS: Colour = (40, 110, 60)  # green: nothing else in the picture is
PUPIL: Colour = (12, 14, 12)
LASH: Colour = (48, 34, 30)
LIP: Colour = (176, 84, 84)
HAIR: Colour = (74, 50, 38)
SHIRT: Colour = (120, 70, 130)


@cache
def canonical() -> Array:
    """All landmarks of the drawn face. Shapes: (478, 3), iod in the face's axes."""
    table = np.loadtxt(Path(__file__).with_name("face_points.csv"), delimiter=",", dtype=np.float32)
    return table / np.float32(1000)


@cache
def mirror() -> Array:
    """For each landmark, the number of the one across the face. Shapes: (478,)."""
    here = canonical()
    across = here * np.array([-1, 1, 1], np.float32)
    return np.linalg.norm(across[:, None] - here[None], axis=-1).argmin(1)


@dataclass(frozen=True)
class Person:
    """How a drawn person stands in a picture: `at` is the middle between the irises, in pixels.

    `tilt` is degrees clockwise as seen. `shoulders` is half their width and `foot` how far below
    the eyes the body ends, both in iod; a body that does not fit is cut by the picture's edge.
    """

    width: int = 240
    height: int = 240
    at: tuple[float, float] = (119.5, 92.0)
    iod: float = 40.0
    tilt: float = 0.0
    shoulders: float = 2.5
    foot: float = 99.0

    def __str__(self) -> str:
        return f"{self.width}x{self.height} at {self.at} iod {self.iod:g} shoulders {self.shoulders:g}"

    @property
    def turn(self) -> Array:
        """From iod in the face's axes to pixels, without the shift. Shapes: (2, 2)."""
        angle = np.deg2rad(self.tilt)
        return self.iod * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])

    def pixels(self, places: Array) -> Array:
        """Places in iod (..., 2) as pixels (..., 2)."""
        return np.asarray(np.asarray(places) @ self.turn.T + np.array(self.at))

    @property
    def points(self) -> Array:
        """The landmarks. Shapes: (478, 3), pixels."""
        flat = self.pixels(canonical()[:, :2])
        return np.column_stack([flat, canonical()[:, 2] * self.iod]).astype(np.float32)


class _Sheet:
    """A fine canvas in the person's axes: polygons go down in turn, `shrunk` gives the picture."""

    def __init__(self, person: Person, channels: int, fill: Colour | int) -> None:
        self._person = person
        shape = (person.height * FINE, person.width * FINE)
        self.canvas = np.full((*shape, channels) if channels > 1 else shape, fill, np.uint8)

    def polygon(self, places: Array, colour: Colour | int) -> None:
        fine = (self._person.pixels(places) + 0.5) * FINE - 0.5
        cv2.fillPoly(self.canvas, [np.rint(fine * 16).astype(np.int32)], colour, cv2.LINE_8, 4)

    def ellipse(self, at: tuple[float, float], radii: tuple[float, float], colour: Colour | int) -> None:
        t = np.linspace(0, 2 * np.pi, 72, endpoint=False)
        self.polygon(np.array(at) + np.array(radii) * np.stack([np.cos(t), np.sin(t)], -1), colour)

    def stroke(self, places: Array, thick: float, colour: Colour | int) -> None:
        down = np.array([0, thick / 2])
        self.polygon(np.vstack([places - down, (places + down)[::-1]]), colour)

    def shrunk(self) -> Array:
        size = (self._person.width, self._person.height)
        return np.asarray(cv2.resize(self.canvas, size, interpolation=cv2.INTER_AREA))


def body(person: Person) -> list[Array]:
    """The trunk's outline and the neck's. Shapes: (N, 2) each, iod."""
    half, foot = person.shoulders, person.foot
    trunk = [(-0.55, 2.35), (-half * 0.8, 2.8), (-half, 3.7), (-half - 0.15, foot)]
    trunk += [(half + 0.15, foot), (half, 3.7), (half * 0.8, 2.8), (0.55, 2.35)]
    return [np.array(trunk), np.array([(-0.5, 1.2), (-0.55, 2.7), (0.55, 2.7), (0.5, 1.2)])]


def _shapes(sheet: _Sheet, person: Person, only: int | None = None) -> None:
    """The whole person from back to front; with `only`, all of it in that one value."""

    def ink(colour: Colour) -> Colour | int:
        return colour if only is None else only

    trunk, neck = body(person)
    sheet.ellipse((0, 0.1), (1.32, 1.42), ink(HAIR))
    sheet.polygon(trunk, ink(SHIRT))
    sheet.polygon(neck, ink(SKIN))
    points = canonical()[:, :2]
    sheet.polygon(points[list(anatomy.OVAL)], ink(SKIN))
    if only is not None:
        return
    for side in anatomy.SIDES:
        parts = anatomy.EYES[side]
        corners = points[list(parts.corners)]
        upper = np.vstack([corners[:1], points[list(parts.upper)], corners[1:]])
        lower = np.vstack([corners[:1], points[list(parts.lower)], corners[1:]])
        _eye(sheet, upper, lower, points[parts.iris[0]])
        brow = points[list(parts.brow)]
        sheet.polygon(np.vstack([brow[:5], brow[:4:-1]]), HAIR)
    sheet.polygon(points[[*anatomy.UPPER_OUTER, *anatomy.LOWER_OUTER[::-1]]], LIP)
    sheet.stroke(points[list(anatomy.UPPER_INNER)], 0.03, LASH)
    for side in (-1, 1):
        sheet.ellipse((side * 0.13, 0.78), (0.055, 0.03), LASH)


def _eye(sheet: _Sheet, upper: Array, lower: Array, iris: Array) -> None:
    """White, iris and pupil between the lids, and the lash line on the upper one."""
    u = np.linspace(upper[0, 0], upper[-1, 0], 60)
    top, bottom = (np.interp(u, line[:, 0], line[:, 1]) for line in (upper, lower))
    sheet.polygon(np.vstack([np.stack([u, top], -1), np.stack([u, bottom], -1)[::-1]]), WHITE)
    for radius, colour in ((0.115, IRIS), (0.045, PUPIL)):
        half = np.sqrt(np.maximum(radius**2 - (u - iris[0]) ** 2, 0))
        high, low = np.maximum(iris[1] - half, top), np.minimum(iris[1] + half, bottom)
        seen = (half > 0) & (low > high)
        ball = np.vstack([np.stack([u, high], -1)[seen], np.stack([u, low], -1)[seen][::-1]])
        sheet.polygon(ball, colour)
    sheet.stroke(np.stack([u, top], -1), 0.022, LASH)


def ground(width: int, height: int) -> Array:
    """Something soft to stand before. Shapes: (H, W, 3) uint8."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    waves = [60 + 40 * np.sin(x / 23 + k) + 30 * np.cos(y / 31 - 2 * k) for k in range(3)]
    return np.stack(waves, -1).clip(0, 255).astype(np.uint8)


@lru_cache(maxsize=32)
def portrait(person: Person = Person(), face: bool = True) -> Portrait:
    """A drawn person seen whole: picture, colours, matte, plate and (with `face`) the landmarks."""
    colour, cover = _Sheet(person, 3, SHIRT), _Sheet(person, 1, 0)
    colour.polygon(np.array([(-99, -99), (99, -99), (99, 1.5), (-99, 1.5)]), HAIR)  # beyond the edge
    _shapes(colour, person)
    _shapes(cover, person, only=255)
    foreground, matte = colour.shrunk(), cover.shrunk().astype(np.float32) / 255
    plate = ground(person.width, person.height)
    mixed = foreground * matte[..., None] + plate * (1 - matte[..., None])
    return seen(np.rint(mixed).astype(np.uint8), foreground, matte, plate, person.points if face else None)


def seen(
    picture: Array, foreground: Array, matte: Array, plate: Array, points: Array | None = None
) -> Portrait:
    """A Portrait of these arrays. Shapes: see Portrait; `points` (478, 3) or None."""
    faces: tuple[Face, ...] = ()
    if points is not None:
        low, high = points[:, :2].min(0), points[:, :2].max(0)
        box = (float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
        faces = (Face(points.astype(np.float32), presence=20.0, box=box),)
    kind = SubjectKind.PORTRAIT if faces else SubjectKind.FIGURE
    size = Size(matte.shape[1], matte.shape[0])
    subject = Subject("0" * 64, size, kind, tuple(Box(*face.box) for face in faces))
    return Portrait(subject, picture, foreground, matte.astype(np.float32), plate, faces)


@lru_cache(maxsize=16)
def rig(person: Person = Person(), face: bool = True) -> Rig:
    """The drawn person's rig, a sprite pixel for each of the picture's."""
    return Rig(cut_out(portrait(person, face), 1.0))


def moves(person: Person, pose: Pose, places: Array) -> Array:
    """How far places of the sprite go for a pose.

    Shapes: `places` (N, 2), pixels of the picture; returns (N, 2), iod in the face's axes.
    """
    acting = rig(person)
    at = (places[None, :, :2] + np.array([acting.sprite.left, 0])) / acting.lattice.step
    shift = sample(acting.displacement(pose), at.astype(np.float32))[0]
    return np.asarray(shift @ (person.turn / person.iod) / person.iod)


def landmark_moves(person: Person, pose: Pose) -> Array:
    """How far each landmark goes for a pose. Shapes: (478, 2), iod in the face's axes."""
    return moves(person, pose, person.points)


def drawn(person: Person) -> DrawnFace:
    """The same face as one would be found in a drawing: five points and the lines around them."""
    here, u = canonical()[:, :2], np.linspace(-1, 1, 25)

    def between(upper: tuple[int, ...], lower: tuple[int, ...]) -> Array:
        ends = here[[upper[0], upper[-1]], 0]
        at = ends.mean() + u * (ends[1] - ends[0]) / 2
        rows = (here[list(row)][np.argsort(here[list(row), 0])] for row in (upper, lower))
        return np.stack([at, *(np.interp(at, row[:, 0], row[:, 1]) for row in rows)])

    eyes, brows = [], []
    for side in anatomy.SIDES:
        parts = anatomy.EYES[side]
        upper = (parts.corners[0], *parts.upper, parts.corners[1])
        lower = (parts.corners[0], *parts.lower, parts.corners[1])
        eyes.append(between(upper, lower) + np.array([[0], [-0.011], [0]]))  # the lash line is the eye's own
        low, high = here[list(parts.brow)].min(0), here[list(parts.brow)].max(0)
        brows.append([*low, *high])
    points = person.points[[468, 473, 1, anatomy.MOUTH_CORNER["right"], anatomy.MOUTH_CORNER["left"]], :2]
    low, high = person.points[:, :2].min(0), person.points[:, :2].max(0)
    return DrawnFace(
        points=np.asarray(points, np.float32),
        box=(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])),
        eyes=np.asarray(eyes, np.float32),
        mouth=np.asarray(between(anatomy.UPPER_OUTER, anatomy.LOWER_OUTER), np.float32),
        brows=np.asarray(brows, np.float32),
        skin=np.array(SKIN, np.float32),
        line=np.array(LASH, np.float32),
        thick=0.022,
    )


@lru_cache(maxsize=8)
def drawing(person: Person = Person()) -> Portrait:
    """The drawn person, seen as a drawing."""
    return replace(portrait(person, face=False), drawn=drawn(person))
