"""Keys in the database."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from muybridge.adapters.look_up import LookUp
from muybridge.adapters.sql import Database, take_turn
from muybridge.adapters.tables import keys, server_secrets
from muybridge.domain.key import Key, Terms
from muybridge.errors import NotFound
from muybridge.ports.key_store import KeyStore
from muybridge.units import Seconds

_COLUMNS = [column for column in keys.c if column.name != "digest"]


def _key(row: Mapping[str, Any]) -> Key:
    values = dict(row)
    terms = Terms(**{name: values.pop(name) for name in ("allowance", "rate", "in_flight")})
    return Key(terms=terms, **values)


_BY_DIGEST = LookUp(select(*_COLUMNS).where(keys.c.digest == bindparam("digest")), _key)
_BY_ID = LookUp(select(*_COLUMNS).where(keys.c.key_id == bindparam("key_id")), _key)


class SqlKeyStore(KeyStore):
    """Keys as rows of `keys`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, key: Key, digest: str) -> None:
        """Keep a new key under its secret's digest."""
        row = asdict(key)
        terms = row.pop("terms")
        insertion = insert(keys).values(digest=digest, **row, **terms)
        await self._database.write(lambda connection: connection.execute(insertion))

    async def find(self, digest: str) -> Key | None:
        """The key whose secret has this digest."""
        return await self._database.first(_BY_DIGEST, {"digest": digest})

    async def get(self, key_id: str) -> Key | None:
        """The key by its own id."""
        return await self._database.first(_BY_ID, {"key_id": key_id})

    async def list(self) -> Sequence[Key]:
        """Every key, the oldest first."""
        rows = await self._database.all(select(*_COLUMNS).order_by(keys.c.created_at, keys.c.key_id))
        return [_key(row._asdict()) for row in rows]

    async def revoke(self, key_id: str, at: Seconds) -> None:
        """Shut the key for good."""
        await self._change(key_id, revoked_at=at)

    async def rotate(self, key_id: str, digest: str) -> None:
        """Let another secret open the key."""
        await self._change(key_id, digest=digest)

    async def server_secret(self, name: str) -> bytes:
        """32 bytes of chance under a name, made at the first asking."""
        query = select(server_secrets.c.secret).where(server_secrets.c.name == name)

        def keep(connection: Connection) -> bytes:
            take_turn(connection, "server_secrets")
            kept: bytes | None = connection.execute(query).scalar_one_or_none()
            if kept is None:
                kept = secrets.token_bytes(32)
                connection.execute(insert(server_secrets).values(name=name, secret=kept))
            return kept

        return await self._database.write(keep)

    async def _change(self, key_id: str, **values: object) -> None:
        query = select(keys.c.revoked_at).where(keys.c.key_id == key_id).with_for_update()

        def change(connection: Connection) -> None:
            row = connection.execute(query).first()
            if row is None:
                raise NotFound("key", key_id[:40], "the id or the name of a key, see `muybridge keys list`")
            if "revoked_at" in values and row.revoked_at is not None:
                return  # the first time stands
            connection.execute(update(keys).where(keys.c.key_id == key_id).values(**values))

        await self._database.write(change)
