"""Stage 1: a prompt becomes tokens: Latin words, numbers, single Han characters, signs.

Every token remembers where it stood in the prompt, so whatever is planned can quote the very
words. Control and format characters (bidi marks, zero-width joiners), accents and skin tones
vanish here; full-width forms and traditional characters are folded. Linear in the prompt.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from muybridge.director.words import traditional

_TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<word>[a-z]+(?:'[a-z]+)*)"
    r"|(?P<han>[\u3400-\u9fff\U00020000-\U0003ffff])"
    r"|(?P<sign>->|=>|\.\.\.+|[^\w\s]|_)"
    r"|(?P<other>[^\W\d_a-z\u3400-\u9fff\U00020000-\U0003ffff]+)"
)
_HYPHEN = re.compile(r"(?<=[a-z])[-‐‑](?=[a-z])")
_LONGEST_FOLD = 4


class Sort(StrEnum):
    """What a token is made of."""

    WORD = "word"
    HAN = "han"
    NUMBER = "number"
    SIGN = "sign"
    OTHER = "other"  # words of scripts that no lexicon covers


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its folded text, its sort, and its place in the prompt (end exclusive)."""

    text: str
    sort: Sort
    start: int
    end: int


def tokens(prompt: str) -> tuple[Token, ...]:
    """The prompt's tokens in order. Cost: 1 ms for 2000 characters."""
    folded, places = _fold(prompt)
    found: list[Token] = []
    for match in _TOKEN.finditer(folded):
        start, end = places[match.start()], places[match.end() - 1] + 1
        text, sort = match.group(), Sort(match.lastgroup or "other")
        if text.endswith("'s") and sort is Sort.WORD:
            # "she's smiling", "the girl's eyes": the ending is a word of its own
            cut = places[match.end() - 2]
            found += [Token(text[:-2], sort, start, cut), Token("'s", sort, cut, end)]
        else:
            found.append(Token(text, sort, start, end))
    return tuple(found)


def is_emoji(text: str) -> bool:
    """Whether a sign is a pictograph and so carries meaning of its own."""
    return unicodedata.category(text[0]) == "So"


def _fold(prompt: str) -> tuple[str, list[int]]:
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(prompt):
        for folded in _fold_letter(letter):
            letters.append(folded)
            places.append(place)
    # "run-down", "push-in": the hyphen inside a word only joins it
    return _HYPHEN.sub(" ", "".join(letters)), places


@lru_cache(maxsize=8192)
def _fold_letter(letter: str) -> str:
    if letter in "\n\r\u2028\u2029":
        return ";"  # a new line ends what was said, as a full stop does
    plain = unicodedata.normalize("NFKD", letter).casefold()
    if len(plain) > _LONGEST_FOLD:
        plain = letter
    kept = "".join(part for part in plain if unicodedata.category(part) not in ("Mn", "Cf", "Sk", "Cs"))
    if kept and unicodedata.category(kept[0]) == "Cc":
        return " "
    kept = kept.replace("’", "'").replace("‘", "'").replace("×", "x")
    return "".join(traditional().get(part, part) for part in kept)
