"""A Key: one account of this server, what it is called and how much it may ask for."""

from __future__ import annotations

from dataclasses import dataclass, field

from muybridge.units import Seconds


@dataclass(frozen=True, slots=True)
class Terms:
    """How much one key may ask for; None is no limit.

    `allowance` counts videos over the key's whole life, failed ones not; `rate` counts tasks
    made in any 60 seconds; `in_flight` counts unfinished tasks.
    """

    allowance: int | None = None
    rate: int | None = None
    in_flight: int | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """One account: tasks and files belong to `key_id`, which outlives a rotated secret.

    The secret itself is never kept, only its digest in the key store. `signing_secret` signs
    this key's callbacks (Standard Webhooks, `whsec_...`). Times are Unix seconds.
    """

    key_id: str
    name: str
    created_at: Seconds
    signing_secret: str = field(default="", repr=False)
    terms: Terms = Terms()
    expires_at: Seconds | None = None
    revoked_at: Seconds | None = None

    def valid_at(self, now: Seconds) -> bool:
        """Whether the key opens anything at `now`: neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)
