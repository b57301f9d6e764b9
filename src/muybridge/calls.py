"""What the Python clients do, described once and without a connection.

Each call is a generator: it yields a step (send this, wait so long, save that) and is given the
step's outcome. `muybridge.client` takes the steps, in a thread's time or an event loop's.
"""

from __future__ import annotations

import base64
import random
import uuid
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from muybridge.domain.task import TaskState
from muybridge.errors import InvalidInput, MuybridgeError, TimedOut, Unavailable
from muybridge.wire.answers import (
    CancelAnswer,
    CreateAnswer,
    DeleteAnswer,
    FileAnswer,
    FileListAnswer,
    FileObject,
    ModelListAnswer,
    ModelObject,
    ProgressAnswer,
    QueryAnswer,
)
from muybridge.wire.codes import BaseResp, error_of
from muybridge.wire.ids import read_id
from muybridge.wire.models import FIRST_FRAME, S2V, form_of

Picture = str | bytes | Path
Watch = Callable[[QueryAnswer], None]


@dataclass(frozen=True, slots=True)
class Send:
    """Send a request; its outcome is the response, or the httpx error that came instead."""

    method: str
    path: str
    options: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wait:
    """Let time pass, in seconds; its outcome is the time since the client began, in seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Save:
    """Fetch a URL into a file, whole or not at all; its outcome is None or the httpx error."""

    url: str
    to: Path


@dataclass(frozen=True, slots=True)
class Listen:
    """Give each line of an event stream to `hear`, until it says False; its outcome is None.

    A stream that is none, breaks off, falls silent, or goes on after `within` seconds is left.
    """

    path: str
    headers: dict[str, str]
    hear: Callable[[str], bool]
    within: float
    silence: ClassVar[float] = 15.0  # s; the server gives a sign of life every 5


Step = Send | Wait | Save | Listen
Outcome = Any  # of each kind of step as its docstring says
Answered = TypeVar("Answered", bound=BaseModel)
Done = TypeVar("Done")
Call = Generator[Step, Outcome, Done]


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a call that may be repeated is repeated, and the first and longest pause, in seconds."""

    tries: int = 4
    first: float = 0.5
    longest: float = 8.0

    def pause(self, failed: int) -> float:
        """The pause after so many failures: doubled each time, with jitter so that clients part."""
        longest = min(self.longest, self.first * 2.0 ** (failed - 1))
        return longest * random.uniform(0.5, 1.0)


class Calls:
    """Every call of the contract as a generator of steps."""

    def __init__(self, key: str, patience: Patience) -> None:
        self._key = {"Authorization": f"Bearer {key}"}
        self._patience = patience

    def create(self, image: str, prompt: str, once: str | None, asked: dict[str, Any]) -> Call[str]:
        """Make a task; repeating is safe, because every try carries the same idempotency key."""
        model = asked.get("model", S2V)
        reference: dict[str, Any] = {"subject_reference": [{"type": "character", "image": [image]}]}
        if form_of(model) == FIRST_FRAME:
            reference = {"first_frame_image": image}
        body = {"model": model, "prompt": prompt, **reference, **asked}
        once_only = {"Idempotency-Key": once or uuid.uuid4().hex}
        send = Send("POST", "/v1/video_generation", {"json": body}, once_only)
        return (yield from self._answer(send, CreateAnswer)).task_id

    def query(self, task_id: str) -> Call[QueryAnswer]:
        """How a task stands; a failed one is an answer, not an error."""
        send = Send("GET", "/v1/query/video_generation", {"params": {"task_id": task_id}})
        response = yield from self._response(send)
        answer = _read(response)
        if answer.get("status") != TaskState.FAIL:
            _raise_for(answer)
        return _as(QueryAnswer, answer, response)

    def wait(self, task_id: str, within: float, every: float, watch: Watch | None) -> Call[QueryAnswer]:
        """Listen until the task ends, and ask where nothing is to be heard.

        Raises: its error if it failed, TimedOut if it takes too long.
        """
        began = yield Wait(0.0)
        heard = yield from self._listen(task_id, within, watch)
        while True:
            answer = heard or (yield from self.query(task_id))
            if watch is not None and heard is None:
                watch(answer)
            if answer.status == TaskState.SUCCESS:
                return answer
            if answer.status == TaskState.FAIL:
                raise error_of(answer.base_resp) or MuybridgeError(f"task {task_id} failed")
            now = yield Wait(every)
            if now - began > within:
                raise TimedOut(f"task {task_id} is still {answer.status} after {within:g} s")

    def _listen(self, task_id: str, within: float, watch: Watch | None) -> Call[ProgressAnswer | None]:
        """What the task's event stream says of its end; None where it does not."""
        last: ProgressAnswer | None = None

        def hear(line: str) -> bool:
            nonlocal last
            if line.startswith("data:"):
                last = _event(line.removeprefix("data:"))
                if last is not None and watch is not None:
                    watch(last)
            return last is None or not TaskState(last.status).terminal

        path = f"/v1/video_generation/{quote(task_id, safe='')}/events?within={within:g}"
        yield Listen(path, self._key, hear, within)
        return last if last is not None and TaskState(last.status).terminal else None

    def cancel(self, task_id: str) -> Call[str]:
        """Call a task off; repeating is safe, because a task ends once."""
        send = Send("POST", "/v1/video_generation/cancel", {"json": {"task_id": task_id}})
        return (yield from self._answer(send, CancelAnswer)).status

    def download(self, file_id: str, to: Path) -> Call[Path]:
        """Fetch a file by a fresh link, as often as patience allows."""
        for failed in range(1, self._patience.tries + 1):
            file = yield from self.retrieve(file_id)
            error = yield Save(file.download_url, to)
            if error is None:
                return to
            if failed < self._patience.tries:
                yield Wait(self._patience.pause(failed))
        raise Unavailable(f"file {file_id} could not be downloaded: {error}")

    def retrieve(self, file_id: str) -> Call[FileObject]:
        """Describe one file, with a fresh link."""
        send = Send("GET", "/v1/files/retrieve", {"params": {"file_id": file_id}})
        return (yield from self._answer(send, FileAnswer)).file

    def files(self, purpose: str | None) -> Call[list[FileObject]]:
        """List the key's files."""
        send = Send("GET", "/v1/files/list", {"params": {"purpose": purpose} if purpose else {}})
        return (yield from self._answer(send, FileListAnswer)).files

    def delete(self, file_id: str, purpose: str) -> Call[int]:
        """Delete a file; not repeated once it may have arrived."""
        body = {"file_id": int(read_id(file_id, "file_id")), "purpose": purpose}
        send = Send("POST", "/v1/files/delete", {"json": body})
        return (yield from self._answer(send, DeleteAnswer, repeat=False)).file_id

    def upload(self, name: str, raw: bytes, purpose: str) -> Call[FileObject]:
        """Upload a picture; not repeated once it may have arrived."""
        parts = {"data": {"purpose": purpose}, "files": {"file": (name, raw)}}
        return (
            yield from self._answer(Send("POST", "/v1/files/upload", parts), FileAnswer, repeat=False)
        ).file

    def models(self) -> Call[list[ModelObject]]:
        """List what is served."""
        return (yield from self._answer(Send("GET", "/v1/models"), ModelListAnswer)).data

    def _answer(self, send: Send, kind: type[Answered], *, repeat: bool = True) -> Call[Answered]:
        response = yield from self._response(send, repeat=repeat)
        answer = _read(response)
        _raise_for(answer)
        return _as(kind, answer, response)

    def _response(self, send: Send, *, repeat: bool = True) -> Call[httpx.Response]:
        signed = replace(send, headers=self._key | send.headers)
        failed = 0
        while True:
            outcome: httpx.Response | httpx.HTTPError = yield signed
            error, again = _judge(outcome, repeat=repeat)
            failed += 1
            if error is None and isinstance(outcome, httpx.Response):
                return outcome
            if not again or failed >= self._patience.tries:
                raise error or Unavailable("no answer")
            yield Wait(self._patience.pause(failed))


def as_image(picture: Picture) -> str:
    """A picture as the wire takes it: URLs, data URLs and file ids as they are, files and bytes inside."""
    if isinstance(picture, str) and (
        picture.isdigit() or picture[:8].lower().startswith(("http:", "https:", "data:"))
    ):
        return picture
    raw = picture if isinstance(picture, bytes) else bytes_of(Path(picture))
    return "data:application/octet-stream;base64," + base64.b64encode(raw).decode("ascii")


def bytes_of(path: Path) -> bytes:
    """What a file holds; raises InvalidInput where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput(
            "picture", f"{path} ({error.strerror})", "a file, a URL, a file id, or bytes"
        ) from None


def _judge(outcome: httpx.Response | httpx.HTTPError, *, repeat: bool) -> tuple[MuybridgeError | None, bool]:
    """What is wrong with an outcome, and whether to send again."""
    if isinstance(outcome, httpx.HTTPError):
        unsent = isinstance(outcome, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
        late = isinstance(outcome, httpx.TimeoutException)
        text = f"{type(outcome).__name__}: {outcome}"
        return (TimedOut if late else Unavailable)(f"the server does not answer ({text})"), repeat or unsent
    if outcome.status_code >= 500:
        return Unavailable(f"the server answered HTTP {outcome.status_code}"), repeat
    error = error_of(BaseResp.model_validate(_read(outcome).get("base_resp") or {}))
    return (error, repeat) if error is not None and error.retryable else (None, False)


def _read(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = from_json(response.content)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or not isinstance(answer.get("base_resp"), dict):
        raise MuybridgeError(
            f"HTTP {response.status_code} without base_resp from {response.url}: no such server?"
        )
    return answer


def _event(data: str) -> ProgressAnswer | None:
    try:
        event = ProgressAnswer.model_validate_json(data)
        TaskState(event.status)
    except ValueError:
        return None
    return event


def _raise_for(answer: dict[str, Any]) -> None:
    error = error_of(BaseResp.model_validate(answer["base_resp"]))
    if error is not None:
        raise error


def _as(kind: type[Answered], answer: dict[str, Any], response: httpx.Response) -> Answered:
    try:
        return kind.model_validate(answer)
    except ValidationError as wrong:
        raise MuybridgeError(
            f"an answer of {response.url} that is none: {wrong.errors()[0]['msg']}"
        ) from None
