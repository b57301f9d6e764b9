"""Reading what a client sends, in bounded time; the size is bounded by the envelope."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from muybridge.errors import InvalidInput, TimedOut

_WITHIN_S = 120.0
_LARGE = 1 << 16  # bytes from which parsing would keep other requests waiting

Parsed = TypeVar("Parsed")


async def read_body(request: Request) -> bytes:
    """The whole body; raises TimedOut for a client that dawdles."""
    try:
        async with asyncio.timeout(_WITHIN_S):
            return await request.body()
    except TimeoutError:
        raise TimedOut(f"the body did not arrive within {_WITHIN_S:g} s") from None


async def parse(raw: bytes, read: Callable[[bytes], Parsed]) -> Parsed:
    """What `read` makes of a body; large ones are read beside the event loop."""
    return await asyncio.to_thread(read, raw) if len(raw) > _LARGE else read(raw)


async def read_upload(request: Request, most: int) -> tuple[str, str, bytes]:
    """Purpose, file name and bytes of a multipart upload.

    Raises: HTTPException 400 where it is not multipart; InvalidInput where a part is missing.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise HTTPException(400, "a content type other than multipart/form-data")
    try:
        async with asyncio.timeout(_WITHIN_S), request.form(max_files=1, max_fields=8) as form:
            purpose, file = form.get("purpose"), form.get("file")
            if not isinstance(purpose, str):
                raise InvalidInput("purpose", "nothing", "what the file is for, as a form field")
            if not isinstance(file, UploadFile):
                raise InvalidInput("file", "nothing", "a file, as a form field with a file name")
            return purpose, file.filename or "", await file.read(most + 1)
    except TimeoutError:
        raise TimedOut(f"the upload did not arrive within {_WITHIN_S:g} s") from None
