"""An engine with the manners of a real one, at the pace and with the mishaps its prompt asks for.

"steady 3" takes three seconds with even progress; "crash" dies of a signal; "crash once" only the
first time, "refuse" says no. Whatever it finishes is a real video.
"""

from __future__ import annotations

import ctypes
import hashlib
import time
from pathlib import Path

import numpy as np

from muybridge.domain.model_card import Health, ModelCard
from muybridge.domain.subject import Subject, SubjectKind
from muybridge.errors import EngineCrashed, EngineNotReady, InputRefused
from muybridge.media.intake import read_picture_file
from muybridge.media.writer import Writer
from muybridge.ports.engine import Made, Order, Progress
from muybridge.units import Size

SPEC = "fakes.engines:SteadyEngine"
SIZE = Size(128, 72)
FRAMES = 25


class SteadyEngine:
    name = "steady"

    def __init__(self, weights: object, cache: Path) -> None:
        self._cache = cache

    def card(self) -> ModelCard:
        return ModelCard(SPEC, "for tests")

    def health(self) -> Health:
        return Health(ready=True)

    def look(self, picture: Path) -> Subject:
        seen = read_picture_file(picture)
        return Subject(seen.sha256, seen.size, SubjectKind.FIGURE, notes=("Nobody was looked for.",))

    def generate(self, order: Order, progress: Progress) -> Made:
        what, _, rest = order.storyboard.prompt.partition(" ")
        self._note_a_start(order)
        if what == "refuse":
            raise InputRefused("input new_sensitive: asked to refuse")
        if what == "crash" and (rest != "once" or self._first_time(order)):
            ctypes.string_at(0)
        seconds = float(rest) if what == "steady" else 0.0
        with Writer(order.out, SIZE, order.rate, preset="ultrafast") as writer:
            for number in range(FRAMES):
                writer.write(np.full((SIZE.height, SIZE.width, 3), number * 10, np.uint8))
                progress(number / FRAMES, "drawing")
                time.sleep(seconds / FRAMES)
        return Made(order.out, SIZE, FRAMES)

    def _note_a_start(self, order: Order) -> None:
        self._cache.mkdir(parents=True, exist_ok=True)
        with (self._cache / "starts").open("a") as starts:
            starts.write(f"{order.seed}\n")

    def _first_time(self, order: Order) -> bool:
        name = hashlib.sha256(f"{order.seed} {order.storyboard.prompt}".encode()).hexdigest()[:16]
        marker = self._cache / name
        first = not marker.exists()
        marker.touch()
        return first


FALTERING = "fakes.engines:FalteringEngine"


class FalteringEngine(SteadyEngine):
    """Makes nothing: it says that it is not ready, crashes or refuses, as its prompt's first word asks."""

    name = "faltering"

    def generate(self, order: Order, progress: Progress) -> Made:
        self._note_a_start(order)
        what = order.storyboard.prompt.split()[0]
        if what == "refuse":
            raise InputRefused("input new_sensitive: asked to refuse")
        if what == "crash":
            ctypes.string_at(0)
        if what == "worn":
            raise EngineCrashed("this process is of no more use")
        raise EngineNotReady("no GPU is here")


OTHER = "fakes.engines:OtherEngine"


class OtherEngine(SteadyEngine):
    """As the steady one, under another name."""

    name = "other"
