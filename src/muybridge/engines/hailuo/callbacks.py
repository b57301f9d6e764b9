"""A door for the upstream's callbacks: it echoes the challenge, and wakes whoever waits for a task.

Believed in nothing: an event only says "look now", and the look is a query of ours. So it needs no
signature, and forged events cost one query.
Limits: plain HTTP; put a proxy with TLS in front where the upstream is far away.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from muybridge.errors import EngineNotReady

_LONGEST: Final = 1 << 16
_PATIENCE: Final = 10.0  # s for one POST


class Callbacks:
    """Listens as long as it is open. `told(task_id)` is set once something came for that task."""

    def __init__(self, listen: str) -> None:
        host, _, port = listen.rpartition(":")
        self._told: dict[str, threading.Event] = {}
        try:
            self._server = ThreadingHTTPServer((host, int(port)), self._receiver())
        except OSError as error:
            raise EngineNotReady(f"callbacks cannot be heard at {listen}: {error}") from error
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, name="callbacks", daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def told(self, task_id: str) -> threading.Event:
        """Set when the upstream says something of the task; clear it before the next wait."""
        return self._told.setdefault(task_id, threading.Event())

    def forget(self, task_id: str) -> None:
        """Nobody waits for the task any more."""
        self._told.pop(task_id, None)

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()

    def _heard(self, body: object) -> dict[str, str]:
        if not isinstance(body, dict):
            return {"status": "success"}
        if isinstance(body.get("challenge"), str):
            return {"challenge": body["challenge"]}
        waiting = self._told.get(str(body.get("task_id")))
        if waiting:
            waiting.set()
        return {"status": "success"}

    def _receiver(self) -> type[BaseHTTPRequestHandler]:
        heard = self._heard

        class Receiver(BaseHTTPRequestHandler):
            timeout = _PATIENCE

            def do_POST(self) -> None:  # the name the library calls
                length = int(self.headers.get("content-length") or 0)
                try:
                    body = json.loads(self.rfile.read(min(length, _LONGEST)))
                except ValueError:
                    body = None
                answer = json.dumps(heard(body)).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
                pass

        return Receiver
