"""Serving a file's bytes: whole, one range of them, or not at all because the client has them.

Source: RFC 9110, sections 13 and 14. Of several ranges asked for at once none is served: the
whole file is, as the standard allows.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from muybridge.domain.stored_file import StoredFile
from muybridge.ports.file_store import FileStore

_ONE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII)
_TYPES = {
    "mp4": "video/mp4",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
}


def find_range(header: str | None, size: int) -> tuple[int, int] | None:
    """The part that a Range header asks for, as start and end (exclusive); None for the whole.

    Raises: ValueError where no byte of the file is asked for.
    """
    match = _ONE.fullmatch(header or "")
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:  # the last so many
        start, end = max(0, size - int(match[2])), size
    else:
        start, end = int(match[1]), min(int(match[2] or size) + 1, size)
        if match[2] and int(match[2]) < start:
            return None  # not a range at all: to be ignored
    if start >= end:
        raise ValueError(f"bytes */{size}")
    return start, end


def serve(request: Request, store: FileStore, file: StoredFile) -> Response:
    """The answer to a GET or HEAD of a file's bytes."""
    etag = f'"{file.sha256}"'
    headers = {
        "etag": etag,
        "accept-ranges": "bytes",
        "cache-control": "private, max-age=3600, immutable",
        "content-disposition": f"inline; filename*=UTF-8''{quote(file.filename, safe='')}",
        "x-content-type-options": "nosniff",
    }
    if etag in _tags(request.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    wanted = request.headers.get("range")
    if request.headers.get("if-range", etag) != etag:
        wanted = None
    try:
        part = find_range(wanted, file.bytes)
    except ValueError as whole:
        return Response(status_code=416, headers=headers | {"content-range": str(whole)})
    start, end = part or (0, file.bytes)
    headers["content-length"] = str(end - start)
    if part:
        headers["content-range"] = f"bytes {start}-{end - 1}/{file.bytes}"
    kind = _TYPES.get(file.filename.rpartition(".")[2].lower(), "application/octet-stream")
    if request.method == "HEAD":
        return Response(status_code=200, headers=headers, media_type=kind)
    return StreamingResponse(store.read(file, start, end), 206 if part else 200, headers, kind)


def _tags(header: str | None) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in (header or "").split(",")]
