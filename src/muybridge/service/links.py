"""Signed download links: whoever holds one may fetch that one file until it expires."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import quote, urlencode

from muybridge.domain.stored_file import StoredFile
from muybridge.errors import InvalidInput
from muybridge.ports.clock import Clock
from muybridge.units import Seconds

PREFIX = "/files"
_ALLOWED = "a download_url as files/retrieve gave it, within its hour"


class Links:
    """Signs and checks, with a secret that every server over the same database shares."""

    def __init__(self, secret: bytes, clock: Clock, lifetime: Seconds = Seconds(3600.0)) -> None:
        self._secret = secret
        self._clock = clock
        self._lifetime = lifetime

    def path(self, file: StoredFile) -> str:
        """The path and query of a fresh link."""
        expires = str(int(self._clock.now() + self._lifetime))
        query = urlencode({"expires": expires, "signature": self._sign(file.file_id, expires)})
        return f"{PREFIX}/{file.file_id}/{quote(file.filename, safe='')}?{query}"

    def check(self, file_id: str, expires: str, signature: str) -> None:
        """Raise InvalidInput where the link is not ours or is too old."""
        right = self._sign(file_id, expires)
        if not hmac.compare_digest(right.encode(), signature.encode("utf-8", "surrogateescape")):
            raise InvalidInput("signature", "one that does not fit this link", _ALLOWED)
        if self._clock.now() >= int(expires):
            raise InvalidInput("expires", "a time that has passed", _ALLOWED)

    def _sign(self, file_id: str, expires: str) -> str:
        text = f"{file_id}\n{expires}".encode("utf-8", "surrogateescape")
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()
