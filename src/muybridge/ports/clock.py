"""The time, so that a test can set it."""

from __future__ import annotations

from typing import Protocol

from muybridge.units import Seconds


class Clock(Protocol):
    """Tells the time and waits."""

    def now(self) -> Seconds:
        """Unix seconds, with a fraction."""
        ...

    async def sleep(self, seconds: Seconds) -> None:
        """Wait that long."""
        ...
