"""The tables' database: SQLite in one file, or PostgreSQL, behind the same three verbs.

SQLite takes one writer at a time, so all writing of a process goes through one connection, in
the order it came, and each transaction takes the write lock at its beginning: no transaction
can fail half way because another process was faster. Readers never wait for the writer (WAL).
A Database belongs to one event loop.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.sql import Executable

from muybridge.adapters.look_up import Found, Here, LookUp
from muybridge.adapters.migrations.upgrade import upgrade
from muybridge.errors import InvalidInput, Unavailable

_WAIT_S = 30.0  # for a connection, and for another process's write lock
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}


class Database:
    """Opened by `await Database.open(url)`, which brings the tables up to date; closed by `close`."""

    def __init__(self, url: URL) -> None:
        self._lite = url.get_backend_name() == "sqlite"
        self._here = Here(url.database or "") if self._lite else None
        if self._lite:
            self._readers = _lite(url, "BEGIN", pool_size=4)
            self._writer = _lite(url, "BEGIN IMMEDIATE", pool_size=1)
        else:
            self._readers = self._writer = create_async_engine(
                url, pool_size=8, max_overflow=8, pool_timeout=_WAIT_S, pool_pre_ping=True
            )

    @classmethod
    async def open(cls, address: str) -> Database:
        """Connect and upgrade.

        Raises: InvalidInput for an address it cannot use; Unavailable for no answer.
        """
        url = _read_url(address)
        if url.get_backend_name() == "sqlite" and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        database = cls(url)
        try:
            async with database.write() as connection:
                await connection.run_sync(upgrade)
        except BaseException:
            await database.close()
            raise
        return database

    async def close(self) -> None:
        """Give every connection back."""
        if self._here is not None:
            self._here.close()
        await self._readers.dispose()
        await self._writer.dispose()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, committed at the end, rolled back on any error."""
        with _told():
            async with self._writer.begin() as connection:
                yield connection

    async def turn(self, connection: AsyncConnection, name: str) -> None:
        """Wait until no other transaction has the turn of that name; it ends with this transaction."""
        if not self._lite:  # SQLite's writers take turns anyway
            await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})

    async def all(self, query: Executable) -> Sequence[Row[Any]]:
        """Every row of a query."""
        with _told():
            async with self._readers.connect() as connection:
                return (await connection.execute(query)).all()

    async def first(self, query: LookUp, given: Mapping[str, object]) -> Found | None:
        """The one row of a look-up by index, or None; `query` is kept in a module constant.

        Cost: 15 us on SQLite, which answers at once in this thread; a network's round trip otherwise.
        """
        with _told():
            if self._here is not None:
                return self._here.first(query, given)
            async with self._readers.connect() as connection:
                row = (await connection.execute(query, given)).first()
                return row._asdict() if row else None


def _lite(url: URL, begin: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=pool_size, max_overflow=0, pool_timeout=_WAIT_S)
    event.listen(engine.sync_engine, "connect", _pragmas)

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: we do
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={int(_WAIT_S * 1000)}",
        "journal_mode=WAL",
        "synchronous=FULL",  # a task that was promised survives a power cut
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _read_url(address: str) -> URL:
    try:
        url = make_url(address)
        driver = _DRIVERS[url.drivername.partition("+")[0]]
        return url.set(drivername=driver)
    except (ArgumentError, KeyError, NoSuchModuleError):
        shown = address.partition("://")[0][:40]  # never the rest: it may hold a password
        raise InvalidInput(
            "MUYBRIDGE_DATABASE_URL",
            f'"{shown}://..."',
            "sqlite:///file or postgresql://user:password@host/name",
        ) from None


@contextmanager
def _told() -> Iterator[None]:
    """Turn a database that does not answer into Unavailable; our own mistakes stay what they are."""
    try:
        yield
    except (PoolTimeoutError, OSError, sqlite3.OperationalError) as error:
        raise Unavailable("the database does not answer") from error
    except DBAPIError as error:
        if error.connection_invalidated or _passing(error):
            raise Unavailable(f"the database cannot take this now ({error.orig})") from error
        raise


def _passing(error: DBAPIError) -> bool:
    said = str(error.orig).lower()
    signs = ("locked", "disk", "full", "busy", "unable to open", "readonly", "too many", "starting up")
    return not isinstance(error, IntegrityError) and any(sign in said for sign in signs)
