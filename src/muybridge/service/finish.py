"""How a task's row follows its take: begun, back in the queue, failed; and how an error ends it."""

from __future__ import annotations

from contextlib import suppress
from typing import Unpack

from muybridge.domain.task import TaskState
from muybridge.errors import MuybridgeError, NotFound
from muybridge.ports.clock import Clock
from muybridge.ports.take_store import TakeStore
from muybridge.ports.task_store import Changes, IllegalMove, TaskStore

_LONGEST_MESSAGE = 500


class Follow:
    """Writes down how a task stands while its take is made elsewhere.

    A task that has ended meanwhile stays as it ended.
    """

    def __init__(self, tasks: TaskStore, takes: TakeStore, clock: Clock) -> None:
        self._tasks, self._takes, self._clock = tasks, takes, clock

    async def begun(self, task_id: str) -> None:
        """An engine is at work."""
        await self._move(task_id, TaskState.PROCESSING, "an engine is at work")

    async def again(self, task_id: str, reason: str) -> None:
        """The take was lost; the task waits for another."""
        await self._move(task_id, TaskState.QUEUEING, reason)

    async def failed(self, task_id: str, error: MuybridgeError) -> None:
        """No take will come; what was kept of earlier ones goes."""
        code, message = ending(error)
        await self._move(task_id, TaskState.FAIL, message, status_code=code, status_msg=message)
        await self._takes.drop(task_id)

    async def _move(self, task_id: str, state: TaskState, reason: str, **changes: Unpack[Changes]) -> None:
        with suppress(IllegalMove, NotFound):
            await self._tasks.move(task_id, state, self._clock.now(), reason, **changes)


def ending(error: MuybridgeError) -> tuple[int, str]:
    """The status code and message a failed task carries; the code is never 0."""
    message = " ".join(error.message.split())[:_LONGEST_MESSAGE]
    return error.code or 1000, message or "unknown error"
