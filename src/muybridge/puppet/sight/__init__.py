"""Seeing: a picture in, a Portrait out.

Faces, the subject's matte, its own colour, and the background rebuilt behind it.
Limits: works on at most `WORKING` pixels on the long side; larger pictures are made smaller.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from muybridge.domain.subject import Box, Subject, SubjectKind
from muybridge.errors import WeightsMissing
from muybridge.puppet.portrait import Bytes, DrawnFace, Face, Floats, Portrait
from muybridge.puppet.sight.coverage import coverage_of
from muybridge.puppet.sight.drawn import find_drawn
from muybridge.puppet.sight.face import find_faces
from muybridge.puppet.sight.foreground import front_and_back
from muybridge.puppet.sight.ground import plain_ground
from muybridge.puppet.sight.matte import fine_matte
from muybridge.puppet.sight.models import Models
from muybridge.puppet.sight.planes import Mask, fitted, grown
from muybridge.puppet.sight.plate import backdrop, rebuilt_plate
from muybridge.puppet.sight.pose import find_joints
from muybridge.puppet.sight.silhouette import Silhouette, silhouette_of
from muybridge.units import Size

__all__ = ["SIGHT_VERSION", "Models", "look"]

SIGHT_VERSION = 4  # raise it when the same picture is seen differently, so that old portraits are not used
WORKING = 1600
NO_FACE = "No face was found: the body acts alone."
DRAWN = "The face is drawn: lids, mouth and head act, by a simpler rig."
UNASKED = (
    "Whether a drawn face is there was not looked at: `muybridge weights pull drawn` gets what that needs."
)
NO_SHAPE = "The subject could not be told from the background: a soft outline stands in for it."


def look(rgb: Bytes, alpha: Bytes | None, sha256: str, models: Models) -> Portrait:
    """Everything to be seen in one picture.

    Shapes: `rgb` (H, W, 3) uint8; `alpha` (H, W) uint8 or None. The portrait's picture may be
    smaller than the one given; the subject's size and boxes are the given one's.
    Raises: WeightsMissing. Cost: 1.5 s for 512x512, 3 s for 1600x1600, on two cores.
    """
    size = Size(rgb.shape[1], rgb.shape[0])
    rgb, alpha, scale = _working(rgb, alpha)
    faces = find_faces(rgb, models)
    drawn, asked = (None, ()) if faces else _drawn(rgb, models)
    boxes = [drawn.box] if drawn else [face.box for face in faces]
    avoid: Mask | None = None
    notes: tuple[str, ...] = ()
    if alpha is not None and _tells(alpha):
        matte = _given(alpha)
        front, plate = front_and_back(rgb, matte)[0], backdrop(rgb, matte)
    else:
        matte, avoid, notes = _seen(rgb, faces, models)
        with ThreadPoolExecutor(1) as beside:  # both are one core's work, and let go of Python's lock
            later = beside.submit(rebuilt_plate, rgb, matte, avoid)
            front, plate = front_and_back(rgb, matte)[0], later.result()
    subject = Subject(
        picture_sha256=sha256,
        size=size,
        kind=SubjectKind.PORTRAIT if faces else SubjectKind.DRAWN if drawn else SubjectKind.FIGURE,
        faces=tuple(Box(*(v / scale for v in box)) for box in boxes),
        notes=(*(asked or _face_notes(faces)), *notes),
    )
    joints = find_joints(rgb, models)
    return Portrait(subject, rgb, front, matte, plate, faces, joints, drawn)


def _drawn(rgb: Bytes, models: Models) -> tuple[DrawnFace | None, tuple[str, ...]]:
    """A drawn face, and what there is to say about it; without its network's file nobody looks."""
    try:
        drawn = find_drawn(rgb, models)
    except WeightsMissing:
        return None, (NO_FACE, UNASKED)
    return drawn, (DRAWN,) if drawn else ()


def _working(rgb: Bytes, alpha: Bytes | None) -> tuple[Bytes, Bytes | None, float]:
    long_side = max(rgb.shape[:2])
    if long_side <= WORKING:
        return rgb, alpha, 1.0
    scale = WORKING / long_side
    size = (round(rgb.shape[1] * scale), round(rgb.shape[0] * scale))
    return fitted(rgb, *size), None if alpha is None else fitted(alpha, *size), scale


def _tells(alpha: Bytes) -> bool:
    # a cut-out shows the subject and hides the rest; a vignette or a stray pixel does neither
    return bool((alpha < 64).mean() > 0.02 and (alpha > 192).mean() > 0.01)


def _given(alpha: Bytes) -> Floats:
    return alpha.astype(np.float32) / np.float32(255)


def _seen(rgb: Bytes, faces: tuple[Face, ...], models: Models) -> tuple[Floats, Mask | None, tuple[str, ...]]:
    face = faces[0] if faces else None
    cover = coverage_of(rgb, face, models)
    plain = plain_ground(rgb, cover)
    if plain is not None:
        cover = plain
    shape = silhouette_of(rgb, cover, faces)
    matte = fine_matte(rgb, shape, face)
    others = _others(cover, shape, faces[1:]) if shape.found else None
    return matte, others, () if shape.found else (NO_SHAPE,)


def _others(cover: Floats, shape: Silhouette, faces: tuple[Face, ...]) -> Mask | None:
    # whoever else is there must not be copied into the rebuilt background
    others = (cover > 0.3).astype(np.uint8)
    for face in faces:
        x, y, wide, tall = (round(v) for v in face.box)
        corners = (x - wide, y - tall), (x + 2 * wide, y + 6 * tall)
        cv2.rectangle(others, *corners, 1, -1)
    others[grown(shape.solid, 4) > 0] = 0
    return others if others.mean() > 0.002 else None


def _face_notes(faces: tuple[Face, ...]) -> tuple[str, ...]:
    if not faces:
        return (NO_FACE,)
    if len(faces) > 1:
        return (f"{len(faces)} faces were found; the most prominent one acts.",)
    return ()
