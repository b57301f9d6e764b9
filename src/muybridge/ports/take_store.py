"""The object store as a worker sees it: bytes by name, without rows and without a database."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class TakeStore(Protocol):
    """Fetches references and keeps finished takes until one of them is published."""

    async def fetch(self, name: str, to: Path) -> None:
        """Write the object's bytes to `to`; raises NotFound, or Unavailable for no answer."""
        ...

    async def keep(self, task_id: str, video: Path) -> str:
        """Keep a take's bytes under a name of its own, and give the name; raises Unavailable."""
        ...

    async def drop(self, task_id: str) -> int:
        """Forget every take of the task; gives how many there were; raises Unavailable."""
        ...

    async def tasks(self) -> frozenset[str]:
        """The ids of all tasks that have takes here; raises Unavailable."""
        ...
