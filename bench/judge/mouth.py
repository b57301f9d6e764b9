"""How much wider the mouth gets, by how its corners travel, without any model of a mouth.

The reference's face and each frame's are brought upright to one scale by eyes and nose; dense flow
between the two tells where the skin at the mouth's corners has gone. What eyes, brows and nose did
together (an alignment off by a pixel, a nod) is fitted as a similarity and taken away.
Limits: the detector's own corner points miss a third of a smile, so they only say where to look;
a turn beyond 25 degrees hides one corner.
"""

from __future__ import annotations

import cv2
import numpy as np

from judge.faces import LEFT_EYE, LEFT_MOUTH, RIGHT_EYE, RIGHT_MOUTH, Floats, Frame

PIXELS = 120  # to one eye distance
ACROSS, ABOVE, BELOW = 1.0, 0.6, 1.6  # the patch's reach from between the eyes, in eye distances
CORNER = 0.11  # radius around a corner, in eye distances


def upright(frame: Frame, points: Floats) -> Frame:
    """The face's luminance, eyes level at one scale, (264, 240)."""
    along = (points[LEFT_EYE] - points[RIGHT_EYE]) / PIXELS
    down = np.array([-along[1], along[0]])
    width, height = round(2 * ACROSS * PIXELS), round((ABOVE + BELOW) * PIXELS)
    middle = (points[LEFT_EYE] + points[RIGHT_EYE]) / 2
    back = np.column_stack([along, down, middle - along * ACROSS * PIXELS - down * ABOVE * PIXELS])
    grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    patch = cv2.warpAffine(grey, back, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return cv2.createCLAHE(2.0, (4, 4)).apply(patch)


def widths(frames: list[Frame], points: Floats, reference: Frame, hers: Floats) -> Floats:
    """The mouth's width in each frame over the reference's own; `hers` are the reference's five points."""
    neutral = upright(reference, hers)
    right, left = _corner(hers, RIGHT_MOUTH), _corner(hers, LEFT_MOUTH)
    width = float(np.linalg.norm(left - right))
    dense = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    found = []
    for frame, at in zip(frames, points, strict=True):
        moved = own_motion(dense.calc(neutral, upright(frame, at), None))
        outward = _there(moved, left)[0] - _there(moved, right)[0]
        found.append(1 + float(outward) / width)
    return np.array(found)


def _corner(points: Floats, which: int) -> Floats:
    along = (points[LEFT_EYE] - points[RIGHT_EYE]) / PIXELS
    scale = float(along @ along)
    offset = points[which] - (points[LEFT_EYE] + points[RIGHT_EYE]) / 2
    down = np.array([-along[1], along[0]])
    return np.array([offset @ along / scale + ACROSS * PIXELS, offset @ down / scale + ABOVE * PIXELS])


def own_motion(flow: Floats) -> Floats:
    """The flow less the similarity that the upper face moved by."""
    height, width = flow.shape[:2]
    y, x = np.mgrid[
        round(0.25 * PIXELS) : round(1.2 * PIXELS) : 5, round(0.4 * PIXELS) : round(1.6 * PIXELS) : 5
    ]
    was = np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)
    now = was + flow[y.ravel(), x.ravel()]
    fit, _ = cv2.estimateAffinePartial2D(was, now, ransacReprojThreshold=1.0, maxIters=500)
    if fit is None:
        return flow
    ys, xs = np.mgrid[:height, :width].astype(np.float32)
    whole = np.stack([xs, ys], axis=2)
    carried = whole @ fit[:, :2].T.astype(np.float32) + fit[:, 2].astype(np.float32)
    return np.asarray(flow - (carried - whole))


def _there(flow: Floats, at: Floats) -> Floats:
    y, x = np.ogrid[: flow.shape[0], : flow.shape[1]]
    near = (x - at[0]) ** 2 + (y - at[1]) ** 2 < (CORNER * PIXELS) ** 2
    return np.asarray(np.median(flow[near], axis=0))
