from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.adapters.addresses import Address, Guard
from muybridge.errors import InvalidInput, Unavailable

FIELD = "callback_url"
NOT_PUBLIC, UNUSUAL, NO_URL = "does not lead to a public address", "an unusual form", "no URL"
SCHEME, PASSWORD, NO_HOST = "the scheme", "user name or password", "names no host"

HOSTILE = [
    # this machine
    ("http://127.0.0.1/", NOT_PUBLIC),
    ("http://127.1.2.3:8080/", NOT_PUBLIC),
    ("http://0.0.0.0/", NOT_PUBLIC),
    ("http://[::1]/", NOT_PUBLIC),
    ("http://[::]/", NOT_PUBLIC),
    ("http://[0:0:0:0:0:0:0:1]:80/", NOT_PUBLIC),
    # the same, disguised as numbers
    ("http://2130706433/", UNUSUAL),
    ("http://0x7f000001/", UNUSUAL),
    ("http://0x7f.0x0.0x0.0x1/", UNUSUAL),
    ("http://0X7F.1/", UNUSUAL),
    ("http://017700000001/", UNUSUAL),
    ("http://0177.0.0.1/", NO_URL),
    ("http://127.1/", UNUSUAL),
    ("http://127.0.1/", UNUSUAL),
    ("http://127.0.0.1./", UNUSUAL),
    ("http://127.0.0.01/", NO_URL),
    ("http://0/", UNUSUAL),
    ("http://00000177.0.0.1/", NO_URL),
    ("http://127.0.0.0x1/", UNUSUAL),
    ("http://256.256.256.256/", NO_URL),
    ("http://1.2.3.4.5/", UNUSUAL),
    ("http://18446744073709551617/", UNUSUAL),
    # private networks
    ("http://10.0.0.1/", NOT_PUBLIC),
    ("http://10.255.255.255/", NOT_PUBLIC),
    ("http://172.16.0.1/", NOT_PUBLIC),
    ("http://172.31.255.254/", NOT_PUBLIC),
    ("http://192.168.1.1/", NOT_PUBLIC),
    ("http://100.64.0.1/", NOT_PUBLIC),
    ("http://198.18.0.1/", NOT_PUBLIC),
    ("http://[fc00::1]/", NOT_PUBLIC),
    ("http://[fd12:3456:789a::1]/", NOT_PUBLIC),
    ("http://[fec0::1]/", NOT_PUBLIC),
    # link-local and metadata
    ("http://169.254.0.1/", NOT_PUBLIC),
    ("http://169.254.169.254/latest/meta-data/", NOT_PUBLIC),
    ("http://[fe80::1]/", NOT_PUBLIC),
    ("http://[fd00:ec2::254]/latest/meta-data/", NOT_PUBLIC),
    ("http://100.100.100.200/latest/meta-data/", NOT_PUBLIC),
    ("http://192.0.0.192/opc/v1/", NOT_PUBLIC),
    ("http://168.63.129.16/machine", NOT_PUBLIC),
    # IPv4 inside IPv6
    ("http://[::ffff:127.0.0.1]/", NOT_PUBLIC),
    ("http://[::ffff:7f00:1]/", NOT_PUBLIC),
    ("http://[::ffff:169.254.169.254]/", NOT_PUBLIC),
    ("http://[::127.0.0.1]/", NOT_PUBLIC),
    ("http://[64:ff9b::7f00:1]/", NOT_PUBLIC),
    ("http://[64:ff9b:1::a00:1]/", NOT_PUBLIC),
    ("http://[2002:7f00:1::]/", NOT_PUBLIC),
    ("http://[2002:a9fe:a9fe::1]/", NOT_PUBLIC),
    ("http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/", NOT_PUBLIC),
    # nobody's, everybody's
    ("http://224.0.0.1/", NOT_PUBLIC),
    ("http://239.255.255.250:1900/", NOT_PUBLIC),
    ("http://255.255.255.255/", NOT_PUBLIC),
    ("http://240.0.0.1/", NOT_PUBLIC),
    ("http://192.0.2.1/", NOT_PUBLIC),
    ("http://[ff02::1]/", NOT_PUBLIC),
    ("http://[2001:db8::1]/", NOT_PUBLIC),
    ("http://[100::1]/", NOT_PUBLIC),
    # names that lead inside
    ("http://localhost/", NOT_PUBLIC),
    ("http://LOCALHOST:6379/", NOT_PUBLIC),
    ("http://localhost./", NOT_PUBLIC),
    ("http://metadata.cloud.example/", NOT_PUBLIC),
    ("http://mixed.example/", NOT_PUBLIC),
    ("http://inside6.example/", NOT_PUBLIC),
    ("http://ｌｏｃａｌｈｏｓｔ/", NO_URL),
    ("http://①②⑦.0.0.1/", NO_URL),
    ("http://nowhere.example/", "does not exist"),
    # credentials
    ("http://user:password@public.example/", PASSWORD),
    ("http://user@public.example/", PASSWORD),
    ("http://:@public.example/", PASSWORD),
    ("http://public.example@127.0.0.1/", PASSWORD),
    ("http://127.0.0.1@public.example/", PASSWORD),
    ("http://public.example%40127.0.0.1@127.0.0.1/", PASSWORD),
    # other schemes
    ("ftp://public.example/a.png", SCHEME),
    ("file:///etc/passwd", SCHEME),
    ("gopher://127.0.0.1:6379/_INFO", SCHEME),
    ("javascript:alert(1)", SCHEME),
    ("data:text/plain,x", SCHEME),
    ("dict://127.0.0.1:11211/", SCHEME),
    ("//public.example/a.png", SCHEME),
    ("public.example/a.png", SCHEME),
    ("", SCHEME),
    # what parsers disagree about
    ("http://public.example\\@127.0.0.1/", NO_URL),
    ("http:\\\\127.0.0.1\\", NO_URL),
    ("http://public.example /", NO_URL),
    ("http://127.0.0.1\t.public.example/", NO_URL),
    ("http://public.example/\r\nHost: inside", NO_URL),
    ("http://public.example/\x00", NO_URL),
    ("http://[::1/", NO_URL),
    ("http://[127.0.0.1]/", NO_URL),
    ("http://public.example:99999/", NO_HOST),
    ("http://public.example:abc/", NO_URL),
    ("http://[fe80::1%25eth0]/", NO_HOST),
    ("http://" + "a" * 9000 + ".example/", NO_URL),
    ("http:///a.png", NO_HOST),
    ("http://:80/", NO_HOST),
    ("http://public.example:0/", NO_HOST),
]

ZONE = {
    "localhost": ["127.0.0.1", "::1"],
    "localhost.": ["127.0.0.1"],
    "metadata.cloud.example": ["169.254.169.254"],
    "mixed.example": ["93.184.215.14", "10.0.0.1"],
    "inside6.example": ["::ffff:10.0.0.1"],
    "public.example": ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
    "xn--fiq228c.example": ["93.184.215.14"],
}


async def resolve(host: str, _port: int) -> Sequence[Address]:
    if host not in ZONE:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    return [ip_address(one) for one in ZONE[host]]


@pytest.mark.parametrize(("url", "rule"), HOSTILE, ids=[url[:40] for url, _ in HOSTILE])
async def test_a_hostile_url_is_refused_by_its_rule(url: str, rule: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await Guard(resolve=resolve).target(url, FIELD)
    error = refused.value
    assert (error.field, rule in error.got) == (FIELD, True), error
    assert "password" not in error.message.replace("user name or password", "")
    assert "10.0.0.1" not in error.message or "10.0.0.1" in url


def test_the_table_is_long_enough() -> None:
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize(
    ("url", "pinned", "host"),
    [
        ("https://public.example/a.png?b=c", "https://93.184.215.14/a.png?b=c", "public.example"),
        ("http://PUBLIC.example:8080/", "http://93.184.215.14:8080/", "public.example:8080"),
        ("http://中文.example/", "http://93.184.215.14/", "xn--fiq228c.example"),
        ("http://8.8.8.8/", "http://8.8.8.8/", "8.8.8.8"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/", "[2606:4700::1111]"),
        ("http://[::ffff:8.8.8.8]/", "http://[::ffff:808:808]/", "[::ffff:8.8.8.8]"),
    ],
)
async def test_a_public_url_is_pinned_to_one_of_its_addresses(url: str, pinned: str, host: str) -> None:
    target = await Guard(resolve=resolve).target(url, FIELD)
    assert (str(target.pinned), target.host_header) == (pinned, host)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8001/cb", "http://localhost/", "http://[::ffff:127.0.0.1]/"]
)
async def test_what_the_operator_allowed_may_be_reached(url: str) -> None:
    allow = [ip_network("127.0.0.0/8"), ip_network("::1/128")]
    await Guard(allow, resolve).target(url, FIELD)
    with pytest.raises(InvalidInput):
        await Guard(allow, resolve).target("http://10.0.0.1/", FIELD)


async def test_a_resolver_that_fails_for_now_is_no_refusal() -> None:
    async def away(_host: str, _port: int) -> Sequence[Address]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    with pytest.raises(Unavailable):
        await Guard(resolve=away).target("http://public.example/", FIELD)


@given(st.ip_addresses())
async def test_no_address_inside_gets_through_in_any_form(address: Address) -> None:
    host = f"[{address}]" if address.version == 6 else str(address)
    try:
        target = await Guard(resolve=resolve).target(f"http://{host}/", FIELD)
    except InvalidInput:
        return
    assert target.address == address
    assert address.is_global
    assert not (address.is_multicast or address.is_private or address.is_loopback or address.is_link_local)


@given(st.text(max_size=60) | st.text(max_size=40).map("http://".__add__))
async def test_whatever_the_text_is_it_leads_nowhere_or_to_a_public_address(text: str) -> None:
    try:
        target = await Guard(resolve=resolve).target(text, FIELD)
    except InvalidInput:
        return
    assert target.address.is_global
