"""An engine as the server sees it: in a process of its own, asked and waited for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from muybridge.domain.model_card import Health
from muybridge.domain.subject import Subject
from muybridge.ports.engine import Made, Order

OnProgress = Callable[[float, str], None]


class RunningEngine(Protocol):
    """One engine at work elsewhere; what it raises is what the engine raised.

    Beyond that: EngineCrashed where its process died, TimedOut where it took too long.
    """

    async def health(self) -> Health:
        """Whether it could make a take just now."""
        ...

    async def look(self, picture: Path) -> Subject:
        """What it sees in the picture."""
        ...

    async def generate(self, order: Order, on_progress: OnProgress) -> Made:
        """Make one take; cancelling the call ends the take within a second."""
        ...
