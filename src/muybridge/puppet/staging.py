"""Which stage a take plays on: the picture's own background, or a place that is painted.

Either draws what lies behind the subject and what floats before it. A place, hour, weather or
style that is not to be had falls back to the nearest, and the notes say so.
"""

from __future__ import annotations

from typing import Protocol

import cv2
import numpy as np

from muybridge.domain.storyboard import Setting, Storyboard
from muybridge.puppet.camera import REST, View
from muybridge.puppet.framing import Framing
from muybridge.puppet.grade import GRADES
from muybridge.puppet.light import to_linear
from muybridge.puppet.portrait import Bytes, Floats, Portrait
from muybridge.puppet.stage.backdrop import Backdrop
from muybridge.puppet.stage.particles import KINDS, Particles, make
from muybridge.puppet.stage.plates import Light
from muybridge.puppet.stage.scene import Scene, build, names
from muybridge.puppet.stage.setting import HOUR_NAMES, SEASONS
from muybridge.puppet.stage.weather import WEATHERS
from muybridge.units import Size


class Stage(Protocol):
    """What a subject stands on."""

    @property
    def light(self) -> Light | None:
        """How it lights the subject; None where the subject is lit as it was taken."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the setting was done otherwise, in whole sentences."""
        ...

    def draw_behind(self, view: View, t: float) -> Bytes:
        """What lies behind the subject, free to be drawn on. Shapes: (H, W, 3) uint8."""
        ...

    def draw_before(self, picture: Bytes, view: View, t: float) -> None:
        """Lay what floats before the subject over a frame, in place."""
        ...


class OwnGround:
    """The picture's own background, with whatever weather was asked for floating in it."""

    light: Light | None = None

    def __init__(self, backdrop: Backdrop, floating: tuple[Particles, ...], notes: tuple[str, ...]) -> None:
        self._backdrop, self._floating, self.notes = backdrop, floating, notes

    def draw_behind(self, view: View, t: float) -> Bytes:
        """The background, and the particles behind the subject."""
        picture = self._backdrop.draw(view)
        for group in self._floating:
            group.draw_behind(picture, view, t, 1.0)
        return picture

    def draw_before(self, picture: Bytes, view: View, t: float) -> None:
        """The particles before the subject."""
        for group in self._floating:
            group.draw_before(picture, view, t)


def set_stage(portrait: Portrait, storyboard: Storyboard, framing: Framing, size: Size, seed: int) -> Stage:
    """The stage for a storyboard; the picture's own ground where it names no place that is painted."""
    wanted = storyboard.setting
    if wanted.place in names():
        return _painted(wanted, size, seed)
    notes: tuple[str, ...] = ()
    if wanted.place:
        notes = (f"The place {wanted.place!r} cannot be painted: the picture's own background stays.",)
    floating = (make(wanted.weather, size, seed),) if wanted.weather in KINDS else ()
    if wanted.weather and not floating:
        notes = (*notes, f"The weather {wanted.weather!r} needs a painted place: it was left out.")
    return OwnGround(Backdrop(portrait.plate, framing, size), floating, notes)


def _painted(wanted: Setting, size: Size, seed: int) -> Scene:
    return build(
        wanted.place,
        size=size,
        hour=wanted.hour if wanted.hour in HOUR_NAMES else "day",
        season=wanted.season if wanted.season in SEASONS else None,
        weather=wanted.weather if wanted.weather in WEATHERS else None,
        seed=seed,
    )


def grades_for(storyboard: Storyboard) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The grades a storyboard asks for, in order, and notes on the styles there is no grade for."""
    asked = (*storyboard.look.styles, *storyboard.look.light)
    own_hour = storyboard.setting.hour if not storyboard.setting.place else ""
    known = tuple(name for name in (own_hour, *asked) if name in GRADES)
    lacking = tuple(
        f"There is no grade for the style {name!r}: it was left out." for name in asked if name not in GRADES
    )
    return tuple(dict.fromkeys(known)), lacking


def colour_around(stage: Stage, size: Size) -> Floats:
    """The stage's mean linear colour about the middle of the frame. Shapes: (3,)."""
    seen = cv2.resize(stage.draw_behind(REST, 0.0), (32, 18), interpolation=cv2.INTER_AREA)
    return np.asarray(to_linear(seen)[2:14, 8:24].reshape(-1, 3).mean(0), np.float32)
