"""Readiness: whether a request sent now would be taken and done."""

from __future__ import annotations

import asyncio

from muybridge.errors import MuybridgeError
from muybridge.ports.orchestrator import Orchestrator
from muybridge.ports.task_store import TaskStore

_WITHIN_S = 3.0


class Readiness:
    """Asks each part that a task needs."""

    def __init__(self, tasks: TaskStore, orchestrator: Orchestrator) -> None:
        self._tasks = tasks
        self._orchestrator = orchestrator

    async def __call__(self) -> dict[str, bool]:
        """Each part's name, and whether it answers; never raises, takes 3 s at most."""
        database, orchestrator = await asyncio.gather(self._database(), self._orchestrator_answers())
        return {"database": database, "orchestrator": orchestrator}

    async def _database(self) -> bool:
        try:
            async with asyncio.timeout(_WITHIN_S):
                await self._tasks.get("0")
        except (MuybridgeError, TimeoutError):
            return False
        return True

    async def _orchestrator_answers(self) -> bool:
        try:
            async with asyncio.timeout(_WITHIN_S):
                return await self._orchestrator.healthy()
        except TimeoutError:
            return False
