"""The mouth as layers: lips that part, and behind them a cavity, teeth and tongue.

The face's own field carries jaw and chin; this draws what that field cannot: the lips parting
further, and what shows between them. Where the picture shows teeth, they stay, still on the
skull; else a band is made in the light of the subject's skin.

Convention: iod units in the mouth's own axes, u along the corners toward the picture's right,
v down. Limit: a wide smile over teeth closes to a flat mouth, for its corners stay where they are.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from muybridge.puppet.light import to_bytes
from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.rig.anatomy import (
    CHIN,
    LOWER_INNER,
    LOWER_OUTER,
    MOUTH_CORNER,
    UPPER_INNER,
    UPPER_OUTER,
    FaceFrame,
)
from muybridge.puppet.rig.lattice import remap, smoothstep

STEPS = 32
DROP = 0.24  # iod the lower lip's middle leaves the upper's when the jaw is fully down
SHOWS = 0.045  # iod between the inner lips from which the picture itself shows what is inside
TEETH = 0.115  # iod the upper teeth reach below the upper lip's inner edge


class Mouth:
    """The mouth of a sprite, ready to be drawn open to any degree."""

    def __init__(self, rgb: Bytes, points: Floats) -> None:
        """Shapes: `rgb` (H, W, 3) the sprite's colours, `points` (478, 3) in its pixels."""
        iod = self._iod = FaceFrame.of(points).iod
        corners = points[[MOUTH_CORNER["right"], MOUTH_CORNER["left"]], :2]
        across = corners[1] - corners[0]
        self._axis = (across / np.hypot(*across)).astype(np.float32)
        self._normal = np.array([-self._axis[1], self._axis[0]], np.float32)
        self._origin = corners.mean(0).astype(np.float32)
        chin = float(self._to_mouth(points[[CHIN]])[0, 1])
        half = np.array([0.78, max(chin, 0.5) + 0.25], np.float32) * iod
        x0, y0 = np.floor(self._origin - half * (1, 0.62)).astype(int).clip(0)
        x1, y1 = np.ceil(self._origin + half).astype(int)
        self.box = (int(x0), int(y0), int(min(x1, rgb.shape[1])), int(min(y1, rgb.shape[0])))
        x0, y0, x1, y1 = self.box
        self.rest: Bytes = rgb[y0:y1, x0:x1].copy()
        grid_x, grid_y = np.meshgrid(np.arange(x0, x1), np.arange(y0, y1))
        self._pixels = np.stack([grid_x, grid_y], -1).astype(np.float32)
        uv = self._to_mouth(self._pixels)
        self._u, self._v = np.ascontiguousarray(uv[..., 0]), np.ascontiguousarray(uv[..., 1])
        self._trace(points, chin)
        self.gap = float((self._lower - self._upper)[self._middle > 0.5].max(initial=0.0))
        self.shows_inside = self.gap > SHOWS
        self._skin = self._cheek_colour()
        self.drawn = lru_cache(maxsize=96)(self._draw)

    def _to_mouth(self, pixels: Floats) -> Floats:
        rel = (pixels[..., :2] - self._origin) / np.float32(self._iod)
        return np.stack([rel @ self._axis, rel @ self._normal], -1).astype(np.float32)

    def _trace(self, points: Floats, chin: float) -> None:
        def line(numbers: tuple[int, ...]) -> Floats:
            at = self._to_mouth(points[list(numbers)])
            at = at[np.argsort(at[:, 0])]
            curve = np.interp(self._u, at[:, 0], at[:, 1]).astype(np.float32)
            return np.asarray(cv2.GaussianBlur(curve, (0, 0), 0.012 * self._iod), np.float32)

        upper, lower = line(UPPER_INNER), line(LOWER_INNER)
        seam = (upper + lower) / 2
        closed = lower - upper < 0.012  # a closed mouth's inner lines cross by a hair: one seam
        self._upper = np.where(closed, seam, upper)
        self._lower = np.where(closed, seam, np.maximum(lower, upper))
        self._top = np.minimum(line(UPPER_OUTER), self._upper - 0.03)
        self._bottom = np.maximum(line(LOWER_OUTER), self._lower + 0.04)
        inner = self._to_mouth(points[[UPPER_INNER[0], UPPER_INNER[-1]]])[:, 0]
        self._half = float(inner[1] - inner[0]) / 2
        s = np.clip((self._u - inner.mean()) / self._half, -1.25, 1.25)
        # how much each column opens: most in the middle, nothing at the corners
        self._middle = np.asarray(np.clip(1 - np.abs(s) ** 2.4, 0, 1) ** 0.8, np.float32)
        self._across = np.asarray(s, np.float32)
        self._chin = max(chin, float(self._bottom.max()) + 0.12)

    def _cheek_colour(self) -> Floats:
        beside = (np.abs(self._across) > 1.1) & (np.abs(self._v) < 0.25)
        pixels = self.rest[beside] if beside.any() else self.rest.reshape(-1, 3)
        return np.asarray(np.median(pixels, axis=0), np.float32)

    def draw(self, jaw: float, bite: float = 0.0) -> Bytes:
        """The patch with the jaw `jaw` down (0 as in the picture, 1 fully; below 0 pressed shut).

        `bite` shows the upper teeth under a lifted upper lip (0 to 1). Returns (h, w, 3) uint8.
        """
        j, b = round(float(np.clip(jaw, -1, 1)) * STEPS), round(float(np.clip(bite, 0, 1)) * 12)
        return self.drawn(j, b) if j or b else self.rest

    def _draw(self, jaw: int, bite: int) -> Bytes:
        j = jaw / STEPS
        # open lips that close meet nearer the upper one, which hardly moves
        close = max(-j, 0.0) * (self._lower - self._upper)
        drop = DROP * max(j, 0.0) * self._middle - 0.68 * close
        lift = (0.030 * max(j, 0.0) + 0.055 * bite / 12) * self._middle - 0.30 * close
        upper, lower = self._upper - lift, self._lower + drop
        rest = [self._top - 0.16, self._top, self._upper, self._lower, self._bottom, self._chin + 0 * drop]
        gone = [0 * drop, -0.7 * lift, -lift, drop, 0.93 * drop, 0 * drop]
        source = self._v.copy()
        for r0, r1, g0, g1 in zip(rest[:-1], rest[1:], gone[:-1], gone[1:], strict=True):
            m0, m1 = r0 + g0, r1 + g1
            here = (self._v >= m0) & (self._v < m1)
            along = (self._v - m0) / np.maximum(m1 - m0, 1e-4)
            source = np.where(here, r0 + along * (r1 - r0), source)
        lips = self._read(self._hidden(source, upper, lower))
        lips *= self._seam(upper, lower, close)
        inside = self._inside(upper, lower, lift)
        soft = 0.012
        gap = smoothstep(self._v - upper, -soft, soft) * smoothstep(lower - self._v, -soft, soft)
        gap = gap * smoothstep(lower - upper, 0.012, 0.035) * smoothstep(self._middle, 0.0, 0.12)
        gap = cv2.GaussianBlur(np.asarray(gap, np.float32), (0, 0), 0.006 * self._iod)[..., None]
        return to_bytes(lips * (1 - gap) + inside * gap)

    def _hidden(self, source: Floats, upper: Floats, lower: Floats) -> Floats:
        """Lips that meet hide what was between them: it slides under the upper one."""
        left = smoothstep((lower - upper) / np.maximum(self._lower - self._upper, 0.02), 0.0, 0.4)
        between = (source > self._upper) & (source < self._lower)
        flesh = self._upper - 0.03 * (1 - left)
        return np.asarray(np.where(between, flesh + (source - self._upper) * left, source), np.float32)

    def _seam(self, upper: Floats, lower: Floats, close: Floats) -> Floats:
        """The shadow where lips meet that the picture shows apart. Shapes: (h, w, 1), a factor."""
        met = smoothstep(lower - upper, 0.06, 0.0) * smoothstep(close, 0.0, 0.04)
        off = (self._v - (upper + lower) / 2) / 0.016
        return np.asarray(1 - 0.5 * (met * np.exp(-(off**2)))[..., None], np.float32)

    def _read(self, source_v: Floats) -> Floats:
        shift = np.float32(self._iod) * (source_v - self._v)
        at = self._pixels - np.array(self.box[:2], np.float32) + shift[..., None] * self._normal
        return remap(self.rest, np.asarray(at, np.float32), cv2.BORDER_REPLICATE).astype(np.float32)

    def _inside(self, upper: Floats, lower: Floats, lift: Floats) -> Floats:
        """Between the lips: dark toward the throat, a tongue low, teeth hanging from the skull."""
        light = float(self._skin.max()) / 225
        deep = (self._v - upper) / np.maximum(lower - upper, 0.02)
        tall = np.clip((lower - upper) / 0.2, 0, 1)
        cavity = (
            np.array([58, 18, 18], np.float32)
            * light
            * (1.15 - 0.75 * np.exp(-(((deep - 0.45) / 0.35) ** 2)))[..., None]
        )
        hump = 0.62 + 0.25 * self._across**2
        tongue = smoothstep(deep, hump, hump + 0.22) * tall
        flesh = np.array([165, 84, 80], np.float32) * light * (0.75 + 0.25 * (1 - self._across**2))[..., None]
        inside = cavity * (1 - tongue[..., None] * 0.85) + flesh * tongue[..., None] * 0.85
        if self.shows_inside:
            # what the picture shows between the lips hangs from the skull: it stays where it is
            own = self._read(self._v)
            within = smoothstep(self._lower - self._v, 0.0, 0.035) * smoothstep(
                self._v - self._upper + lift, -0.02, 0.01
            )
            cover = np.asarray(within, np.float32)[..., None]
            inside = inside * (1 - cover) + own * cover
        else:
            inside = self._made_teeth(inside, light, tall, lift)
        shade = 1 - 0.5 * np.exp(-np.maximum(self._v - upper, 0) / 0.022)
        corners = 1 - 0.55 * smoothstep(np.abs(self._across), 0.55, 1.0)
        return np.asarray(inside * (shade * corners)[..., None], np.float32)

    def _made_teeth(self, inside: Floats, light: float, tall: Floats, lift: Floats) -> Floats:
        edge = self._upper + TEETH * (1 - 0.55 * self._across**2) - 0.25 * lift
        band = smoothstep(edge - self._v, -0.006, 0.010) * smoothstep(np.abs(self._across), 0.92, 0.70)
        seams = 1 - 0.13 * np.exp(-((np.abs(np.mod(self._across * 4.0 + 0.5, 1.0) - 0.5) / 0.07) ** 2))
        # teeth wear the light the skin wears, a third of its tint, and no more white than that
        tint = 0.67 + 0.33 * self._skin / max(float(self._skin.max()), 1.0)
        ivory = np.array([240, 221, 190], np.float32) * min(light, 1.05) * 1.06 * tint
        tooth = ivory * (seams * (1 - 0.35 * self._across**2))[..., None]
        cover = (band * smoothstep(tall, 0.1, 0.35))[..., None] * 0.94
        return np.asarray(inside * (1 - cover) + tooth * cover, np.float32)
