"""A model's files on this machine: where they lie, whether they are whole, how much they weigh.

Limits: safetensors only. Nothing is fetched: a hub id stands for the snapshot that is already here.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from muybridge.engines.diffusers.models import Known, known_in, read_index
from muybridge.errors import EngineNotReady

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_LONGEST_HEADER = 100 * 1024 * 1024
_WEIGHTLESS = ("Scheduler", "Tokenizer", "TokenizersBackend", "Processor")


@dataclass(frozen=True)
class Checkpoint:
    """One model's folder."""

    folder: Path

    @classmethod
    def find(cls, model: str) -> Checkpoint:
        """The folder of that path, or the newest snapshot of that hub id; raises EngineNotReady."""
        path = Path(model).expanduser()
        if path.is_dir():
            return cls(path)
        if not _HUB_ID.fullmatch(model):
            raise EngineNotReady(f"there is no folder {model}")
        snapshot = _snapshot(model)
        if snapshot is None:
            raise EngineNotReady(f"{model} is not on this machine; `hf download {model}` gets it")
        return cls(snapshot)

    @cached_property
    def known(self) -> Known:
        """Which of the served classes it is; raises EngineNotReady."""
        return known_in(self.folder)

    def missing(self) -> tuple[str, ...]:
        """The files that the folder's own indexes name and that are not there."""
        lacking = []
        for part in self._parts():
            folder = self.folder / part
            shards = _shards(folder)
            if not shards:
                lacking.append(f"{folder}: no safetensors")
            lacking += [str(shard) for shard in shards if not shard.is_file()]
        return tuple(lacking)

    def numbers(self) -> dict[str, int]:
        """How many numbers each component with weights holds; raises EngineNotReady."""
        return {part: sum(_count(shard) for shard in _shards(self.folder / part)) for part in self._parts()}

    def config(self, part: str) -> dict[str, object]:
        """A component's own configuration; raises EngineNotReady."""
        path = self.folder / part / "config.json"
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise EngineNotReady(f"{path} cannot be read: {error}") from error
        return found if isinstance(found, dict) else {}

    def _parts(self) -> Iterator[str]:
        for name, value in read_index(self.folder).items():
            kind = value[1] if isinstance(value, list) and len(value) > 1 else None
            if isinstance(kind, str) and not any(word in kind for word in _WEIGHTLESS):
                yield name


def _snapshot(hub_id: str) -> Path | None:
    """The newest snapshot in the hub's cache. Source: huggingface_hub's documented cache layout."""
    home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")) / "huggingface"
    cache = Path(os.environ.get("HF_HUB_CACHE") or Path(home) / "hub").expanduser()
    kept = cache / f"models--{hub_id.replace('/', '--')}"
    try:
        revision = (kept / "refs" / "main").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    snapshot = kept / "snapshots" / revision
    return snapshot if snapshot.is_dir() else None


def _shards(folder: Path) -> list[Path]:
    indexes = sorted(folder.glob("*.safetensors.index.json"))
    if not indexes:
        return sorted(folder.glob("*.safetensors"))[:1]
    try:
        names = json.loads(indexes[0].read_text(encoding="utf-8"))["weight_map"].values()
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise EngineNotReady(f"{indexes[0]} cannot be read: {error}") from error
    return [folder / name for name in sorted(set(names))]


def _count(shard: Path) -> int:
    """How many numbers a file holds. Source: the safetensors format, a length and a JSON header."""
    try:
        with shard.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > _LONGEST_HEADER:
                raise ValueError("a header too long")
            header = json.loads(file.read(length))
        return sum(math.prod(part["shape"]) for name, part in header.items() if name != "__metadata__")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineNotReady(f"{shard} is no whole safetensors file: {error}") from error
