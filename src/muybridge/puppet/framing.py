"""Framing: how large the subject stands in the frame, where, and how far off it may begin.

A photo's cut edge must never be seen. So the framing works out how far away the subject can be
before its cut bottom would enter the frame, and keeps it nearer than that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from muybridge.domain.storyboard import ShotSize
from muybridge.puppet.portrait import Floats, Portrait
from muybridge.puppet.rig.anatomy import FaceFrame
from muybridge.puppet.rig.drawn import frame_of
from muybridge.puppet.rig.grow import BELOW, FLAT_BELOW
from muybridge.units import Size

SHARPEST = 2.85  # a source enlarged more than this looks soft however it is sharpened
TIGHTER = 1.22  # how much larger a close-up is than head and shoulders
FARTHEST = 2.0  # depth at which an approach begins when nothing stops it
HEADROOM = 0.035  # of the frame's height above the hair when closest
CUT = 0.03  # share of an edge of the photo that the subject covers before it counts as cut there
FIGURE = 0.84  # of the frame that a whole figure fills when closest
LOOMS = 1.3  # how much larger somebody who comes closer gets where the picture itself is the frame
GUARD = 0.55  # iod of subject kept below the frame for bob, breath and tilt


@dataclass(frozen=True, slots=True)
class Framing:
    """Where the subject stands. All for the camera at rest.

    `closest`: frame pixels for each picture pixel at depth 1. `anchor` (2,): a place in the
    picture, and `stand` (2,) where it is in the frame at depth 1. `far`: the depth at which an
    approach begins, 1 when there is no room for one. `close`: the depth where it stands otherwise.
    `grounded`: its feet are seen. `room`: the share of
    the body's own travel that the photo's edges leave. `whole`: the picture, as it is, fills the frame.
    """

    closest: float
    anchor: Floats
    stand: Floats
    far: float
    close: float = 1.0
    grounded: bool = False
    room: float = 1.0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a storyboard asks of the framing: an approach, a shot's size, and `grows`, how much
    larger than from rest the camera's own moves will show the subject. `whole`: the picture as it is."""

    approaches: bool = False
    shot: ShotSize = ShotSize.AUTO
    grows: float = 1.0
    whole: bool = False


def frame_subject(portrait: Portrait, size: Size, wanted: Wanted) -> Framing:
    """The framing of a portrait."""
    if wanted.whole:
        return _as_it_is(portrait, size, wanted.approaches)
    if portrait.faces:
        face = FaceFrame.of(portrait.faces[0].points)
        return _sized(_head_and_shoulders(portrait, face, size), wanted)
    touched = [portrait.matte[0], portrait.matte[-1], portrait.matte[:, 0], portrait.matte[:, -1]]
    unseen = not (portrait.matte > 0.5).any()
    if unseen or any(float((edge > 0.5).mean()) > CUT for edge in touched):
        if portrait.drawn is not None:
            return _sized(_head_and_shoulders(portrait, frame_of(portrait.drawn), size, drawn=True), wanted)
        return _whole_picture(portrait, size, wanted.approaches)
    return _whole_figure(portrait, size)


def _sized(framing: Framing, wanted: Wanted) -> Framing:
    """The shot's size as far as the photo's edges allow; one that is walked into ends nearer.

    A camera that will come closer starts that much farther off, so that it ends well framed.
    """
    shot = {ShotSize.MEDIUM: 1.3, ShotSize.WIDE: FARTHEST, ShotSize.CLOSE_UP: 1 / TIGHTER}.get(
        wanted.shot, 1.0
    )
    most = 1 + 0.6 * (framing.far - 1) if wanted.approaches else framing.far
    return replace(framing, close=min(shot * wanted.grows, most))


def _head_and_shoulders(portrait: Portrait, face: FaceFrame, size: Size, drawn: bool = False) -> Framing:
    height = portrait.matte.shape[0]
    unit = size.height / 720
    rows = np.flatnonzero((portrait.matte > 0.5).sum(1) > 2)
    top, bottom = (int(rows[0]), int(rows[-1])) if len(rows) else (0, height - 1)
    above = max((float(face.origin[1]) - top) / face.iod, 1.2)
    below = (bottom - float(face.origin[1])) / face.iod
    hair_cut = top <= 1
    eye_line = (0.375 if above < 2.3 else 0.43) * size.height
    fits = (eye_line - HEADROOM * size.height) / above
    iod = min(fits, 126.0 * unit, SHARPEST * face.iod * max(unit, 0.6))
    if hair_cut:  # the frame cuts the head where the photo did, a little lower
        iod = max(iod, 110.0 * unit)
        eye_line = min(eye_line, (above - 0.12) * iod)
    else:
        eye_line = max(min(eye_line, (above * iod) + 0.10 * size.height), 0.30 * size.height)
    grown = BELOW * height / face.iod if bottom >= height - 2 else 0.0
    if drawn and not hair_cut:
        # drawn eyes lie far apart: the frame holds what there is from the crown to the grown trunk
        iod = max(iod, (1 - HEADROOM) * size.height / max(above + below + grown - GUARD, 1.0))
        eye_line = above * iod + HEADROOM * size.height
    # shoulders that end high need a nearer subject, or their cut bottom shows
    iod = max(iod, (size.height - eye_line) / max(below + (grown if drawn else 0.0) - GUARD, 1.0))
    centre = size.height / 2
    if drawn and grown:
        grown = FLAT_BELOW * height / face.iod
    far = ((below + grown - GUARD) * iod + eye_line - centre) / (size.height - centre)
    stand = np.array([size.width / 2, eye_line], np.float32)
    depth = 1.0 if hair_cut else float(np.clip(far, 1.0, FARTHEST))
    return Framing(iod / face.iod, face.origin, stand, depth)


def _as_it_is(portrait: Portrait, size: Size, approaches: bool) -> Framing:
    """The picture over the whole frame; where the shapes differ, its middle."""
    height, width = portrait.matte.shape
    scale = max(size.width / width, size.height / height)
    anchor = np.array([width - 1, height - 1], np.float32) / 2
    stand = np.array([size.width - 1, size.height - 1], np.float32) / 2
    close = 1 / LOOMS if approaches else 1.0
    return Framing(scale, anchor, stand, 1.0, close, room=0.14, whole=True)


def _whole_figure(portrait: Portrait, size: Size) -> Framing:
    """A figure the photo did not cut stands whole in the frame, and may come from far off."""
    rows, columns = np.nonzero(portrait.matte > 0.5)
    top, bottom, left, right = (float(v) for v in (rows.min(), rows.max(), columns.min(), columns.max()))
    scale = FIGURE * min(size.height / max(bottom - top, 1), size.width / max(right - left, 1))
    anchor = np.array([(left + right) / 2, bottom], np.float32)
    stand = np.array([size.width / 2, (0.5 + FIGURE / 2) * size.height], np.float32)
    return Framing(scale, anchor, stand, FARTHEST, grounded=True)


def _whole_picture(portrait: Portrait, size: Size, approaches: bool) -> Framing:
    """A figure that the photo cut: the picture fills the frame, so that its edges stay outside."""
    height, width = portrait.matte.shape
    far = 1.28 if approaches else 1.0
    scale = max(size.width / width, size.height / height) * 1.05 * far
    rows, columns = np.nonzero(portrait.matte > 0.5)
    middle = (
        np.array([columns.mean(), rows.mean()], np.float32)
        if len(rows)
        else np.array([width / 2, height / 2], np.float32)
    )
    half = np.array([size.width, size.height], np.float32) / 2 / scale * far
    anchor = np.clip(middle, half, np.array([width, height], np.float32) - half)
    centre = np.array([size.width / 2, size.height / 2], np.float32)
    return Framing(scale, anchor.astype(np.float32), centre, far, room=0.14)


def picture_to_frame(framing: Framing) -> Floats:
    """From picture pixels to frame pixels at depth 1. Shapes: (2, 3), an affine matrix."""
    shift = framing.stand - framing.closest * framing.anchor
    return np.array([[framing.closest, 0, shift[0]], [0, framing.closest, shift[1]]], np.float32)


def joined(second: Floats, first: Floats) -> Floats:
    """One affine matrix that does `first` and then `second`. Shapes: (2, 3) each."""
    return np.asarray(second @ np.vstack([first, [0, 0, 1]]), np.float32)
