"""A server of the wire on loopback: our real API over real HTTP, with mishaps on demand.

What becomes of a task its prompt says: "fine", "slow", "stuck", "refused" (1026), "withheld" (1027),
"failed" (1000).
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from fakes.house import House, build
from fakes.orchestrator import FakeOrchestrator
from muybridge.api.door import Door
from muybridge.domain.stored_file import Purpose
from muybridge.domain.task import TaskState
from muybridge.ports.file_store import NewFile
from muybridge.settings import Settings

Mishap = Callable[[str, str], Response | None]

ENDS = {
    "refused": (1026, "input new_sensitive: no"),
    "withheld": (1027, "output new_sensitive"),
    "failed": (1000, "no luck"),
}


class Upstream:
    """One server. `mishap(method, path)` may answer in the app's stead; `asked` is every request so far."""

    def __init__(self, video: Path) -> None:
        self.video = video.read_bytes()
        self.mishap: Mishap = lambda method, path: None
        self.asked: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self._port = 0
        self._house: House | None = None
        self._thread: threading.Thread | None = None
        self._door: Door | None = None

    @property
    def house(self) -> House:
        assert self._house is not None
        return self._house

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def count(self, path: str) -> int:
        return sum(path in asked for _, asked in self.asked)

    def start(self) -> None:
        """Answer, on the same port and with the same tasks as before."""
        listening = socket.create_server(("127.0.0.1", self._port), reuse_port=False)
        self._port = listening.getsockname()[1]
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listening, ready)), daemon=True
        )
        self._thread.start()
        assert ready.wait(10)

    def stop(self) -> None:
        """Die: every connection breaks, nothing listens."""
        assert self._door is not None
        assert self._thread is not None
        self._door.force_exit = True
        self._door.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()

    async def _serve(self, listening: socket.socket, ready: threading.Event) -> None:
        settings = Settings.load()
        if self._house is None:
            self._house = await build(settings)
            self._house.orchestrator.start = self._drive  # type: ignore[method-assign]
        self._acting: set[asyncio.Task[None]] = set()
        self._door = Door(self._with_mishaps(self._house.app), settings)
        asyncio.get_running_loop().call_later(0.05, ready.set)
        await self._door.serve([listening])
        listening.close()

    def _with_mishaps(self, app: ASGIApp) -> ASGIApp:
        async def asked(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                self.asked.append((scope["method"], scope["path"]))
                self.headers.append({k.decode(): v.decode() for k, v in scope["headers"]})
                instead = self.mishap(scope["method"], scope["path"])
                if instead is not None:
                    await instead(scope, receive, send)
                    return
            await app(scope, receive, send)

        return asked

    async def _drive(self, task_id: str, *, tenant: str = "") -> None:
        await FakeOrchestrator.start(self.house.orchestrator, task_id, tenant=tenant)
        task = asyncio.create_task(self._act(task_id))
        self._acting.add(task)
        task.add_done_callback(self._acting.discard)

    async def _act(self, task_id: str) -> None:
        word = self.house.tasks.tasks[task_id].prompt.split()[0]
        await self.move(task_id, TaskState.PROCESSING)
        await asyncio.sleep({"slow": 1.0}.get(word, 0.02))
        if word in ENDS:
            code, message = ENDS[word]
            await self.move(task_id, TaskState.FAIL, status_code=code, status_msg=message)
        elif word != "stuck":
            await self.finish(task_id)

    async def finish(self, task_id: str) -> None:
        task = self.house.tasks.tasks[task_id]
        new = NewFile(f"2{task_id[1:]}", task.key_id, Purpose.VIDEO, "output.mp4")
        await self.house.files.put(new, self.video, self.house.clock.now())
        await self.move(task_id, TaskState.SUCCESS, file_id=new.file_id, width=480, height=270)

    async def move(self, task_id: str, state: TaskState, **changes: Any) -> None:
        now = self.house.clock.now()
        after = await self.house.tasks.move(task_id, state, now, "", **changes)
        if after.callback_url:
            for event in await self.house.tasks.events(task_id):
                await self._tell(after.callback_url, event.body)

    async def _tell(self, url: str, body: str) -> None:
        import httpx

        async with httpx.AsyncClient(trust_env=False) as http:
            await http.post(url, content=body)
