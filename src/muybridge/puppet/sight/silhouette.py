"""Which of what was covered is the acting subject: one piece, whole, without its neighbours.

Limits: neighbours are told apart by their faces; one who hides their face and touches the subject
stays with it. Arms akimbo keep their gap when it is large and of the background's colours.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from muybridge.puppet.portrait import Bytes, Face
from muybridge.puppet.sight.planes import Colours, Mask, Plane, clipped, grown, shrunk, smoothstep

SURE = 0.93
GAP = 0.004  # a hole of this share of the subject may be a gap one sees through
CLUTTER = 0.015  # doubt as wide as this share of the picture is a thing, not an edge


@dataclass(frozen=True, slots=True)
class Silhouette:
    """The subject's rough shape.

    Shapes: `cover` (H, W) float32, 0 to 1, zero away from the subject; `solid` (H, W) uint8, its
    half level. `found` is False where a made-up outline stands in for one that was not seen.
    """

    cover: Plane
    solid: Mask
    found: bool = True


def silhouette_of(rgb: Bytes, cover: Plane, faces: tuple[Face, ...]) -> Silhouette:
    """The acting subject's shape out of everything that was covered.

    Shapes: `rgb` (H, W, 3), `cover` (H, W). The first face is the subject's, if there is any.
    """
    acting = face_mask(faces[0], cover.shape) if faces else None
    if _useless(cover, acting):
        return outline(cover.shape, faces[0] if faces else None)
    if acting is not None:
        cover = _without_clutter(rgb, cover, acting)
    solid = _apart(rgb, (cover > 0.5).astype(np.uint8), faces)
    solid = _one_piece(solid, acting)
    if acting is not None:
        solid |= acting
    solid = _filled(rgb, solid, faces[0] if faces else None)
    return _bounded(cover, solid)


def face_mask(face: Face, shape: tuple[int, ...]) -> Mask:
    """The face's pixels: the hull of its points, less a rim where the mesh stands off the cheek."""
    mask = np.zeros(shape[:2], np.uint8)
    hull = cv2.convexHull(np.rint(face.points[:468, :2]).astype(np.int32))
    return shrunk(cv2.fillConvexPoly(mask, hull, 1), 0.03 * face.box[2])


def outline(shape: tuple[int, ...], face: Face | None) -> Silhouette:
    """A made-up outline: head and shoulders about a face, or the picture's inner ellipse."""
    height, width = shape[:2]
    mask = np.zeros((height, width), np.uint8)
    if face is None:
        axes = (round(width * 0.44), round(height * 0.46))
        cv2.ellipse(mask, (width // 2, height // 2), axes, 0, 0, 360, 1, -1)
    else:
        x, y, wide, tall = face.box
        middle = x + wide / 2
        head = (round(middle), round(y + 0.38 * tall))
        cv2.ellipse(mask, head, (round(wide * 0.78), round(tall * 0.85)), 0, 0, 360, 1, -1)
        chin, floor = y + tall, float(height)
        body = [
            (middle - 0.4 * wide, chin - 0.2 * tall),
            (middle + 0.4 * wide, chin - 0.2 * tall),
            (middle + 0.5 * wide, chin + 0.25 * tall),
            (middle + 1.5 * wide, chin + 0.8 * tall),
            (middle + 1.8 * wide, max(floor, chin + tall)),
            (middle - 1.8 * wide, max(floor, chin + tall)),
            (middle - 1.5 * wide, chin + 0.8 * tall),
            (middle - 0.5 * wide, chin + 0.25 * tall),
        ]
        cv2.fillPoly(mask, [np.rint(body).astype(np.int32)], 1)
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), max(2.0, 0.012 * max(height, width)))
    return Silhouette(soft, (soft > 0.5).astype(np.uint8), found=False)


def _useless(cover: Plane, acting: Mask | None) -> bool:
    share = float((cover > 0.5).mean())
    if share < 0.005 or share > 0.97:
        return True
    return acting is not None and float((cover[acting > 0] > 0.5).mean()) < 0.5


def _without_clutter(rgb: Bytes, cover: Plane, acting: Mask) -> Plane:
    # what enters from the sides and is only half believed, all over, is not hers
    doubt = ((cover > 1 - SURE) & (cover < SURE)).astype(np.uint8)
    radius = CLUTTER / 2 * max(cover.shape)
    wide = grown(shrunk(doubt, radius), radius)
    patches = np.minimum(grown(wide, radius), doubt)
    count, labels = cv2.connectedComponents(patches, connectivity=4)
    kept = cover.copy()
    for label in range(1, count):
        patch = labels == label
        outside = patch[0].any() or patch[:, 0].any() or patch[:, -1].any()
        touched = (patch & (acting > 0)).any()
        if outside and not touched and cover[patch].mean() < 0.88 and _of_the_ground(rgb, cover, patch):
            kept[patch] = 0
    return kept


def _of_the_ground(rgb: Bytes, cover: Plane, patch: Mask) -> bool:
    # do its colours lie nearer to those of the ground around it, or to hers?
    near = grown(patch, 0.1 * max(cover.shape)) > 0
    rng = np.random.default_rng(0)

    def some(where: Mask) -> Colours:
        colours = rgb[where].astype(np.float32)
        return colours[rng.integers(0, len(colours), 200)] if len(colours) else np.full((1, 3), 1e3)

    asked = some(patch)[:, None]
    hers = np.linalg.norm(asked - some(near & (cover > SURE)), axis=2).min(axis=1)
    grounds = np.linalg.norm(asked - some(near & (cover < 1 - SURE)), axis=2).min(axis=1)
    return bool((grounds < hers).mean() > 0.5)


def _apart(rgb: Bytes, solid: Mask, faces: tuple[Face, ...]) -> Mask:
    markers = np.zeros(solid.shape, np.int32)
    for number, face in enumerate(faces, start=2):
        if (solid & face_mask(face, solid.shape)).any():
            markers[_column(face, solid.shape) > 0] = number
    if not (markers > 2).any():
        return solid
    # faces win over other people's columns
    for number, face in enumerate(faces, start=2):
        markers[face_mask(face, solid.shape) > 0] = number
    markers[grown(solid, 2) == 0] = 1
    cv2.watershed(np.ascontiguousarray(cv2.medianBlur(rgb, 5)), markers)
    mine = cv2.morphologyEx((markers == 2).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    own: Mask = mine & solid
    return own


def _column(face: Face, shape: tuple[int, ...]) -> Mask:
    x, y, wide, tall = face.box
    mask = face_mask(face, shape)
    top, bottom = round(y + 0.8 * tall), round(y + 2.2 * tall)
    cv2.rectangle(mask, (round(x + 0.2 * wide), top), (round(x + 0.8 * wide), bottom), 1, -1)
    return mask


def _one_piece(solid: Mask, acting: Mask | None) -> Mask:
    reach = max(1.0, 0.003 * max(solid.shape))
    opened = np.minimum(grown(shrunk(solid, reach), reach), solid)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(opened, connectivity=4)
    if count < 2:
        return solid
    if acting is not None and (acting & opened).any():
        chosen = int(np.bincount(labels[acting > 0], minlength=count)[1:].argmax()) + 1
    else:
        height, width = solid.shape
        off = np.hypot(centres[1:, 0] / width - 0.5, centres[1:, 1] / height - 0.5)
        chosen = int((stats[1:, cv2.CC_STAT_AREA] * (1 - off)).argmax()) + 1
    # the opening took thin ends away; give back those that touch
    own: Mask = grown(labels == chosen, reach) & solid
    return own


def _filled(rgb: Bytes, solid: Mask, face: Face | None) -> Mask:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - solid, connectivity=4)
    height, width = solid.shape
    out = solid.copy()
    area = max(int(solid.sum()), 1)
    for label in range(1, count):
        x, y, wide, tall, size = (int(v) for v in stats[label])
        if x == 0 or y == 0 or x + wide == width or y + tall == height:
            continue
        hole = labels == label
        if size < GAP * area or _in_head((x, y, wide, tall), face) or not _like_outside(rgb, hole, solid):
            out[hole] = 1
    return out


def _in_head(box: tuple[int, int, int, int], face: Face | None) -> bool:
    if face is None:
        return False
    x, y, wide, tall = face.box
    cx, cy = box[0] + box[2] / 2, box[1] + box[3] / 2
    return abs(cx - x - wide / 2) < 0.8 * wide and abs(cy - y - tall / 2) < tall


def _like_outside(rgb: Bytes, hole: Mask, solid: Mask) -> bool:
    near = grown(hole, 0.1 * max(solid.shape)) > 0
    outside, inside = near & (solid == 0) & ~hole, near & (solid > 0)
    if outside.sum() < 16:
        return False
    colours = [np.median(rgb[where], axis=0).astype(np.float64) for where in (hole, outside, inside)]
    return bool(np.linalg.norm(colours[0] - colours[1]) < np.linalg.norm(colours[0] - colours[2]))


def _bounded(cover: Plane, solid: Mask) -> Silhouette:
    # soft edges stay soft near the shape, everything farther out goes, everything deep inside fills
    reach = 0.03 * max(solid.shape)
    out = cv2.distanceTransform(1 - solid, cv2.DIST_L2, 5)
    inside = cv2.distanceTransform(solid, cv2.DIST_L2, 5)
    kept = cover * (1 - smoothstep(out, 0.4 * reach, reach))
    edge = np.where(solid > 0, np.maximum(kept, 0.5), np.minimum(kept, 0.5))
    deep = smoothstep(inside, 0.2 * reach, 0.7 * reach)
    return Silhouette(clipped(edge + deep * (1 - edge)), solid)
