"""A ComfyUI server's calls, as this engine makes them; what fails becomes an error of ours.

Source: ComfyUI's own routes and messages (its documentation, "Routes" and "Messages").
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from muybridge.engines.comfyui.options import ComfyUIOptions
from muybridge.engines.comfyui.workflow import Graph
from muybridge.errors import EngineFailed, EngineNotReady, Unavailable

_ANSWER: Final = 30.0  # s
_HEALTH: Final = 3.0
_LARGEST: Final = 1 << 30
_LONGEST_MESSAGE: Final = 64 << 20  # previews come as messages too


@dataclass(frozen=True, slots=True)
class Message:
    """One word of the server about a prompt of ours: its type, and the data that came with it."""

    type: str
    data: dict[str, Any]


class Server:
    """One ComfyUI server."""

    def __init__(self, options: ComfyUIOptions) -> None:
        token = options.token.get_secret_value()
        self._url = options.url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=options.url, headers=self._headers, timeout=_ANSWER)

    def answers(self) -> bool:
        """Whether it is there; within 3 s."""
        try:
            return self._http.get("/system_stats", timeout=_HEALTH).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def upload(self, raw: bytes, name: str) -> str:
        """Put a picture into its input folder; the name that a LoadImage takes."""
        told = self._asked(
            "POST", "/upload/image", files={"image": (name, raw)}, data={"overwrite": "true", "type": "input"}
        )
        return "/".join(part for part in (told.get("subfolder"), told.get("name")) if part)

    def queue(self, graph: Graph, client: str) -> str:
        """Queue a graph; its prompt id. Raises EngineNotReady where the server finds the graph wrong."""
        try:
            reply = self._http.post("/prompt", json={"prompt": graph, "client_id": client})
        except httpx.HTTPError as error:
            raise _away(error) from None
        told = _object(reply)
        if reply.status_code == httpx.codes.BAD_REQUEST:
            raise EngineNotReady(f"ComfyUI refuses the workflow: {_refusal(told)}")
        if not told.get("prompt_id"):
            raise Unavailable(f"ComfyUI answered {reply.status_code} to the workflow")
        return str(told["prompt_id"])

    def history(self, prompt: str) -> dict[str, Any] | None:
        """What became of a prompt, or None while it is not done."""
        found = self._asked("GET", f"/history/{prompt}").get(prompt)
        return found if isinstance(found, dict) else None

    def download(self, reference: dict[str, Any], to: Path) -> None:
        """Bring one of its files to `to`."""
        params = {name: str(reference.get(name, "")) for name in ("filename", "subfolder", "type")}
        try:
            with self._http.stream("GET", "/view", params=params) as reply, to.open("wb") as file:
                if reply.status_code != httpx.codes.OK:
                    raise Unavailable(f"ComfyUI answered {reply.status_code} for {params['filename']}")
                for piece in reply.iter_bytes(1 << 16):
                    file.write(piece)
                    if file.tell() > _LARGEST:
                        raise EngineFailed(f"{params['filename']} is larger than 1 GiB")
        except httpx.HTTPError as error:
            raise _away(error) from None

    def call_off(self, prompt: str) -> None:
        """Take a prompt out of the queue, and stop it where it runs; what fails is let be."""
        with suppress(httpx.HTTPError):
            self._http.post("/queue", json={"delete": [prompt]}, timeout=_HEALTH)
            running = _object(self._http.get("/queue", timeout=_HEALTH)).get("queue_running", [])
            if any(prompt in entry for entry in running if isinstance(entry, list)):
                self._http.post("/interrupt", json={"prompt_id": prompt}, timeout=_HEALTH)

    def free(self) -> None:
        """Ask it to give memory back; what fails is let be."""
        with suppress(httpx.HTTPError):
            self._http.post("/free", json={"unload_models": True, "free_memory": True}, timeout=_HEALTH)

    @contextmanager
    def listening(self, client: str) -> Iterator[Listener]:
        """Hear what the server says to this client; silence where it cannot be heard."""
        address = f"ws{self._url.removeprefix('http')}/ws?clientId={client}"
        try:
            opened = connect(
                address, additional_headers=self._headers, open_timeout=_HEALTH, max_size=_LONGEST_MESSAGE
            )
        except (OSError, WebSocketException):
            yield Listener(None)
            return
        with opened as connection:
            yield Listener(connection)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _asked(self, method: str, path: str, **named: Any) -> dict[str, Any]:
        try:
            reply = self._http.request(method, path, **named)
        except httpx.HTTPError as error:
            raise _away(error) from None
        if reply.status_code != httpx.codes.OK:
            raise Unavailable(f"ComfyUI answered {reply.status_code} to {path.rpartition('/')[0] or path}")
        return _object(reply)


class Listener:
    """A web socket that may break: from then on it is silent, and the history tells the rest."""

    def __init__(self, connection: ClientConnection | None) -> None:
        self._connection = connection

    def next(self, within: float) -> Message | None:
        """The next message within so many seconds, or None."""
        if self._connection is None:
            time.sleep(within)
            return None
        try:
            return _message(self._connection.recv(timeout=within))
        except TimeoutError:
            return None
        except (OSError, WebSocketException):
            self._connection = None
            return None


def _message(raw: str | bytes) -> Message | None:
    """The message in a frame; None for a preview picture, which is bytes, and for noise."""
    try:
        told = json.loads(raw) if isinstance(raw, str) else None
    except ValueError:
        return None
    if not isinstance(told, dict) or not isinstance(told.get("data"), dict):
        return None
    return Message(str(told.get("type")), told["data"])


def _object(reply: httpx.Response) -> dict[str, Any]:
    try:
        told = reply.json()
    except ValueError:
        raise Unavailable(f"ComfyUI answered {reply.status_code} with what is no answer") from None
    if not isinstance(told, dict):
        raise Unavailable(f"ComfyUI answered {reply.status_code} with what is no answer")
    return told


def _refusal(told: dict[str, Any]) -> str:
    """The first thing that is wrong with a graph, in the server's words."""
    errors = told.get("node_errors")
    for node, wrong in errors.items() if isinstance(errors, dict) else ():
        first = (wrong.get("errors") or [{}])[0]
        return f"node {node} ({wrong.get('class_type')}): {first.get('message')} {first.get('details', '')}"[
            :300
        ]
    error = told.get("error")
    return str(error.get("message") if isinstance(error, dict) else error)[:300]


def _away(error: Exception) -> Unavailable:
    return Unavailable(f"ComfyUI cannot be reached ({type(error).__name__})")
