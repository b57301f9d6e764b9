"""Let go of what has outlived its use: files past their retention, takes that were never published."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from muybridge.ports.clock import Clock
from muybridge.ports.file_store import FileStore
from muybridge.ports.take_store import TakeStore
from muybridge.ports.task_store import TaskStore
from muybridge.units import Seconds

_MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Swept:
    """How many files were deleted, and of how many tasks the left-over takes."""

    files: int
    takes: int


class Sweep:
    """Deletes what is older than `retention`, and what belongs to no unfinished task."""

    def __init__(
        self, tasks: TaskStore, files: FileStore, takes: TakeStore, clock: Clock, retention: Seconds
    ) -> None:
        self._tasks, self._files, self._takes = tasks, files, takes
        self._clock, self._retention = clock, retention

    async def sweep(self) -> Swept:
        """One round, of a thousand files at most; raises Unavailable where a store is away."""
        now = self._clock.now()
        old = await self._files.list(before=Seconds(now - self._retention))
        # a picture that an unfinished task still waits for is kept, however old
        wanted = {task.reference for task in await self._tasks.unfinished()}
        files = 0
        for file in old[:_MOST_AT_ONCE]:
            if file.file_id not in wanted:
                files += await self._files.delete(file.file_id, now)
        return Swept(files, await self._stray_takes())

    async def _stray_takes(self) -> int:
        stray = 0
        for task_id in await self._takes.tasks():
            task = await self._tasks.get(task_id)
            if task is None or task.state.terminal:
                stray += bool(await self._takes.drop(task_id))
        return stray


def clear_scratch(scratch: Path, older_than: Seconds) -> int:
    """Remove the working folders that killed workers left; gives how many."""
    removed = 0
    for folder in scratch.glob("*") if scratch.is_dir() else ():
        try:
            if time.time() - folder.stat().st_mtime > older_than:
                shutil.rmtree(folder, ignore_errors=True)
                removed += 1
        except OSError:
            continue  # another worker removed it
    return removed
