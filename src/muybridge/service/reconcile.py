"""Find what was promised and is not being driven: tasks without a workflow, events without a teller;
and what is driven though it was cancelled.

This is the outbox: a row written while the orchestrator was away is picked up here. It is also the
rebuild: an orchestrator that lost its state is given every unfinished task again.
"""

from __future__ import annotations

from dataclasses import dataclass

from muybridge.domain.event import EventState
from muybridge.domain.task import TaskState
from muybridge.ports.orchestrator import Orchestrator
from muybridge.ports.task_store import TaskStore

_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Found:
    """How many tasks, and how many tasks' events, had to be taken up; how many tasks to be stopped."""

    tasks: int
    events: int
    stopped: int = 0


class Reconcile:
    """Gives every unfinished task to the orchestrator that does not have it already."""

    def __init__(self, tasks: TaskStore, orchestrator: Orchestrator) -> None:
        self._tasks, self._orchestrator = tasks, orchestrator

    async def reconcile(self) -> Found:
        """Take up what is left lying; raises Unavailable, having taken up what it could.

        Cost: one listing, and one call for each task taken up.
        """
        # rows first: what begins after this look is not missed, it is seen to be under way
        unfinished = await self._tasks.unfinished(_MOST)
        pending = {event.task_id for event in await self._tasks.events(state=EventState.PENDING)}
        under_way = await self._orchestrator.under_way()
        missing = [task for task in unfinished if task.task_id not in under_way.tasks]
        for task in missing:
            await self._orchestrator.start(task.task_id, tenant=task.key_id)
        untold = pending - under_way.telling
        for task_id in sorted(untold):
            await self._orchestrator.tell(task_id)
        stopped = await self._stop_what_failed(under_way.tasks - {task.task_id for task in unfinished})
        return Found(len(missing), len(untold), stopped)

    async def _stop_what_failed(self, driven: frozenset[str]) -> int:
        """Stop takes of tasks that were cancelled while the orchestrator was away."""
        stopped = 0
        for task_id in sorted(driven):
            task = await self._tasks.get(task_id)
            if task is not None and task.state is TaskState.FAIL:
                await self._orchestrator.cancel(task_id)
                stopped += 1
        return stopped
