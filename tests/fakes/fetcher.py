"""A fetcher whose outside a test writes down."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from muybridge.errors import InvalidInput, Unavailable
from muybridge.ports.fetcher import Fetcher, Reply
from muybridge.units import Seconds

Receiver = Callable[[bytes], Reply]


class FakeFetcher(Fetcher):
    def __init__(self) -> None:
        self.pictures: dict[str, bytes] = {}
        self.receivers: dict[str, Receiver] = {}
        self.refused: set[str] = set()
        self.posts: list[tuple[str, bytes, dict[str, str]]] = []

    async def vet(self, url: str, field: str) -> None:
        if url in self.refused:
            raise InvalidInput(field, "an address that is not public", "a public http(s) address")

    async def picture(self, url: str, field: str) -> bytes:
        await self.vet(url, field)
        if url not in self.pictures:
            raise Unavailable("no connection")
        return self.pictures[url]

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], within: Seconds, field: str
    ) -> Reply:
        await self.vet(url, field)
        self.posts.append((url, body, dict(headers)))
        if url not in self.receivers:
            raise Unavailable("no connection")
        return self.receivers[url](body)
