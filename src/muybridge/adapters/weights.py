"""Model files and samples in a folder of this machine, each checked against the manifest.

Limits: it only looks; `wheels.pull` fills the folder. A file is hashed once in a process's life,
and again when its size or time has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from muybridge.adapters.manifest import Weight, manifest
from muybridge.errors import WeightsMissing


class Presence(StrEnum):
    """How a file of the manifest stands in the folder."""

    PRESENT = "present"
    MISSING = "missing"
    DAMAGED = "damaged"


class CachedWeights:
    """The `WeightStore` over one flat folder. Cost: hashing all of `core` takes 20 ms."""

    def __init__(self, folder: Path, weights: Sequence[Weight] | None = None) -> None:
        self.folder = folder
        self._weights = {weight.name: weight for weight in (manifest() if weights is None else weights)}
        self._checked: dict[str, tuple[int, int]] = {}

    def path(self, name: str) -> Path:
        """The checked file on disk; raises WeightsMissing, saying how to pull it."""
        weight = self._weights.get(name)
        if weight is None:
            raise WeightsMissing(f"{name} is no file of the manifest, which has {', '.join(self._weights)}")
        presence = self.presence(weight)
        if presence is not Presence.PRESENT:
            where = (
                f"is not in {self.folder}" if presence is Presence.MISSING else f"in {self.folder} is damaged"
            )
            raise WeightsMissing(f"{name} {where}; `muybridge weights pull {weight.group}` gets it")
        return self.folder / name

    def presence(self, weight: Weight) -> Presence:
        """Whether the file is there and is, byte for byte, what the manifest says."""
        path = self.folder / weight.name
        try:
            facts = path.stat()
            stamp = (facts.st_size, facts.st_mtime_ns)
            if self._checked.get(weight.name) == stamp:
                return Presence.PRESENT
            if facts.st_size != weight.bytes or sha256_of(path) != weight.sha256:
                return Presence.DAMAGED
        except FileNotFoundError:
            return Presence.MISSING
        except OSError:  # a folder by that name, or not for us to read
            return Presence.DAMAGED
        self._checked[weight.name] = stamp
        return Presence.PRESENT


def sha256_of(path: Path) -> str:
    """A file's SHA-256, in hex."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
