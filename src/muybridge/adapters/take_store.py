"""Takes and references as objects by name, in the store that also holds the files' bytes."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import ObjectStore

from muybridge.errors import NotFound, Unavailable

_PREFIX = "takes/"
_PIECE = 1 << 20


class ObjectTakeStore:
    """Takes lie under `takes/TASK_ID/`; nothing there is ever written twice."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    async def fetch(self, name: str, to: Path) -> None:
        """Write the object's bytes to `to`."""
        async with _told(name):
            found = await obstore.get_async(self._objects, name)
            with await asyncio.to_thread(to.open, "wb") as sink:
                async for piece in found.stream(min_chunk_size=_PIECE):
                    await asyncio.to_thread(sink.write, piece)

    async def keep(self, task_id: str, video: Path) -> str:
        """Keep a take's bytes under a name of its own."""
        name = f"{_PREFIX}{task_id}/{uuid.uuid4().hex}.mp4"
        async with _told(name):
            await obstore.put_async(self._objects, name, video)
        return name

    async def drop(self, task_id: str) -> int:
        """Forget every take of the task."""
        async with _told(task_id):
            names = [name async for name in self._names(f"{_PREFIX}{task_id}/")]
            if names:
                await obstore.delete_async(self._objects, names)
        return len(names)

    async def tasks(self) -> frozenset[str]:
        """The ids of all tasks that have takes here."""
        async with _told(_PREFIX):
            return frozenset([name.split("/")[1] async for name in self._names(_PREFIX)])

    async def _names(self, prefix: str) -> AsyncIterator[str]:
        async for found in obstore.list(self._objects, prefix):
            for each in found:
                yield each["path"]


@asynccontextmanager
async def _told(name: str) -> AsyncIterator[None]:
    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        raise NotFound("file", name, "an object that is still kept") from error
    except (BaseError, OSError) as error:
        first_line = (str(error).strip() or type(error).__name__).splitlines()[0][:120]
        raise Unavailable(f"the object store does not answer ({first_line})") from error
