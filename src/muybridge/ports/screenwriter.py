"""Somebody else who writes storyboards: asked first where one is set, and never relied on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from muybridge.domain.storyboard import Storyboard
from muybridge.domain.subject import Subject
from muybridge.units import WIRE_DURATION, Seconds


@dataclass(frozen=True, slots=True)
class Ask:
    """What a storyboard is wanted for. `optimize`: whether what the words leave open may be filled in."""

    prompt: str
    subject: Subject
    optimize: bool = True
    seed: int = 0
    duration: Seconds = WIRE_DURATION


class Screenwriter(Protocol):
    """Writes a storyboard for a prompt, within a time of its own."""

    async def write(self, ask: Ask) -> Storyboard:
        """The storyboard, of the prompt and the duration that were asked for.

        Raises: TimedOut; Unavailable where it cannot be reached or refuses; InvalidInput where
        what it wrote is no storyboard.
        """
        ...
