"""A clock that a test sets; waiting moves it and takes no time."""

from __future__ import annotations

import asyncio

from muybridge.ports.clock import Clock
from muybridge.units import Seconds


class FakeClock(Clock):
    def __init__(self, now: float = 1_763_800_000.0) -> None:
        self.time = now
        self.waits: list[float] = []

    def now(self) -> Seconds:
        return Seconds(self.time)

    async def sleep(self, seconds: Seconds) -> None:
        self.waits.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)
