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

from muybridge.errors import InvalidInput, MuybridgeError
from muybridge.wire.codes import BaseResp, base_resp_of

log = structlog.get_logger()

CREATE, QUERY = "/v1/video_generation", "/v1/query/video_generation"
# shipped clients index these keys before they look at base_resp
_ALWAYS: dict[str, dict[str, object]] = {
    CREATE: {"task_id": ""},
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
    body = {**_ALWAYS.get(path, {}), "base_resp": base_resp_of(error).model_dump()}
    return Response(json.dumps(body, ensure_ascii=False), status, media_type="application/json")


async def on_error(request: Request, error: Exception) -> Response:
    """Any error of ours that a route raised."""
    assert isinstance(error, MuybridgeError)  # noqa: S101  # the type that this handler is registered for
    if error.code == MuybridgeError.code:
        log.warning("request failed", path=request.url.path, kind=type(error).__name__, why=error.message)
    return error_answer(request.url.path, error)


async def on_http_error(request: Request, error: Exception) -> Response:
    """An unknown path, a wrong method, a body that is too large or cannot be read."""
    assert isinstance(error, HTTPException)  # noqa: S101  # the type that this handler is registered for
    field, allowed = _SAID.get(error.status_code, ("request", "what this API takes, see /docs"))
    got = {"path": "one that is not known", "method": request.method}.get(field, str(error.detail)[:120])
    told = error_answer(request.url.path, InvalidInput(field, got, allowed), error.status_code)
    for name, value in (error.headers or {}).items():
        told.headers[name] = value
    return told


def failure(message: str = "unknown error") -> bytes:
    """The answer where something of ours broke: the log knows more, by the Trace-Id."""
    return json.dumps({"base_resp": BaseResp(status_code=1000, status_msg=message).model_dump()}).encode()
