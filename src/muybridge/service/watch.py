"""Watch: how a task goes on, told while it happens.

State comes from the row, stage and fraction from the running take's heartbeat; that is asked once
a second for each task that is watched, however many watch it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

from muybridge.domain.key import Key
from muybridge.domain.task import Task, TaskState
from muybridge.errors import MuybridgeError, RateLimited
from muybridge.ports.clock import Clock
from muybridge.ports.orchestrator import Orchestrator, TakeProgress
from muybridge.ports.task_store import TaskStore
from muybridge.service.query import Query
from muybridge.units import Seconds

_PULSE = Seconds(0.5)
_ASKED_AGAIN = Seconds(0.9)
_TOO_EARLY = 0.05  # a guess of the time left is worth nothing before this fraction
_NOTHING = TakeProgress(0.0, "")


@dataclass(frozen=True, slots=True)
class Sight:
    """What a watcher sees: the task, its take's stage and fraction, and the seconds left, where known."""

    task: Task
    stage: str = ""
    fraction: float = 0.0
    seconds_left: float | None = None

    @property
    def news(self) -> tuple[TaskState, str, int]:
        """What must change for a watcher to be told again."""
        return self.task.state, self.stage, round(self.fraction * 100)


@dataclass(frozen=True, slots=True)
class Seats:
    """How many may watch at once, all keys together, and after what silence they are told of life."""

    most: int = 200
    silence: Seconds = Seconds(5.0)


class Watch:
    """What those who watch tasks see."""

    def __init__(
        self, tasks: TaskStore, orchestrator: Orchestrator, clock: Clock, seats: Seats | None = None
    ) -> None:
        self._tasks, self._orchestrator, self._clock = tasks, orchestrator, clock
        self._query, self._seats = Query(tasks), seats or Seats()
        self._watched: Counter[str] = Counter()
        self._said: dict[str, tuple[float, TakeProgress]] = {}
        self._closed = False

    def close(self) -> None:
        """Let every watcher go within half a second; they can ask again, or another server."""
        self._closed = True

    async def __call__(self, key: Key, task_id: str | None, within: Seconds) -> AsyncIterator[Sight | None]:
        """The key's own task from now to its end, `within` seconds at most; None is a sign of life.

        Raises: as Query does; RateLimited where all seats are taken.
        """
        task = await self._query(key, task_id)
        if self._watched.total() >= self._seats.most:
            raise RateLimited(f"rate limit: at most {self._seats.most} watch at once; poll instead")
        return self._sights(task.task_id, within)

    async def _sights(self, task_id: str, within: Seconds) -> AsyncIterator[Sight | None]:
        self._watched[task_id] += 1
        try:
            async for sight in self._until_its_end(task_id, within):
                yield sight
        finally:
            self._watched -= Counter([task_id])
            if task_id not in self._watched:
                self._said.pop(task_id, None)

    async def _until_its_end(self, task_id: str, within: Seconds) -> AsyncIterator[Sight | None]:
        now = asyncio.get_running_loop().time
        end, told, last = now() + within, now(), None
        while not self._closed and self._watched.total() <= self._seats.most:
            sight = await self._look(task_id)
            if sight is None:
                return
            if sight.news != last:
                last, told = sight.news, now()
                yield sight
            elif now() - told >= self._seats.silence:
                told = now()
                yield None
            if sight.task.state.terminal or now() >= end:
                return
            await asyncio.sleep(min(_PULSE, end - now()))

    async def _look(self, task_id: str) -> Sight | None:
        """What is to be seen now; None where the row cannot be read."""
        try:
            task = await self._tasks.get(task_id)
        except MuybridgeError:
            return None
        if task is None:
            return None
        if task.state is not TaskState.PROCESSING:
            done = task.state is TaskState.SUCCESS
            return Sight(task, "", 1.0 if done else 0.0, 0.0 if task.state.terminal else None)
        said = await self._progress(task_id)
        left = None
        if said.fraction >= _TOO_EARLY:
            took = max(self._clock.now() - task.updated_at, 0.0)
            left = took * (1.0 - said.fraction) / said.fraction
        return Sight(task, said.stage, said.fraction, left)

    async def _progress(self, task_id: str) -> TakeProgress:
        now = asyncio.get_running_loop().time()
        asked, said = self._said.get(task_id, (float("-inf"), _NOTHING))
        if now - asked < _ASKED_AGAIN:
            return said
        self._said[task_id] = now, said  # whoever looks meanwhile sees what was last said
        try:
            said = await self._orchestrator.progress(task_id) or said
        except MuybridgeError:
            return said
        self._said[task_id] = now, said
        return said
