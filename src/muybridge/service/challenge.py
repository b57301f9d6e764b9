"""The callback challenge: an address is told nothing before it has shown that it listens."""

from __future__ import annotations

from muybridge.errors import InvalidInput, TimedOut, Unavailable
from muybridge.ports.fetcher import Fetcher
from muybridge.units import Seconds
from muybridge.wire.callback import challenge_body, fresh_challenge, wrong_echo
from muybridge.wire.shown import shown

FIELD = "callback_url"
_HEADERS = {"content-type": "application/json"}


async def challenge(fetcher: Fetcher, url: str, within: Seconds) -> None:
    """POST a challenge and wait for its echo, `within` seconds in all.

    Raises: InvalidInput naming what happened instead.
    """
    value = fresh_challenge()
    try:
        reply = await fetcher.post(url, challenge_body(value), _HEADERS, within, FIELD)
    except TimedOut:
        raise _failed(url, f"did not answer within {within:g} s") from None
    except Unavailable:
        raise _failed(url, "could not be reached (no connection)") from None
    if reply.status != 200:
        raise _failed(url, f"answered {reply.status} to the challenge")
    if (wrong := wrong_echo(reply.body, value)) is not None:
        raise _failed(url, f"answered the challenge with {wrong}")


def _failed(url: str, what: str) -> InvalidInput:
    allowed = 'an address that answers {"challenge": ...} with 200 and the same value within 3 seconds'
    return InvalidInput(FIELD, f"{shown(url)}, which {what}", allowed)
