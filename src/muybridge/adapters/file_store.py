"""Files: rows in the database, bytes in an object store (a folder, S3, GCS, Azure) through obstore.

The bytes come first and the row last, so that what is listed can be read; what a crash leaves
between the two is bytes without a row, which nobody can see.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url
from sqlalchemy import Select, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from muybridge.adapters.look_up import LookUp
from muybridge.adapters.sql import Database
from muybridge.adapters.tables import files
from muybridge.domain.stored_file import StoredFile
from muybridge.errors import InvalidInput, NotFound, Unavailable
from muybridge.ports.file_store import FileStore, NewFile
from muybridge.units import Seconds

_PIECE = 1 << 18  # bytes handed on at once
_SMALL = 1 << 17  # bytes that are hashed sooner than a thread is woken
_COLUMNS = [column for column in files.c if column.name != "deleted_at"]
_LIVE = LookUp(
    select(*_COLUMNS).where(files.c.file_id == bindparam("file_id"), files.c.deleted_at.is_(None)),
    lambda row: StoredFile(**row),
)

_INSERT = insert(files)


def open_objects(place: str) -> ObjectStore:
    """The object store at a folder's path or at a URL (`s3://bucket/path`, `gs://`, `az://`)."""
    if "://" not in place:
        Path(place).mkdir(parents=True, exist_ok=True)
        return LocalStore(place)
    try:
        return from_url(place)
    except (BaseError, ValueError) as error:
        scheme = place.partition("://")[0]
        raise InvalidInput(
            "MUYBRIDGE_FILES_URL",
            f'"{scheme}://..." ({_first_line(error)})',
            "a folder, s3://, gs:// or az://",
        ) from None


class SqlFileStore(FileStore):
    """Files as rows of `files` and objects named by their id."""

    def __init__(self, database: Database, objects: ObjectStore) -> None:
        self._database = database
        self._objects = objects

    async def put(self, new: NewFile, source: Path | bytes, at: Seconds) -> StoredFile:
        """Keep the bytes, then the row."""
        if (there := await self.get(new.file_id)) is not None:
            return there
        small = isinstance(source, bytes) and len(source) < _SMALL
        size, sha256 = _measure(source) if small else await asyncio.to_thread(_measure, source)
        try:
            await obstore.put_async(self._objects, new.file_id, source)
        except (BaseError, OSError) as error:
            raise Unavailable(f"the file cannot be kept ({_first_line(error)})") from error
        file = StoredFile(new.file_id, new.key_id, new.purpose, new.filename, size, sha256, at)
        try:
            await self._database.write(lambda connection: connection.execute(_INSERT, asdict(file)))
        except IntegrityError:  # a second try of the same work was faster, or the file is deleted already
            if (there := await self.get(new.file_id)) is None:
                raise NotFound("file_id", new.file_id, "a file that was not deleted") from None
            return there
        return file

    async def get(self, file_id: str) -> StoredFile | None:
        """The file's row."""
        return await self._database.first(_LIVE, {"file_id": file_id})

    async def read(self, file: StoredFile, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to but not including `end`."""
        end = file.bytes if end is None else min(end, file.bytes)
        if start >= end:
            return
        try:
            found = await obstore.get_async(self._objects, file.file_id, options={"range": (start, end)})
            async for piece in found.stream(min_chunk_size=_PIECE):
                yield bytes(piece)
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound("file_id", file.file_id, "a file whose bytes are still kept") from error

    async def save(self, file: StoredFile, to: Path) -> Path:
        """Write the whole file to `to`, atomically."""
        handle, name = await asyncio.to_thread(tempfile.mkstemp, dir=to.parent, prefix=".part-")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as sink:
                async for piece in self.read(file):
                    await asyncio.to_thread(sink.write, piece)
            await asyncio.to_thread(shutil.move, part, to)
        finally:
            await asyncio.to_thread(part.unlink, missing_ok=True)
        return to

    async def list(
        self, key_id: str | None = None, purpose: str | None = None, before: Seconds | None = None
    ) -> Sequence[StoredFile]:
        """Files of one key or all, of one purpose or all, made before a time; the newest first."""
        query: Select[Any] = select(*_COLUMNS).where(files.c.deleted_at.is_(None))
        if key_id is not None:
            query = query.where(files.c.key_id == key_id)
        if purpose is not None:
            query = query.where(files.c.purpose == purpose)
        if before is not None:
            query = query.where(files.c.created_at < before)
        order = (files.c.created_at.desc(), files.c.file_id)
        return [StoredFile(**row._asdict()) for row in await self._database.all(query.order_by(*order))]

    async def delete(self, file_id: str, at: Seconds) -> bool:
        """Forget the row, then the bytes."""
        here = update(files).where(files.c.file_id == file_id, files.c.deleted_at.is_(None))
        forgotten = here.values(deleted_at=at).returning(files.c.file_id)
        if not await self._database.write(lambda connection: connection.execute(forgotten).all()):
            return False
        try:
            await obstore.delete_async(self._objects, file_id)
        except (NotFoundError, FileNotFoundError):
            pass  # gone is what was wanted
        except (BaseError, OSError) as error:
            raise Unavailable(f"the file's bytes cannot be deleted ({_first_line(error)})") from error
        return True


def _measure(source: Path | bytes) -> tuple[int, str]:
    if isinstance(source, bytes):
        return len(source), hashlib.sha256(source).hexdigest()
    with source.open("rb") as whole:
        digest = hashlib.file_digest(whole, "sha256")
    return source.stat().st_size, digest.hexdigest()


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:120]
