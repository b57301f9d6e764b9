"""What places are painted on: linear light with overscan, and the lens and film that develop it.

Convention: x runs right and y down from the frame's centre, in short sides of the frame (16:9 spans
x +-0.889, y +-0.5); colours are linear light where 1 is white paper in full key light and lamps go
far above it; layers are (h, w, 4) float32, premultiplied.
Limit: shapes are drawn without smoothing, for the lens blurs every layer afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property

import cv2
import numpy as np

from muybridge.puppet.light import to_linear
from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.stage.plates import MARGIN
from muybridge.units import Size

Colour = Sequence[float] | Floats  # linear light, r, g, b
Point = tuple[float, float]  # x, y in short sides from the frame's centre

SHOULDER = 0.62  # linear light above this is compressed towards white, as film does
BRIGHTEST = 8.0  # linear light that is as white as film gets
STEPS = 8192  # of the film's curve


def rgb(code: str, gain: float = 1.0) -> Floats:
    """A colour written as a hex sRGB code, in linear light times `gain`. Shapes: (3,) float32."""
    triple = np.array([[[int(code[i : i + 2], 16) for i in (1, 3, 5)]]], np.uint8)
    return np.asarray(to_linear(triple)[0, 0] * np.float32(gain), np.float32)


def mix(a: Colour, b: Colour, share: float) -> Floats:
    """`a` and `share` of the way to `b`."""
    first, second = np.asarray(a, np.float32), np.asarray(b, np.float32)
    return np.asarray(first + (second - first) * np.float32(share), np.float32)


def ramp(field: Floats, low: float, high: float) -> Floats:
    """0 below `low`, 1 above `high` and smooth between; `low` may be the greater."""
    s = np.clip((field - np.float32(low)) * np.float32(1 / (high - low)), 0, 1)
    return np.asarray(s * s * (3 - 2 * s), np.float32)


class Canvas:
    """The ground a place is painted on: the frame and its overscan, at a share of the frame's pixels."""

    def __init__(self, size: Size, scale: float = 0.5) -> None:
        self.size, self.scale = size, scale
        self.unit = size.short_side * scale  # canvas pixels in one short side
        self.width = int(np.ceil(size.width * (1 + 2 * MARGIN) * scale))
        self.height = int(np.ceil(size.height * (1 + 2 * MARGIN) * scale))
        self.half = (size.width / size.short_side / 2, size.height / size.short_side / 2)

    @cached_property
    def x(self) -> Floats:
        """Every pixel's x. Shapes: (h, w) float32."""
        return np.repeat(self._line(self.width)[None], self.height, 0)

    @cached_property
    def y(self) -> Floats:
        """Every pixel's y. Shapes: (h, w) float32."""
        return np.repeat(self._line(self.height)[:, None], self.width, 1)

    def _line(self, count: int) -> Floats:
        return np.asarray((np.arange(count) - (count - 1) / 2) / self.unit, np.float32)

    def fx(self, share: float) -> float:
        """The x of a share of the frame's width: 0 its left edge, 1 its right."""
        return (share - 0.5) * 2 * self.half[0]

    def fy(self, share: float) -> float:
        """The y of a share of the frame's height: 0 its top edge, 1 its bottom."""
        return (share - 0.5) * 2 * self.half[1]

    @property
    def left(self) -> float:
        """The canvas's left edge; its right edge is the same, positive."""
        return -self.width / 2 / self.unit

    @property
    def top(self) -> float:
        """The canvas's top edge; its bottom edge is the same, positive."""
        return -self.height / 2 / self.unit

    def px(self, x: float, y: float) -> tuple[int, int]:
        """The nearest canvas pixel to a point."""
        return (
            round((self.width - 1) / 2 + x * self.unit),
            round((self.height - 1) / 2 + y * self.unit),
        )

    def layer(self, colour: Colour | None = None) -> Floats:
        """An empty layer, or one filled with a colour. Shapes: (h, w, 4) float32."""
        layer = np.zeros((self.height, self.width, 4), np.float32)
        if colour is not None:
            layer[..., :3], layer[..., 3] = colour, 1
        return layer

    def rect(self, layer: Floats, low: Point, high: Point, colour: Colour) -> None:
        """A filled rectangle from its upper left to its lower right corner."""
        cv2.rectangle(layer, self.px(*low), self.px(*high), (*map(float, colour), 1.0), -1)

    def poly(self, layer: Floats, points: Sequence[Point] | Floats, colour: Colour) -> None:
        """A filled polygon."""
        corners = np.array([self.px(x, y) for x, y in points], np.int32)
        cv2.fillPoly(layer, [corners], (*map(float, colour), 1.0))

    def ellipse(self, layer: Floats, centre: Point, radii: Point, colour: Colour, tilt: float = 0.0) -> None:
        """A filled ellipse, turned by `tilt` degrees."""
        axes = (max(round(radii[0] * self.unit), 1), max(round(radii[1] * self.unit), 1))
        cv2.ellipse(layer, self.px(*centre), axes, tilt, 0, 360, (*map(float, colour), 1.0), -1)

    def line(self, layer: Floats, points: Sequence[Point] | Floats, width: float, colour: Colour) -> None:
        """A line through points; `width` in short sides."""
        corners = np.array([self.px(x, y) for x, y in points], np.int32)
        thick = max(round(width * self.unit), 1)
        cv2.polylines(layer, [corners], False, (*map(float, colour), 1.0), thick)


def opaque(light: Floats) -> Floats:
    """Light as a layer that covers everything. Shapes: (h, w, 3) in, (h, w, 4) out."""
    return np.asarray(np.dstack([light, np.ones(light.shape[:2], np.float32)]), np.float32)


def cover(light: Floats | Colour, alpha: Floats) -> Floats:
    """Light with coverage as a premultiplied layer. Shapes: `alpha` (h, w)."""
    colour = np.asarray(light, np.float32)
    return np.asarray(np.concatenate([colour * alpha[..., None], alpha[..., None]], 2), np.float32)


def lay(layer: Floats, under: Floats) -> Floats:
    """A layer over another, into `under`. Shapes: (h, w, 4), or (h, w, 3) for `under`."""
    channels = under.shape[2]
    under *= 1 - layer[..., 3:4]
    under += layer[..., :channels]
    return under


def shade(layer: Floats, gain: Floats | Colour) -> None:
    """Multiply a layer's light in place. Shapes: `gain` (h, w), (h, w, 3) or a colour."""
    factor = np.asarray(gain, np.float32)
    layer[..., :3] *= factor[..., None] if factor.ndim == 2 else factor


def haze(layer: Floats, colour: Floats | Colour, share: Floats | float) -> None:
    """Mix air into a layer in place. Shapes: `share` a number or (h, w)."""
    part = np.asarray(share, np.float32)
    if part.ndim == 2:
        part = part[..., None]
    layer[..., :3] += (np.asarray(colour, np.float32) * layer[..., 3:4] - layer[..., :3]) * part


def defocus(layer: Floats, radius: float) -> Floats:
    """A lens's blur of linear light: a disc with a softened rim. `radius` in canvas pixels.

    Shapes: (h, w, 3 or 4) float32 in and out. Cost: 20 ms for a half-size 720p canvas.
    """
    if radius < 0.35:
        return layer
    reach = int(np.ceil(radius)) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    soft = cv2.filter2D(layer, -1, disc / disc.sum(), borderType=cv2.BORDER_REPLICATE)
    # the disc's own hard rim would ring around small lights
    return np.asarray(cv2.GaussianBlur(soft, (0, 0), max(radius * 0.22, 0.45)), np.float32)


def bloom(light: Floats, radius: float, strength: float, above: float = 1.0) -> Floats:
    """The veil that strong lights throw around themselves in a lens. `radius` in canvas pixels.

    Shapes: (h, w, 3) in and out.
    """
    small = cv2.resize(np.maximum(light - above, 0), None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    near = cv2.GaussianBlur(np.minimum(small, 30), (0, 0), radius / 4)
    veil = near + np.float32(0.5) * cv2.GaussianBlur(near, (0, 0), radius / 2)
    large = cv2.resize(veil, (light.shape[1], light.shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(light + np.float32(strength) * np.maximum(large, 0), np.float32)


def develop(layer: Floats, exposure: float = 1.0) -> Bytes:
    """Linear light to a plate's bytes: film's shoulder, sRGB, straight alpha, dithered.

    Shapes: (h, w, 4) premultiplied float32 in, (h, w, 4) uint8 out.
    """
    alpha = np.clip(layer[..., 3:4], 0, 1)
    light = layer[..., :3] * (np.float32(exposure / BRIGHTEST) / np.maximum(alpha, np.float32(1e-3)))
    np.clip(light, 0, 1, out=light)
    shown = _film()[(np.sqrt(light, out=light) * np.float32(STEPS - 1)).astype(np.uint16)]
    # noise of one step of a byte keeps wide gradients free of bands
    grain: Floats = np.random.default_rng(5).random(light.shape[:2], np.float32)
    shown = shown + grain[..., None]
    return np.dstack([np.minimum(shown, 255).astype(np.uint8), np.rint(alpha * 255).astype(np.uint8)])


@cache
def _film() -> Floats:
    """What film makes of linear light, by its root: bytes as floats, less the dither's mean."""
    light = (np.linspace(0, 1, STEPS) ** 2 * BRIGHTEST).astype(np.float64)
    bent = SHOULDER + (1 - SHOULDER) * (1 - np.exp((SHOULDER - light) / (1 - SHOULDER)))
    light = np.where(light > SHOULDER, bent, light)
    coded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.clip(255 * coded, 0, 255), np.float32)
