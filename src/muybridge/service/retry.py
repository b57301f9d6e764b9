"""Retry: make a failed task's request once more, as a task of its own; the failed one stays as it ended."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from muybridge.domain.task import Task, TaskState
from muybridge.errors import InvalidInput, Unavailable
from muybridge.ports.clock import Clock
from muybridge.ports.orchestrator import Orchestrator
from muybridge.ports.task_store import TaskStore


class Retry:
    """What an operator does once the cause of a failure is gone; without an orchestrator, for later."""

    def __init__(self, tasks: TaskStore, orchestrator: Orchestrator | None, clock: Clock) -> None:
        self._tasks, self._orchestrator, self._clock = tasks, orchestrator, clock

    async def __call__(self, failed: Task) -> Task:
        """The new task: the same key, picture, prompt, seed and callback address, no limit of the key's.

        Raises: InvalidInput where the task has not failed.
        """
        if failed.state is not TaskState.FAIL:
            raise InvalidInput("TASK", f"{failed.task_id}, which is {failed.state}", "a task that failed")
        now = self._clock.now()
        task = replace(
            failed,
            task_id=await self._tasks.new_id(),
            created_at=now,
            updated_at=now,
            state=TaskState.PREPARING,
            file_id="",
            width=0,
            height=0,
            status_code=0,
            status_msg="success",
            notes=(),
        )
        task = await self._tasks.add(task)
        if self._orchestrator is not None:
            with suppress(Unavailable):  # the reconciler takes it up
                await self._orchestrator.start(task.task_id, tenant=task.key_id)
        return task
