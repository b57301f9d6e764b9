"""A storyboard as JSON, both ways, and the schema it is published with.

The schema lies in docs/reference/storyboard.schema.json. Keys it does not name are refused, so
that a misspelt one in an edited storyboard is told and not ignored.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from muybridge.domain.storyboard import Storyboard
from muybridge.errors import InvalidInput

FIELD = "storyboard"
LONGEST = 60.0  # seconds; no engine makes more, and a typing slip may ask for hours
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SHOWN = 80


def to_json(storyboard: Storyboard, *, indent: int | None = 2) -> str:
    """The storyboard as JSON text; `from_json` gives the same value back."""
    return json.dumps(_adapter().dump_python(storyboard, mode="json"), ensure_ascii=False, indent=indent)


def from_json(text: str | bytes) -> Storyboard:
    """The storyboard that JSON text describes.

    Raises: InvalidInput, naming the place in the storyboard, what came, and what is allowed.
    """
    try:
        board = _adapter().validate_json(text, strict=True, extra="forbid")
    except ValidationError as error:
        raise _told(error) from None
    for field, got, allowed in _impossible(board):
        raise InvalidInput(f"{FIELD}.{field}", got, allowed)
    return board


def schema() -> dict[str, Any]:
    """The JSON schema of a storyboard."""
    made = _adapter().json_schema()
    for described in (made, *made["$defs"].values()):
        if described.get("type") == "object":
            described["additionalProperties"] = False
    return {"$schema": _DRAFT, **made}


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Storyboard]:
    return TypeAdapter(Storyboard)


def _impossible(board: Storyboard) -> Iterator[tuple[str, str, str]]:
    """What the types let through and no video can show."""
    if not 0 < board.duration <= LONGEST:
        yield "duration", f"{board.duration:g} s", f"above 0 and at most {LONGEST:g} s"
    ends = {f"beats[{place}].end": beat.end for place, beat in enumerate(board.beats)}
    ends |= {f"camera[{place}].end": move.end for place, move in enumerate(board.camera)}
    for field, end in ends.items():
        if end > board.duration:
            yield field, f"{end:g} s", f"at most the duration, {board.duration:g} s"
    for place, move in enumerate(board.camera):
        if not math.isfinite(move.amount):
            yield f"camera[{place}].amount", f"{move.amount}", "a finite number"


def _told(error: ValidationError) -> InvalidInput:
    """The first thing that is wrong, in our own terms."""
    first = error.errors(include_url=False)[0]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
    got = json.dumps(first["input"], ensure_ascii=False, default=str)
    got = got if len(got) <= _SHOWN else got[: _SHOWN - 1] + "…"
    message = first["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    if first["type"] == "unexpected_keyword_argument":
        message = "only the keys of the schema"
    return InvalidInput(f"{FIELD}{place}", got, message)
