"""Cancel: end a task that is no longer wanted; one that has ended stays as it ended.

The row comes first and counts: whatever a running take still gives is refused from then on. Then
the take is stopped; where the orchestrator is away, or none is given, the reconciler stops it later.
"""

from __future__ import annotations

from contextlib import suppress

from muybridge.domain.key import Key
from muybridge.domain.task import Task, TaskState
from muybridge.errors import MuybridgeError, Unavailable
from muybridge.ports.clock import Clock
from muybridge.ports.orchestrator import Orchestrator
from muybridge.ports.task_store import IllegalMove, TaskStore
from muybridge.service.query import Query

CANCELLED = "cancelled"


class Cancel:
    """What the owner of a task, or the operator, calls off."""

    def __init__(self, tasks: TaskStore, orchestrator: Orchestrator | None, clock: Clock) -> None:
        self._tasks, self._orchestrator, self._clock = tasks, orchestrator, clock
        self._query = Query(tasks)

    async def __call__(self, key: Key, task_id: str | None) -> Task:
        """End the key's own task, and give it as it stands then; raises as Query does."""
        return await self.end(await self._query(key, task_id), "cancelled by its owner")

    async def end(self, task: Task, reason: str) -> Task:
        """End this task, whoever asks; `reason` goes into its timeline."""
        if not task.state.terminal:
            with suppress(IllegalMove):  # it has just succeeded
                await self._tasks.move(
                    task.task_id,
                    TaskState.FAIL,
                    self._clock.now(),
                    reason,
                    status_code=MuybridgeError.code,
                    status_msg=CANCELLED,
                )
            task = await self._tasks.get(task.task_id) or task
        if task.state is TaskState.FAIL and self._orchestrator is not None:
            await _stop(task, self._orchestrator)
        return task


async def _stop(task: Task, orchestrator: Orchestrator) -> None:
    with suppress(Unavailable):
        await orchestrator.cancel(task.task_id)
        if task.callback_url:
            await orchestrator.tell(task.task_id)
