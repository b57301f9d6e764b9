"""Query: how one task stands, for the key it belongs to."""

from __future__ import annotations

from muybridge.domain.key import Key
from muybridge.domain.task import Task
from muybridge.errors import InvalidInput, NotFound
from muybridge.ports.task_store import TaskStore
from muybridge.wire.ids import read_id
from muybridge.wire.shown import shown


class Query:
    """What a poller asks."""

    def __init__(self, tasks: TaskStore) -> None:
        self._tasks = tasks

    async def __call__(self, key: Key, task_id: str | None) -> Task:
        """The key's own task.

        Raises: InvalidInput for an id that is none; NotFound for an unknown one and for another's alike.
        """
        if task_id is None:
            raise InvalidInput("task_id", "nothing", "the id of a task of this key")
        task = await self._tasks.get(read_id(task_id, "task_id"))
        if task is None or task.key_id != key.key_id:
            raise NotFound("task_id", shown(task_id), "the id of a task of this key")
        return task
