"""What a download URL must start with, as the client sees this server.

The set public URL wins. Otherwise it is the Host that the client sent, or, from a trusted proxy
alone, what the proxy says that its client sent.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_address

from fastapi import Request

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?", re.ASCII)


class BaseUrl:
    """Finds the base URL of a request."""

    def __init__(self, public_url: str, trusted: tuple[IPv4Network | IPv6Network, ...]) -> None:
        self._public_url = public_url
        self._trusted = trusted

    def of(self, request: Request) -> str:
        """Scheme, host and, where a proxy strips one, the path's prefix; no slash at the end."""
        if self._public_url:
            return self._public_url
        scheme, host, prefix = request.url.scheme, request.headers.get("host", ""), ""
        if self._from_proxy(request):
            scheme = _first(request, "x-forwarded-proto") or scheme
            host = _first(request, "x-forwarded-host") or host
            prefix = _first(request, "x-forwarded-prefix").rstrip("/")
        if not _HOST.fullmatch(host):
            name, port = request.scope.get("server") or ("127.0.0.1", None)
            host = f"{name}:{port}" if port else name
        if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*", prefix):
            prefix = ""
        return f"{'https' if scheme.lower() == 'https' else 'http'}://{host}{prefix}"

    def _from_proxy(self, request: Request) -> bool:
        if not self._trusted or request.client is None:
            return False
        try:
            address = ip_address(request.client.host)
        except ValueError:
            return False
        return any(address in network for network in self._trusted)


def _first(request: Request, header: str) -> str:
    return request.headers.get(header, "").partition(",")[0].strip()
