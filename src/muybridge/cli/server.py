"""One server and its parts, from start to stop."""

from __future__ import annotations

import asyncio
import importlib
import os
import secrets
import signal
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

import structlog
import typer

from muybridge import __version__, bootstrap
from muybridge.adapters import tether
from muybridge.adapters.supervise import Program, Supervised
from muybridge.adapters.temporal import client, server
from muybridge.adapters.temporal.client import Address
from muybridge.adapters.temporal.orchestrator import TemporalOrchestrator
from muybridge.cli.offer import look_over
from muybridge.domain.model_card import ModelCard
from muybridge.errors import Unavailable
from muybridge.service.cancel import Cancel
from muybridge.service.files import Files
from muybridge.service.keys import Keyring, Keys
from muybridge.service.links import Links
from muybridge.service.query import Query
from muybridge.service.readiness import Readiness
from muybridge.service.rehearse import Rehearsal
from muybridge.service.submit import Rules, Stores, Submit
from muybridge.service.watch import Watch
from muybridge.settings import Settings
from muybridge.units import Seconds

if TYPE_CHECKING:
    from muybridge.api.door import Door
    from muybridge.api.parts import Parts

log = structlog.get_logger()

_UP = Seconds(60.0)
_LET_GO = Seconds(15.0)  # beyond what running takes get, for a worker to hand back and end


class Server:
    """Answers requests, and keeps Temporal and a worker running."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._run = settings.data / "run"
        self._name = _name_of(settings.data)
        self._began = time.monotonic()
        self._stop = asyncio.Event()
        self._open = AsyncExitStack()

    async def run(self, socket: socket) -> None:
        """Serve until asked to stop; what runs then ends or is handed back, within bounds."""
        self._listen_for_signals()
        self._sign_in()
        async with self._open:
            temporal, address = self._temporal()
            orchestrator = TemporalOrchestrator(await client.connect_later(address))
            worker = self._worker(address, orchestrator)
            # what else there is to load is loaded beside their start, which takes as long
            looking = asyncio.create_task(look_over(self._settings))
            await asyncio.to_thread(importlib.import_module, "muybridge.api.app")
            kept = await self._open.enter_async_context(bootstrap.stores(self._settings))
            await self._first_key(Keys(kept.keys, bootstrap.clock()))
            parts = await self._parts(kept, orchestrator, worker, await looking)
            door = self._door(parts)
            answering = asyncio.create_task(door.serve([socket]))
            try:
                await self._until_up([temporal, worker])
                self._say_ready(socket)
                stopping = asyncio.create_task(self._stop.wait())
                await asyncio.wait([stopping, answering], return_when=asyncio.FIRST_COMPLETED)
            finally:
                parts.submit.close()
                # pollers are answered while the last takes end; only then the door is shut
                await worker.stop(Seconds(self._settings.limit.stop_seconds + _LET_GO))
                parts.watch.close()
                door.shut()
                await answering

    def _listen_for_signals(self) -> None:
        def asked() -> None:
            if self._stop.is_set():
                os._exit(1)  # asked twice: at once, and the parts end with us
            log.info("stopping", running_takes_get=self._settings.limit.stop_seconds)
            self._stop.set()

        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, asked)

    def _sign_in(self) -> None:
        self._run.mkdir(parents=True, exist_ok=True)
        for part, mark in (("worker", self._name), ("temporal", str(self._settings.temporal_file))):
            tether.end_survivor(self._run / f"{part}.pid", mark)
        self._sign_out()
        self._open.callback(self._sign_out)
        (self._run / "serve.pid").write_text(f"{os.getpid()}\n", encoding="ascii")

    def _sign_out(self) -> None:
        for file in self._run.iterdir():
            file.unlink()

    async def _first_key(self, keys: Keys) -> None:
        if not await keys.list():
            made = await keys.create("first")
            typer.echo(f"The first API key, shown only this once: {made.secret}")

    def _temporal(self) -> tuple[Supervised | None, Address]:
        if self._settings.temporal.address:
            return None, bootstrap.temporal_address(self._settings)
        temporal, address = server.kept(bootstrap.temporal_folders(self._settings))
        bootstrap.address_file(self._settings).write_text(f"{address.target}\n", encoding="ascii")
        temporal.begin()
        self._open.push_async_callback(temporal.stop, _LET_GO)
        return temporal, address

    def _worker(self, address: Address, orchestrator: TemporalOrchestrator) -> Supervised:
        ready_file = bootstrap.ready_file(self._settings)

        async def ready(pid: int) -> bool:
            return ready_file.exists() and ready_file.read_text(encoding="ascii").strip() == str(pid)

        async def take_over() -> None:
            alive = f"{self._name}:{worker.pid}"
            released = await orchestrator.release(lambda who: who.startswith(self._name) and who != alive)
            log.info("took over from dead workers", takes_and_steps=released)

        ours = [sys.executable, "-P", "-c", "from muybridge.cli.main import main; main()"]
        kept = ["--parent", str(os.getpid()), "--kept-by", self._name]
        worker = Supervised(
            Program(
                name="worker",
                command=[*ours, "worker", "--control", *kept],
                log=self._settings.data / "logs" / "worker.log",
                pid_file=self._run / "worker.pid",
                ready=ready,
                environment=_environment(self._settings, address),
            ),
            settle=take_over,
        )
        worker.begin()
        self._open.push_async_callback(worker.stop, _LET_GO)  # where the start fails half way
        return worker

    async def _parts(
        self,
        kept: bootstrap.Stores,
        orchestrator: TemporalOrchestrator,
        worker: Supervised,
        offer: dict[str, ModelCard],
    ) -> Parts:
        from muybridge.api.parts import Parts

        settings, clock = self._settings, bootstrap.clock()
        out = await self._open.enter_async_context(bootstrap.fetcher(settings))
        lifetime = Seconds(settings.api.link_hours * 3600)
        links = Links(await kept.keys.server_secret("links"), clock, lifetime)
        readiness = Readiness(kept.tasks, orchestrator)

        async def ready() -> dict[str, bool]:
            return {**await readiness(), "worker": worker.up, "taking": not self._stop.is_set()}

        return Parts(
            keyring=Keyring(kept.keys, clock),
            submit=Submit(
                Stores(kept.tasks, kept.files),
                out,
                orchestrator,
                clock,
                offer,
                Rules(Seconds(settings.callback.challenge_seconds), Rehearsal(settings.rehearsal)),
            ),
            query=Query(kept.tasks),
            cancel=Cancel(kept.tasks, orchestrator, clock),
            watch=Watch(kept.tasks, orchestrator, clock),
            files=Files(kept.files, kept.tasks, links, clock),
            ready=ready,
        )

    def _door(self, parts: Parts) -> Door:
        from muybridge.api.app import make_app
        from muybridge.api.door import Door

        return Door(make_app(parts, self._settings), self._settings)

    async def _until_up(self, parts: list[Supervised | None]) -> None:
        wanted = [part for part in parts if part]
        up = asyncio.create_task(_all_up(wanted))
        stopping = asyncio.create_task(self._stop.wait())
        done, late = await asyncio.wait([up, stopping], timeout=_UP, return_when=asyncio.FIRST_COMPLETED)
        for task in late:
            task.cancel()
        if not done:
            down = ", ".join(part.name for part in wanted if not part.up)
            logs = self._settings.data / "logs"
            raise Unavailable(f"not up after {_UP:g} s: {down}; what they said is in {logs}")

    def _say_ready(self, socket: socket) -> None:
        if self._stop.is_set():
            return
        settings = self._settings
        host, port = socket.getsockname()[:2]
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not bound
        shown = f"[{host}]" if ":" in host else host
        scheme = "https" if settings.tls_cert else "http"
        took = time.monotonic() - self._began
        typer.echo(f"Muybridge {__version__} is ready after {took:.1f} s; its data is in {settings.data}")
        typer.echo(f"Base URL: {settings.public_url or f'{scheme}://{shown}:{port}'}")
        if settings.rehearsal:
            typer.echo("Rehearsals are on: a prompt may direct how its task goes.")
        if settings.fetch.allow:
            nets = ", ".join(str(network) for network in settings.fetch.allow)
            typer.echo(f"Picture and callback addresses may also lie in: {nets}")


def _name_of(data: Path) -> str:
    """The name that all workers of this data folder sign with, over every restart and host name."""
    file = data / "name"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        file.write_text(f"serve-{secrets.token_hex(8)}\n", encoding="ascii")
    return file.read_text(encoding="ascii").strip()


async def _all_up(parts: list[Supervised]) -> bool:
    for part in parts:
        await part.is_up()
    return True


def _environment(settings: Settings, address: Address) -> dict[str, str]:
    """What the worker must know that this server was told on its command line or found out."""
    found = {
        "MUYBRIDGE_DATA": str(settings.data),
        "MUYBRIDGE_WEIGHTS": str(settings.weights),
        "MUYBRIDGE_ENGINE": settings.engine,
        "MUYBRIDGE_TEMPORAL_ADDRESS": address.target,
        "MUYBRIDGE_FETCH_ALLOW": ",".join(str(network) for network in settings.fetch.allow),
        "MUYBRIDGE_LOG_LEVEL": settings.log_level,
        "MUYBRIDGE_REHEARSAL": "1" if settings.rehearsal else "0",
    }
    return {name: value for name, value in found.items() if value}
