"""The tables' database: SQLite in one file, or PostgreSQL, behind the same three verbs.

A transaction is a function over a plain connection, written once for both. PostgreSQL runs it on
an async driver. SQLite runs it whole in the one thread that writes, so that a process's writers
wait in line, each transaction takes the write lock at its beginning, and none can fail half way
because another process was faster. Readers never wait for the writer (WAL). A Database belongs
to one event loop.
"""

from __future__ import annotations

import asyncio
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, NullPool, Row, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.sql import Executable

from muybridge.adapters.look_up import Built, Here, LookUp
from muybridge.adapters.migrations.upgrade import upgrade
from muybridge.errors import InvalidInput, Unavailable

_WAIT_S = 30.0  # for a connection, and for another process's write lock
_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}

Done = TypeVar("Done")


class Database(ABC):
    """Opened by `await Database.open(url)`, which brings the tables up to date; closed by `close`."""

    @staticmethod
    async def open(address: str) -> Database:
        """Connect and upgrade.

        Raises: InvalidInput for an address it cannot use; Unavailable for no answer.
        """
        url = _read_url(address)
        database = _Lite(url) if url.get_backend_name() == "sqlite" else _Server(url)
        try:
            await database.write(upgrade)
        except BaseException:
            await database.close()
            raise
        return database

    @abstractmethod
    async def write(self, work: Callable[[Connection], Done]) -> Done:
        """Run `work` as one transaction: committed at its end, rolled back on any error."""

    @abstractmethod
    async def all(self, query: Executable) -> Sequence[Row[Any]]:
        """Every row of a query."""

    @abstractmethod
    async def first(self, look_up: LookUp[Built], given: Mapping[str, object]) -> Built | None:
        """What is built of the one row that a look-up finds, or None.

        Cost: 5 to 15 us on SQLite, which answers at once in this thread; else a network's round trip.
        """

    @abstractmethod
    async def close(self) -> None:
        """Give every connection back."""


def take_turn(connection: Connection, name: str) -> None:
    """Wait until no other transaction has the turn of that name; it ends with this transaction."""
    if connection.dialect.name == "postgresql":  # SQLite's writers take turns anyway
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})


class _Lite(Database):
    """SQLite: one thread that writes, a few that read, and look-ups in the caller's."""

    def __init__(self, url: URL) -> None:
        path = Path(url.database or "")
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):  # connecting will say what is wrong
            path.touch(mode=0o600)  # it holds what callbacks and links are signed with
        self._here = Here(str(path))
        self._engine = create_engine(url, poolclass=NullPool)
        event.listen(self._engine, "connect", _pragmas)
        self._write = _Line(self._engine, "BEGIN IMMEDIATE")
        self._read = _Line(self._engine, "BEGIN")

    async def write(self, work: Callable[[Connection], Done]) -> Done:
        return await self._write.run(work)

    async def all(self, query: Executable) -> Sequence[Row[Any]]:
        return await self._read.run(lambda connection: connection.execute(query).all())

    async def first(self, look_up: LookUp[Built], given: Mapping[str, object]) -> Built | None:
        try:
            return self._here.first(look_up, given)
        except sqlite3.OperationalError as error:
            raise Unavailable(f"the database cannot be read now ({error})") from error

    async def close(self) -> None:
        self._here.close()
        await self._write.close()
        await self._read.close()
        self._engine.dispose()


class _Line:
    """Work in line for one thread and its one connection."""

    def __init__(self, engine: Engine, begin: str) -> None:
        self._engine = engine
        self._begin = begin
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sql")
        self._connection: Connection | None = None

    async def run(self, work: Callable[[Connection], Done]) -> Done:
        """Wait in line, then for the work's end."""
        with _told():
            async with asyncio.timeout(2 * _WAIT_S):
                return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    async def close(self) -> None:
        """Close the connection in the thread that opened it, after what is still in line."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._drop)
        self._thread.shutdown()

    def _transact(self, work: Callable[[Connection], Done]) -> Done:
        if self._connection is None:
            self._connection = self._engine.connect()
        with self._connection.begin():
            self._connection.exec_driver_sql(self._begin)
            return work(self._connection)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Server(Database):
    """PostgreSQL over the network."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(
            url, pool_size=8, max_overflow=8, pool_timeout=_WAIT_S, pool_pre_ping=True
        )

    async def write(self, work: Callable[[Connection], Done]) -> Done:
        with _told():
            async with self._engine.begin() as connection:
                return await connection.run_sync(work)

    async def all(self, query: Executable) -> Sequence[Row[Any]]:
        with _told():
            async with self._engine.connect() as connection:
                return (await connection.execute(query)).all()

    async def first(self, look_up: LookUp[Built], given: Mapping[str, object]) -> Built | None:
        with _told():
            async with self._engine.connect() as connection:
                row = (await connection.execute(look_up.query, given)).first()
                return look_up.build(row._asdict()) if row else None

    async def close(self) -> None:
        await self._engine.dispose()


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
        url = url.set(drivername=_DRIVERS[url.drivername.partition("+")[0]])
        if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
            raise ArgumentError("a database in memory is nobody else's")
        return url
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
    except (PoolTimeoutError, OSError) as error:  # TimeoutError is an OSError
        raise Unavailable("the database does not answer") from error
    except DBAPIError as error:
        if error.connection_invalidated or _passing(error):
            raise Unavailable(f"the database cannot take this now ({error.orig})") from error
        raise


def _passing(error: DBAPIError) -> bool:
    said = str(error.orig).lower()
    signs = ("locked", "disk", "full", "busy", "unable to open", "readonly", "too many", "starting up")
    return not isinstance(error, IntegrityError) and any(sign in said for sign in signs)
