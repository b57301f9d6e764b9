"""What every answer carries and every request passes: trace id, CORS, the body's bound, the last net.

Plain ASGI, because it stands in the way of every poll.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from muybridge.api.answers import JSON, QUERY, error_body, send_plain

log = structlog.get_logger()

_COMMON = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Trace-Id, Content-Range, Content-Disposition, ETag"),
]
_ASKABLE = b"Authorization, Content-Type, Idempotency-Key, Range"
_QUIET = {QUERY, "/healthz", "/readyz"}


class Envelope:
    """Middleware around the whole API; `max_body` is in bytes."""

    def __init__(self, app: ASGIApp, max_body: int) -> None:
        self._app = app
        self._max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection scope."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace = secrets.token_hex(16)
        structlog.contextvars.bind_contextvars(trace_id=trace)
        exchange = _Exchange(scope, send, trace)
        if scope["method"] == "OPTIONS":
            await _preflight(scope["headers"], exchange.send)
            return
        try:
            await self._app(scope, self._bounded(scope, receive), exchange.send)
        except Exception as broken:  # the last net: whatever broke, the client gets an answer it can read
            log.exception("request broke", method=scope["method"], path=scope["path"])
            if exchange.done:
                return
            if exchange.status:
                raise  # too late for another answer: the server ends the connection
            await send_plain(exchange.send, 200, error_body(scope["path"], broken), [JSON])
        finally:
            exchange.log()

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        left = self._max_body

        async def bounded() -> Message:
            nonlocal left
            if left == self._max_body:
                declared = next(
                    (value for name, value in scope["headers"] if name == b"content-length"), b"0"
                )
                left = left if declared.isdigit() and int(declared[:20]) <= left else -1
            if left >= 0:
                message = await receive()
                left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413, f"more than {self._max_body >> 20} MiB")
            return message

        return bounded


class _Exchange:
    """One answer on its way out."""

    def __init__(self, scope: Scope, send: Send, trace: str) -> None:
        self._scope = scope
        self._send = send
        self._headers = [(b"trace-id", trace.encode()), *_COMMON]
        self._began = time.perf_counter()
        self.status = 0
        self.done = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], *self._headers]
        await self._send(message)
        self.done = message["type"] == "http.response.body" and not message.get("more_body", False)

    def log(self) -> None:
        if self._scope["path"] not in _QUIET or self.status >= 400:
            ms = round((time.perf_counter() - self._began) * 1000, 1)
            where = {"method": self._scope["method"], "path": self._scope["path"][:200]}
            log.info("request", **where, status=self.status, ms=ms)


async def _preflight(headers: Iterable[tuple[bytes, bytes]], send: Send) -> None:
    asked = next((value for name, value in headers if name == b"access-control-request-headers"), _ASKABLE)
    allowed = [
        (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
        (b"access-control-allow-headers", asked),  # "*" would not cover Authorization
        (b"access-control-max-age", b"86400"),
        (b"vary", b"Access-Control-Request-Headers"),
    ]
    await send_plain(send, 200, b"", allowed)
