"""The only place that names concrete classes: what stands behind each port, for these settings.

Imports wait until they are needed, so that asking for an engine does not load a database.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muybridge.errors import EngineNotReady

if TYPE_CHECKING:
    from muybridge.adapters.child import EngineProcess
    from muybridge.adapters.temporal.client import Address
    from muybridge.adapters.temporal.server import Folders
    from muybridge.domain.model_card import Health, ModelCard
    from muybridge.ports.clock import Clock
    from muybridge.ports.engine import Engine
    from muybridge.ports.fetcher import Fetcher
    from muybridge.ports.file_store import FileStore
    from muybridge.ports.key_store import KeyStore
    from muybridge.ports.orchestrator import Orchestrator
    from muybridge.ports.screenwriter import Screenwriter
    from muybridge.ports.take_store import TakeStore
    from muybridge.ports.task_store import TaskStore
    from muybridge.settings import Settings

_MARKS = {"en": "AI-generated", "zh": "AI生成"}


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything that is kept."""

    tasks: TaskStore
    files: FileStore
    keys: KeyStore
    takes: TakeStore


def engine(
    name: str, *, weights: Path, cache: Path, engines: Mapping[str, Mapping[str, Any]] | None = None
) -> Engine:
    """The engine the operator gave this name in `engines`, the one registered under it, or `module:Class`.

    Raises:
        EngineNotReady: there is no such engine, or it cannot be loaded here.
        InvalidInput: there is no such engine, or one of its options is wrong.
    """
    from muybridge.adapters.weights import CachedWeights
    from muybridge.engines import registry

    options = dict((engines or {}).get(name, {}))
    kind, store = str(options.pop("engine", "") or name), CachedWeights(weights)
    if ":" not in kind:
        return registry.open_engine(kind, store, cache, options, called=name)
    module, _, attribute = kind.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise EngineNotReady(f"{kind} is not an engine that can be loaded: {error}") from error
    folder = cache if name == kind else cache / name
    return registry.construct(found, store, folder, options)


def engine_process(name: str, settings: Settings) -> EngineProcess:
    """One engine in a process of its own, within the settings' bounds."""
    from muybridge.adapters.child import Bounds, EngineProcess
    from muybridge.units import Seconds

    bounds = Bounds(
        take=Seconds(settings.limit.generate_seconds),
        memory=settings.limit.engine_mib << 20 or None,
    )
    pid_file = settings.data / "run" / f"engine.{re.sub(r'[^a-zA-Z0-9_.-]', '-', name)}.pid"
    return EngineProcess(
        name, weights=settings.weights, cache=settings.cache, bounds=bounds, pid_file=pid_file
    )


def device_room() -> int | None:
    """The memory of this machine's largest GPU, in bytes; None where none is found."""
    from muybridge.engines.diffusers.device import gpus

    return max((gpu.total for gpu in gpus()), default=None)


def clock() -> Clock:
    """This machine's clock."""
    from muybridge.adapters.clock import SystemClock

    return SystemClock()


@asynccontextmanager
async def fetcher(settings: Settings) -> AsyncIterator[Fetcher]:
    """The guarded way out to strangers' addresses; closed at the end."""
    from muybridge.adapters.addresses import Guard
    from muybridge.adapters.fetcher import Bounds, HttpFetcher
    from muybridge.units import Seconds

    given = settings.fetch
    bounds = Bounds(int(given.picture_mib * (1 << 20)), Seconds(given.picture_seconds))
    async with HttpFetcher(Guard(given.allow), bounds) as opened:
        yield opened


def takes(settings: Settings) -> TakeStore:
    """The takes and references in the object store; no database is needed."""
    from muybridge.adapters.file_store import open_objects
    from muybridge.adapters.take_store import ObjectTakeStore

    return ObjectTakeStore(open_objects(settings.files))


@asynccontextmanager
async def stores(settings: Settings) -> AsyncIterator[Stores]:
    """Everything that is kept, with the tables brought up to date; closed at the end.

    Raises:
        Unavailable: the database does not answer.
    """
    from muybridge.adapters.file_store import SqlFileStore, open_objects
    from muybridge.adapters.key_store import SqlKeyStore
    from muybridge.adapters.sql import Database
    from muybridge.adapters.take_store import ObjectTakeStore
    from muybridge.adapters.task_store import SqlTaskStore

    objects = open_objects(settings.files)
    database = await Database.open(settings.database)
    try:
        yield Stores(
            tasks=SqlTaskStore(database),
            files=SqlFileStore(database, objects),
            keys=SqlKeyStore(database),
            takes=ObjectTakeStore(objects),
        )
    finally:
        await database.close()


def temporal_address(settings: Settings) -> Address:
    """The Temporal server that the settings name."""
    from muybridge.adapters.temporal.client import Address

    given = settings.temporal
    return Address(given.address, given.namespace, given.api_key, given.tls)


def temporal_folders(settings: Settings) -> Folders:
    """Where a Temporal server of our own keeps what it has."""
    from muybridge.adapters.temporal.server import Folders

    return Folders(settings.temporal_file, settings.data / "logs", settings.data / "run")


def address_file(settings: Settings) -> Path:
    """Where a server writes the address of its own Temporal, for more workers on the same machine."""
    return settings.data / "run" / "temporal.address"


async def running_orchestrator(settings: Settings) -> Orchestrator | None:
    """Who drives tasks for these settings just now; None where no server of ours is running."""
    from muybridge.adapters.temporal import client
    from muybridge.adapters.temporal.orchestrator import TemporalOrchestrator

    address, file = temporal_address(settings), address_file(settings)
    if not address.target:
        if not file.exists():
            return None
        address = replace(address, target=file.read_text(encoding="ascii").strip())
    orchestrator = TemporalOrchestrator(await client.connect_later(address))
    return orchestrator if await orchestrator.healthy() else None


def ready_file(settings: Settings) -> Path:
    """Where the worker beside a server writes its process id once it polls."""
    return settings.data / "run" / "worker.ready"


async def look_over(settings: Settings, name: str) -> tuple[ModelCard, Health]:
    """What an engine serves and whether it is ready, asked in a process of its own.

    Raises:
        EngineNotReady, InvalidInput: there is no such engine, or it cannot be loaded here.
    Cost: 1 s; the engine's libraries are not loaded into this process.
    """
    from muybridge.adapters.child import EngineProcess

    process = EngineProcess(name, weights=settings.weights, cache=settings.cache)
    try:
        card = replace(await process.card(), engine=name)  # as the operator calls it
        return card, await process.health()
    finally:
        await process.close()


def screenwriter(settings: Settings) -> Screenwriter | None:
    """The endpoint that writes storyboards, if one is set."""
    from muybridge.adapters.screenwriter import ChatScreenwriter
    from muybridge.units import Seconds

    given = settings.storyboard
    if not given.url:
        return None
    return ChatScreenwriter(given.url, given.model, given.key, Seconds(given.seconds))


def casting(settings: Settings) -> dict[str, str]:
    """Which chain of engines serves each wire model."""
    return {name: str(chain) for name, chain in settings.chains.items()}


def mark(settings: Settings) -> str:
    """The text of the visible AI mark."""
    return _MARKS[settings.mark_language]
