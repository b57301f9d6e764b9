"""What a painter of places is asked for, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.stage.paint.canvas import Canvas, defocus, develop, opaque
from muybridge.puppet.stage.particles import Particles
from muybridge.puppet.stage.plates import STILL, Flicker, Light, Motion, Plate
from muybridge.units import Size

HOUR_NAMES = ("dawn", "day", "sunset", "night")
SEASONS = ("spring", "summer", "autumn", "winter")
CLOSED = ("rain", "snow", "fog")  # weathers under a closed sky
APERTURE = 0.0185  # radius of the blur disc of an infinitely far point, in short sides


@dataclass(frozen=True)
class Setting:
    """One place's circumstances. `weather` and `season` may be None: the place's own choice."""

    size: Size
    hour: str
    season: str | None
    weather: str | None
    seed: int

    def canvas(self, scale: float = 0.5) -> Canvas:
        """A fresh canvas for this frame size."""
        return Canvas(self.size, scale)

    def rng(self, number: int = 0) -> np.random.Generator:
        """A source of chance of its own for each `number`."""
        return np.random.default_rng((self.seed, 611, number))

    def key(self, number: int = 0) -> int:
        """A seed of its own for each `number`."""
        return self.seed * 1009 + number * 31

    @property
    def overcast(self) -> bool:
        """Whether the weather closes the sky."""
        return self.weather in CLOSED

    @property
    def night(self) -> bool:
        """Whether it is night."""
        return self.hour == "night"

    @property
    def bare(self) -> bool:
        """Whether snow lies: in snow, or in winter."""
        return self.weather == "snow" or self.season == "winter"


@dataclass(frozen=True)
class Painting:
    """A place as painted: plates back to front, its light, and what the weather needs to know.

    `air` is the linear colour of fog here; `tint` what the place's light makes of a white flake;
    `roofed` where no weather comes in; `particles` are the place's own.
    """

    plates: tuple[Plate, ...]
    light: Light
    air: tuple[float, float, float] = (0.6, 0.63, 0.66)
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    roofed: bool = False
    sharp: bool = False
    particles: tuple[Particles, ...] = field(default=())


@dataclass(frozen=True)
class Develop:
    """How a place's layers become plates: its canvas, exposure, and how wide the lens is open."""

    canvas: Canvas
    exposure: float = 1.0
    aperture: float = APERTURE

    def blur(self, depth: float) -> float:
        """Radius of the blur disc at a depth, in canvas pixels; the lens is focused at depth 1."""
        return self.aperture * abs(1 - 1 / depth) * self.canvas.unit

    def picture(self, layer: Floats, depth: float) -> Bytes:
        """A layer as the lens and the film make it. Shapes: (h, w, 3 or 4) in, (h, w, 4) uint8 out."""
        covered = opaque(layer) if layer.shape[2] == 3 else layer
        return develop(defocus(covered, self.blur(depth)), self.exposure)

    def plate(self, layer: Floats, depth: float, motion: Motion = STILL) -> Plate:
        """A still or moving plate of a layer."""
        return Plate(self.picture(layer, depth), depth, self.canvas.scale, motion)

    def shimmer(self, layers: tuple[Floats, Floats, Floats], depth: float, cycle: float) -> Plate:
        """A plate that cross-fades between three pictures of the same thing."""
        first, second, third = (self.picture(layer, depth) for layer in layers)
        return Plate(first, depth, self.canvas.scale, others=(second, third), cycle=cycle)

    def glow(self, light: Floats, depth: float, flicker: Flicker, seed: int = 0) -> Plate:
        """A plate of light alone, added to what lies behind it. Shapes: `light` (h, w, 3)."""
        soft = defocus(light, self.blur(depth))
        shown = develop(opaque(soft), self.exposure)
        shown[..., 3] = np.where(shown[..., :3].max(2) > 2, 255, 0)
        return Plate(shown, depth, self.canvas.scale, glows=True, flicker=flicker, seed=seed)
