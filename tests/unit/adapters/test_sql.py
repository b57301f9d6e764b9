from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, bindparam, func, insert, select, text

from muybridge.adapters.look_up import LookUp
from muybridge.adapters.sql import Database
from muybridge.adapters.tables import metadata, transitions
from muybridge.errors import InvalidInput, Unavailable


def adding(number: int) -> Callable[[Connection], object]:
    row = {"task_id": "1", "number": number, "state": "Fail", "at": 0, "reason": ""}
    return lambda connection: connection.execute(insert(transitions).values(**row))


async def test_the_migrations_end_at_todays_tables(tmp_path: Path) -> None:
    def difference(connection: Connection) -> list[object]:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    database = await Database.open(f"sqlite:///{tmp_path / 'a.db'}")
    assert await database.write(difference) == []
    await database.close()


async def test_opening_a_database_again_keeps_what_is_in_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    for rows in (1, 2):
        database = await Database.open(url)
        await database.write(adding(rows))
        assert len(await database.all(text("SELECT * FROM transitions"))) == rows
        await database.close()


@pytest.mark.slow
def test_processes_that_start_together_upgrade_once(tmp_path: Path) -> None:
    code = (
        "import asyncio; from muybridge.adapters.sql import Database\n"
        f"async def main():\n    database = await Database.open('sqlite:///{tmp_path / 'a.db'}')\n"
        "    await database.close()\nasyncio.run(main())"
    )
    starts = [subprocess.Popen([sys.executable, "-c", code], env=dict(os.environ)) for _ in range(4)]
    assert [start.wait(60) for start in starts] == [0] * 4
    connection = sqlite3.connect(tmp_path / "a.db")
    assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
    connection.close()


async def test_writers_wait_for_each_other_and_none_is_locked_out(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    here, there = await Database.open(url), await Database.open(url)

    async def write(database: Database, number: int) -> None:
        def read_then_write(connection: Connection) -> None:
            connection.execute(text("SELECT count(*) FROM transitions"))
            adding(number)(connection)

        await database.write(read_then_write)

    await asyncio.gather(*(write((here, there)[n % 2], n) for n in range(60)))
    assert len(await here.all(text("SELECT * FROM transitions"))) == 60
    await here.close()
    await there.close()


async def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'a.db'}")
    with pytest.raises(ZeroDivisionError):
        await database.write(lambda connection: (adding(1)(connection), 1 / 0))
    assert await database.all(text("SELECT * FROM transitions")) == []
    await database.close()


async def test_a_point_read_sees_what_another_process_has_just_written(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    here, there = await Database.open(url), await Database.open(url)
    query = select(func.count().label("rows")).where(transitions.c.task_id == bindparam("t"))
    count = LookUp(query, lambda row: int(row["rows"]))
    for rows in (0, 1, 2):
        assert await here.first(count, {"t": "1"}) == rows
        await there.write(adding(rows))
    await here.close()
    await there.close()


async def test_a_write_lock_that_another_process_never_gives_back_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("muybridge.adapters.sql._WAIT_S", 0.2)
    database = await Database.open(f"sqlite:///{tmp_path / 'a.db'}")
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="locked"):
        await database.write(adding(1))
    other.execute("ROLLBACK")
    await database.write(adding(1))
    other.close()
    await database.close()


@pytest.mark.parametrize("address", ["mysql://root:hunter2@db/x", "nonsense", "", "sqlite", "sqlite://"])
async def test_an_address_that_is_none_is_refused_without_telling_the_password(address: str) -> None:
    with pytest.raises(InvalidInput, match="MUYBRIDGE_DATABASE_URL") as refused:
        await Database.open(address)
    assert "hunter2" not in str(refused.value)


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.db").mkdir()
    with pytest.raises(Unavailable, match="unable to open"):
        await Database.open(f"sqlite:///{tmp_path / 'a.db'}")
