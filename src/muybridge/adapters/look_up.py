"""Look-ups by index, which SQLite answers at once in the caller's thread.

A thread's detour and a query builder's round trip cost 300 us; the row itself is in memory and
costs 4. What was built from a row is kept and given again while the row stays the same, so what
is built must be frozen. Readers never wait for writers here (WAL): the event loop is not held up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import CompoundSelect, Select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

Built = TypeVar("Built")

_BUSY_MS = 2000  # only while another process recovers or truncates the log
_KEPT = 1024  # what was built of so many rows
_dialect = SQLiteDialect_pysqlite(paramstyle="qmark")


class LookUp(Generic[Built]):
    """A select that finds one row by an index, and what is built of its names and values."""

    def __init__(
        self, query: Select[Any] | CompoundSelect[Any], build: Callable[[Mapping[str, Any]], Built]
    ) -> None:
        self.query = query
        self.build = build
        compiled = query.compile(dialect=_dialect)
        self._sql = str(compiled)
        self._asked = tuple(compiled.positiontup or ())
        columns = list(query.selected_columns)
        self._names = tuple(column.name for column in columns)
        readers = [column.type.dialect_impl(_dialect).result_processor(_dialect, None) for column in columns]
        self._readers = [(index, reader) for index, reader in enumerate(readers) if reader is not None]
        self._built = lru_cache(_KEPT)(self._build)

    def ask(self, connection: sqlite3.Connection, given: Mapping[str, object]) -> Built | None:
        """What is built of the row, or None where there is none.

        Cost: 5 us for a row seen before, 15 for another.
        """
        row = connection.execute(self._sql, [given[name] for name in self._asked]).fetchone()
        return None if row is None else self._built(row)

    def _build(self, row: tuple[Any, ...]) -> Built:
        values = list(row)
        for index, read in self._readers:  # what SQLite does not give as it is: booleans, JSON
            values[index] = read(values[index])
        return self.build(dict(zip(self._names, values, strict=True)))


class Here:
    """One SQLite connection for this thread, opened at the first look-up."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def first(self, look_up: LookUp[Built], given: Mapping[str, object]) -> Built | None:
        """What is built of the row, or None."""
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, isolation_level=None)
            self._connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        return look_up.ask(self._connection, given)

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
