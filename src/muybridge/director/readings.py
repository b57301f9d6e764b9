"""Everything with a number in it that starts at a token: times, counts, and bare numbers."""

from __future__ import annotations

from collections.abc import Sequence

from muybridge.director import numerals, times
from muybridge.director.normalise import Sort, Token
from muybridge.director.pieces import Entry, Kind, Piece

_STARTS = numerals.STARTS | times.STARTS
_NUMBER = Entry(Kind.NUMBER)


def readings(tokens: Sequence[Token], at: int) -> list[Piece]:
    """Every count and time that starts at this token, or else the bare number."""
    if tokens[at].sort is not Sort.NUMBER and tokens[at].text not in _STARTS:
        return []
    found = [piece for read in (times.time, numerals.count) if (piece := read(tokens, at))]
    bare = numerals.number(tokens, at)
    if bare and not found:
        found.append(Piece(at, bare[0], (_NUMBER,), number=bare[1]))
    return found
