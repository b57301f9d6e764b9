"""A real Temporal server for all tests here; for each test real stores, and workers it may start and kill."""

from __future__ import annotations

import asyncio
import itertools
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from fakes import engines
from fakes.fetcher import FakeFetcher
from fakes.pictures import picture
from muybridge.adapters.child import Bounds, EngineProcess
from muybridge.adapters.clock import SystemClock
from muybridge.adapters.file_store import SqlFileStore, open_objects
from muybridge.adapters.key_store import SqlKeyStore
from muybridge.adapters.sql import Database
from muybridge.adapters.take_store import ObjectTakeStore
from muybridge.adapters.task_store import SqlTaskStore
from muybridge.adapters.temporal import server
from muybridge.adapters.temporal.client import Address, connect
from muybridge.adapters.temporal.orchestrator import TemporalOrchestrator
from muybridge.domain.key import Key
from muybridge.domain.task import Task
from muybridge.ports.file_store import NewFile
from muybridge.service.finish import Follow
from muybridge.service.generate import Generate
from muybridge.service.notify import Notify, Patience
from muybridge.service.prepare import Casting, Prepare
from muybridge.service.publish import Publish
from muybridge.units import Seconds
from muybridge.worker.control import ControlActivities, UseCases
from muybridge.worker.engines import GenerateActivity
from muybridge.worker.retries import Limits
from muybridge.worker.run import Duty, serve

TESTS = Path(__file__).parents[2]
_numbers = itertools.count(107_000_000_000_001)


@pytest.fixture(scope="session")
def temporal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    at = tmp_path_factory.mktemp("temporal")
    program, address = server.program(server.Folders(at / "temporal.db", at / "logs", at / "run"))
    with subprocess.Popen(program.command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        yield address
        process.kill()


class Works:
    """What stands behind the API: stores, orchestrator, and workers on demand."""

    def __init__(self, at: Path, database: Database, orchestrator: TemporalOrchestrator) -> None:
        self.at, self.orchestrator = at, orchestrator
        objects = open_objects(str(at / "files"))
        self.tasks, self.keys = SqlTaskStore(database), SqlKeyStore(database)
        self.files, self.takes = SqlFileStore(database, objects), ObjectTakeStore(objects)
        self.fetcher, self.clock = FakeFetcher(), SystemClock()
        self.limits = Limits(tries=2, take=Seconds(60.0), heartbeat=Seconds(2.0), queue=Seconds(60.0))
        self.patience = Patience(first_wait=Seconds(0.2))
        self.chain, self.engines = engines.SPEC, (engines.SPEC,)

    async def accept(self, prompt: str, callback_url: str | None = None) -> str:
        """Keep a task as create does, and start it."""
        task_id, file_id, now = str(next(_numbers)), str(next(_numbers)), self.clock.now()
        await self.files.put(NewFile(file_id, "key-1", "subject_reference", "r"), picture(), now)
        seed = int(task_id)
        task = Task(
            task_id, "key-1", "S2V-01", prompt, file_id, now, now, callback_url=callback_url, seed=seed
        )
        await self.tasks.add(task)
        await self.orchestrator.start(task_id, tenant="key-1")
        return task_id

    async def until(self, task_id: str, *states: str, within: float = 20.0) -> Task:
        """The task once it is in one of the states."""
        deadline = time.monotonic() + within
        while True:
            task = await self.tasks.get(task_id)
            if task and task.state.value in states:
                return task
            assert time.monotonic() < deadline, f"still {task}"
            await asyncio.sleep(0.02)

    async def end(self, task_id: str, within: float = 20.0) -> Task:
        """The task once it has ended."""
        return await self.until(task_id, "Success", "Fail", within=within)

    def starts(self, task_id: str) -> int:
        """How often the engine began a take of the task."""
        noted = self.at / "cache" / "starts"
        return noted.read_text().split().count(task_id) if noted.exists() else 0

    def control(self) -> ControlActivities:
        casting = Casting({"S2V-01": self.chain}, mark="AI-generated")
        use = UseCases(
            prepare=Prepare(self.tasks, self.files, self.fetcher, self.clock, casting),
            publish=Publish(self.tasks, self.files, self.takes, self.clock, self.at / "scratch"),
            follow=Follow(self.tasks, self.takes, self.clock),
            notify=Notify(self.tasks, self.keys, self.fetcher, self.clock, self.patience),
        )
        return ControlActivities(use, self.orchestrator, self.limits)

    @asynccontextmanager
    async def worker(
        self, *, control: bool = True, engine: bool = True, grace: float = 5.0
    ) -> AsyncIterator[asyncio.Event]:
        """A worker in this process, with a real engine child; setting the event stops it."""
        client, stop = self.orchestrator._client, asyncio.Event()
        children = {
            spec: EngineProcess(
                spec, weights=self.at, cache=self.at / "cache", bounds=Bounds(take=Seconds(30.0))
            )
            for spec in (self.engines if engine else ())
        }
        acts = {
            spec: GenerateActivity(Generate(child, self.takes, self.at / "scratch"), client)
            for spec, child in children.items()
        }
        duty = Duty(control=self.control() if control else None, engines=acts)
        working = asyncio.create_task(serve(client, duty, stop, Seconds(grace)))
        try:
            yield stop
        finally:
            stop.set()
            with suppress(asyncio.CancelledError):
                await working
            for child in children.values():
                await child.close()


@pytest.fixture
async def works(temporal: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Works]:
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    client = await connect(temporal)
    database = await Database.open(f"sqlite:///{tmp_path / 'muybridge.db'}")
    works = Works(tmp_path, database, TemporalOrchestrator(client))
    await works.keys.add(
        Key("key-1", "first", works.clock.now(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "d"
    )
    yield works
    for task in await works.tasks.unfinished():  # what a test left running would reach the next one's worker
        await client.get_workflow_handle(task.task_id).terminate()
    await database.close()
