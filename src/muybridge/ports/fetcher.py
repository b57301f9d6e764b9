"""Talking to addresses that strangers gave us: picture URLs and callback URLs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from muybridge.units import Seconds


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from a POST: the status, and the first bytes of the body."""

    status: int
    body: bytes


class Fetcher(Protocol):
    """Goes only where it may: public http(s) addresses, and those the operator allowed.

    Every refusal names `field` and nothing of the inside.
    """

    async def vet(self, url: str, field: str) -> None:
        """Say early that an address is refused; raises InvalidInput."""
        ...

    async def picture(self, url: str, field: str) -> bytes:
        """The bytes behind a picture URL, over at most 3 redirects, within bounds of size and time.

        Raises: InvalidInput where the address is refused or is too large or gives no picture;
        TimedOut and Unavailable where trying again may help.
        """
        ...

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], within: Seconds, field: str
    ) -> Reply:
        """POST once, follow nothing, and be back within `within` seconds.

        Raises: InvalidInput where the address is refused; TimedOut; Unavailable for no connection.
        """
        ...
