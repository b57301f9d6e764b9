"""Look-ups by index on SQLite, answered at once in the caller's thread.

A thread's detour and a query builder's round trip cost 300 us; the row itself is in memory and
costs 10. Only for selects that find one row by an index, and that are kept in a module constant.
Readers never wait for writers here (WAL), so the event loop is not held up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

LookUp = Select[Any] | CompoundSelect[Any]
Found = Mapping[str, Any]

_BUSY_MS = 2000  # only while another process recovers or truncates the log
_dialect = SQLiteDialect_pysqlite(paramstyle="qmark")


@dataclass(frozen=True, slots=True)
class _Prepared:
    sql: str
    asked: tuple[str, ...]
    names: tuple[str, ...]
    readers: tuple[tuple[int, Callable[[Any], Any]], ...]  # columns that SQLite does not give as they are


class Here:
    """One connection for this thread, opened at the first look-up."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._prepared: dict[LookUp, _Prepared] = {}

    def first(self, query: LookUp, given: Mapping[str, object]) -> Found | None:
        """The row as names and values, or None.

        Cost: 15 us for a row of 18 columns.
        """
        prepared = self._prepared.get(query) or self._prepare(query)
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, isolation_level=None)
            self._connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        row = self._connection.execute(prepared.sql, [given[name] for name in prepared.asked]).fetchone()
        if row is None:
            return None
        values = list(row)
        for index, read in prepared.readers:
            values[index] = read(values[index])
        return dict(zip(prepared.names, values, strict=True))

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _prepare(self, query: LookUp) -> _Prepared:
        compiled = query.compile(dialect=_dialect)
        columns = list(query.selected_columns)
        readers = [column.type.dialect_impl(_dialect).result_processor(_dialect, None) for column in columns]
        prepared = self._prepared[query] = _Prepared(
            str(compiled),
            tuple(compiled.positiontup or ()),
            tuple(column.name for column in columns),
            tuple((index, reader) for index, reader in enumerate(readers) if reader is not None),
        )
        return prepared
