"""How much each pixel belongs to the subject, roughly: what the networks say, put together.

Two networks that fail differently are asked, both ways round. U2-Netp knows what stands out, be
it person, animal or thing, but drops dark parts and picks up bright ones beside; the person
network is surer on people and the things they hold, and useless on anything else. Both know tilted
people badly: those are shown upright too.
Limits: edges are good to about 1/300 of what was looked at; matte.py makes them fine.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from muybridge.puppet.portrait import Bytes, Face
from muybridge.puppet.sight.crops import Square, Upright, View, crop, put_back
from muybridge.puppet.sight.models import Models
from muybridge.puppet.sight.planes import Colours, Plane, as_unit, clipped

SALIENCE_PIXELS = 320
PERSON_PIXELS = 256
HEAD = 2.6  # side over the face's height; tighter cuts hats off, wider loses hair
TILTED = 0.45  # radians of roll from which the picture is turned upright
# ImageNet's means and deviations, which U2-Net was trained with
MEANS = np.array([0.485, 0.456, 0.406], dtype=np.float32)
DEVIATIONS = np.array([0.229, 0.224, 0.225], dtype=np.float32)
RIGHT_CORNER, LEFT_CORNER = 33, 263


def coverage_of(rgb: Bytes, face: Face | None, models: Models) -> Plane:
    """Each pixel's share in the subject, by one network or, where a face is, by both.

    Shapes: `rgb` (H, W, 3) to (H, W) float32, 0 to 1. Cost: 0.45 s on two cores.
    """
    if face is None:
        return _shown(rgb, whole(rgb), _salience(models), SALIENCE_PIXELS)
    roll = roll_of(face)
    cover = _by_both(rgb, face, 0.0, models)
    if abs(roll) > TILTED:
        cover = np.maximum(cover, _by_both(rgb, face, roll, models))
    x, y, width, height = face.box
    head = Square(x + width / 2, y + 0.45 * height, HEAD * height, roll)
    # at the head the close look is the best of the three, the salient one still knows the hat
    close = (cover + _shown(rgb, head, _person(models), PERSON_PIXELS)) / 2
    return clipped(cover + _weight(rgb, head) * (close - cover))


def _by_both(rgb: Bytes, face: Face, turn: float, models: Models) -> Plane:
    person = _person(models)
    everywhere, body = whole(rgb, turn), around_body(rgb, face, turn)
    near = body or everywhere
    cover = (
        _shown(rgb, near, _salience(models), SALIENCE_PIXELS) + _shown(rgb, near, person, PERSON_PIXELS)
    ) / 2
    if body is not None:
        far = _shown(rgb, everywhere, person, PERSON_PIXELS)
        cover = far + _weight(rgb, body) * (cover - far)
    return clipped(cover)


def roll_of(face: Face) -> float:
    """The turn of the eye line from level, radians, clockwise on screen."""
    across, down = face.points[LEFT_CORNER, :2] - face.points[RIGHT_CORNER, :2]
    return float(np.arctan2(down, across))


def whole(rgb: Bytes, turn: float = 0.0) -> View:
    """All of the picture."""
    height, width = rgb.shape[:2]
    if turn == 0:
        return Upright(0, 0, width, height)
    cos, sin = abs(np.cos(turn)), abs(np.sin(turn))
    side = max(width * cos + height * sin, width * sin + height * cos)
    return Square((width - 1) / 2, (height - 1) / 2, float(side), turn)


def around_body(rgb: Bytes, face: Face, turn: float) -> View | None:
    """A view of the body below a small face, or None where that is about the whole picture."""
    rows, columns = rgb.shape[:2]
    x, y, width, height = face.box
    if turn:
        down = np.array([-np.sin(turn), np.cos(turn)]) * 3.2 * height
        side = 10.5 * height
        view = Square(float(x + width / 2 + down[0]), float(y + height / 2 + down[1]), side, turn)
        return view if side * side < 0.5 * rows * columns else None
    left, right = max(0.0, x - 4 * width), min(float(columns), x + 5 * width)
    top, bottom = max(0.0, y - 2 * height), min(float(rows), y + 8.5 * height)
    if (right - left) * (bottom - top) > 0.5 * rows * columns:
        return None
    return Upright(left, top, right - left, bottom - top)


Net = Callable[[Colours], Plane]


def _shown(rgb: Bytes, view: View, net: Net, pixels: int) -> Plane:
    seen = net(as_unit(crop(rgb, view, pixels, replicate=True)))
    return clipped(put_back(seen, view, rgb.shape[1], rgb.shape[0]))


def _salience(models: Models) -> Net:
    def net(seen: Colours) -> Plane:
        # what one view drops, its mirror image often has
        given = ((seen - MEANS) / DEVIATIONS).transpose(2, 0, 1)
        there, mirrored = (models.salience(np.ascontiguousarray(g)) for g in (given, given[..., ::-1]))
        return np.maximum(there, mirrored[:, ::-1])

    return net


def _person(models: Models) -> Net:
    def net(seen: Colours) -> Plane:
        shape = (PERSON_PIXELS, PERSON_PIXELS)
        there, mirrored = (models.person(g)[0].reshape(shape) for g in (seen, seen[:, ::-1]))
        both: Plane = (there + mirrored[:, ::-1]) / 2
        return both

    return net


def _weight(rgb: Bytes, view: View) -> Plane:
    # 1 in a view's middle, falling to 0 at those of its edges that lie inside the picture
    rows, columns = rgb.shape[:2]
    rising = np.clip(np.arange(64) / 12, 0, 1).astype(np.float32)
    left = top = right = bottom = rising
    if isinstance(view, Upright):
        left = np.ones_like(rising) if view.left <= 0 else rising
        top = np.ones_like(rising) if view.top <= 0 else rising
        right = np.ones_like(rising) if view.left + view.width >= columns else rising
        bottom = np.ones_like(rising) if view.top + view.height >= rows else rising
    inner = np.minimum.outer(np.minimum(top, bottom[::-1]), np.minimum(left, right[::-1]))
    return clipped(put_back(inner, view, columns, rows))
