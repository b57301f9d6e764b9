"""Going to strangers' addresses over HTTP, each connection pinned to an address that was checked.

No proxy, cookie or password of this machine is ever used, no connection is shared between hosts,
and what comes back is bounded in bytes and time, before and after it is unpacked.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Self

import httpx

from muybridge.adapters.addresses import Guard, Target
from muybridge.errors import InvalidInput, TimedOut, Unavailable
from muybridge.ports.fetcher import Fetcher, Reply
from muybridge.units import Seconds
from muybridge.wire.shown import shown

_REDIRECTS = 3
_REPLY_BYTES = 1 << 16
_PLAIN = ("", "identity")
_ZIPPED = ("gzip", "x-gzip", "deflate")
_AGENT = "muybridge"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a picture is read, in bytes, and for how long."""

    bytes: int = 20 << 20
    seconds: Seconds = Seconds(20.0)


class HttpFetcher(Fetcher):
    """The real way out; opened and closed by `async with`."""

    def __init__(self, guard: Guard, bounds: Bounds = Bounds()) -> None:
        self._guard = guard
        self._bounds = bounds
        self._client = httpx.AsyncClient(
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(bounds.seconds, connect=min(5.0, bounds.seconds)),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # keeps none
            # kept connections would be shared between names that have one address
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=0),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def vet(self, url: str, field: str) -> None:
        """Say early that an address is refused; a name that cannot be looked up now may be later."""
        try:
            async with asyncio.timeout(self._bounds.seconds):
                await self._guard.target(url, field)
        except (Unavailable, TimeoutError):
            return

    async def picture(self, url: str, field: str) -> bytes:
        """The bytes behind a picture URL."""
        with_care = f"{self._bounds.seconds:g} s"
        try:
            async with asyncio.timeout(self._bounds.seconds):
                return await self._follow(url, field)
        except (TimeoutError, httpx.TimeoutException):
            raise TimedOut(f"{field} could not be fetched within {with_care}") from None
        except httpx.HTTPError as error:
            raise Unavailable(f"{field} could not be fetched: {type(error).__name__}") from None

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], within: Seconds, field: str
    ) -> Reply:
        """POST once and follow nothing."""
        try:
            async with asyncio.timeout(within):
                target = await self._guard.target(url, field)
                async with self._asking("POST", target, headers, body) as response:
                    return Reply(response.status_code, await _beginning(response))
        except (TimeoutError, httpx.TimeoutException):
            raise TimedOut(f"no answer within {within:g} s") from None
        except httpx.HTTPError as error:
            raise Unavailable(f"no connection: {type(error).__name__}") from None

    async def _follow(self, url: str, field: str) -> bytes:
        for _ in range(_REDIRECTS + 1):
            target = await self._guard.target(url, field)
            wanted = {"accept": "image/png, image/jpeg, image/webp, */*;q=0.1"}
            async with self._asking("GET", target, wanted) as response:
                if response.has_redirect_location:
                    url = _next(target, response, field)
                    continue
                _check_status(response, field)
                return await self._read(response, field)
        raise InvalidInput(field, f"more than {_REDIRECTS} redirects", f"at most {_REDIRECTS}")

    @asynccontextmanager
    async def _asking(
        self, method: str, target: Target, headers: Mapping[str, str], body: bytes | None = None
    ) -> AsyncIterator[httpx.Response]:
        ours = {"host": target.host_header, "user-agent": _AGENT, "accept-encoding": "identity"}
        request = self._client.build_request(
            method,
            target.pinned,
            headers={**headers, **ours},
            content=body,
            extensions={"sni_hostname": target.url.raw_host.decode("ascii")},  # certificates name hosts
        )
        response = await self._client.send(request, stream=True)
        try:
            yield response
        finally:
            await response.aclose()

    async def _read(self, response: httpx.Response, field: str) -> bytes:
        most = self._bounds.bytes
        declared = response.headers.get("content-length", "0")
        coding = response.headers.get("content-encoding", "").strip().lower()
        if coding not in _PLAIN + _ZIPPED:
            raise InvalidInput(field, f"a picture packed as {shown(coding)}", "a picture sent as it is")
        if declared.isdigit() and int(declared[:20]) > most:
            raise _too_large(field, most)
        raw = bytearray()
        async for piece in response.aiter_raw(1 << 16):
            raw += piece
            if len(raw) > most:
                raise _too_large(field, most)
        return bytes(raw) if coding in _PLAIN else await asyncio.to_thread(_unpack, bytes(raw), most, field)


async def _beginning(response: httpx.Response) -> bytes:
    got = b""
    async for piece in response.aiter_raw():
        got += piece
        if len(got) >= _REPLY_BYTES:
            break
    return got[:_REPLY_BYTES]


def _next(target: Target, response: httpx.Response, field: str) -> str:
    try:
        return str(target.url.join(response.headers["location"]))
    except (httpx.InvalidURL, ValueError):
        raise InvalidInput(field, "a redirect to what is no URL", "a URL that leads to a picture") from None


def _check_status(response: httpx.Response, field: str) -> None:
    status = response.status_code
    if status >= 500 or status in (408, 425, 429):
        raise Unavailable(f"{field}: its server answered {status}")
    if status != 200:
        raise InvalidInput(field, f"a URL that answers {status}", "a URL that answers 200 with a picture")


def _unpack(raw: bytes, most: int, field: str) -> bytes:
    try:
        reader = zlib.decompressobj(47)  # gzip or zlib, by its header
        whole = reader.decompress(raw, most + 1)
    except zlib.error:
        raise InvalidInput(field, "a picture that cannot be unpacked", "a picture sent as it is") from None
    if len(whole) > most:
        raise _too_large(field, most)
    return whole


def _too_large(field: str, most: int) -> InvalidInput:
    return InvalidInput(field, f"more than {most / 2**20:g} MB", f"at most {most / 2**20:g} MB")
