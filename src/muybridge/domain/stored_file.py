"""A StoredFile: what is known about one file of a key, apart from its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from muybridge.units import Seconds


class Purpose(StrEnum):
    """What a file is for. An upload may name others; these are the ones with a meaning here."""

    VIDEO = "video_generation"  # a finished take
    REFERENCE = "sent_reference"  # a picture that came inside a create request; lists leave it out


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file's row: whose it is, what it is for, its size in bytes and its sha256 (hex)."""

    file_id: str
    key_id: str
    purpose: str
    filename: str
    bytes: int
    sha256: str
    created_at: Seconds
