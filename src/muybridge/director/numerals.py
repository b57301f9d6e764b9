"""Numbers and counts, in both languages, read at a token; counts go up to 99."""

from __future__ import annotations

from collections.abc import Sequence

from muybridge.director.normalise import Sort, Token
from muybridge.director.pieces import Entry, Kind, Piece

_NAMES = "zero one two three four five six seven eight nine ten eleven twelve"
_ENGLISH = {name: n for n, name in enumerate(_NAMES.split())}
_HAN = {name: n for n, name in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2}
_HAN_FEW = {"几": 3, "多": 3, "数": 3}
_MEASURES = frozenset("次下回遍圈声")
LATEST = 3600.0
STARTS = frozenset({*_ENGLISH, *_HAN, *_HAN_FEW, "十", "x"})
"""What a number or a count can begin with, besides digits."""

_COUNT = Entry(Kind.COUNT)

Found = tuple[int, float] | None  # where it ends, and the number


def number(tokens: Sequence[Token], at: int) -> Found:
    """A number in digits, English words or Chinese numerals."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.sort is Sort.NUMBER:
        return at + 1, min(float(token.text), LATEST)
    if token.text in _ENGLISH:
        return at + 1, float(_ENGLISH[token.text])
    return _han_number(tokens, at)


def _han_number(tokens: Sequence[Token], at: int) -> Found:
    text = "".join(token.text for token in tokens[at : at + 3])
    if not text or text[0] not in {*_HAN, "十", *_HAN_FEW}:
        return None
    if text[0] in _HAN_FEW:
        return at + 1, float(_HAN_FEW[text[0]])
    if text[0] == "十":
        ones = _HAN.get(text[1:2], 0)
        return at + (2 if text[1:2] in _HAN else 1), 10.0 + ones
    if text[1:2] == "十":
        ones = _HAN.get(text[2:3], 0)
        return at + (3 if text[2:3] in _HAN else 2), 10.0 * _HAN[text[0]] + ones
    return at + 1, float(_HAN[text[0]])


def word(tokens: Sequence[Token], at: int) -> str:
    """The text of a token, or nothing beyond either end."""
    return tokens[at].text if 0 <= at < len(tokens) else ""


def count(tokens: Sequence[Token], at: int) -> Piece | None:
    """A count that starts at this token: three times, x3, 三下."""

    def piece(end: int, n: float) -> Piece:
        return Piece(at, end, (_COUNT,), number=max(1.0, min(n, 99.0)))

    if word(tokens, at) == "x" and (n := number(tokens, at + 1)):
        return piece(n[0], n[1])
    n = number(tokens, at)
    if n is None:
        return None
    end, how_many = n
    after = word(tokens, end)
    if after in ("times", "time") or (after == "x" and tokens[at].sort is Sort.NUMBER):
        return piece(end + 1, how_many)
    if word(tokens, end) == "or" and (second := number(tokens, end + 1)) and \
            word(tokens, second[0]) == "times":  # fmt: skip
        return piece(second[0] + 1, how_many)
    if after in _MEASURES and word(tokens, at - 1) != "第":
        return piece(end + 1, how_many)
    return None
