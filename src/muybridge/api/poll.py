"""The poll path, answered before any router: clients ask it once a second for each task.

Cost: 30 us of processor time on SQLite, the envelope included; through the routers it was 190.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from muybridge.api.answers import JSON, QUERY, error_body, log_fault, send_plain
from muybridge.api.parts import Parts
from muybridge.domain.task import Task
from muybridge.errors import MuybridgeError
from muybridge.wire.answers import QueryAnswer

_EVERYDAY = re.compile(rb"task_id=(\d+)")


class Poll:
    """Middleware that answers `GET /v1/query/video_generation` itself and passes the rest on."""

    def __init__(self, app: ASGIApp, parts: Parts) -> None:
        self._app = app
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection scope."""
        if scope.get("path") != QUERY or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        try:
            body = await how_it_stands(self._parts, scope)
        except MuybridgeError as error:
            log_fault(QUERY, error)
            body = error_body(QUERY, error)
        await send_plain(send, 200, body, [JSON])


async def how_it_stands(parts: Parts, scope: Scope) -> bytes:
    """The answer to a poll, as JSON."""
    sent = next((value for name, value in scope["headers"] if name == b"authorization"), None)
    key = await parts.keyring.owner(None if sent is None else sent.decode("latin-1"))
    task = await parts.query(key, _task_id(scope["query_string"]))
    return _answer(task)


@lru_cache(1024)  # a task is frozen, and asked for many times before it changes
def _answer(task: Task) -> bytes:
    return QueryAnswer.of(task).model_dump_json().encode()


def _task_id(query: bytes) -> str | None:
    everyday = _EVERYDAY.fullmatch(query)
    if everyday:
        return everyday[1].decode("ascii")
    return parse_qs(query.decode("latin-1"), keep_blank_values=True).get("task_id", [None])[-1]
