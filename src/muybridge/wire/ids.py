"""Ids on the wire: 15 decimal digits, below 2^53, a string in query and an integer in files."""

from __future__ import annotations

import secrets

from muybridge.errors import InvalidInput
from muybridge.wire.shown import shown

DIGITS = 15
_FIRST, _END = 10 ** (DIGITS - 1), 10**DIGITS  # 10^15 < 2^53: exact as a JSON number everywhere
ALLOWED = "an id as we gave it, decimal digits"


def fresh_id() -> str:
    """An id by chance; whoever keeps it checks that it was never given before."""
    return str(_FIRST + secrets.randbelow(_END - _FIRST))


def read_id(value: object, field: str) -> str:
    """An id as a client sent it, string or integer, in one form; raises InvalidInput.

    Ids of other lengths are read too: they are well formed, and simply not ours.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63:
        return str(value)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 19:
        return value
    raise InvalidInput(field, shown(value), ALLOWED)
