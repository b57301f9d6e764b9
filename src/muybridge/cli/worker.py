"""`muybridge worker`: takes work from a Temporal server until it is stopped.

A worker with an engine needs that server and the object store. The light work, which writes the
rows, needs the database too; `muybridge serve` starts one such worker itself.
"""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from typing import Annotated

import structlog
import typer
from temporalio.client import Client

from muybridge import bootstrap
from muybridge.adapters import tether
from muybridge.adapters.child import EngineProcess
from muybridge.adapters.roster import Roster
from muybridge.adapters.temporal import client, names
from muybridge.adapters.temporal.orchestrator import TemporalOrchestrator
from muybridge.cli import logs
from muybridge.errors import EngineNotReady, InvalidInput, MuybridgeError
from muybridge.service.finish import Follow
from muybridge.service.generate import Generate
from muybridge.service.notify import Notify, Patience
from muybridge.service.prepare import Casting, Prepare
from muybridge.service.publish import Publish
from muybridge.service.reconcile import Reconcile
from muybridge.service.rehearse import Rehearsal
from muybridge.service.sweep import Sweep, clear_scratch
from muybridge.settings import Settings
from muybridge.units import Seconds
from muybridge.worker.control import ControlActivities, UseCases
from muybridge.worker.engines import GenerateActivity
from muybridge.worker.retries import Limits
from muybridge.worker.run import Chore, Duty, serve

log = structlog.get_logger()

_CONNECT = Seconds(60.0)


def worker(
    engine: Annotated[list[str] | None, typer.Option(help="An engine to work with; may be repeated.")] = None,
    control: Annotated[
        bool, typer.Option("--control", help="Do the light work too; needs the database.")
    ] = False,
    temporal_address: Annotated[
        str, typer.Option(help="The Temporal server, host:port.", show_default="the server's own")
    ] = "",
    parent: Annotated[int, typer.Option(hidden=True)] = 0,
    kept_by: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Start one more worker for a server's tasks."""
    if parent:
        tether.die_with(parent)
    settings = _with_address(temporal_address)
    logs.set_up(settings.log_level)
    asyncio.run(_Worker(settings, kept_by).run(engine or list(settings.wanted), control))
    os._exit(0)  # the Temporal client's threads do not always survive an interpreter's end


def _with_address(given: str) -> Settings:
    """The settings; where no Temporal server is named, that of the server on the data folder."""
    settings = Settings.load(temporal={"address": given} if given else None)
    if settings.temporal.address:
        return settings
    try:
        found = bootstrap.address_file(settings).read_text(encoding="ascii").strip()
    except OSError:
        allowed = f"host:port of a Temporal server, or nothing beside a server that runs on {settings.data}"
        raise InvalidInput("--temporal-address", "nothing", allowed) from None
    return Settings.load(temporal={"address": found})


class _Worker:
    """One worker process and what it holds open."""

    def __init__(self, settings: Settings, kept_by: str) -> None:
        self._settings, self._kept_by = settings, kept_by
        self._scratch = settings.data / "scratch"
        self._stop = asyncio.Event()
        self._open = AsyncExitStack()

    async def run(self, engines: list[str], control: bool) -> None:
        """Work until stopped."""
        self._listen()
        clear_scratch(self._scratch, older_than=Seconds(self._settings.limit.generate_seconds))
        async with self._open:
            address = bootstrap.temporal_address(self._settings)
            identity = names.worker_identity(self._kept_by)
            joined = await client.connect(address, identity=identity, within=_CONNECT)
            light, chores = await self._light_work(joined) if control else (None, ())
            duty = Duty(
                control=light,
                chores=chores,
                engines=await self._engines(engines, joined),
                on_polling=self._say_ready,
            )
            await serve(joined, duty, self._stop, Seconds(self._settings.limit.stop_seconds))

    async def _engines(self, wanted: list[str], joined: Client) -> dict[str, GenerateActivity]:
        """The engines that work here; beside a server, those that are not ready are left to other workers.

        A worker of its own does not start with an engine that is not ready; the only one of a server
        is taken as it is, for the server has looked it over.
        """
        found: dict[str, GenerateActivity] = {}
        roster = Roster(bootstrap.device_room() if len(wanted) > 1 else None)
        for name in wanted:
            process = bootstrap.engine_process(name, self._settings)
            self._open.push_async_callback(process.close)
            sole = bool(self._kept_by) and len(wanted) == 1
            if not sole and not await self._ready(name, process):
                continue
            need = 0 if sole else (await process.card()).device_memory
            engine = roster.cast(process, need)
            if not found:  # the first is the one that is asked first
                warming = asyncio.create_task(_warm(process, roster))
                self._open.callback(warming.cancel)
            writer = bootstrap.screenwriter(self._settings)
            act = Generate(engine, bootstrap.takes(self._settings), self._scratch, writer)
            found[name] = GenerateActivity(act, joined)
        return found

    async def _ready(self, name: str, process: EngineProcess) -> bool:
        health = await process.health()
        if health.ready:
            return True
        missing = "; ".join(health.missing)
        if not self._kept_by:
            raise EngineNotReady(f"{name} is not ready: {missing}")
        log.warning("engine left to other workers", engine=name, missing=missing)
        await process.close()
        return False

    async def _light_work(self, joined: Client) -> tuple[ControlActivities, tuple[Chore, ...]]:
        settings, clock = self._settings, bootstrap.clock()
        kept = await self._open.enter_async_context(bootstrap.stores(settings))
        out = await self._open.enter_async_context(bootstrap.fetcher(settings))
        orchestrator = TemporalOrchestrator(joined)
        rehearsal = Rehearsal(settings.rehearsal)
        casting = Casting(bootstrap.casting(settings), bootstrap.mark(settings), rehearsal)
        use = UseCases(
            prepare=Prepare(kept.tasks, kept.files, out, clock, casting),
            publish=Publish(kept.tasks, kept.files, kept.takes, clock, self._scratch, rehearsal),
            follow=Follow(kept.tasks, kept.takes, clock),
            notify=Notify(kept.tasks, kept.keys, out, clock, _patience(settings), rehearsal),
        )
        retention = Seconds(settings.limit.retention_days * 86_400)
        sweep = Sweep(kept.tasks, kept.files, kept.takes, clock, retention)
        reconcile = Reconcile(kept.tasks, orchestrator)
        chores = (
            Chore("reconcile", Seconds(settings.limit.reconcile_seconds), reconcile.reconcile),
            Chore("sweep", Seconds(3600.0), sweep.sweep),
        )
        return ControlActivities(use, orchestrator, _limits(settings)), chores

    def _say_ready(self) -> None:
        if self._kept_by:
            bootstrap.ready_file(self._settings).write_text(f"{os.getpid()}\n", encoding="ascii")

    def _listen(self) -> None:
        def asked() -> None:
            if self._stop.is_set():
                os._exit(1)  # asked twice: at once
            self._stop.set()

        for sign in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(sign, asked)


async def _warm(process: EngineProcess, roster: Roster) -> None:
    """Have the engine up, its models loaded, before the first take needs it; say early what it lacks."""
    try:
        health = await process.health()
        if health.ready:
            await roster.load(process)
    except MuybridgeError as error:
        log.warning("engine not ready", engine=process.engine, why=error.message)
    else:
        if not health.ready:
            log.warning("engine not ready", engine=process.engine, missing=list(health.missing))


def _limits(settings: Settings) -> Limits:
    limit = settings.limit
    return Limits(
        tries=limit.tries,
        take=Seconds(limit.generate_seconds),
        heartbeat=Seconds(settings.temporal.heartbeat_seconds),
        queue=Seconds(limit.queue_hours * 3600),
        patience=Seconds(limit.stand_in_seconds),
    )


def _patience(settings: Settings) -> Patience:
    given = settings.callback
    return Patience(
        attempt=Seconds(given.attempt_seconds),
        first_wait=Seconds(given.first_wait_seconds),
        longest_wait=Seconds(given.longest_wait_seconds),
        give_up=Seconds(given.give_up_hours * 3600),
    )
