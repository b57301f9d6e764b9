"""API keys: made, shown once, and from then on known only by their digest.

A secret holds 256 bits of chance, so a plain sha256 is enough to keep it by, and looking a digest
up takes the same time however much of a guess was right.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from muybridge.domain.key import Key, Terms
from muybridge.errors import InvalidInput, NoKey, NotFound, UnknownKey
from muybridge.ports.clock import Clock
from muybridge.ports.key_store import KeyStore
from muybridge.units import Seconds

_PREFIX = "mby_"
_LONGEST_NAME = 100
_LONGEST_HEADER = 4096


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made or rotated, and its secret, which nobody will see again."""

    key: Key
    secret: str


class Keys:
    """What an operator does with keys."""

    def __init__(self, store: KeyStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def create(self, name: str, terms: Terms | None = None, lifetime: Seconds | None = None) -> NewKey:
        """Make a key; raises InvalidInput for a name or terms that cannot be."""
        name = name.strip()
        if not name.isprintable() or not 0 < len(name) <= _LONGEST_NAME:
            raise InvalidInput("NAME", repr(name)[:60], f"1 to {_LONGEST_NAME} printable characters")
        now = self._clock.now()
        key = Key(
            key_id=secrets.token_hex(8),
            name=name,
            created_at=now,
            signing_secret="whsec_" + base64.b64encode(secrets.token_bytes(24)).decode(),
            terms=terms or Terms(),
            expires_at=None if lifetime is None else Seconds(now + lifetime),
        )
        secret = _fresh_secret()
        await self._store.add(key, digest_of(secret))
        return NewKey(key, secret)

    async def list(self) -> Sequence[Key]:
        """Every key, the oldest first."""
        return await self._store.list()

    async def revoke(self, name: str) -> Key:
        """Shut a key, by its id or its name, for good; raises NotFound, or InvalidInput for two of a name."""
        key = await self._one(name)
        await self._store.revoke(key.key_id, self._clock.now())
        return key

    async def rotate(self, name: str) -> NewKey:
        """Give a key another secret; its tasks and files stay its own."""
        key = await self._one(name)
        secret = _fresh_secret()
        await self._store.rotate(key.key_id, digest_of(secret))
        return NewKey(key, secret)

    async def _one(self, name: str) -> Key:
        live = [key for key in await self._store.list() if key.revoked_at is None]
        found = [key for key in live if key.key_id == name] or [key for key in live if key.name == name]
        if not found:
            raise NotFound("KEY", repr(name)[:60], "the id or the name of a key, see `muybridge keys list`")
        if len(found) > 1:
            ids = ", ".join(key.key_id for key in found)
            raise InvalidInput("KEY", f"{name!r}, the name of {len(found)} keys", f"one of the ids {ids}")
        return found[0]


class Keyring:
    """Knows whose request it is."""

    def __init__(self, store: KeyStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def owner(self, authorization: str | None) -> Key:
        """The key behind an Authorization header.

        Raises: NoKey where none was sent; UnknownKey where it opens nothing.
        """
        key = await self._store.find(digest_of(_secret_in(authorization)))
        if key is None or not key.valid_at(self._clock.now()):
            raise UnknownKey
        return key


def digest_of(secret: str) -> str:
    """What a secret is kept by."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _secret_in(authorization: str | None) -> str:
    words = (authorization or "").split()
    if words and words[0].lower() == "bearer":
        words = words[1:]
    if not words:
        raise NoKey
    if len(words) > 1 or len(words[0]) > _LONGEST_HEADER:
        raise UnknownKey
    return words[0]


def _fresh_secret() -> str:
    return _PREFIX + secrets.token_urlsafe(32)
