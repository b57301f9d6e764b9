"""The upstream's calls, as this engine makes them; whatever it answers becomes a value or an error of ours.

Its errors are turned to what they mean here: a bad key or an empty account is this engine's trouble,
not the sender's. The key goes into one header and nowhere else.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx
from pydantic import ValidationError

from muybridge.domain.task import TaskState
from muybridge.engines.hailuo.options import HailuoOptions
from muybridge.errors import (
    AllowanceUsedUp,
    EngineFailed,
    EngineNotReady,
    MuybridgeError,
    NoKey,
    RateLimited,
    Unavailable,
    UnknownKey,
)
from muybridge.wire.answers import Answer, CreateAnswer, FileAnswer, QueryAnswer
from muybridge.wire.codes import error_of

Kind = TypeVar("Kind", bound=Answer)

_LONGEST_ANSWER: Final = 1 << 20
_LONGEST_VIDEO: Final = 1 << 30
_BUSY: Final = (408, 425, 429)
_KEY_REFUSED: Final = (401, 403)


class NotSent(Unavailable):
    """The upstream was not reached at all, so it has certainly not taken the order."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is ordered: the picture's bytes and its kind, the words, and whether they may be improved."""

    picture: bytes
    kind: str
    prompt: str
    optimize: bool
    mark: bool


class Upstream:
    """One server of the wire, called with one key."""

    def __init__(self, options: HailuoOptions) -> None:
        # its lines hold whole addresses, and a video's address is a key to it
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._model, self._callback = options.model, options.callback_url
        self._http = httpx.Client(
            base_url=options.base_url,
            headers={"Authorization": f"Bearer {options.secret()}"},
            timeout=options.answer_seconds,
            follow_redirects=False,
        )
        self._bare = httpx.Client(timeout=options.answer_seconds, follow_redirects=True, max_redirects=3)

    def create(self, wish: Wish, digest: str) -> str:
        """Order a video; the upstream's task id."""
        body: dict[str, Any] = {
            "model": self._model,
            "prompt": wish.prompt,
            "prompt_optimizer": wish.optimize,
            "aigc_watermark": wish.mark,
            "subject_reference": [{"type": "character", "image": [_data_url(wish)]}],
        }
        if self._callback:
            body["callback_url"] = self._callback
        answer = self._asked(
            CreateAnswer, "POST", "/v1/video_generation", json=body, headers={"Idempotency-Key": digest}
        )
        if not answer.task_id:
            raise EngineFailed("the upstream took the order and gave no task id")
        return answer.task_id

    def query(self, task_id: str) -> QueryAnswer:
        """How a task stands; a failed one is an answer, not an error."""
        answer = self._asked(QueryAnswer, "GET", "/v1/query/video_generation", params={"task_id": task_id})
        error = error_of(answer.base_resp)
        if error is not None and answer.status != TaskState.FAIL:  # a refused call in an answer's shape
            raise meant(error)
        return answer

    def link(self, file_id: str) -> str:
        """A fresh address of a finished video."""
        answer = self._asked(FileAnswer, "GET", "/v1/files/retrieve", params={"file_id": file_id})
        if not answer.file.download_url.startswith(("http://", "https://")):
            raise EngineFailed("the upstream gave no address for its video")
        return answer.file.download_url

    def download(self, url: str, to: Path, on_bytes: Callable[[float], None]) -> None:
        """Bring a video to `to`, telling the share that is here; raises Unavailable where that fails.

        The key does not go along: the address is somebody else's.
        """
        try:
            with self._bare.stream("GET", url) as reply, to.open("wb") as file:
                if reply.status_code != httpx.codes.OK:
                    raise Unavailable(f"the upstream's video was answered with {reply.status_code}")
                expected = int(reply.headers.get("content-length", 0))
                for piece in reply.iter_bytes(1 << 16):
                    file.write(piece)
                    if file.tell() > _LONGEST_VIDEO:
                        raise EngineFailed("the upstream's video is larger than 1 GiB")
                    on_bytes(file.tell() / expected if expected else 0.5)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise Unavailable(f"the upstream's video broke off ({type(error).__name__})") from None

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()
        self._bare.close()

    def _asked(self, kind: type[Kind], method: str, path: str, **named: Any) -> Kind:
        try:
            with self._http.stream(method, path, **named) as reply:
                status, body = reply.status_code, _read(reply)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL) as error:
            raise NotSent(f"the upstream cannot be reached ({type(error).__name__})") from None
        except httpx.HTTPError as error:
            raise Unavailable(f"the upstream cannot be reached ({type(error).__name__})") from None
        if status >= 500 or status in _BUSY:
            raise Unavailable(f"the upstream answered {status}")
        return _understood(kind, status, body)


def _read(reply: httpx.Response) -> bytes:
    pieces, length = [], 0
    for piece in reply.iter_bytes():
        pieces.append(piece)
        length += len(piece)
        if length > _LONGEST_ANSWER:
            raise EngineFailed("the upstream's answer is longer than 1 MiB")
    return b"".join(pieces)


def _understood(kind: type[Kind], status: int, body: bytes) -> Kind:
    """The answer in a body; what it says went wrong is raised, except in a query's answer."""
    try:
        told = Answer.model_validate_json(body)
    except ValidationError:
        raise _no_answer(kind, status) from None
    if kind is QueryAnswer:
        # a failed task's answer carries a code too
        try:
            return kind.model_validate_json(body)
        except ValidationError:
            pass
    error = error_of(told.base_resp)
    if error is not None:
        raise meant(error)
    try:
        return kind.model_validate_json(body)
    except ValidationError:
        raise Unavailable("the upstream answered success without what belongs to it") from None


def _no_answer(kind: type[Answer], status: int) -> MuybridgeError:
    if status in _KEY_REFUSED:
        return EngineNotReady(f"the upstream does not take this server's key (it answered {status})")
    if kind is CreateAnswer and status >= 400:
        return EngineNotReady(f"the upstream answered {status} with what is no answer; is base_url right?")
    return Unavailable(f"the upstream answered {status} with what is no answer")


def meant(error: MuybridgeError) -> MuybridgeError:
    """What an error of the upstream means to whoever sent the request to us."""
    match error:
        case NoKey() | UnknownKey():
            return EngineNotReady("the upstream does not take this server's key")
        case AllowanceUsedUp():
            return EngineNotReady("this server's account with the upstream is used up")
        case RateLimited():
            return Unavailable(f"the upstream is busy: {error.message}")
        case _ if type(error) is MuybridgeError:
            return EngineFailed(f"the upstream failed: {error.message}")
        case _:
            return error


def _data_url(wish: Wish) -> str:
    return f"data:image/{wish.kind.lower()};base64,{base64.b64encode(wish.picture).decode()}"
