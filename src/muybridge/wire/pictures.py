"""The three forms of a picture on the wire: a data URL, an http(s) URL, an uploaded file's id.

The declared media type is never believed: shipped clients label PNG as JPEG. What the bytes are
is judged by `media.intake`.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass

from muybridge.errors import InvalidPicture
from muybridge.wire.shown import shown

ALLOWED = "an http(s) URL, a data URL (data:image/png;base64,...), or the file_id of an uploaded picture"
_LONGEST_URL = 8192
_PIECE = 1 << 20  # characters decoded at once; other threads run in between
_LONGEST_HEAD = 256


@dataclass(frozen=True, slots=True)
class PictureUrl:
    """A picture to be fetched."""

    url: str


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture that the key uploaded before."""

    file_id: str


@dataclass(frozen=True, slots=True)
class PictureBytes:
    """A picture that came inside the request."""

    raw: bytes


PictureSource = PictureUrl | PictureFile | PictureBytes


def read_source(text: str, field: str) -> PictureSource:
    """Which of the three forms this is; raises InvalidPicture.

    Cost: 70 ms for a data URL of 20 MB; call it in a thread.
    """
    start = text[:8].lower()
    if start.startswith("data:"):
        return PictureBytes(_decode(text, field))
    if start.startswith(("http://", "https:/")):
        if len(text) > _LONGEST_URL or any(c.isspace() or not c.isprintable() for c in text):
            raise InvalidPicture(field, shown(text), f"a URL of at most {_LONGEST_URL} printable characters")
        return PictureUrl(text)
    if text.isascii() and text.isdigit() and len(text) <= 19:
        return PictureFile(text)
    raise InvalidPicture(field, shown(text), ALLOWED)


def _decode(text: str, field: str) -> bytes:
    comma = text.find(",", 0, _LONGEST_HEAD)
    if comma < 0 or not text[:comma].rstrip().lower().endswith(";base64"):
        raise InvalidPicture(field, f"the data URL {shown(text)}", "data:image/png;base64,...")
    try:
        return _from_base64(text.encode("ascii"), comma + 1)
    except ValueError as error:  # binascii.Error and UnicodeEncodeError are some
        got = f"a data URL that is not base64 ({str(error)[:60]})"
        raise InvalidPicture(field, got, "base64 after the comma") from None


def _from_base64(text: bytes, start: int) -> bytes:
    try:
        return _strictly(text, start)
    except ValueError:  # line breaks every 76 characters are everyday, and rare enough to try without first
        return _strictly(b"".join(text[start:].split()), 0)


def _strictly(text: bytes, start: int) -> bytes:
    end = len(text)
    while end > start and text[end - 1 : end] == b"=":
        end -= 1
    whole = end - (end - start) % 4
    view = memoryview(text)
    pieces = [
        binascii.a2b_base64(view[at : min(at + _PIECE, whole)], strict_mode=True)
        for at in range(start, whole, _PIECE)
    ]
    if whole < end:  # clients leave the padding out
        pieces.append(binascii.a2b_base64(text[whole:end] + b"=" * (whole + 4 - end), strict_mode=True))
    return b"".join(pieces)
