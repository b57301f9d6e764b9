"""Alembic's entry: runs the steps on the connection that `upgrade` hands in."""

from __future__ import annotations

from alembic import context

from muybridge.adapters.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite too: the caller began the transaction itself
    render_as_batch=True,  # SQLite alters a table by rebuilding it
)
context.run_migrations()
