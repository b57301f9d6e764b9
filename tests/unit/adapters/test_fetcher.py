"""The fetcher against real sockets on loopback, which the test allows it to reach."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address, ip_network

import pytest

from muybridge.adapters.addresses import Address, Guard
from muybridge.adapters.fetcher import Bounds, HttpFetcher
from muybridge.errors import InvalidInput, MuybridgeError, TimedOut, Unavailable
from muybridge.units import Seconds

FIELD = "subject_reference[0].image[0]"
LOOPBACK = [ip_network("127.0.0.0/8")]
SMALL = Bounds(1 << 20, Seconds(1.0))

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A raw HTTP server: its port, and the requests that came."""
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            requests.append(await reader.readuntil(b"\r\n\r\n"))
            await answer(requests[-1], writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield listening.sockets[0].getsockname()[1], requests


def says(head: str, body: bytes = b"") -> Answer:
    async def answer(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()

    return answer


def fetcher(bounds: Bounds = SMALL, **zone: list[str]) -> HttpFetcher:
    async def resolve(host: str, _port: int) -> Sequence[Address]:
        if host not in zone:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        turns = zone[host]
        return [ip_address(turns.pop(0) if len(turns) > 1 else turns[0])]

    return HttpFetcher(Guard(LOOPBACK, resolve), bounds)


async def refusal(get: HttpFetcher, url: str) -> MuybridgeError:
    async with get:
        began = time.monotonic()
        with pytest.raises(MuybridgeError) as refused:
            await get.picture(url, FIELD)
        assert time.monotonic() - began < 5
    return refused.value


async def test_a_picture_is_fetched_byte_for_byte() -> None:
    async with (
        server(says("200 OK", b"\x89PNG" * 1000)) as (port, requests),
        fetcher(host=["127.0.0.1"]) as get,
    ):
        assert await get.picture(f"http://host:{port}/a.png?b=c", FIELD) == b"\x89PNG" * 1000
    assert requests[0].startswith(b"GET /a.png?b=c HTTP/1.1\r\n")
    assert f"host: host:{port}".encode() in requests[0].lower()


async def test_a_name_is_resolved_once_and_the_connection_goes_there() -> None:
    turns = ["127.0.0.1", "169.254.169.254"]
    async with server(says("200 OK", b"x")) as (port, _), fetcher(turning=turns) as get:
        assert await get.picture(f"http://turning:{port}/", FIELD) == b"x"
    assert turns == ["169.254.169.254"]


async def test_a_name_that_changed_since_it_was_vetted_is_refused() -> None:
    get = fetcher(turning=["127.0.0.1", "169.254.169.254"])
    await get.vet("http://turning/", FIELD)
    error = await refusal(get, "http://turning/")
    assert "does not lead to a public address" in error.message


@pytest.mark.parametrize(
    ("location", "rule"),
    [
        ("http://169.254.169.254/latest/", "public address"),
        ("http://10.0.0.1/", "public address"),
        ("http://inside/", "public address"),
        ("//192.168.0.1/", "public address"),
        ("http://2130706433/", "unusual form"),
        ("file:///etc/passwd", "the scheme"),
        ("http://user:pass@host/", "user name or password"),
    ],
)
async def test_a_redirect_is_checked_like_a_first_address(location: str, rule: str) -> None:
    async with server(says(f"302 Found\r\nLocation: {location}")) as (port, requests):
        zone = {"host": ["127.0.0.1"], "inside": ["192.168.7.7"]}
        error = await refusal(fetcher(**zone), f"http://host:{port}/")
    assert isinstance(error, InvalidInput)
    assert rule in error.message
    assert "192.168.7.7" not in error.message
    assert len(requests) == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"])
async def test_three_redirects_are_followed_and_no_fourth(status: str) -> None:
    async def hop(request: bytes, writer: asyncio.StreamWriter) -> None:
        left = int(request.split()[1].strip(b"/"))
        await says(f"{status}\r\nLocation: /{left - 1}" if left else "200 OK", b"end")(request, writer)

    async with server(hop) as (port, _):
        async with fetcher(host=["127.0.0.1"]) as get:
            assert await get.picture(f"http://host:{port}/3", FIELD) == b"end"
        error = await refusal(fetcher(host=["127.0.0.1"]), f"http://host:{port}/4")
    assert "more than 3 redirects" in error.message


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("404 Not Found", InvalidInput),
        ("403 Forbidden", InvalidInput),
        ("204 No Content", InvalidInput),
        ("206 Partial", InvalidInput),
        ("500 Internal", Unavailable),
        ("503 Busy", Unavailable),
        ("429 Slow down", Unavailable),
    ],
)
async def test_a_status_other_than_200_is_no_picture(status: str, kind: type[MuybridgeError]) -> None:
    async with server(says(status)) as (port, _):
        error = await refusal(fetcher(host=["127.0.0.1"]), f"http://host:{port}/")
    assert type(error) is kind
    assert status[:3] in error.message


async def test_a_body_that_declares_too_much_is_not_read() -> None:
    async def large(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        await writer.drain()

    async with server(large) as (port, _):
        error = await refusal(fetcher(host=["127.0.0.1"]), f"http://host:{port}/")
    assert "more than 1 MB" in error.message


async def test_an_endless_body_ends_at_the_bound() -> None:
    sent = 0

    async def endless(_: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * (1 << 16))
            sent += 1 << 16
            await writer.drain()

    async with server(endless) as (port, _):
        error = await refusal(fetcher(host=["127.0.0.1"]), f"http://host:{port}/")
    assert "more than 1 MB" in error.message
    assert sent < 16 << 20


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"\0" * (64 << 20))),
        ("deflate", zlib.compress(b"\0" * (64 << 20))),
        ("gzip", gzip.compress(gzip.compress(b"\0" * (8 << 20)) * 200)),
    ],
)
async def test_a_bomb_is_never_unpacked_beyond_the_bound(coding: str, body: bytes) -> None:
    assert len(body) < 1 << 20
    answer = says(f"200 OK\r\nContent-Encoding: {coding}", body)
    async with server(answer) as (port, _):
        error = await refusal(fetcher(host=["127.0.0.1"]), f"http://host:{port}/")
    assert "more than 1 MB" in error.message


async def test_a_packed_picture_is_unpacked() -> None:
    answer = says("200 OK\r\nContent-Encoding: gzip", gzip.compress(b"picture"))
    async with server(answer) as (port, _), fetcher(host=["127.0.0.1"]) as get:
        assert await get.picture(f"http://host:{port}/", FIELD) == b"picture"


@pytest.mark.parametrize(("coding", "rule"), [("br", 'packed as "br"'), ("gzip", "cannot be unpacked")])
async def test_a_packing_that_cannot_be_undone_is_refused(coding: str, rule: str) -> None:
    async with server(says(f"200 OK\r\nContent-Encoding: {coding}", b"nonsense")) as (port, _):
        error = await refusal(fetcher(host=["127.0.0.1"]), f"http://host:{port}/")
    assert rule in error.message


async def drip_head(_: bytes, writer: asyncio.StreamWriter) -> None:
    for n in range(1000):
        writer.write(b"HTTP/1.1 200 OK\r\n" if n == 0 else f"X-{n}: y\r\n".encode())
        await writer.drain()
        await asyncio.sleep(0.05)


async def drip_body(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _n in range(1000):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def silent(_: bytes, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def go_on(_: bytes, writer: asyncio.StreamWriter) -> None:
    for _n in range(1000):
        writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("answer", [drip_head, drip_body, silent, go_on])
async def test_a_server_that_dawdles_is_left_in_time(answer: Answer) -> None:
    async with server(answer) as (port, _):
        error = await refusal(
            fetcher(Bounds(1 << 20, Seconds(0.4)), host=["127.0.0.1"]), f"http://host:{port}/"
        )
    assert isinstance(error, TimedOut)


@pytest.mark.parametrize(
    "raw", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"]
)
async def test_a_server_that_breaks_off_is_unavailable(raw: bytes) -> None:
    async def broken(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)

    async with server(broken) as (port, _):
        error = await refusal(fetcher(host=["127.0.0.1"]), f"http://host:{port}/")
    assert type(error) is Unavailable


async def test_no_connection_is_unavailable_and_says_nothing_of_the_address() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        error = await refusal(fetcher(host=["127.0.0.1"]), f"http://host:{closed.getsockname()[1]}/")
    assert type(error) is Unavailable
    assert "127.0.0.1" not in error.message


async def test_a_cookie_is_not_carried_to_the_next_request() -> None:
    answer = says("200 OK\r\nSet-Cookie: a=b; Path=/")
    async with server(answer) as (port, requests), fetcher(host=["127.0.0.1"]) as get:
        for _ in range(2):
            await get.picture(f"http://host:{port}/", FIELD)
    assert not any(b"cookie" in request.lower() for request in requests)


async def test_a_proxy_of_this_machine_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with server(says("200 OK", b"x")) as (port, _), fetcher(host=["127.0.0.1"]) as get:
        assert await get.picture(f"http://host:{port}/", FIELD) == b"x"


async def test_a_post_carries_its_body_and_headers_and_brings_the_answer_back() -> None:
    async with (
        server(says("201 Created", b'{"ok":1}')) as (port, requests),
        fetcher(host=["127.0.0.1"]) as get,
    ):
        headers = {"webhook-id": "msg_1", "content-type": "application/json"}
        reply = await get.post(f"http://host:{port}/cb", b"{}", headers, Seconds(1), "callback_url")
    assert (reply.status, reply.body) == (201, b'{"ok":1}')
    assert requests[0].startswith(b"POST /cb HTTP/1.1")
    assert b"webhook-id: msg_1" in requests[0]


async def test_a_post_follows_no_redirect() -> None:
    answer = says("302 Found\r\nLocation: /elsewhere")
    async with server(answer) as (port, requests), fetcher(host=["127.0.0.1"]) as get:
        reply = await get.post(f"http://host:{port}/", b"{}", {}, Seconds(1), "callback_url")
    assert (reply.status, len(requests)) == (302, 1)


@pytest.mark.parametrize("answer", [drip_head, silent])
async def test_a_post_is_back_within_its_time(answer: Answer) -> None:
    async with server(answer) as (port, _), fetcher(host=["127.0.0.1"]) as get:
        began = time.monotonic()
        with pytest.raises(TimedOut, match=r"within 0\.3 s"):
            await get.post(f"http://host:{port}/", b"{}", {}, Seconds(0.3), "callback_url")
        assert time.monotonic() - began < 20


async def test_a_post_reads_the_beginning_of_a_long_answer() -> None:
    async with server(says("200 OK", b"x" * (1 << 20))) as (port, _), fetcher(host=["127.0.0.1"]) as get:
        reply = await get.post(f"http://host:{port}/", b"{}", {}, Seconds(2), "callback_url")
    assert (reply.status, len(reply.body)) == (200, 1 << 16)


async def test_a_post_inside_is_refused_before_anything_is_sent() -> None:
    async with fetcher(inside=["192.168.7.7"]) as get:
        with pytest.raises(InvalidInput, match="callback_url"):
            await get.post("http://inside/", b"{}", {}, Seconds(1), "callback_url")


async def test_vetting_lets_a_resolver_that_is_away_pass_for_now() -> None:
    async def away(_host: str, _port: int) -> Sequence[Address]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    async with HttpFetcher(Guard(resolve=away), SMALL) as get:
        await get.vet("http://host/", FIELD)
        with pytest.raises(InvalidInput):
            await get.vet("http://127.0.0.1/", FIELD)
