"""Where API keys are kept: by digest, never in clear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from muybridge.domain.key import Key
from muybridge.units import Seconds


class KeyStore(Protocol):
    """Keeps keys. A digest is the sha256 (hex) of a secret with at least 128 bits of chance."""

    async def add(self, key: Key, digest: str) -> None:
        """Keep a new key under its secret's digest."""
        ...

    async def find(self, digest: str) -> Key | None:
        """The key whose secret has this digest, revoked or expired ones too; None for a stranger."""
        ...

    async def get(self, key_id: str) -> Key | None:
        """The key by its own id, or None."""
        ...

    async def list(self) -> Sequence[Key]:
        """Every key, the oldest first."""
        ...

    async def revoke(self, key_id: str, at: Seconds) -> None:
        """Shut the key for good; a second time changes nothing. Raises NotFound."""
        ...

    async def server_secret(self, name: str) -> bytes:
        """32 bytes of chance under a name, made at the first asking; the same for every server here."""
        ...

    async def rotate(self, key_id: str, digest: str) -> None:
        """Let another secret open the key from now on, and the old one no more. Raises NotFound."""
        ...
