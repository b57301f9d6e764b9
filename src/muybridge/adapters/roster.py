"""Several engines on one machine with a GPU: one take at a time on it, and no more loaded than fits.

An engine whose card names device memory takes its turn; another that is loaded beside it goes, the
longest unused first, until there is room. It goes by its process, so that all it held is free.
Limits: it knows the engines of this worker; what other programs hold on the GPU it does not see.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog

from muybridge.adapters.child import EngineProcess, OnProgress
from muybridge.domain.model_card import Health
from muybridge.domain.subject import Subject
from muybridge.ports.engine import Made, Order
from muybridge.ports.running_engine import RunningEngine

log = structlog.get_logger()


class Roster:
    """The engines of one worker; `room` is the device's memory in bytes, None where nobody knows."""

    def __init__(self, room: int | None) -> None:
        self._room = room
        self._turn = asyncio.Lock()
        self._on_device: dict[EngineProcess, int] = {}  # the longest unused first

    def cast(self, process: EngineProcess, need: int) -> RunningEngine:
        """The engine, which from now on takes its turn where it needs device memory (`need` bytes)."""
        if not need:
            return process
        self._on_device[process] = need
        return _InTurn(self, process)

    async def load(self, process: EngineProcess) -> None:
        """Load an engine before its first take; raises what the engine raises."""
        if process not in self._on_device:
            await process.load()
            return
        async with self._turn:
            await self._make_room_for(process)
            await process.load()

    async def generate(self, process: EngineProcess, order: Order, on_progress: OnProgress) -> Made:
        """A take in its turn."""
        if self._turn.locked():
            on_progress(0.0, "waiting for the device")
        async with self._turn:
            await self._make_room_for(process)
            return await process.generate(order, on_progress)

    async def _make_room_for(self, process: EngineProcess) -> None:
        self._on_device[process] = need = self._on_device.pop(process)  # the latest used now
        if self._room is None:
            return
        loaded = {
            other: size for other, size in self._on_device.items() if other.pid and other is not process
        }
        for other in list(loaded):
            if need + sum(loaded.values()) <= self._room:
                return
            log.info("engine unloaded to make room", engine=other.engine, for_engine=process.engine)
            await other.close()
            del loaded[other]


class _InTurn:
    """One engine as the server sees it, whose takes wait for the device."""

    def __init__(self, roster: Roster, process: EngineProcess) -> None:
        self._roster, self._process = roster, process

    async def health(self) -> Health:
        """As the engine says."""
        return await self._process.health()

    async def look(self, picture: Path) -> Subject:
        """As the engine sees; looking needs no device."""
        return await self._process.look(picture)

    async def generate(self, order: Order, on_progress: OnProgress) -> Made:
        """A take, once the device is free."""
        return await self._roster.generate(self._process, order, on_progress)
