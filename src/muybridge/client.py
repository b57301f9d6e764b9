"""The Python clients: `Client` for threads, `AsyncClient` for event loops, over the same calls.

    with Client("http://127.0.0.1:8000", api_key) as client:
        task_id = client.create("her.png", "She winks with a smile.")
        done = client.wait(task_id, watch=lambda answer: print(answer.status))
        client.download(done.file_id, "her.mp4")

Each error of the wire is raised as its class in `muybridge.errors`. What may be repeated safely
is, a few times, when the server does not answer, is busy or limits the rate; a create carries an
idempotency key of its own, so that repeating it makes one task.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import httpx

from muybridge.calls import (
    Call,
    Calls,
    Done,
    Listen,
    Patience,
    Picture,
    Save,
    Send,
    Step,
    Wait,
    Watch,
    as_image,
    bytes_of,
)
from muybridge.errors import InvalidInput, NoKey
from muybridge.wire.answers import FileObject, ModelObject, QueryAnswer

URL, KEY = "MUYBRIDGE_URL", "MUYBRIDGE_API_KEY"
_HERE = "http://127.0.0.1:8000"


class Client:
    """A server's API for programs without an event loop; closed by `with` or `close`.

    `url` and `key` are otherwise taken from MUYBRIDGE_URL and MUYBRIDGE_API_KEY.
    Raises: NoKey where there is none.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        timeout: float = 60.0,
        patience: Patience | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._calls = Calls(_key(key), patience or Patience())
        self._http = httpx.Client(base_url=_base(url), timeout=timeout, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def create(self, picture: Picture, prompt: str = "", *, once: str | None = None, **asked: Any) -> str:
        """Make a task of a picture (a path, a URL, a file id, or bytes) and a sentence; its id.

        `asked` are more fields of the request: model, prompt_optimizer, callback_url,
        aigc_watermark. The same `once` and request give the same task, also from another process.
        """
        return self._take(self._calls.create(as_image(picture), prompt, once, asked))

    def query(self, task_id: str) -> QueryAnswer:
        """How a task stands; a failed one is an answer, not an error."""
        return self._take(self._calls.query(task_id))

    def wait(
        self, task_id: str, *, within: float = 1800.0, every: float = 1.0, watch: Watch | None = None
    ) -> QueryAnswer:
        """Wait until the task ends, and tell `watch` each answer.

        Our own servers tell each change as a `ProgressAnswer`, with stage, fraction and time left;
        others are asked `every` so many seconds.

        Raises: the task's own error where it failed; TimedOut after `within` seconds.
        """
        return self._take(self._calls.wait(task_id, within, every, watch))

    def cancel(self, task_id: str) -> str:
        """Call a task off; its status then: Fail, or Success where it came too late for that."""
        return self._take(self._calls.cancel(task_id))

    def download(self, file_id: str | int, to: str | Path) -> Path:
        """Fetch a file, whole or not at all."""
        return self._take(self._calls.download(str(file_id), Path(to)))

    def retrieve(self, file_id: str | int) -> FileObject:
        """Describe one file, with a fresh download_url."""
        return self._take(self._calls.retrieve(str(file_id)))

    def files(self, purpose: str | None = None) -> list[FileObject]:
        """List the key's files, the newest first."""
        return self._take(self._calls.files(purpose))

    def upload(self, picture: str | Path, purpose: str = "character") -> FileObject:
        """Upload a picture; its file_id can stand for it in `create`."""
        path = Path(picture)
        return self._take(self._calls.upload(path.name, bytes_of(path), purpose))

    def delete(self, file_id: str | int, purpose: str = "") -> int:
        """Delete a file for good."""
        return self._take(self._calls.delete(str(file_id), purpose))

    def models(self) -> list[ModelObject]:
        """List what is served and what each model takes."""
        return self._take(self._calls.models())

    def _take(self, call: Call[Done]) -> Done:
        outcome: Any = None
        while True:
            try:
                step = call.send(outcome)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]  # the generator's own return
            outcome = self._step(step)

    def _step(self, step: Step) -> Any:
        if isinstance(step, Wait):
            time.sleep(step.seconds)
            return time.monotonic()
        try:
            if isinstance(step, Listen):
                return self._listen(step)
            if isinstance(step, Send):
                return self._http.request(step.method, step.path, headers=step.headers, **step.options)
            return self._save(step)
        except httpx.HTTPError as error:
            return error

    def _listen(self, step: Listen) -> None:
        end = time.monotonic() + step.within
        with self._http.stream("GET", step.path, headers=step.headers, timeout=step.silence) as response:
            if _is_events(response):
                for line in response.iter_lines():
                    if not step.hear(line) or time.monotonic() > end:
                        return

    def _save(self, step: Save) -> None:
        with _whole(step.to) as sink, self._http.stream("GET", step.url) as response:
            response.raise_for_status()
            for piece in response.iter_bytes(1 << 18):
                sink.write(piece)


class AsyncClient:
    """The same for event loops; closed by `async with` or `aclose`."""

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        timeout: float = 60.0,
        patience: Patience | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._calls = Calls(_key(key), patience or Patience())
        self._http = httpx.AsyncClient(base_url=_base(url), timeout=timeout, transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def create(
        self, picture: Picture, prompt: str = "", *, once: str | None = None, **asked: Any
    ) -> str:
        """Make a task, as `Client.create` does."""
        image = await asyncio.to_thread(as_image, picture)
        return await self._take(self._calls.create(image, prompt, once, asked))

    async def query(self, task_id: str) -> QueryAnswer:
        """How a task stands; a failed one is an answer, not an error."""
        return await self._take(self._calls.query(task_id))

    async def wait(
        self, task_id: str, *, within: float = 1800.0, every: float = 1.0, watch: Watch | None = None
    ) -> QueryAnswer:
        """Ask until the task ends, as `Client.wait` does."""
        return await self._take(self._calls.wait(task_id, within, every, watch))

    async def cancel(self, task_id: str) -> str:
        """Call a task off, as `Client.cancel` does."""
        return await self._take(self._calls.cancel(task_id))

    async def download(self, file_id: str | int, to: str | Path) -> Path:
        """Fetch a file, whole or not at all."""
        return await self._take(self._calls.download(str(file_id), Path(to)))

    async def retrieve(self, file_id: str | int) -> FileObject:
        """Describe one file, with a fresh download_url."""
        return await self._take(self._calls.retrieve(str(file_id)))

    async def files(self, purpose: str | None = None) -> list[FileObject]:
        """List the key's files, the newest first."""
        return await self._take(self._calls.files(purpose))

    async def upload(self, picture: str | Path, purpose: str = "character") -> FileObject:
        """Upload a picture; its file_id can stand for it in `create`."""
        path = Path(picture)
        raw = await asyncio.to_thread(bytes_of, path)
        return await self._take(self._calls.upload(path.name, raw, purpose))

    async def delete(self, file_id: str | int, purpose: str = "") -> int:
        """Delete a file for good."""
        return await self._take(self._calls.delete(str(file_id), purpose))

    async def models(self) -> list[ModelObject]:
        """List what is served and what each model takes."""
        return await self._take(self._calls.models())

    async def _take(self, call: Call[Done]) -> Done:
        outcome: Any = None
        while True:
            try:
                step = call.send(outcome)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]  # the generator's own return
            outcome = await self._step(step)

    async def _step(self, step: Step) -> Any:
        if isinstance(step, Wait):
            await asyncio.sleep(step.seconds)
            return time.monotonic()
        try:
            if isinstance(step, Listen):
                return await self._listen(step)
            if isinstance(step, Send):
                return await self._http.request(step.method, step.path, headers=step.headers, **step.options)
            return await self._save(step)
        except httpx.HTTPError as error:
            return error

    async def _listen(self, step: Listen) -> None:
        end = time.monotonic() + step.within
        options: dict[str, Any] = {"headers": step.headers, "timeout": step.silence}
        async with self._http.stream("GET", step.path, **options) as response:
            if _is_events(response):
                async for line in response.aiter_lines():
                    if not step.hear(line) or time.monotonic() > end:
                        return

    async def _save(self, step: Save) -> None:
        with _whole(step.to) as sink:
            async with self._http.stream("GET", step.url) as response:
                response.raise_for_status()
                async for piece in response.aiter_bytes(1 << 18):
                    await asyncio.to_thread(sink.write, piece)


def _is_events(response: httpx.Response) -> bool:
    kind: str = response.headers.get("content-type", "")
    return kind.startswith("text/event-stream")


def _base(url: str | None) -> str:
    given = url or os.environ.get(URL) or _HERE
    if not given.startswith(("http://", "https://")):
        raise InvalidInput("url", repr(given)[:80], "what a server's address begins with: http://host:port")
    return given.rstrip("/").removesuffix("/v1")


def _key(key: str | None) -> str:
    given = (key or os.environ.get(KEY) or "").strip()
    if not given:
        raise NoKey(f"no API key: give one, or set {KEY}; `muybridge keys create NAME` makes one")
    return given


@contextmanager
def _whole(to: Path) -> Iterator[IO[bytes]]:
    """A file that is there under its name only once it is whole."""
    try:
        handle, name = tempfile.mkstemp(dir=to.parent, prefix=f".{to.name}-")
    except OSError as error:
        raise InvalidInput(
            "to", f"{to} ({error.strerror})", "a path in a folder that can be written"
        ) from None
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as sink:
            yield sink
        part.chmod(0o644)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
