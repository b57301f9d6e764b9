"""A drawn face's rig: lids of skin with a line on them, a mouth that opens, and the skin around.

What a pen would redraw is redrawn: the eye's hole is filled with the skin about it, and a line in
the drawing's own colour and width closes it. Eyes and mouth have the shape of `eye.Eye` and
`mouth.Mouth`, so a level of the pyramid draws either. Convention: iod units (the distance of the
drawn eyes) in the face's own axes, u to the picture's right and v down.
Limit: what hair hides stays hidden; lashes beside the lid's line are not drawn anew.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from muybridge.puppet.light import to_bytes
from muybridge.puppet.portrait import Bytes, DrawnFace, Floats
from muybridge.puppet.rig.anatomy import FaceFrame
from muybridge.puppet.rig.eye import WINK_MEET
from muybridge.puppet.rig.lattice import remap, smoothstep

STEPS = 40
DROP = 0.30  # iod the lower lip falls when the jaw is fully down, of a wide mouth
OPEN = 0.13  # iod from which a drawn mouth is open in the picture itself
PAD = 0.055  # iod around a piece that its own soft edge still colours
HOLD = 1.6  # a drawn eye is larger than a real one, and looks farther


def frame_of(face: DrawnFace) -> FaceFrame:
    """A drawn face's axes, in the pixels of its points."""
    return FaceFrame.between(face.points[0], face.points[1])


class _Patch:
    """A rectangle of the sprite about a piece of a drawn face, and the piece's own curves in it."""

    def __init__(self, rgb: Bytes, face: DrawnFace, curves: Floats, below: float) -> None:
        frame = frame_of(face)
        self.iod = frame.iod
        low = np.array([curves[0, 0] - 0.2, curves[1].min() - 0.2])
        high = np.array([curves[0, -1] + 0.2, curves[2].max() + 0.2 + below])
        around = np.array([low, [high[0], low[1]], high, [low[0], high[1]]], np.float32)
        corners = frame.to_picture(around)
        x0, y0 = np.floor(corners.min(0)).astype(int).clip(0)
        x1, y1 = np.ceil(corners.max(0)).astype(int)
        self.box = (int(x0), int(y0), int(min(x1, rgb.shape[1])), int(min(y1, rgb.shape[0])))
        self.rest: Bytes = rgb[y0:y1, x0:x1].copy()
        x, y = np.meshgrid(np.arange(x0, self.box[2]), np.arange(y0, self.box[3]))
        self.pixels = np.stack([x - x0, y - y0], -1).astype(np.float32)
        uv = frame.to_face(np.stack([x, y], -1).astype(np.float32))
        self.u, self.v = np.ascontiguousarray(uv[..., 0]), np.ascontiguousarray(uv[..., 1])
        self._axes = np.stack([frame.x, frame.y]) * frame.iod
        middle, half = (curves[0, 0] + curves[0, -1]) / 2, (curves[0, -1] - curves[0, 0]) / 2
        self.half = float(half)
        self.across = np.asarray((self.u - middle) / max(self.half, 1e-3), np.float32)
        self.top = np.interp(self.u, curves[0], curves[1]).astype(np.float32)
        self.bottom = np.interp(self.u, curves[0], curves[2]).astype(np.float32)
        self.soft = 0.7 / self.iod  # half a pixel's edge on everything drawn

    def shifted(self, du: Floats | float, dv: Floats | float) -> Floats:
        """The patch read at (u + du, v + dv)."""
        shape = np.broadcast_to(np.float32(0), self.u.shape)
        move = np.stack([shape + du, shape + dv], -1) @ self._axes
        return np.asarray(
            remap(self.rest, (self.pixels + move).astype(np.float32), cv2.BORDER_REPLICATE), np.float32
        )

    def erased(self, pad: float, skin: Floats) -> Floats:
        """The patch without its piece, filled with what lies around it."""
        own = (np.abs(self.across) < 1) & (self.v > self.top) & (self.v < self.bottom)
        reach = 2 * int(np.ceil(pad * self.iod)) + 3
        brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
        inside = cv2.dilate(own.astype(np.uint8), brush).astype(bool)
        if not inside.any() or inside.all():
            return self.rest.astype(np.float32)
        filled = cv2.inpaint(self.rest, inside.astype(np.uint8), 3, cv2.INPAINT_TELEA)
        # a white or a shine at the hole's very edge must not run out over the lid
        near = self.rest[~inside].reshape(-1, 3)
        near = near[np.linalg.norm(near.astype(np.float32) - skin, axis=1) < 30]
        if len(near) < 16:
            near = np.rint(skin)[None]
        low, high = np.percentile(near, (15, 85), axis=0)
        held = np.clip(filled.astype(np.float32), low, high)
        return np.where(inside[..., None], held, self.rest).astype(np.float32)

    def line(self, curve: Floats, thick: float, reach: float = 1.0) -> Floats:
        """Coverage of a pen's line along a curve, tapered to its ends. Shapes: (h, w)."""
        slope = np.gradient(curve, axis=1) * self.iod
        away = np.abs(self.v - curve) / np.sqrt(1 + slope**2)
        s = np.abs(self.across) / reach
        half = 0.5 * thick * np.sqrt(np.clip(1.06 - s**4, 0, 1))
        return np.asarray(smoothstep(away, half + self.soft, half - self.soft) * (s < 1.03), np.float32)

    def within(self, upper: Floats, lower: Floats) -> Floats:
        """Coverage of what lies between two curves and between the ends. Shapes: (h, w)."""
        tall = smoothstep(self.v - upper, -self.soft, self.soft) * smoothstep(
            lower - self.v, -self.soft, self.soft
        )
        return np.asarray(tall * (np.abs(self.across) <= 1.0), np.float32)


class DrawnEye:
    """One drawn eye, ready to be drawn at any closure and gaze."""

    def __init__(self, rgb: Bytes, face: DrawnFace, curves: Floats) -> None:
        """Shapes: `rgb` (H, W, 3), in whose pixels `face` is placed; `curves` (3, N) the eye's own."""
        self._patch = patch = _Patch(rgb, face, curves, 0.0)
        self.box, self.rest = patch.box, patch.rest
        self._thick, self._line = max(1.15 * face.thick, 0.035), face.line
        self._tall = float((curves[2] - curves[1]).max())
        self._lowest = float(curves[2].max())
        self._middle = float((curves[1].min() + curves[2].max()) / 2)
        self._bare = patch.erased(max(PAD, 1.5 / patch.iod), face.skin)
        self.drawn = lru_cache(maxsize=160)(self._draw)

    def draw(self, closure: float, squint: float, gaze: tuple[float, float], meet: float) -> Bytes:
        """The patch with the lid `closure` down, as `eye.Eye.draw`; a wink's line is arched upward."""
        gx, gy = (round(float(np.clip(g, -0.06, 0.06)) * 400) for g in gaze)
        c, s = round(float(np.clip(closure, -0.25, 1)) * STEPS), round(float(np.clip(squint, 0, 1)) * 20)
        return self.drawn(c, s, (gx, gy), meet == WINK_MEET) if c or s or gx or gy else self.rest

    def _draw(self, closure: int, squint: int, gaze: tuple[int, int], glad: bool) -> Bytes:
        patch, c = self._patch, closure / STEPS
        inner = np.clip(1 - patch.across**2, 0, 1)
        mid = (patch.top + patch.bottom) / 2
        tall = np.maximum(patch.bottom - patch.top, 1e-3)
        inner = inner * np.clip(1 - ((patch.v - mid) / (0.5 * tall)) ** 2, 0, 1)
        # taller about its middle; just beyond its lines the skin and the brow stay where they are
        wider = 0.8 * max(-c, 0.0) * (patch.v - self._middle) * smoothstep(np.abs(patch.across), 1.2, 0.8)
        wider = wider * smoothstep(patch.v - patch.top, -0.14, -0.02)
        wider = wider * smoothstep(patch.bottom - patch.v, -0.14, -0.02)
        open_ = patch.shifted(-HOLD * gaze[0] / 400 * inner, -HOLD * gaze[1] / 400 * inner - wider)
        arch = 1 - patch.across**2
        if squint:
            open_ = self._lifted(open_, squint / 20, arch)
        if c <= 0:
            return to_bytes(open_)
        shut = self._middle + 0.18 * self._tall + (-0.26 if glad else 0.20) * self._tall * arch
        shut = np.asarray(shut, np.float32)
        margin = patch.top + c * (shut - patch.top)
        gone = float(smoothstep(c, 0.75, 0.97))
        lid = smoothstep(margin - patch.v, -patch.soft, patch.soft)[..., None]
        drawn = open_ * (1 - gone) + self._bare * gone
        drawn = drawn * (1 - lid) + self._bare * lid
        cover = (patch.line(margin + 0.35 * self._thick, self._thick) * float(smoothstep(c, 0.0, 0.06)))[
            ..., None
        ]
        return to_bytes(drawn * (1 - cover) + self._line * cover)

    def _lifted(self, open_: Floats, squint: float, arch: Floats) -> Floats:
        """The lower lid pushed up in an arch by the cheek, as glad eyes are drawn."""
        patch = self._patch
        low = np.asarray(self._lowest - 0.34 * squint * self._tall * np.clip(arch, 0, 1), np.float32)
        lid = smoothstep(patch.v - low, -patch.soft, patch.soft)[..., None]
        pen = patch.line(low, 0.55 * self._thick, 0.8)[..., None] * float(smoothstep(squint, 0.0, 0.2))
        drawn = open_ * (1 - lid) + self._bare * lid
        return np.asarray(drawn * (1 - pen) + self._line * pen, np.float32)


class DrawnMouth:
    """A drawn mouth, ready to be drawn open to any degree."""

    def __init__(self, rgb: Bytes, face: DrawnFace, curves: Floats) -> None:
        """Shapes: as DrawnEye's."""
        self._patch = patch = _Patch(rgb, face, curves, DROP)
        self.box, self.rest = patch.box, patch.rest
        tall = curves[2] - curves[1]
        self.gap = float(tall.max())
        self._open = self.gap > OPEN
        self._thick = (
            max(face.thick * 0.7, 0.03) if self._open else float(np.clip(np.median(tall), 0.02, 0.07))
        )
        self._line, self._skin = face.line, face.skin
        self._bare = patch.erased(max(PAD, 1.5 / patch.iod), face.skin)
        self._corners = float(curves[1:, [0, -1]].mean())
        self.drawn = lru_cache(maxsize=96)(self._draw)

    # lips that a pen drew part over teeth as well as over nothing: no pucker is held back for them
    shows_inside = False

    def draw(self, jaw: float, bite: float = 0.0) -> Bytes:
        """The patch with the jaw down, as `mouth.Mouth.draw`; `bite` shows a band of teeth."""
        j, b = round(float(np.clip(jaw, -1, 1)) * STEPS), round(float(np.clip(bite, 0, 1)) * 8)
        if j < 0 and not self._open:
            j = 0
        return self.drawn(j, b if j > 0 else 0) if j else self.rest

    def _draw(self, jaw: int, bite: int) -> Bytes:
        patch, j = self._patch, jaw / STEPS
        if self._open:
            return self._stretched(j)
        seam = (patch.top + patch.bottom) / 2
        inner = np.clip(1 - patch.across**2, 0, 1)
        # the upper lip draws straight as the mouth opens, the lower one falls in a round
        upper = seam + float(smoothstep(j, 0.0, 0.4)) * 0.8 * (np.minimum(self._corners, seam) - seam)
        drop = min(DROP, 1.5 * patch.half) * j
        lower = np.maximum(seam, upper) + drop * np.sqrt(inner)
        dark = self._skin * np.array([0.48, 0.20, 0.22], np.float32)
        tongue = self._skin * np.array([0.90, 0.50, 0.50], np.float32)
        low = smoothstep(
            patch.v - (upper + 0.58 * (lower - upper) + 0.25 * drop * patch.across**2), -0.01, 0.01
        )
        inside = dark + (tongue - dark) * (low * float(smoothstep(drop, 0.05, 0.12)))[..., None]
        if bite:
            band = (
                smoothstep(upper + 0.5 * self._thick + 0.26 * drop - patch.v, -patch.soft, patch.soft)[
                    ..., None
                ]
                * bite
                / 8
            )
            inside = inside * (1 - band) + np.array([250, 248, 244], np.float32) * band
        cover = patch.within(upper, lower)[..., None]
        drawn = self._bare * (1 - cover) + inside * cover
        pen = np.maximum(patch.line(upper, self._thick), patch.line(lower, self._thick))[..., None]
        return to_bytes(drawn * (1 - pen) + self._line * pen)

    def _stretched(self, j: float) -> Bytes:
        """A mouth that the picture shows open, its inside drawn taller or nearly shut."""
        patch = self._patch
        grown = 1 + (0.5 if j > 0 else 0.8) * j
        tall = patch.bottom - patch.top
        source = patch.top + (patch.v - patch.top) / grown
        pad = 0.03
        cover = patch.within(patch.top - pad, patch.top + grown * (tall + pad))[..., None]
        moved = patch.shifted(0.0, np.where(cover[..., 0] > 0, source - patch.v, 0.0))
        return to_bytes(self._bare * (1 - cover) + moved * cover)
