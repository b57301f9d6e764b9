"""What a picture's first bytes say of it: the format and the size, read without decoding anything.

Reads JPEG, PNG and WebP, and nothing of their pixels: a header may promise more than follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Format = Literal["JPEG", "PNG", "WEBP"]

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_LENGTHLESS_MARKERS = frozenset({0x01, *range(0xD0, 0xDA)})
# Said back to people who send something else, so that they see what they sent.
_OTHERS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"GIF8", "a GIF"),
    (0, b"BM", "a BMP"),
    (0, b"II*\0", "a TIFF"),
    (0, b"MM\0*", "a TIFF"),
    (4, b"ftypheic", "a HEIC"),
    (4, b"ftypheix", "a HEIC"),
    (4, b"ftypmif1", "a HEIF"),
    (4, b"ftypavif", "an AVIF"),
    (4, b"ftyp", "a video"),
    (0, b"\x1aE\xdf\xa3", "a video"),
    (0, b"8BPS", "a Photoshop file"),
    (0, b"%PDF", "a PDF"),
    (0, b"<svg", "an SVG"),
    (0, b"<?xml", "an XML text"),
    (0, b"<", "an HTML or XML text"),
    (0, b"{", "a JSON text"),
    (0, b"PK\x03\x04", "a zip archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
)


@dataclass(frozen=True, slots=True)
class Header:
    """The format and the size, in stored pixels (before any rotation the camera noted)."""

    format: Format
    width: int
    height: int


def read_header(raw: bytes) -> Header | None:
    """The header of a JPEG, PNG or WebP; None where the bytes are none of these, or end too soon.

    Cost: microseconds, and no memory beside the bytes given.
    """
    if raw.startswith(_PNG):
        return _png(raw)
    if raw.startswith(b"\xff\xd8\xff"):
        return _jpeg(raw)
    if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
        return _webp(raw)
    return None


def describe(raw: bytes) -> str:
    """What the bytes look like, in words for an error message: "a GIF", "12 bytes that ..."."""
    if not raw:
        return "0 bytes"
    if raw.startswith((_PNG, b"\xff\xd8\xff")) or raw[8:12] == b"WEBP":
        return f"a picture whose header is cut off or broken ({len(raw)} bytes)"
    start = raw[:64].lstrip()
    for offset, magic, words in _OTHERS:
        if start[offset : offset + len(magic)] == magic:
            return words
    return f"{len(raw)} bytes that are no picture"


def jpeg_scans(raw: bytes) -> int:
    """How many times a JPEG's decoder would go over the picture, at most; 1 where it is baseline."""
    return raw.count(b"\xff\xda")


def _png(raw: bytes) -> Header | None:
    if len(raw) < 24 or raw[12:16] != b"IHDR":
        return None
    return Header("PNG", int.from_bytes(raw[16:20], "big"), int.from_bytes(raw[20:24], "big"))


def _jpeg(raw: bytes) -> Header | None:
    at = 2
    while at + 4 <= len(raw):
        if raw[at] != 0xFF:
            return None
        marker = raw[at + 1]
        if marker == 0xFF:  # padding before a marker
            at += 1
        elif marker in _LENGTHLESS_MARKERS:
            at += 2
        elif marker in _FRAME_MARKERS:
            frame = raw[at + 5 : at + 9]
            if len(frame) < 4:
                return None
            return Header("JPEG", int.from_bytes(frame[2:], "big"), int.from_bytes(frame[:2], "big"))
        else:
            at += 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
    return None


def _webp(raw: bytes) -> Header | None:
    if len(raw) < 30:
        return None
    kind = raw[12:16]
    if kind == b"VP8X":
        return Header(
            "WEBP", 1 + int.from_bytes(raw[24:27], "little"), 1 + int.from_bytes(raw[27:30], "little")
        )
    if kind == b"VP8 " and raw[23:26] == b"\x9d\x01\x2a":
        width, height = int.from_bytes(raw[26:28], "little"), int.from_bytes(raw[28:30], "little")
        return Header("WEBP", width & 0x3FFF, height & 0x3FFF)
    if kind == b"VP8L" and raw[20] == 0x2F:
        bits = int.from_bytes(raw[21:25], "little")
        return Header("WEBP", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    return None
