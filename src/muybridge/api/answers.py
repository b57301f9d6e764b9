"""Where answers and errors become HTTP: status 200 and a `base_resp`, whatever happened.

A client that calls raise_for_status first would never see the message of a 4xx. Real HTTP errors
are kept for what is not this API: an unknown path, a body that is too large, an upload that is no
picture, a link that does not open.
"""

from __future__ import annotations

import json

import structlog
from fastapi import Request, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.types import Send

from muybridge.errors import InvalidInput, MuybridgeError
from muybridge.wire.codes import base_resp_of

log = structlog.get_logger()

JSON = (b"content-type", b"application/json")
CREATE, QUERY = "/v1/video_generation", "/v1/query/video_generation"
CANCEL = "/v1/video_generation/cancel"
# shipped clients index these keys before they look at base_resp
_ALWAYS: dict[str, dict[str, object]] = {
    CREATE: {"task_id": ""},
    CANCEL: {"task_id": "", "status": ""},
    QUERY: {"task_id": "", "status": "", "file_id": "", "video_width": 0, "video_height": 0},
}
_SAID = {
    404: ("path", "a path of this API, see /docs"),
    405: ("method", "the method that this path takes, see /docs"),
    413: ("body", "a smaller body"),
}


def answer(model: BaseModel, status: int = 200) -> Response:
    """A wire model as a ready response."""
    return Response(model.model_dump_json(), status, media_type="application/json")


def error_answer(path: str, error: BaseException, status: int = 200) -> Response:
    """An error as this path's clients can read it."""
    return Response(error_body(path, error), status, media_type="application/json")


def error_body(path: str, error: BaseException) -> bytes:
    """The JSON of an error answer on this path."""
    body = {**_ALWAYS.get(path, {}), "base_resp": base_resp_of(error).model_dump()}
    return json.dumps(body, ensure_ascii=False).encode()


async def on_error(request: Request, error: Exception) -> Response:
    """Any error of ours that a route raised."""
    assert isinstance(error, MuybridgeError)  # noqa: S101  # the type that this handler is registered for
    log_fault(request.url.path, error)
    return error_answer(request.url.path, error)


async def on_fault(request: Request, error: Exception) -> Response:
    """Whatever else broke; what it was is logged by the envelope, and nobody outside is told."""
    return error_answer(request.url.path, error)


def log_fault(path: str, error: MuybridgeError) -> None:
    """Keep what the wire does not tell: a fault of ours is only `unknown error` out there."""
    if error.code == MuybridgeError.code:
        log.warning("request failed", path=path, kind=type(error).__name__, why=error.message)


async def on_http_error(request: Request, error: Exception) -> Response:
    """An unknown path, a wrong method, a body that is too large or cannot be read."""
    assert isinstance(error, HTTPException)  # noqa: S101  # the type that this handler is registered for
    field, allowed = _SAID.get(error.status_code, ("request", "what this API takes, see /docs"))
    got = {"path": "one that is not known", "method": request.method}.get(field, str(error.detail)[:120])
    told = error_answer(request.url.path, InvalidInput(field, got, allowed), error.status_code)
    for name, value in (error.headers or {}).items():
        told.headers[name] = value
    return told


async def send_plain(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    """A whole answer straight onto the connection."""
    sized = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": sized})
    await send({"type": "http.response.body", "body": body})
