"""The door every engine comes in by: what it serves, whether it is ready, and making one take.

An engine is synchronous and runs alone in a child process: it may block, use every core, and
crash, and only its own take is lost. It learns that it is cancelled by `progress` raising, which it
lets through. It is never asked two things at once.

Engines are classes, named by the entry point group `muybridge.engines` of any installed package, and
constructed as `Class(weights, cache)`, or `Class(weights, cache, options)` where the operator set
options for it. Constructing, `card` and `health` are done in the server too, so they are cheap:
no model is loaded, and no heavy package imported. `muybridge.testing.engine_contract` holds an
engine to all that stands here.

This door is stable: what it asks of an engine grows only by members with a default.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from muybridge.domain.model_card import Health, ModelCard
from muybridge.domain.storyboard import Storyboard
from muybridge.domain.subject import Subject
from muybridge.units import WIRE_RATE, WIRE_SIZE, FrameRate, Size


@dataclass(frozen=True, slots=True)
class Order:
    """One take to be made: the picture on disk, the storyboard, and where the mp4 shall lie.

    `mark` is the text of the visible AI mark, or empty for none. `optimize` is whether the sender lets
    their words be improved upon; the storyboard is planned by that already.
    """

    picture: Path
    storyboard: Storyboard
    out: Path
    seed: int = 0
    size: Size = WIRE_SIZE
    rate: FrameRate = WIRE_RATE
    mark: str = ""
    optimize: bool = True


@dataclass(frozen=True, slots=True)
class Made:
    """A finished take: the file, its true size and length, and what was acted otherwise."""

    path: Path
    size: Size
    frames: int
    notes: tuple[str, ...] = ()


class Progress(Protocol):
    """Called often by an engine at work; raises `Cancelled` when the take is called off."""

    def __call__(self, fraction: float, stage: str) -> None:
        """Report `fraction` (0 to 1) of the take done, and the stage's short English name."""
        ...


class Engine(Protocol):
    """Makes takes. See the module's docstring for where and how it runs.

    A class that subclasses this has `load` and `unload` for nothing.
    """

    name: str

    def card(self) -> ModelCard:
        """What this engine serves; cheap, loads nothing."""
        ...

    def health(self) -> Health:
        """Whether it could make a take here and now; cheap, loads nothing."""
        ...

    def load(self) -> None:
        """Make the first take as quick as the next; asked again, it costs nothing.

        Raises: EngineNotReady, saying what is missing.
        """

    def unload(self) -> None:
        """Give back memory and device; the next take loads again."""

    def look(self, picture: Path) -> Subject:
        """What this engine sees in the picture; raises InvalidPicture if it is none."""
        ...

    def generate(self, order: Order, progress: Progress) -> Made:
        """Make one take; raises a MuybridgeError that says why it could not.

        `progress` rises from 0 to 1, is called at least once a second or so, and may raise
        Cancelled: then nothing of the take is left, and the engine can make the next one.
        The file lies at `order.out` whole or not at all. The same order gives the same take.
        """
        ...
