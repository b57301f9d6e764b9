"""The faces in a picture that can act, the most prominent one first.

Limits: photographs of people; a face of at least `SMALLEST` pixels between the eye corners.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from muybridge.puppet.portrait import Bytes, Face
from muybridge.puppet.sight.detect import Detection, detect, same_place
from muybridge.puppet.sight.landmarks import LEFT_CORNER, RIGHT_CORNER, look_closer
from muybridge.puppet.sight.models import LiteNet, Models
from muybridge.puppet.sight.silhouette import face_mask

REAL = 10.0  # photographs give 10 (half hidden) to 29, cats and toys less than 3, paintings 6 to 12
SMALLEST = 12.0
MOST = 12  # faces looked at closely; a crowd's back rows never act
FLAT = 0.6  # the share of a face in its three commonest shades: photographs 0.37 to 0.58, drawings 0.62 up
# a far search asks the networks hundreds of times, and fur and leaves now and then answer
FAR_REAL, FAR_SURE = 12.0, 0.65


def find_faces(rgb: Bytes, models: Models) -> tuple[Face, ...]:
    """The real faces, by prominence: size times nearness to the middle.

    Shapes: `rgb` (H, W, 3) uint8. Cost: 40-80 ms where a face is found at once, to 0.5 s where
    none is there and every part and tilt is searched.
    """
    for far, candidates in enumerate(_searches(rgb, models.face_detector)):
        sure = [seen for seen in candidates if seen.score >= FAR_SURE] if far else candidates
        faces = _real(rgb, sure, models, FAR_REAL if far else REAL)
        if faces:
            return tuple(sorted(faces, key=lambda face: -prominence(face, rgb.shape[1], rgb.shape[0])))
    return ()


def prominence(face: Face, width: int, height: int) -> float:
    """The face's area, weighted down to a third at the picture's corners."""
    x, y, wide, tall = face.box
    off = np.hypot((x + wide / 2) / width - 0.5, (y + tall / 2) / height - 0.5) / np.hypot(0.5, 0.5)
    return wide * tall * float(1 - off * 2 / 3)


def _searches(rgb: Bytes, net: LiteNet) -> Iterator[list[Detection]]:
    # the cheap and likely first; each next one is asked only where those found nobody
    small = [seen for seen in detect(rgb, net, split=4) if seen.score >= FAR_SURE]
    yield detect(rgb, net) + detect(rgb, net, split=2) + small
    for degrees in (-50, 50, -90, 90, 180):
        yield detect(rgb, net, angle=np.radians(degrees))
    yield detect(rgb, net, split=7)


def _real(rgb: Bytes, candidates: list[Detection], models: Models, real: float) -> list[Face]:
    faces: list[Face] = []
    for seen in sorted(candidates, key=lambda d: -d.box[2])[: 2 * MOST]:
        if any(same_place(seen.box, face.box) for face in faces):
            continue
        face = look_closer(rgb, seen, models)
        if (
            _acts(face, real)
            and not _drawn(rgb, face)
            and not any(same_place(face.box, other.box) for other in faces)
        ):
            faces.append(face)
    return faces[:MOST]


def _acts(face: Face, real: float) -> bool:
    across = face.points[LEFT_CORNER, :2] - face.points[RIGHT_CORNER, :2]
    return face.presence >= real and float(np.hypot(*across)) >= SMALLEST


def _drawn(rgb: Bytes, face: Face) -> bool:
    # flat paint fools the mesh network, but skin under light is never of three shades
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)[face_mask(face, rgb.shape) > 0]
    return flatness(grey) > FLAT


def flatness(grey: Bytes) -> float:
    """The share of these pixels in their three commonest shades; 0 for too few. Shapes: (N,) uint8."""
    grey = grey[grey < 250]  # blown-out skin is flat too
    if grey.size < 64:
        return 0.0
    low, high = np.quantile(grey, (0.01, 0.99))
    counts, _ = np.histogram(grey, bins=64, range=(low - 0.01, high + 0.01))
    share = counts / grey.size
    common = 0.0
    for _ in range(3):
        around = np.convolve(share, np.ones(4), "valid")
        first = int(around.argmax())
        common += float(around[first])
        share[first : first + 4] = 0
    return common
