"""The bench's two drawn characters as portraits whose face is known from the drawing, not seen."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

import sketches
from faces import Array, seen
from muybridge.puppet.portrait import DrawnFace, Portrait
from muybridge.puppet.rig.anatomy import FaceFrame
from muybridge.puppet.rig.rig import Rig
from muybridge.puppet.rig.sprite import cut_out
from sketches import Sketch

NAMES = ("girl", "boy")
PAD = 6  # px around a box, for a line's width


@cache
def sketch(name: str) -> Sketch:
    return {"girl": sketches.girl, "boy": sketches.boy}[name]()


def middle(box: tuple[float, float, float, float]) -> Array:
    x, y, wide, tall = box
    return np.array([x + wide / 2, y + tall / 2], np.float32)


@cache
def face(name: str) -> DrawnFace:
    """The drawn face as its own drawing says."""
    drawing = sketch(name)
    right, left = (middle(box) for box in drawing.eyes)
    x, _, wide, _ = drawing.mouth
    mouth_y = float(middle(drawing.mouth)[1])
    nose = (right + left) / 2 + np.array([0, 0.5 * (mouth_y - right[1])])
    points = np.array([right, left, nose, (x, mouth_y), (x + wide, mouth_y)], np.float32)
    frame = FaceFrame.between(right, left)
    eyes = np.stack([_outline(frame, drawing, box) for box in drawing.eyes])
    mouth = _outline(frame, drawing, drawing.mouth)
    brows = np.array([[-0.75, -0.55, -0.25, -0.45], [0.25, -0.55, 0.75, -0.45]], np.float32)
    box = (float(right[0]) - 50, 90.0, float(left[0] - right[0]) + 100, 295.0)
    skin, line = (np.array(c, np.float32) for c in (drawing.skin, drawing.line))
    return DrawnFace(points, box, eyes, mouth, brows, skin, line, 0.05)


def _outline(frame: FaceFrame, drawing: Sketch, box: tuple[float, float, float, float]) -> Array:
    """Columns, top and bottom of what is not plain skin in a box of the picture."""
    x, y = (round(v) - PAD for v in box[:2])
    part = drawing.rgb[y : y + round(box[3]) + 2 * PAD, x : x + round(box[2]) + 2 * PAD].astype(np.float32)
    other = np.linalg.norm(part - np.array(drawing.skin), axis=-1) > 20
    xs = np.flatnonzero(other.any(0))
    top, bottom = other.argmax(0), len(other) - other[::-1].argmax(0)
    columns = np.linspace(xs[0], xs[-1], 24)
    rows = [np.interp(columns, xs, curve[xs]) for curve in (top, bottom)]
    places = [frame.to_face(np.stack([columns + x, row + y], -1)) for row in rows]
    return np.stack([places[0][:, 0], places[0][:, 1], places[1][:, 1]]).astype(np.float32)


@cache
def portrait(name: str) -> Portrait:
    """The sketch as a portrait, all of it subject."""
    rgb = sketch(name).rgb
    plain = seen(rgb, rgb, np.ones(rgb.shape[:2], np.float32), np.zeros_like(rgb))
    return replace(plain, drawn=face(name))


@cache
def rig(name: str) -> Rig:
    """Its rig, a sprite pixel for each of the picture's."""
    return Rig(cut_out(portrait(name), 1.0))
