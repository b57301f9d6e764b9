"""Which addresses strangers may send us to: public ones, and those that the operator allowed.

A name says nothing, so it is resolved and every address it has must be allowed; the caller then
connects to one of these and asks nobody again.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import httpx

from muybridge.errors import InvalidInput, Unavailable
from muybridge.wire.shown import shown

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]

ALLOWED = "a public http(s) address"
_LONGEST = 8192
# what Python's is_global lets through although it leads inside, or to another address in disguise
_REFUSED = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments; one cloud's metadata
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # one cloud's host agent, on a public address
        "::/96",  # IPv4 inside IPv6, the old way
        "64:ff9b::/96",  # IPv4 through NAT64
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",  # Teredo and other tunnels
        "2002::/16",  # 6to4
        "5f00::/16",
        "fec0::/10",  # site-local
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: the URL as it was read, and the one address to use for its host."""

    url: httpx.URL
    address: Address

    @property
    def pinned(self) -> httpx.URL:
        """The URL with the address in place of the name."""
        return self.url.copy_with(host=str(self.address))

    @property
    def host_header(self) -> str:
        """What the other side must believe it was called."""
        return self.url.netloc.decode("ascii")


class Guard:
    """Turns a stranger's URL into a Target, or refuses it by name; `allow` widens what is public."""

    def __init__(self, allow: Sequence[Network] = (), resolve: Resolve | None = None) -> None:
        self._allow = tuple(allow)
        self._resolve = resolve or system_resolve

    async def target(self, text: str, field: str) -> Target:
        """Where this URL leads.

        Raises: InvalidInput where it may not be gone to; Unavailable where its name cannot be
        looked up just now.
        """
        url = read_url(text, field)
        literal = _literal(url.host)
        try:
            port = url.port or {"http": 80, "https": 443}[url.scheme]
            found = [literal] if literal else await self._resolve(url.raw_host.decode("ascii"), port)
        except socket.gaierror as error:
            if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)):
                raise InvalidInput(field, f"{shown(text)}, whose host does not exist", ALLOWED) from None
            raise Unavailable("a host's name cannot be looked up just now") from error
        if not found or not all(self._may(address) for address in found):
            raise InvalidInput(field, f"{shown(text)}, which does not lead to a public address", ALLOWED)
        return Target(url, found[0])

    def _may(self, address: Address) -> bool:
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if any(address in network for network in self._allow):
            return True
        public = address.is_global and not address.is_multicast and not address.is_reserved
        return public and not any(address in network for network in _REFUSED)


def read_url(text: str, field: str) -> httpx.URL:
    """A stranger's URL, checked by its looks alone; raises InvalidInput."""
    if len(text) > _LONGEST or not text.isprintable() or any(c in text for c in "\\ "):
        raise InvalidInput(field, f"{shown(text)}, which is no URL", ALLOWED)
    try:
        url = httpx.URL(text)
        name = url.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise InvalidInput(field, f"{shown(text)}, which is no URL", ALLOWED) from None
    if url.scheme not in ("http", "https"):
        raise InvalidInput(field, f"the scheme {shown(url.scheme)}", ALLOWED)
    if url.userinfo or "@" in url.netloc.decode("ascii", "replace"):
        raise InvalidInput(field, "a URL with a user name or password", ALLOWED + " without them")
    if not name or "%" in name or not (url.port is None or 0 < url.port < 65536):
        raise InvalidInput(field, f"{shown(text)}, which names no host and port", ALLOWED)
    if _ends_in_a_number(name) and _literal(name) is None:
        raise InvalidInput(field, f"{shown(text)}, an address in an unusual form", ALLOWED)
    return url


async def system_resolve(host: str, port: int) -> Sequence[Address]:
    """Every address of a name, as this machine's resolver gives them."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(where[0]) for *_, where in found]


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _ends_in_a_number(host: str) -> bool:
    """Whether resolvers would take this for an IPv4 address in one of its old forms.

    Source: WHATWG URL Standard, "ends in a number checker".
    """
    last = host.removesuffix(".").rpartition(".")[2].lower()
    return last.isdigit() or (last.startswith("0x") and all(c in "0123456789abcdef" for c in last[2:]))
