"""`muybridge listen`: a receiver for development, that answers challenges and prints events as they come.

Limits: for development alone; it listens on this machine and asks nobody for a signature.
"""

from __future__ import annotations

import http.server
import json
import signal
import threading
import time
from types import FrameType
from typing import Annotated, Any

import httpx
import typer

from muybridge.errors import InvalidInput
from muybridge.wire.callback import read_event

_LARGEST = 1 << 20  # bytes
_PASSED_ON = ("content-type", "webhook-id", "webhook-timestamp", "webhook-signature")
_WITHIN = 8.0  # s: shorter than the server waits for us


def listen(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8001,
    forward: Annotated[
        str, typer.Option(metavar="URL", help="Pass events on to here, and its answers back.")
    ] = "",
) -> None:
    """Start a receiver for development: answers challenges, prints events."""
    if forward and not forward.startswith(("http://", "https://")):
        raise InvalidInput("--forward", repr(forward[:80]), "a URL with http:// or https://")
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), _answering(forward))
    except OSError as error:
        allowed = "a free port; 0 takes one"
        raise InvalidInput("--port", f"{port} ({error.strerror or error})", allowed) from error

    def stop(_sign: int, _frame: FrameType | None) -> None:
        threading.Thread(target=server.shutdown).start()  # it waits for the loop that we are in

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, stop)
    with server:
        _say(f"callback_url: http://127.0.0.1:{server.server_port}/")
        server.serve_forever(poll_interval=0.1)


def _answering(forward: str) -> type[http.server.BaseHTTPRequestHandler]:
    class Answer(http.server.BaseHTTPRequestHandler):
        timeout = 30

        def do_POST(self) -> None:
            size = self.headers.get("content-length", "")
            if not size.isdecimal() or int(size) > _LARGEST:
                self._reply(413, b"")
                return
            body = self.rfile.read(int(size))
            said = _object(body)
            if "challenge" in said:
                _say(f"{_now()}  challenge answered")
                self._reply(200, json.dumps({"challenge": said["challenge"]}).encode())
                return
            status, answer, note = _pass_on(forward, body, self) if forward else (200, b"{}", "")
            _say(f"{_now()}  {_shown(body)}  {self.headers.get('webhook-id', '')}{note}")
            self._reply(status, answer)

        def _reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
            del format, args  # events are what is printed

    return Answer


def _pass_on(
    forward: str, body: bytes, request: http.server.BaseHTTPRequestHandler
) -> tuple[int, bytes, str]:
    headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
    try:
        answer = httpx.post(forward, content=body, headers=headers, timeout=_WITHIN, trust_env=False)
    except httpx.HTTPError as error:
        return 502, b"", f"  -> not passed on: {type(error).__name__}"
    return answer.status_code, answer.content[:_LARGEST], f"  -> {answer.status_code}"


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _shown(body: bytes) -> str:
    event = read_event(body)
    if event is None:
        return f"not an event: {body[:80]!r}"
    told = [f"task {event.task_id}", event.status]
    if event.file_id:
        told.append(f"file {event.file_id} {event.video_width}x{event.video_height}")
    if event.base_resp.status_code:
        told.append(f"{event.base_resp.status_code} {event.base_resp.status_msg}")
    return "  ".join(told)


def _now() -> str:
    return time.strftime("%H:%M:%S")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # through a pipe too, each line as it comes
