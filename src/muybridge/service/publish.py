"""Publish a take: one file for each task, however often this is asked, and the row at Success."""

from __future__ import annotations

import tempfile
from pathlib import Path

from muybridge.domain.stored_file import Purpose
from muybridge.domain.take import Take
from muybridge.domain.task import Task, TaskState
from muybridge.errors import EngineFailed, NotFound
from muybridge.ports.clock import Clock
from muybridge.ports.file_store import FileStore, NewFile
from muybridge.ports.take_store import TakeStore
from muybridge.ports.task_store import IllegalMove, TaskStore
from muybridge.service.rehearse import OFF, Rehearsal, play


class Publish:
    """From a kept take to a file that its owner can download."""

    def __init__(
        self,
        tasks: TaskStore,
        files: FileStore,
        takes: TakeStore,
        clock: Clock,
        scratch: Path,
        rehearsal: Rehearsal = OFF,
    ) -> None:
        self._tasks, self._files, self._takes = tasks, files, takes
        self._clock, self._scratch = clock, scratch
        self._rehearsal = rehearsal

    async def publish(self, task_id: str, take: Take) -> None:
        """Bring the task to Success; one that has ended already stays as it ended.

        Raises:
            OutputRefused: a rehearsal directs it.
            EngineFailed: the take's bytes have gone, so another is needed.
            Unavailable: a store does not answer; trying again may help.
        """
        task = await self._tasks.get(task_id)
        if task is None or task.state.terminal:
            await self._takes.drop(task_id)
            return
        play(self._rehearsal.split(task.prompt)[0], "publish")
        await self._keep(task, take)
        try:
            await self._tasks.move(task_id, TaskState.PROCESSING, self._clock.now(), "an engine is at work")
            await self._tasks.move(
                task_id,
                TaskState.SUCCESS,
                self._clock.now(),
                "published",
                file_id=task.file_id,
                width=take.width,
                height=take.height,
                notes=take.notes,
            )
        except IllegalMove:  # it ended while the bytes were kept, by another publish or as failed
            after = await self._tasks.get(task_id)
            if after is None or after.state is TaskState.FAIL:
                await self._files.delete(task.file_id, self._clock.now())
        await self._takes.drop(task_id)

    async def _keep(self, task: Task, take: Take) -> None:
        new = NewFile(task.file_id, task.key_id, Purpose.VIDEO, "output.mp4")
        self._scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="publish-", dir=self._scratch) as folder:
            video = Path(folder) / "output.mp4"
            try:
                await self._takes.fetch(take.name, video)
            except NotFound as error:
                if await self._files.get(task.file_id) is None:
                    raise EngineFailed("the finished take has gone before it was published") from error
                return
            await self._files.put(new, video, self._clock.now())
