"""A child program that is kept running: started again with back-off when it dies, and its log bounded.

It dies with this process, even where this process is killed (`adapters.tether`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import logging.handlers
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from muybridge.units import Seconds

log = structlog.get_logger()

_LOG_BYTES = 2_000_000
_FIRST_WAIT, _LONGEST_WAIT = Seconds(0.2), Seconds(10.0)
_SETTLING = 120  # tries, a quarter of a second and more apart
_STEADY_AFTER = Seconds(20.0)  # a child that ran this long had a good start: back-off begins anew


@dataclass(frozen=True, slots=True)
class Program:
    """What to keep running: its name, its command line, and where its log and pid file go.

    `ready` tells whether the process with this id is up; it is asked until it says so, and is
    to answer within a second or two.
    """

    name: str
    command: list[str]
    log: Path
    pid_file: Path
    ready: Callable[[int], Awaitable[bool]]
    environment: Mapping[str, str] = field(default_factory=dict)


Settle = Callable[[], Awaitable[None]]


class Supervised:
    """One program that is kept running from `start` to `stop`.

    `settle` is called at the beginning and after each death, to put in order what earlier processes
    left lying; where it raises, it is called again, for half a minute.
    """

    def __init__(self, program: Program, settle: Settle | None = None) -> None:
        self._program, self._settle = program, settle
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._pump: asyncio.Task[None] | None = None
        self._settling: asyncio.Task[None] | None = None
        self.fruitless = 0  # processes in a row that died before they were up
        self._up = asyncio.Event()

    @property
    def up(self) -> bool:
        """Whether the program runs and said that it is ready."""
        return self._up.is_set()

    @property
    def pid(self) -> int | None:
        """The process's id, or None while there is none."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process else None

    @property
    def name(self) -> str:
        """What the program is called."""
        return self._program.name

    def begin(self) -> None:
        """Start, and keep running until `stop`."""
        self._keeper = asyncio.create_task(self._keep(), name=f"keep {self._program.name}")
        self._begin_to_settle()

    async def is_up(self) -> None:
        """Wait until the program said that it is ready; the caller sets the bound."""
        await self._up.wait()

    async def start(self, within: Seconds) -> bool:
        """Begin, and wait; True once it is up, False where it is not up in time."""
        self.begin()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._up.wait(), within)
        return self.up

    async def stop(self, within: Seconds) -> None:
        """End the program: asked first, killed where it has not ended `within` seconds."""
        for task in (self._keeper, self._settling):
            if task:
                task.cancel()
                await asyncio.wait([task])
        if process := self._process:
            await _end(process, within)
        if self._pump:
            await asyncio.wait([self._pump], timeout=1.0)
            self._pump.cancel()
        self._program.pid_file.unlink(missing_ok=True)

    async def _keep(self) -> None:
        wait = _FIRST_WAIT
        while True:
            began = time.monotonic()
            self._process = process = await self._spawn()
            self._pump = pump = asyncio.create_task(self._keep_log(process))
            rise = asyncio.create_task(self._rise(process.pid))
            try:
                await process.wait()
            finally:
                rise.cancel()
                self._up.clear()
            await asyncio.wait([pump], timeout=1.0)
            pump.cancel()
            self.fruitless += 1
            self._begin_to_settle()
            wait = _FIRST_WAIT if time.monotonic() - began > _STEADY_AFTER else wait
            log.warning("died", part=self.name, pid=process.pid, status=process.returncode, again_in_s=wait)
            await asyncio.sleep(wait)
            wait = Seconds(min(wait * 2, _LONGEST_WAIT))

    async def _spawn(self) -> asyncio.subprocess.Process:
        program = self._program
        process = await asyncio.create_subprocess_exec(
            *program.command,
            stdin=asyncio.subprocess.PIPE,  # its end tells the child that we have gone
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, **program.environment},
            start_new_session=True,  # a Ctrl-C is for us; we end our children in order
        )
        program.pid_file.parent.mkdir(parents=True, exist_ok=True)
        program.pid_file.write_text(f"{process.pid}\n", encoding="ascii")
        return process

    async def _rise(self, pid: int) -> None:
        while not await self._program.ready(pid):  # noqa: ASYNC110  # another process has no event for us
            await asyncio.sleep(0.05)
        self._up.set()
        self.fruitless = -1  # this one's death does not count
        log.info("up", part=self.name, pid=pid)

    def _begin_to_settle(self) -> None:
        if self._settle:
            if self._settling:
                self._settling.cancel()
            self._settling = asyncio.create_task(self._until_settled(self._settle))

    async def _until_settled(self, settle: Settle) -> None:
        for _ in range(_SETTLING):
            try:
                await settle()
                return
            except Exception as error:  # whatever it is: what is left lying is found by its time-outs too
                log.debug("not settled yet", part=self.name, why=str(error)[:200])
                await asyncio.sleep(0.25)
        log.warning("what an earlier process left could not be settled", part=self.name)

    async def _keep_log(self, process: asyncio.subprocess.Process) -> None:
        self._program.log.parent.mkdir(parents=True, exist_ok=True)
        file = logging.handlers.RotatingFileHandler(
            self._program.log, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8", errors="replace"
        )
        try:
            while process.stdout and (piece := await process.stdout.read(65536)):
                text = piece.decode(errors="replace").rstrip("\n")
                file.emit(logging.makeLogRecord({"msg": text}))
        finally:
            file.close()


async def _end(process: asyncio.subprocess.Process, within: Seconds) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), within)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    if process.stdin:
        process.stdin.close()
