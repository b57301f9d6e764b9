"""Stage 12: what of the prompt nothing was made of, in the prompt's own letters.

Function words, subjects and words about the video itself are not listed. Neighbouring words
nobody knows become one piece, with the small words between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from muybridge.director.match import is_content
from muybridge.director.normalise import Sort, Token
from muybridge.director.pieces import Kind, Piece
from muybridge.director.spelling import put_right
from muybridge.director.words import ENDS, words

_LONGEST_BRIDGE = 3


def unheard(prompt: str, tokens: Sequence[Token], pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The pieces of the prompt that were not understood, each once, in order."""
    stretches = _bridged(_stretches(tokens, pieces), tokens, pieces)
    found: dict[str, None] = {}
    for start, end in stretches:
        text = prompt[tokens[start].start : tokens[end - 1].end].strip()
        if text:
            found.setdefault(text)
    return tuple(found)


def _stretches(tokens: Sequence[Token], pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """Runs of tokens that no spent piece covers, without particles at their ends."""
    lost = [is_content(token) for token in tokens]
    for piece in pieces:
        whole = not piece.spent and piece.kind in (Kind.ACT, Kind.CAMERA) and piece.end - piece.start > 1
        for at in range(piece.start, piece.end):
            if piece.kind is Kind.BEYOND:
                lost[at] = True
            elif piece.spent:
                lost[at] = False
            else:
                lost[at] = lost[at] and (whole or not _is_small(tokens[at]))
    refused = {piece.end: piece.start for piece in pieces if piece.kind is Kind.NEGATION and not piece.spent}
    runs: list[tuple[int, int]] = []
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and lost[end]:
            end += 1
        if end > at and (run := _trimmed(tokens, at, end)):
            runs.append((refused.get(run[0], run[0]), run[1]))  # "doesn't somersault", as a whole
        at = max(end, at + 1)
    return runs


def _trimmed(tokens: Sequence[Token], start: int, end: int) -> tuple[int, int] | None:
    first, last = words().first_edges, words().last_edges
    while start < end and tokens[start].sort is Sort.HAN and tokens[start].text in first:
        start += 1
    while start < end and tokens[end - 1].sort is Sort.HAN and tokens[end - 1].text in last:
        end -= 1
    return (start, end) if start < end else None


def _is_small(token: Token) -> bool:
    """Whether a word by itself is understood and shows nothing."""
    for edge, _ in words().edges(put_right(token.text)):
        entries = words().trie.get(edge, {}).get(ENDS, ())
        if any(entry.kind in (Kind.SILENT, Kind.SUBJECT, Kind.LINK, Kind.NEGATION) for entry in entries):
            return True
    return False


def _bridged(
    runs: Sequence[tuple[int, int]], tokens: Sequence[Token], pieces: Sequence[Piece]
) -> list[tuple[int, int]]:
    """Runs joined over a few small words: "petals of a rose" is one piece."""
    small = {at for piece in pieces if piece.kind is Kind.SILENT or not piece.spent
             for at in range(piece.start, piece.end)}  # fmt: skip
    joined = list(runs[:1])
    for before, run in pairwise(runs):
        gap = range(before[1], run[0])
        bridge = len(gap) <= _LONGEST_BRIDGE and all(at in small or tokens[at].text == "-" for at in gap)
        if bridge and joined:
            joined[-1] = (joined[-1][0], run[1])
        else:
            joined.append(run)
    return joined
