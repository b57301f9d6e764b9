"""Files in memory."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from muybridge.domain.stored_file import StoredFile
from muybridge.errors import NotFound
from muybridge.ports.file_store import FileStore, NewFile
from muybridge.units import Seconds


class FakeFileStore(FileStore):
    def __init__(self) -> None:
        self.rows: dict[str, StoredFile] = {}
        self.bytes: dict[str, bytes] = {}

    async def put(self, new: NewFile, source: Path | bytes, at: Seconds) -> StoredFile:
        if new.file_id not in self.rows:
            raw = source if isinstance(source, bytes) else source.read_bytes()
            digest = hashlib.sha256(raw).hexdigest()
            self.bytes[new.file_id] = raw
            self.rows[new.file_id] = StoredFile(
                new.file_id, new.key_id, new.purpose, new.filename, len(raw), digest, at
            )
        return self.rows[new.file_id]

    async def get(self, file_id: str) -> StoredFile | None:
        return self.rows.get(file_id)

    async def read(self, file: StoredFile, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        if file.file_id not in self.bytes:
            raise NotFound("file_id", file.file_id, "a file whose bytes are still kept")
        wanted = self.bytes[file.file_id][start:end]
        if wanted:
            yield wanted

    async def save(self, file: StoredFile, to: Path) -> Path:
        to.write_bytes(b"".join([piece async for piece in self.read(file)]))
        return to

    async def list(
        self, key_id: str | None = None, purpose: str | None = None, before: Seconds | None = None
    ) -> Sequence[StoredFile]:
        found = [
            row
            for row in self.rows.values()
            if key_id in (None, row.key_id)
            and purpose in (None, row.purpose)
            and (before is None or row.created_at < before)
        ]
        return sorted(found, key=lambda row: (-row.created_at, row.file_id))

    async def delete(self, file_id: str, at: Seconds) -> bool:
        self.bytes.pop(file_id, None)
        return self.rows.pop(file_id, None) is not None
