"""Where files are kept: their rows beside the tasks, their bytes in an object store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from muybridge.domain.stored_file import StoredFile
from muybridge.units import Seconds


@dataclass(frozen=True, slots=True)
class NewFile:
    """What is to be said of a file when it is put; `file_id` comes from `TaskStore.new_id`."""

    file_id: str
    key_id: str
    purpose: str
    filename: str


class FileStore(Protocol):
    """Keeps files. A file is seen whole or not at all."""

    async def put(self, new: NewFile, source: Path | bytes, at: Seconds) -> StoredFile:
        """Keep the bytes, then the row. Putting the same `file_id` again gives the first row.

        Raises: Unavailable where the bytes cannot be kept (disk full, store away); NotFound where
        the file was put and deleted before.
        """
        ...

    async def get(self, file_id: str) -> StoredFile | None:
        """The file's row, or None where it never was or is deleted."""
        ...

    def read(self, file: StoredFile, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to but not including `end`, in pieces of bounded size.

        Raises: NotFound where the bytes have gone.
        """
        ...

    async def save(self, file: StoredFile, to: Path) -> Path:
        """Write the whole file to `to` on this machine's disk, atomically; raises NotFound."""
        ...

    async def list(
        self, key_id: str | None = None, purpose: str | None = None, before: Seconds | None = None
    ) -> Sequence[StoredFile]:
        """Files of one key or all, of one purpose or all, made before a time; the newest first."""
        ...

    async def delete(self, file_id: str, at: Seconds) -> bool:
        """Forget the row, then the bytes; False where there was nothing. The id is never reused."""
        ...
