"""How much each pixel belongs to the subject, roughly: what the networks say, put together.

Two networks that fail differently are asked, both ways round. U2-Netp knows what stands out, be
it person, animal or thing, but drops dark parts and picks up bright ones beside; the person
network is surer on people and the things they hold, and useless on anything else.
Limits: edges are good to about 1/300 of the picture; matte.py makes them fine.
"""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.portrait import Bytes, Face
from muybridge.puppet.sight.crops import Square, crop
from muybridge.puppet.sight.models import Models
from muybridge.puppet.sight.planes import Colours, Plane, as_unit, clipped

SALIENCE_PIXELS = 320
PERSON_PIXELS = 256
HEAD_SQUARE = 2.6  # side over the face's height; tighter cuts hats off, wider loses hair
# ImageNet's means and deviations, which U2-Net was trained with
MEANS = np.array([0.485, 0.456, 0.406], dtype=np.float32)
DEVIATIONS = np.array([0.229, 0.224, 0.225], dtype=np.float32)


def coverage(rgb: Bytes, face: Face | None, models: Models) -> Plane:
    """Each pixel's share in the subject, by one network or, where a face is, by both.

    Shapes: `rgb` (H, W, 3) to (H, W) float32, 0 to 1. Cost: 0.45 s on two cores.
    """
    salient = salience(rgb, models)
    if face is None:
        return salient
    person = _person(rgb, models)
    both = (salient + person) / 2
    head, weight = _head(rgb, face, models)
    # at the head the close look is the best of the three, the salient one still knows the hat
    near = (salient + person + 2 * head) / 4
    cover: Plane = both + weight * (near - both)
    return cover


def salience(rgb: Bytes, models: Models) -> Plane:
    """What stands out, in the picture or in its mirror image: what one view drops, the other has."""
    size = (rgb.shape[1], rgb.shape[0])
    small = cv2.resize(rgb, (SALIENCE_PIXELS, SALIENCE_PIXELS), interpolation=cv2.INTER_AREA)
    given = (as_unit(small) - MEANS) / DEVIATIONS
    views = (given, given[:, ::-1])
    seen, mirrored = (models.salience(np.ascontiguousarray(view.transpose(2, 0, 1))) for view in views)
    return clipped(cv2.resize(np.maximum(seen, mirrored[:, ::-1]), size, interpolation=cv2.INTER_CUBIC))


def _person(rgb: Bytes, models: Models) -> Plane:
    size = (rgb.shape[1], rgb.shape[0])
    small = cv2.resize(rgb, (PERSON_PIXELS, PERSON_PIXELS), interpolation=cv2.INTER_AREA)
    return clipped(cv2.resize(_both_ways(small, models), size, interpolation=cv2.INTER_CUBIC))


def _head(rgb: Bytes, face: Face, models: Models) -> tuple[Plane, Plane]:
    x, y, width, height = face.box
    square = Square(x + width / 2, y + 0.45 * height, HEAD_SQUARE * height)
    seen = _both_ways(crop(rgb, square, PERSON_PIXELS, replicate=True), models)
    ramp = np.clip(np.minimum(np.arange(PERSON_PIXELS), np.arange(PERSON_PIXELS)[::-1]) / 48, 0, 1)
    weight = np.minimum(ramp[:, None], ramp[None, :]).astype(np.float32)
    back = square.matrix(PERSON_PIXELS)
    back[:, 2] += back[:, :2] @ (0.5, 0.5)
    size = (rgb.shape[1], rgb.shape[0])
    return (
        clipped(cv2.warpAffine(seen, back, size, flags=cv2.INTER_CUBIC)),
        clipped(cv2.warpAffine(weight, back, size, flags=cv2.INTER_LINEAR)),
    )


def _both_ways(rgb: Colours, models: Models) -> Plane:
    given = as_unit(rgb)
    seen, mirrored = (
        models.person(view)[0].reshape(PERSON_PIXELS, PERSON_PIXELS) for view in (given, given[:, ::-1])
    )
    return (seen + mirrored[:, ::-1]) / 2
