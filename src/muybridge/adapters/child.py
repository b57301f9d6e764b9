"""One engine in a process of its own, so that a crash in native code costs one take, not the server.

The process stays between jobs, with its models warm, and is started again when it has died. It
does one job at a time; a second one waits its turn. Nothing here waits without a bound.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil
import structlog

from muybridge.adapters import lines
from muybridge.adapters.lines import Line
from muybridge.domain.model_card import Health, ModelCard
from muybridge.domain.subject import Subject
from muybridge.errors import EngineCrashed, EngineFailed, MuybridgeError, TimedOut
from muybridge.ports.engine import Made, Order
from muybridge.units import Seconds

log = structlog.get_logger()

T = TypeVar("T")
OnProgress = Callable[[float, str], None]

_TAIL_BYTES = 16_384
_REAP = Seconds(5.0)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long and how large an engine's process may get before it is ended.

    `grace` is what a cancelled take has to end by itself, its models kept, before the kill.
    `memory` is in bytes of resident memory with its children; None sets no bound.
    """

    start: Seconds = Seconds(60.0)
    look: Seconds = Seconds(120.0)
    take: Seconds = Seconds(900.0)
    grace: Seconds = Seconds(0.5)
    memory: int | None = None


class EngineProcess:
    """One engine's process: looks at pictures and makes takes, one job after another.

    `engine` is a registered name or `module:Class`; `pid_file` always holds the latest process's id.
    """

    def __init__(
        self,
        engine: str,
        *,
        weights: Path,
        cache: Path,
        bounds: Bounds | None = None,
        pid_file: Path | None = None,
    ) -> None:
        self.engine = engine
        self._pid_file = pid_file
        self._arguments = [str(weights), str(cache), str(os.getpid())]
        self._bounds = bounds or Bounds()
        self._turn = asyncio.Lock()
        self._child: _Child | None = None
        self._jobs = 0

    @property
    def pid(self) -> int | None:
        """The process's id, or None while there is none."""
        return self._child.pid if self._child and self._child.alive else None

    async def card(self) -> ModelCard:
        """What the engine serves."""
        return lines.build(ModelCard, await self._ask("card", None, self._bounds.start))

    async def health(self) -> Health:
        """Whether the engine could make a take here and now."""
        return lines.build(Health, await self._ask("health", None, self._bounds.start))

    async def load(self) -> None:
        """Bring the engine's models into memory, so that the first take is as quick as the next.

        Raises:
            MuybridgeError: what the engine said.
            EngineCrashed, TimedOut: as for a take.
        """
        await self._ask("load", None, self._bounds.take)

    async def look(self, picture: Path) -> Subject:
        """What the engine sees in the picture.

        Raises:
            InvalidPicture: it is no picture the engine can use.
            EngineCrashed: the process died; the message names the signal.
            TimedOut: it took longer than its bound, and was ended.
        """
        return lines.build(Subject, await self._ask("look", str(picture), self._bounds.look))

    async def generate(self, order: Order, on_progress: OnProgress) -> Made:
        """Make one take; cancelling this call ends the take within a second.

        Raises:
            MuybridgeError: what the engine said.
            EngineCrashed: the process died; the message names the signal.
            TimedOut: it took longer than its bound, and was ended.
        """
        parts = await self._ask("generate", lines.plain(order), self._bounds.take, on_progress)
        return lines.build(Made, parts)

    async def close(self) -> None:
        """End the process; a job under way is lost."""
        if self._child:
            await self._child.end()
        if self._pid_file:
            self._pid_file.unlink(missing_ok=True)

    async def _ask(
        self, verb: str, value: Any, bound: Seconds, on_progress: OnProgress = lambda _f, _s: None
    ) -> Any:
        async with self._turn:
            child = await self._warm()
            self._jobs += 1
            job = child.ask(Line(self._jobs, verb, value), on_progress)
            watch = asyncio.create_task(child.stay_under(self._bounds.memory))
            try:
                async with asyncio.timeout(bound):
                    return await job
            except TimeoutError:
                await child.end()
                raise TimedOut(f"{self.engine} took longer than {bound:g} s to {verb}") from None
            except asyncio.CancelledError:
                await asyncio.shield(child.call_off(self._jobs, self._bounds.grace))
                raise
            finally:
                watch.cancel()

    async def _warm(self) -> _Child:
        if self._child and self._child.alive:
            return self._child
        if self._child:
            await self._child.end()
        self._child = child = await _Child.start(self.engine, self._arguments)
        if self._pid_file:
            self._pid_file.parent.mkdir(parents=True, exist_ok=True)
            self._pid_file.write_text(f"{child.pid}\n", encoding="ascii")
        ready = child.ask(Line(0, "hello", None), lambda _f, _s: None)
        try:
            async with asyncio.timeout(self._bounds.start):
                await ready
        except TimeoutError:
            await child.end()
            raise TimedOut(f"{self.engine} took longer than {self._bounds.start:g} s to start") from None
        except BaseException:
            await asyncio.shield(child.end())
            raise
        return child


class _Child:
    """One life of an engine's process, from its start to its end."""

    def __init__(self, engine: str, process: asyncio.subprocess.Process) -> None:
        self.engine, self.pid, self._process = engine, process.pid, process
        self._tail = b""
        self._ending = False
        self._too_large: str | None = None
        self._waiting: tuple[int, asyncio.Future[Any], OnProgress] | None = None
        self._readers = [asyncio.create_task(self._hear()), asyncio.create_task(self._keep_tail())]

    @classmethod
    async def start(cls, engine: str, arguments: list[str]) -> _Child:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "muybridge.cli.engine_host", engine, *arguments,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            limit=lines.LONGEST_LINE, start_new_session=True,
        )  # fmt: skip
        return cls(engine, process)

    @property
    def alive(self) -> bool:
        return self._process.returncode is None and not self._readers[0].done()

    def ask(self, line: Line, on_progress: OnProgress) -> asyncio.Future[Any]:
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting = (line.job, answer, on_progress)
        self._say(line)
        return answer

    def _say(self, line: Line) -> None:
        stdin = self._process.stdin
        if stdin and not stdin.is_closing():  # where it has died already, `_hear` says so
            stdin.write(lines.pack(line))

    async def call_off(self, job: int, grace: Seconds) -> None:
        """Ask the job to end, and kill where it has not within `grace`."""
        if not self._waiting or self._waiting[0] != job:
            return
        ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting = (job, ended, lambda _f, _s: None)
        self._say(Line(job, "cancel"))
        ended.add_done_callback(lambda job: job.exception())  # how it ended is of no interest
        await asyncio.wait([ended], timeout=grace)
        if not ended.done():
            await self.end()

    async def _hear(self) -> None:
        out = self._process.stdout
        assert out is not None  # noqa: S101  # PIPE was asked for
        try:
            while raw := await out.readline():
                self._take(raw)
        except ValueError:  # a line longer than LONGEST_LINE: nothing sound can follow
            self._kill()
        try:  # it has closed its output, so it is dead or as good as
            await asyncio.wait_for(self._process.wait(), _REAP)
        except TimeoutError:
            self._kill()
            await self._process.wait()
        self._settle(EngineCrashed(self._obituary()), final=True)

    def _take(self, raw: bytes) -> None:
        line = lines.unpack(raw)
        if line is None or not self._waiting or line.job != self._waiting[0]:
            return
        try:
            self._understand(line, self._waiting[2])
        except Exception as error:  # the asker's `on_progress` raised, or nobody could make sense of the line
            self._settle(error)

    def _understand(self, line: Line, on_progress: OnProgress) -> None:
        match line.says:
            case "progress":
                fraction, stage = line.value
                on_progress(float(fraction), str(stage))
            case "done":
                self._settle(line.value)
            case "failed":
                self._settle(MuybridgeError.from_wire(dict(line.value)))
            case "cancelled":
                self._settle(EngineFailed(f"{self.engine} gave the take up unasked"))

    def _settle(self, outcome: object, *, final: bool = False) -> None:
        if final and not self._ending:
            tail = self._tail.decode(errors="replace")
            log.warning("engine process ended", engine=self.engine, pid=self.pid, why=str(outcome), tail=tail)
        if not self._waiting:
            return
        _, answer, _ = self._waiting
        self._waiting = None
        if answer.done():
            return
        if isinstance(outcome, Exception):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)

    async def _keep_tail(self) -> None:
        err = self._process.stderr
        assert err is not None  # noqa: S101  # PIPE was asked for
        while piece := await err.read(4096):
            self._tail = (self._tail + piece)[-_TAIL_BYTES:]

    async def stay_under(self, memory: int | None) -> None:
        """End the process once it and its children hold more than `memory` bytes."""
        if memory is None:
            return None
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(self.pid)
            while True:
                family = [process, *process.children(recursive=True)]
                held = sum(member.memory_info().rss for member in family)
                if held > memory:
                    self._too_large = f"it held {held >> 20} MiB, allowed are {memory >> 20} MiB"
                    return self._kill()
                await asyncio.sleep(0.25)

    def _obituary(self) -> str:
        code = self._process.returncode or 0
        if self._too_large:
            return f"{self.engine}'s process was ended: {self._too_large}"
        if code >= 0:
            return f"{self.engine}'s process ended with status {code}"
        name = signal.Signals(-code).name
        hint = (
            "killed from outside, often for want of memory" if name == "SIGKILL" else "a crash in native code"
        )
        return f"{self.engine}'s process died of {name} ({hint})"

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)  # with whatever it started itself

    async def end(self) -> None:
        """Kill the process and wait until nothing is left of it."""
        self._ending = True
        if self._process.returncode is None:
            self._kill()
        if self._process.stdin:
            self._process.stdin.close()
        await asyncio.wait(self._readers, timeout=_REAP)
        for reader in self._readers:
            reader.cancel()
