"""What a server and its engine process say to each other: one JSON object a line.

    server -> engine   {"job": 7, "generate": {...}}     and perhaps {"job": 7, "cancel": null}
    engine -> server   {"job": 7, "progress": [0.4, "drawing"]}    many, then one last:
                       {"job": 7, "done": {...}}, {"job": 7, "failed": {"kind": ...}}
                       or {"job": 7, "cancelled": null}

Errors cross as their kind and details, values as the fields of their frozen classes; nothing
is pickled. A line is at most 1 MiB; whatever is not such a line is noise and is skipped.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

LONGEST_LINE = 1 << 20

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of either side: the job it belongs to, what it says, and the value said."""

    job: int
    says: str
    value: Any = None


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def plain(value: Any) -> Any:
    """A frozen value as JSON's own types."""
    kind: Any = type(value)
    return _adapter(kind).dump_python(value, mode="json")


def build(kind: type[T], parts: Any) -> T:
    """The frozen value that `plain` took apart; raises ValueError where it does not fit."""
    return cast(T, _adapter(cast(Any, kind)).validate_python(parts))


def pack(line: Line) -> bytes:
    """The line's bytes, with its end."""
    return json.dumps({"job": line.job, line.says: line.value}, ensure_ascii=True).encode() + b"\n"


def unpack(raw: bytes) -> Line | None:
    """The line in these bytes, or None where they are noise."""
    try:
        parts = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(parts, dict) or len(parts) != 2 or not isinstance(parts.get("job"), int):
        return None
    says = next(key for key in parts if key != "job")
    return Line(parts["job"], says, parts[says])
