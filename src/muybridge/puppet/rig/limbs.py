"""Arms and legs as cut-out parts that turn at their joints, where the picture shows them free.

A limb is free when its joints are surely seen and it does not lie over the trunk: what it hides
there is unknown. Each free limb becomes two rigid parts (upper and lower, with hand or foot), cut
where the nearest bone changes and overlapping in a disc at each joint, so that no gap opens.

Convention: sprite pixels; angles in degrees, positive clockwise as seen.
Limit: a limb that touches its neighbour in the picture keeps a straight cut.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.rig.anatomy import SIDES, Side
from muybridge.puppet.rig.controls import Pose
from muybridge.puppet.rig.lattice import smoothstep

SURE = 0.55  # how surely a joint has to be seen
SHOULDER: dict[Side, int] = {"right": 12, "left": 11}
HIP: dict[Side, int] = {"right": 24, "left": 23}
CHAINS: dict[str, tuple[dict[Side, int], dict[Side, int], dict[Side, int]]] = {
    "arm": (SHOULDER, {"right": 14, "left": 13}, {"right": 16, "left": 15}),
    "leg": (HIP, {"right": 26, "left": 25}, {"right": 28, "left": 27}),
}
CAP = 1.25  # of a limb's half thickness: the disc that it and the trunk share at the joint
HELD = {"arm": 0.20, "leg": 0.45}  # of its outline may run along the rest before a limb is not free
OVER_TRUNK = 0.35  # of an arm's length may lie over the trunk before it counts as not free


@dataclass(frozen=True, slots=True)
class Part:
    """A rigid piece. Shapes: `rgba` (h, w, 4) with its top left at `at`; `pivot`, `end` (2,)."""

    rgba: Bytes
    at: tuple[int, int]
    pivot: Floats
    end: Floats

    @property
    def corner(self) -> Floats:
        """From the piece's own pixels to the sprite's. Shapes: (2, 3)."""
        return np.array([[1, 0, self.at[0]], [0, 1, self.at[1]]], np.float32)


@dataclass(frozen=True, slots=True)
class Limb:
    """An arm or a leg: its upper part and its lower one, which hangs from the upper's end."""

    kind: str
    side: Side
    upper: Part
    lower: Part

    @property
    def name(self) -> str:
        """As the controls name it: arm_right, leg_left, ..."""
        return f"{self.kind}_{self.side}"

    @property
    def hangs(self) -> float:
        """The angle from straight down to the upper part, degrees, positive away from the trunk."""
        dx, dy = self.upper.end - self.upper.pivot
        outward = -1.0 if self.side == "right" else 1.0
        return float(np.degrees(np.arctan2(dx * outward, dy)))

    def placed(self, pose: Pose) -> list[tuple[Part, Floats]]:
        """Each part and where it goes, farthest from the trunk last. Shapes: matrices (2, 3)."""
        outward = 1.0 if self.side == "right" else -1.0
        turn = outward * getattr(pose, f"{self.kind}_{self.side}")
        bend = outward * getattr(pose, f"{'elbow' if self.kind == 'arm' else 'knee'}_{self.side}")
        lift = getattr(pose, f"step_{self.side}") if self.kind == "leg" else 0.0
        upper = _hinge(self.upper, turn, 1 - 0.16 * lift)
        lower = _hinge(self.lower, bend, 1 - 0.34 * lift)
        both = upper @ np.vstack([lower, [0, 0, 1]])
        return [(self.lower, both.astype(np.float32)), (self.upper, upper.astype(np.float32))]


def _hinge(part: Part, degrees: float, stretch: float) -> Floats:
    """Turned about its pivot and drawn out along its bone. Shapes: (2, 3)."""
    angle = np.deg2rad(degrees)
    bone = part.end - part.pivot
    along = bone / max(float(np.linalg.norm(bone)), 1e-6)
    draw = np.eye(2) + (stretch - 1) * np.outer(along, along)
    cos, sin = np.cos(angle), np.sin(angle)
    linear = np.array([[cos, -sin], [sin, cos]]) @ draw
    return np.hstack([linear, (part.pivot - linear @ part.pivot)[:, None]])


def free_limbs(rgba: Bytes, joints: Floats | None) -> tuple[Bytes, tuple[Limb, ...]]:
    """The sprite without its free limbs, and the limbs.

    Shapes: `rgba` (H, W, 4); `joints` (33, 3) x, y in the sprite and how surely seen.
    """
    if joints is None or min(joints[[11, 12, 23, 24], 2]) < SURE:
        return rgba, ()
    matte = rgba[..., 3] > 127
    trunk = _trunk(joints, matte.shape)
    found = [(kind, side) for kind in CHAINS for side in SIDES if _is_free(kind, side, joints, matte, trunk)]
    found = _loose(matte, joints, found)
    if not found:
        return rgba, ()
    labels = _nearest_bone(joints, trunk, found)
    rest, limbs = rgba.copy(), []
    for number, (kind, side) in enumerate(found, start=1):
        own = (labels == number) & matte
        chain = [joints[row[side], :2] for row in CHAINS[kind]]
        girth = _girth(own, chain)
        if _held(own, matte, chain[0], girth) > HELD[kind]:
            continue
        limbs.append(_cut(rgba, own, chain, girth, (kind, side)))
        # the trunk keeps a cap at the joint, so that a raised arm leaves no bite in the shoulder
        cap = _away(own.shape, chain[0]) < CAP * girth
        rest[..., 3] = np.where((labels == number) & ~cap, 0, rest[..., 3])
        # splinters between cut and trunk go with an opening, near the cut alone
        brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * int(0.5 * girth) + 1,) * 2)
        opened = cv2.morphologyEx(rest[..., 3], cv2.MORPH_OPEN, brush)
        near = cv2.dilate(own.astype(np.uint8), brush).astype(bool)
        rest[..., 3] = np.where(near, opened, rest[..., 3])
    return rest, tuple(limbs)


def _loose(matte: Floats, joints: Floats, found: list[tuple[str, Side]]) -> list[tuple[str, Side]]:
    """Those limbs that are not held, judged at a quarter of the size: most pictures have none."""
    small = cv2.resize(matte.astype(np.uint8), None, fx=0.25, fy=0.25, interpolation=cv2.INTER_NEAREST)
    seen, places = small.astype(bool), joints * np.array([0.25, 0.25, 1], np.float32)
    labels = _nearest_bone(places, _trunk(places, seen.shape), found)
    kept = []
    for number, (kind, side) in enumerate(found, start=1):
        own = (labels == number) & seen
        chain = [places[row[side], :2] for row in CHAINS[kind]]
        if _held(own, seen, chain[0], _girth(own, chain)) <= 1.5 * HELD[kind]:
            kept.append((kind, side))
    return kept


def _held(own: Floats, matte: Floats, joint: Floats, girth: float) -> float:
    """The share of a limb's outline that runs along the rest of the subject, its own joint left out."""
    outline = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool) & ~own
    outline &= _away(own.shape, joint) > 1.8 * girth
    return float((outline & matte).sum()) / max(int(outline.sum()), 1)


def _trunk(joints: Floats, shape: tuple[int, ...]) -> Floats:
    """The trunk, a little wider than its four joints. Shapes: (H, W) bool."""
    corners = joints[[12, 11, 23, 24], :2]
    middle = corners.mean(0)
    wide = middle + (corners - middle) * np.array([0.98, 1.04], np.float32)
    # hips are wider than the joints in them
    across = wide[2] - wide[3]
    wide[2] += 0.22 * across
    wide[3] -= 0.22 * across
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.rint(wide).astype(np.int32), 1)
    return np.asarray(mask.astype(bool))


def _is_free(kind: str, side: Side, joints: Floats, matte: Floats, trunk: Floats) -> bool:
    chain = [row[side] for row in CHAINS[kind]]
    if min(joints[chain, 2]) < SURE:
        return False
    a, b, c = (joints[n, :2] for n in chain)
    along = np.vstack(
        [a + (b - a) * s for s in np.linspace(0.3, 1, 12)] + [b + (c - b) * s for s in np.linspace(0, 1, 16)]
    )
    x = np.clip(np.rint(along[:, 0]).astype(int), 0, matte.shape[1] - 1)
    y = np.clip(np.rint(along[:, 1]).astype(int), 0, matte.shape[0] - 1)
    inside = (along >= 0).all(1) & (along < [matte.shape[1], matte.shape[0]]).all(1)
    seen = float((matte[y, x] & inside).mean())
    over = float(trunk[y, x].mean())
    return seen > 0.85 and (kind == "leg" or over < OVER_TRUNK)


def _nearest_bone(joints: Floats, trunk: Floats, found: list[tuple[str, Side]]) -> Bytes:
    """Which limb each pixel belongs to: its number from 1, or 0 for the trunk and head."""
    height, width = trunk.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    wide = float(np.linalg.norm(joints[11, :2] - joints[12, :2]))
    to_trunk = cv2.distanceTransform((~trunk).astype(np.uint8), cv2.DIST_L2, 5)
    neck = joints[[11, 12], :2].mean(0)
    head = _to_bone(x, y, neck, joints[0, :2] + 0.6 * (joints[0, :2] - neck)) - 0.42 * wide
    best, labels = np.minimum(to_trunk, np.maximum(head, 0)), np.zeros((height, width), np.uint8)
    hip_line = joints[[23, 24], 1].mean()
    for number, (kind, side) in enumerate(found, start=1):
        a, b, c = (joints[row[side], :2] for row in CHAINS[kind])
        hand = c + (c - b) * (0.55 if kind == "arm" else 0.30)
        slack = 0.10 * wide if kind == "arm" else 0.16 * wide
        away = np.minimum(_to_bone(x, y, a, b), _to_bone(x, y, b, hand)) - slack
        away = np.where(trunk & (y < hip_line + 0.10 * wide), np.maximum(away, 1.0), np.maximum(away, 0.0))
        # what lies far from every bone is no limb: a bag, a dog, the ground
        away = np.where(away > (0.16 if kind == "arm" else 0.22) * wide, np.inf, away)
        closer = away < best
        best, labels = np.where(closer, away, best), np.where(closer, number, labels)
    return np.asarray(labels, np.uint8)


def _to_bone(x: Floats, y: Floats, a: Floats, b: Floats) -> Floats:
    """Each pixel's distance to a line segment."""
    bone = b - a
    t = np.clip(((x - a[0]) * bone[0] + (y - a[1]) * bone[1]) / max(float(bone @ bone), 1e-6), 0, 1)
    return np.asarray(np.hypot(x - a[0] - t * bone[0], y - a[1] - t * bone[1]), np.float32)


def _girth(own: Floats, chain: list[Floats]) -> float:
    """Half a limb's thickness, from the middle of its upper bone."""
    inside = cv2.distanceTransform(own.astype(np.uint8), cv2.DIST_L2, 5)
    places = [chain[0] + (chain[1] - chain[0]) * s for s in (0.5, 0.65, 0.8)]
    found = [
        float(inside[min(max(int(p[1]), 0), own.shape[0] - 1), min(max(int(p[0]), 0), own.shape[1] - 1)])
        for p in places
    ]
    return max(float(np.median(found)), 3.0)


def _cut(rgba: Bytes, own: Floats, chain: list[Floats], girth: float, who: tuple[str, Side]) -> Limb:
    a, b, c = chain
    y, x = np.mgrid[0 : own.shape[0], 0 : own.shape[1]].astype(np.float32)
    bone, fore = b - a, c - b
    # the cut at the middle joint halves the angle between the bones
    across = bone / max(float(np.linalg.norm(bone)), 1e-6) + fore / max(float(np.linalg.norm(fore)), 1e-6)
    beyond = (x - b[0]) * across[0] + (y - b[1]) * across[1] > 0
    alpha = rgba[..., 3].astype(np.float32) / 255
    disc_a = smoothstep(_away(own.shape, a), (CAP + 0.1) * girth, (CAP - 0.15) * girth)
    disc_b = smoothstep(_away(own.shape, b), 1.15 * girth, 0.90 * girth)
    # a hair wider than what is its own: two soft edges that only meet would show a seam
    lap = cv2.dilate(own.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(np.float32)
    soft = cv2.GaussianBlur(lap, (0, 0), 0.8)
    upper = np.maximum(soft * ~beyond, disc_a) + soft * beyond * disc_b
    lower = soft * beyond + soft * ~beyond * disc_b
    kind, side = who
    return Limb(kind, side, _part(rgba, upper * alpha, a, b), _part(rgba, lower * alpha, b, c))


def _away(shape: tuple[int, ...], place: Floats) -> Floats:
    """Each pixel's distance to a place. Shapes: (H, W)."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    return np.asarray(np.hypot(x - place[0], y - place[1]), np.float32)


def _part(rgba: Bytes, cover: Floats, pivot: Floats, end: Floats) -> Part:
    rows, columns = np.flatnonzero(cover.max(1) > 0.01), np.flatnonzero(cover.max(0) > 0.01)
    if not len(rows):
        rows, columns = np.array([int(pivot[1])]), np.array([int(pivot[0])])
    x0, y0 = max(int(columns[0]) - 2, 0), max(int(rows[0]) - 2, 0)
    x1, y1 = int(columns[-1]) + 3, int(rows[-1]) + 3
    piece = rgba[y0:y1, x0:x1].copy()
    piece[..., 3] = np.rint(np.clip(cover[y0:y1, x0:x1], 0, 1) * 255).astype(np.uint8)
    return Part(piece, (x0, y0), np.asarray(pivot, np.float32), np.asarray(end, np.float32))
