"""This machine's clock."""

from __future__ import annotations

import asyncio
import time

from muybridge.ports.clock import Clock
from muybridge.units import Seconds


class SystemClock(Clock):
    """The real time."""

    def now(self) -> Seconds:
        """Unix seconds, with a fraction."""
        return Seconds(time.time())

    async def sleep(self, seconds: Seconds) -> None:
        """Wait that long; other work goes on."""
        await asyncio.sleep(seconds)
