"""One eye as layers: a rigid ball, lids of skin that slide over it, and a line of lashes.

A warp alone drags the white of the eye into ragged slivers when it closes. So the lids are
drawn over the ball: skin stretched from the crease, its hole filled, the lashes on its margin.

Convention: all geometry is in iod units in the eye's own axes, u along the corners toward the
picture's right and v across, downward. A patch is a rectangle of the sprite around the eye.
Limit: lids move along v alone; eyes open less than a fortieth of their width do not close further.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from muybridge.puppet.light import to_bytes
from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.rig.anatomy import EYES, FaceFrame, Side
from muybridge.puppet.rig.lattice import smoothstep

MEET = 0.80  # where the margins meet in a blink: this share of the way down the opening
WINK_MEET = 0.66  # in a wink the lower lid is pushed up and meets the upper one higher
STEPS = 40  # closures drawn; between two of them no eye sees a difference


@dataclass(frozen=True, slots=True)
class Lines:
    """The curves of one eye as heights v over each pixel's u. Shapes: all (h, w), iod."""

    upper: Floats
    lower: Floats
    crease: Floats
    above: Floats
    below: Floats
    inside: Floats  # 1 between the corners, falling to 0 just beyond them

    @property
    def opening(self) -> Floats:
        """The height between the margins, not negative."""
        return np.asarray(np.maximum(self.lower - self.upper, 0.0))


class Eye:
    """One eye of a sprite, ready to be drawn at any closure and gaze."""

    def __init__(self, rgb: Bytes, points: Floats, side: Side) -> None:
        """Shapes: `rgb` (H, W, 3) the sprite's colours, `points` (478, 3) in its pixels."""
        self._frame = FaceFrame.of(points)
        parts = EYES[side]
        corners = points[list(parts.corners), :2]
        across = corners[1] - corners[0]
        self._axis = (across / np.hypot(*across)).astype(np.float32)
        self._origin = corners.mean(0).astype(np.float32)
        self._iod = self._frame.iod
        iod = self._iod
        half = np.array([0.48, 0.46], np.float32) * iod
        x0, y0 = np.floor(self._origin - half).astype(int).clip(0)
        x1, y1 = np.ceil(self._origin + half).astype(int)
        self.box = (int(x0), int(y0), int(min(x1, rgb.shape[1])), int(min(y1, rgb.shape[0])))
        x0, y0, x1, y1 = self.box
        self.rest: Bytes = rgb[y0:y1, x0:x1].copy()
        grid_x, grid_y = np.meshgrid(np.arange(x0, x1), np.arange(y0, y1))
        self._pixels = np.stack([grid_x, grid_y], -1).astype(np.float32)
        self._uv = self._to_eye(self._pixels)
        self._lines = self._trace(points, side)
        self._skin = self._lid_skin()
        self._ball = self._eyeball(points, side)
        self._lash_colour = self._darkest()
        self.drawn = lru_cache(maxsize=160)(self._draw)

    def _to_eye(self, pixels: Floats) -> Floats:
        rel = (pixels[..., :2] - self._origin) / np.float32(self._iod)
        normal = np.array([-self._axis[1], self._axis[0]], np.float32)
        return np.stack([rel @ self._axis, rel @ normal], -1).astype(np.float32)

    def _trace(self, points: Floats, side: Side) -> Lines:
        parts = EYES[side]
        ends = self._to_eye(points[list(parts.corners)])
        u = self._uv[..., 0]

        def line(numbers: tuple[int, ...], closed: bool) -> Floats:
            at = self._to_eye(points[list(numbers)])
            if closed:
                at = np.vstack([ends[:1], at, ends[1:]])
            at = at[np.argsort(at[:, 0])]
            fine = np.interp(u[0] if self._level() else u.ravel(), at[:, 0], at[:, 1]).astype(np.float32)
            tall = np.broadcast_to(fine, u.shape) if self._level() else fine.reshape(u.shape)
            return cv2.GaussianBlur(np.ascontiguousarray(tall), (0, 0), 0.018 * self._iod)

        upper, lower = line(parts.upper, True), line(parts.lower, True)
        room = np.minimum(u - ends[0, 0], ends[1, 0] - u)
        crease = np.minimum(line(parts.crease, False), upper - 0.05)
        above = np.minimum(line(parts.above_crease, False), crease - 0.05)
        below = np.maximum(line(parts.below_lid, False), lower + 0.06)
        return Lines(upper, np.maximum(lower, upper), crease, above, below, smoothstep(room, -0.03, 0.05))

    def _level(self) -> bool:
        return abs(float(self._axis[1])) < 1e-6

    def _shift(self, picture: Floats | Bytes, du: Floats | float, dv: Floats | float) -> Floats:
        """The patch's picture read from (u + du, v + dv) for each pixel."""
        normal = np.array([-self._axis[1], self._axis[0]], np.float32)
        iod = np.float32(self._iod)
        x0, y0 = self.box[:2]
        at_x = self._pixels[..., 0] - x0 + iod * (du * self._axis[0] + dv * normal[0])
        at_y = self._pixels[..., 1] - y0 + iod * (du * self._axis[1] + dv * normal[1])
        return cv2.remap(
            picture,
            at_x.astype(np.float32),
            at_y.astype(np.float32),
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )

    def _lid_skin(self) -> Floats:
        """The patch with the eye's hole filled by the skin around it, as a closed lid would show."""
        lines, v, iod = self._lines, self._uv[..., 1], self._iod
        rest = self.rest.astype(np.float32)
        smooth = cv2.GaussianBlur(rest, (0, 0), 0.025 * iod)
        top, bottom = lines.upper - 0.075, lines.lower + 0.065
        from_top = self._shift(smooth, 0.0, np.minimum(top - v, 0.0))
        from_bottom = self._shift(smooth, 0.0, np.maximum(bottom - v, 0.0))
        t = smoothstep((v - lines.upper) / np.maximum(lines.opening, 0.02), 0.55, 1.25)[..., None]
        fill = from_top * (1 - t) + from_bottom * t
        fill = cv2.GaussianBlur(fill, (0, 0), 0.02 * iod)
        # deep sockets and glasses shade what lies just above; a lid that comes down comes into the light
        cheek = (v > lines.below + 0.03) & (v < lines.below + 0.16) & (lines.inside > 0.5)
        if cheek.any():
            hole_mean = fill[(lines.inside > 0.5) & (v > lines.upper) & (v < lines.lower + 0.02)].mean(0)
            fill *= 1 + 0.45 * (
                np.clip(np.median(rest[cheek], axis=0) * 0.90 / np.maximum(hole_mean, 8), 0.8, 1.9) - 1
            )
        hole = (
            smoothstep(v - lines.upper, -0.085, -0.045)
            * smoothstep(lines.lower - v, -0.075, -0.035)
            * lines.inside
        )
        hole = cv2.GaussianBlur(hole, (0, 0), 0.012 * iod)[..., None]
        rng = np.random.default_rng(7)
        grain = cv2.GaussianBlur(rng.normal(0, 1, rest.shape[:2]).astype(np.float32), (0, 0), 0.8)
        return np.asarray(rest * (1 - hole) + (fill + 2.2 * grain[..., None]) * hole, np.float32)

    def _eyeball(self, points: Floats, side: Side) -> Floats:
        """The ball without its lids' edges, so that it can slide under them for gaze."""
        lines, v, u = self._lines, self._uv[..., 1], self._uv[..., 0]
        known = (v > lines.upper + 0.034) & (v < lines.lower - 0.024) & (lines.inside > 0.97)
        rest = self.rest.astype(np.float32)
        if int(known.sum()) < 12:
            return rest
        around = grow_colour(rest, known.astype(np.float32), self._iod)
        # beyond the corners lies more white of the eye, shaded as it rounds away
        iris = self._to_eye(points[list(EYES[side].iris)])
        far = np.hypot(u - iris[0, 0], v - iris[0, 1]) > np.hypot(*(iris[1] - iris[0])) * 1.15
        seen = rest[known & far]
        white = np.quantile(seen, 0.7, axis=0) if len(seen) > 8 else rest[known].max(0)
        beyond = smoothstep(lines.inside, 1.0, 0.6)[..., None] * 0.7
        around = around * (1 - beyond) + np.asarray(white, np.float32) * 0.86 * beyond
        cover = cv2.GaussianBlur(known.astype(np.float32), (0, 0), 0.012 * self._iod)[..., None]
        return np.asarray(around * (1 - cover) + rest * cover, np.float32)

    def _darkest(self) -> Floats:
        """The colour of the lashes: the darkest eighth of the band around the upper margin."""
        lines, v = self._lines, self._uv[..., 1]
        band = (np.abs(v - lines.upper) < 0.04) & (lines.inside > 0.5)
        pixels = self.rest[band].astype(np.float32)
        if len(pixels) < 8:
            return np.array([40.0, 28.0, 24.0], np.float32)
        light = pixels.sum(1)
        return np.asarray(pixels[light <= np.quantile(light, 0.12)].mean(0) * 0.8, np.float32)

    def draw(self, closure: float, squint: float, gaze: tuple[float, float], meet: float) -> Bytes:
        """The patch with lids `closure` shut (0 open as in the picture, 1 shut), and the eye turned.

        `squint` lifts the lower lid (0 to 1); `gaze` turns the ball, in iod to the picture's
        right and down, within 0.05; `meet` is where the margins meet. Returns (h, w, 3) uint8.
        """
        c, s = round(float(np.clip(closure, -0.25, 1)) * STEPS), round(float(np.clip(squint, 0, 1)) * 20)
        gx, gy = (round(float(np.clip(g, -0.06, 0.06)) * 400) for g in gaze)
        if not (c or s or gx or gy):
            return self.rest
        return self.drawn(c, s, (gx, gy), round(meet * 100))

    def _draw(self, closure: int, squint: int, gaze: tuple[int, int], meet: int) -> Bytes:
        lines, v, iod = self._lines, self._uv[..., 1], self._iod
        c = closure / STEPS
        opening = lines.opening * lines.inside
        join = lines.upper + meet / 100 * opening
        drop = c * (join - lines.upper)  # how far the upper margin comes down
        lift = np.maximum(c, 0.0) * (lines.lower - join) * lines.inside
        lift = lift + (1 - max(c, 0.0)) * squint / 20 * 0.22 * opening
        upper, lower = lines.upper + drop, lines.lower - lift
        from_v = self._lid_source(v, drop, lift)
        warped = self._shift(self.rest, 0.0, from_v - v)
        ball = (
            self._shift(self._ball, -gaze[0] / 400, -gaze[1] / 400)
            if any(gaze)
            else self.rest.astype(np.float32)
        )
        shut = float(smoothstep(c, 0.02, 0.30))
        if shut == 0.0:
            return self._compose(warped, ball if any(gaze) else warped, upper, lower, 0.0)
        skin = self._shift(self._skin, 0.0, from_v - v)
        skin *= self._lid_light(v, upper, c)
        lids = warped * (1 - shut) + skin * shut
        under = 0.45 * np.exp(-((np.maximum(v - upper, 0) / 0.05) ** 1.5)) * shut
        ball = ball * (1 - under[..., None])
        # near shut the sliver of ball left becomes the lids' own shadow, or it glints
        veil = float(smoothstep(c, 0.80, 0.97))
        ball = ball * (1 - veil) + skin * veil
        drawn = self._compose(lids, ball, upper, lower, shut)
        return to_bytes(self._lashes(drawn.astype(np.float32), upper, c, iod))

    def _lid_source(self, v: Floats, drop: Floats, lift: Floats) -> Floats:
        """Where each pixel's v comes from: skin stretched above the margin and below it."""
        ln = self._lines
        rest = [ln.above - 0.14, ln.above, ln.crease, ln.upper - 0.03, ln.upper]
        gone = [0.0 * drop, 0.08 * drop, 0.36 * drop, drop, drop]
        rest += [ln.lower, ln.lower + 0.02, ln.below, ln.below + 0.12]
        gone += [-lift, -lift, -0.45 * lift, 0.0 * lift]
        source = v.copy()
        for r0, r1, g0, g1 in zip(rest[:-1], rest[1:], gone[:-1], gone[1:], strict=True):
            m0, m1 = r0 + g0, r1 + g1
            here = (v >= m0) & (v < m1)
            along = (v - m0) / np.maximum(m1 - m0, 1e-4)
            source = np.where(here, r0 + along * (r1 - r0), source)
        return np.asarray(source, np.float32)

    def _lid_light(self, v: Floats, upper: Floats, c: float) -> Floats:
        """Light on the lid: it bulges over the ball, darker in its crease and by its margin."""
        top = self._lines.crease + 0.36 * (upper - self._lines.upper)
        t = np.clip((v - top) / np.maximum(upper - top, 0.03), -0.4, 2.0)
        bulge = 0.05 * np.exp(-(((t - 0.42) / 0.28) ** 2)) - 0.10 * np.exp(-(((t - 0.02) / 0.16) ** 2))
        edge = -0.12 * np.exp(-(((t - 1.02) / 0.20) ** 2))
        return np.asarray(1 + ((bulge + edge) * c * self._lines.inside)[..., None], np.float32)

    def _compose(self, lids: Floats, ball: Floats, upper: Floats, lower: Floats, shut: float) -> Bytes:
        v, soft = self._uv[..., 1], 0.010
        gap = smoothstep(v - upper, -soft, soft) * smoothstep(lower - v, -soft, soft)
        gap = (gap * smoothstep(self._lines.inside, 0.3, 0.9))[..., None]
        return to_bytes(lids * (1 - gap) + ball * gap)

    def _lashes(self, drawn: Floats, upper: Floats, c: float, iod: float) -> Floats:
        """A tapered line along the margin and short strokes at its outer end."""
        u, v, inside = self._uv[..., 0], self._uv[..., 1], self._lines.inside
        reach = np.abs(u) / max(float(np.abs(u[inside > 0.5]).max()), 1e-3)
        thick = 0.020 * (1 - 0.75 * reach**2.2)
        line = np.exp(-((np.abs(v - upper - 0.004) / np.maximum(thick, 0.003)) ** 2)) * smoothstep(
            inside, 0.35, 0.8
        )
        fringe = np.exp(-np.maximum(v - upper, 0) / 0.016) * (v > upper) * smoothstep(inside, 0.4, 0.9) * 0.45
        cover = np.maximum(line * 0.94, fringe) * float(smoothstep(c, 0.05, 0.45))
        cover = cv2.GaussianBlur(np.asarray(cover, np.float32), (0, 0), max(0.5, 0.005 * iod))[..., None]
        return np.asarray(drawn * (1 - cover) + self._lash_colour * cover, np.float32)


def grow_colour(picture: Floats, known: Floats, reach: float) -> Floats:
    """The picture where `known` is 1, and beyond it the known colours spread outward.

    Shapes: `picture` (h, w, 3), `known` (h, w) 0 or 1; `reach` in pixels bounds the spreading.
    Source: normalised convolution at doubling widths, the finest that has support first.
    """
    filled, sure = picture * known[..., None], known.copy()
    out, have = filled.copy(), known.copy()
    sigma = 1.0
    while sigma < reach:
        weight = cv2.GaussianBlur(sure, (0, 0), sigma)
        colour = cv2.GaussianBlur(filled, (0, 0), sigma) / np.maximum(weight, 1e-5)[..., None]
        fresh = smoothstep(weight, 0.004, 0.05) * (1 - have)
        out += colour * fresh[..., None]
        have += fresh
        sigma *= 2
    return np.asarray(out / np.maximum(have, 1e-5)[..., None], np.float32)
