"""The tables: one definition for SQLite and PostgreSQL; `migrations/` brings old ones up to it."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

keys = Table(
    "keys",
    metadata,
    Column("key_id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("signing_secret", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double),
    Column("revoked_at", Double),
    Column("allowance", Integer),
    Column("rate", Integer),
    Column("in_flight", Integer),
)

server_secrets = Table(
    "server_secrets",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("secret", LargeBinary, nullable=False),
)

tasks = Table(
    "tasks",
    metadata,
    Column("task_id", String(19), primary_key=True),
    Column("key_id", String(32), nullable=False),
    Column("model", Text, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("updated_at", Double, nullable=False),
    Column("state", String(16), nullable=False),
    Column("prompt_optimizer", Boolean, nullable=False),
    Column("aigc_watermark", Boolean, nullable=False),
    Column("callback_url", Text),
    Column("seed", BigInteger, nullable=False),
    Column("file_id", String(19), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("status_code", Integer, nullable=False),
    Column("status_msg", Text, nullable=False),
    Column("notes", JSON, nullable=False),
    Index(None, "key_id", "state"),
    Index(None, "key_id", "created_at"),
    Index(None, "state", "created_at"),
)

transitions = Table(
    "transitions",
    metadata,
    Column("task_id", String(19), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False),
    Column("at", Double, nullable=False),
    Column("reason", Text, nullable=False),
)

promises = Table(
    "promises",
    metadata,
    Column("key_id", String(32), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("task_id", String(19), nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("event_id", String(64), primary_key=True),
    Column("task_id", String(19), nullable=False),
    Column("number", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    UniqueConstraint("task_id", "number"),
    Index(None, "state"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("event_id", String(64), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Double, nullable=False),
    Column("delivered", Boolean, nullable=False),
    Column("status", Integer, nullable=False),
    Column("note", Text, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("file_id", String(19), primary_key=True),
    Column("key_id", String(32), nullable=False),
    Column("purpose", String(64), nullable=False),
    Column("filename", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("deleted_at", Double),  # the row stays, so that its id is never given again
    Index(None, "key_id", "purpose", "created_at"),
    Index(None, "purpose", "created_at"),
)
