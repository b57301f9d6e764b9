"""A Chain: the engines that are asked for a model, one after the other until one makes the take.

vace-14b -> hailuo -> puppet
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from muybridge.errors import InvalidInput

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}")
_LONGEST = 8  # engines; each may take as long as a whole take


@dataclass(frozen=True, slots=True)
class Chain:
    """The first engine, and those that stand in for it, in order; no name comes twice."""

    engines: tuple[str, ...]

    @classmethod
    def read(cls, text: str, field: str = "engine") -> Chain:
        """The chain in a text; raises InvalidInput naming `field` and what is wrong."""
        names = tuple(part.strip() for part in text.split("->"))
        allowed = f"1 to {_LONGEST} different engines' names with -> between them"
        if not all(_NAME.fullmatch(name) for name in names) or len(names) > _LONGEST:
            raise InvalidInput(field, repr(text[:100]), allowed)
        if len(set(names)) < len(names):
            raise InvalidInput(field, f"{text[:100]!r}, where a name comes twice", allowed)
        return cls(names)

    @property
    def first(self) -> str:
        """The engine that is asked first."""
        return self.engines[0]

    def __str__(self) -> str:
        return " -> ".join(self.engines)
