"""Files: retrieved, listed, deleted and uploaded by the key they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from muybridge.domain.key import Key
from muybridge.domain.stored_file import Purpose, StoredFile
from muybridge.errors import InvalidInput, NotFound
from muybridge.ports.clock import Clock
from muybridge.ports.file_store import FileStore, NewFile
from muybridge.ports.task_store import TaskStore
from muybridge.service.judge import judge
from muybridge.service.links import Links
from muybridge.wire.ids import read_id
from muybridge.wire.shown import shown

_LONGEST_NAME = 200
_LONGEST_PURPOSE = 64


class Files:
    """What a key does with its files; `store` and `links` also serve the bytes themselves."""

    def __init__(self, store: FileStore, tasks: TaskStore, links: Links, clock: Clock) -> None:
        self.store = store
        self.links = links
        self._tasks = tasks
        self._clock = clock

    async def retrieve(self, key: Key, file_id: object) -> StoredFile:
        """The key's own file.

        Raises: InvalidInput for an id that is none; NotFound for an unknown one and for another's alike.
        """
        if file_id is None:
            raise InvalidInput("file_id", "nothing", "the id of a file of this key")
        file = await self.store.get(read_id(file_id, "file_id"))
        if file is None or file.key_id != key.key_id:
            raise NotFound("file_id", shown(file_id), "the id of a file of this key")
        return file

    async def list(self, key: Key, purpose: str | None = None) -> Sequence[StoredFile]:
        """The key's files, the newest first; those that came inside create requests only when asked for."""
        files = await self.store.list(key.key_id, purpose or None)
        return [file for file in files if purpose or file.purpose != Purpose.REFERENCE]

    async def delete(self, key: Key, file_id: object, purpose: str = "") -> StoredFile:
        """Delete the key's own file; a purpose that is sent must be the file's."""
        file = await self.retrieve(key, file_id)
        if purpose and purpose != file.purpose:
            raise InvalidInput("purpose", shown(purpose), f'"{file.purpose}" for this file')
        await self.store.delete(file.file_id, self._clock.now())
        return file

    async def upload(self, key: Key, purpose: str, filename: str, raw: bytes) -> StoredFile:
        """Keep a picture, judged by its bytes; raises InvalidPicture where it is none."""
        if not purpose.isprintable() or not 0 < len(purpose) <= _LONGEST_PURPOSE:
            raise InvalidInput("purpose", shown(purpose), f"1 to {_LONGEST_PURPOSE} printable characters")
        await judge(raw, "file")
        new = NewFile(await self._tasks.new_id(), key.key_id, purpose, _tame(filename))
        return await self.store.put(new, raw, self._clock.now())


def _tame(filename: str) -> str:
    """A file's name without folders and without what a header or a terminal would trip over."""
    last = filename.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if c.isprintable() and c not in '"<>|:*?')[-_LONGEST_NAME:]
    return kept.strip(". ") or "upload"
