"""The servers that bench/api.py measures: `python bench/api_servers.py bare|ours|prepare PORT`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from typing import Any

import structlog
import uvicorn

from muybridge.adapters.clock import SystemClock
from muybridge.adapters.file_store import SqlFileStore, open_objects
from muybridge.adapters.key_store import SqlKeyStore
from muybridge.adapters.sql import Database
from muybridge.adapters.task_store import SqlTaskStore
from muybridge.api.app import make_app
from muybridge.api.parts import Parts
from muybridge.domain.model_card import ModelCard
from muybridge.domain.task import Task
from muybridge.service.files import Files
from muybridge.service.keys import Keyring, Keys
from muybridge.service.links import Links
from muybridge.service.query import Query
from muybridge.service.submit import Stores, Submit
from muybridge.settings import Settings
from muybridge.units import Seconds
from muybridge.wire.answers import QueryAnswer

TASK = Task("106916112212032", "k", "S2V-01", "", "", Seconds(0), Seconds(0))


class Nobody:
    """Stands where the orchestrator would: what is measured ends before it."""

    async def start(self, task_id: str, *, tenant: str = "") -> None:
        return None


async def ours(settings: Settings) -> tuple[Any, Database]:
    database, clock = await Database.open(settings.database), SystemClock()
    tasks, keys = SqlTaskStore(database), SqlKeyStore(database)
    files = SqlFileStore(database, open_objects(settings.files))
    links = Links(await keys.server_secret("links"), clock)
    nobody: Any = Nobody()
    submit = Submit(Stores(tasks, files), nobody, nobody, clock, {"S2V-01": ModelCard("none", "")})
    stored = Files(files, tasks, links, clock)
    parts = Parts(Keyring(keys, clock), submit, Query(tasks), nobody, nobody, stored, nobody)
    return make_app(parts, settings), database


def bare() -> Any:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    said = QueryAnswer.of(TASK).model_dump()

    async def query(_: Request) -> JSONResponse:
        return JSONResponse(said)

    return Starlette(routes=[Route("/v1/query/video_generation", query)])


async def prepare(settings: Settings) -> None:
    """Make a key and a task of its, and print both."""
    database, clock = await Database.open(settings.database), SystemClock()
    tasks = SqlTaskStore(database)
    made = await Keys(SqlKeyStore(database), clock).create("bench")
    now = clock.now()
    task = Task(await tasks.new_id(), made.key.key_id, "S2V-01", "", "1", now, now)
    await tasks.add(task)
    print(made.secret, task.task_id)
    await database.close()


async def run(kind: str, port: int) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    settings = Settings.load()
    if kind == "prepare":
        await prepare(settings)
        return
    app, database = (bare(), None) if kind == "bare" else await ours(settings)
    config = uvicorn.Config(app, port=port, log_level="warning", access_log=False)
    await uvicorn.Server(config).serve()
    if database is not None:
        await database.close()


if __name__ == "__main__":
    with contextlib.suppress(ImportError):
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    asyncio.run(run(sys.argv[1], int(sys.argv[2])))
