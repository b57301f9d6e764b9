"""Keys in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from muybridge.domain.key import Key
from muybridge.errors import NotFound
from muybridge.ports.key_store import KeyStore
from muybridge.units import Seconds


class FakeKeyStore(KeyStore):
    def __init__(self) -> None:
        self.keys: dict[str, Key] = {}
        self.digests: dict[str, str] = {}

    async def add(self, key: Key, digest: str) -> None:
        self.keys[key.key_id] = key
        self.digests[digest] = key.key_id

    async def find(self, digest: str) -> Key | None:
        return self.keys.get(self.digests.get(digest, ""))

    async def get(self, key_id: str) -> Key | None:
        return self.keys.get(key_id)

    async def list(self) -> Sequence[Key]:
        return sorted(self.keys.values(), key=lambda key: (key.created_at, key.key_id))

    async def revoke(self, key_id: str, at: Seconds) -> None:
        key = self._known(key_id)
        if key.revoked_at is None:
            self.keys[key_id] = replace(key, revoked_at=at)

    async def rotate(self, key_id: str, digest: str) -> None:
        self._known(key_id)
        self.digests = {old: owner for old, owner in self.digests.items() if owner != key_id}
        self.digests[digest] = key_id

    async def server_secret(self, name: str) -> bytes:
        return hashlib.sha256(name.encode()).digest()

    def _known(self, key_id: str) -> Key:
        if key_id not in self.keys:
            raise NotFound("key", key_id, "the id of a key")
        return self.keys[key_id]
