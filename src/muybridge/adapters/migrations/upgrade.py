"""Bringing a database's tables up to date, at every start, safely where many start at once."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

_LOCK = 7_108_411_802  # any number that is ours: PostgreSQL's advisory locks go by number


def upgrade(connection: Connection) -> None:
    """Run every step not yet run, inside the caller's transaction, while nobody else does.

    On SQLite the caller's write lock keeps others out; on PostgreSQL an advisory lock does.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
    config = Config()
    config.set_main_option("script_location", "muybridge:adapters/migrations")
    config.set_main_option("path_separator", "os")
    head = ScriptDirectory.from_config(config).get_current_head()
    if MigrationContext.configure(connection).get_current_revision() == head:
        return
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
