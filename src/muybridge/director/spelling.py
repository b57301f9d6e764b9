"""What a misspelt English word was meant to be: one letter wrong, missing, added, or two swapped.

A word is put right only if its first letter stands (or is swapped with the second), if the
word meant has five letters or more (four, where two letters are swapped), and if what was
written is no English word of its own (`spelling.toml`, [real]).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from muybridge.director.words import words

_SHORTEST = 5
_LONGEST = 18


@lru_cache(maxsize=4096)
def put_right(word: str) -> str:
    """The lexicon's word that was meant, or the word itself. Cost: 10 us, then cached."""
    lexicon = words()
    if word in lexicon.edges_of or word in lexicon.real or not 4 <= len(word) <= _LONGEST:
        return word
    if word in lexicon.slips:
        return lexicon.slips[word]
    index = _deletes()
    near = {meant for cut in (word, *_cuts(word)) for meant in index.get(cut, ())}
    fitting = [meant for meant in near if _is_slip(word, meant)]
    return min(fitting, key=lambda meant: (_unlikely(word, meant), meant), default=word)


def one_apart(a: str, b: str) -> bool:
    """Whether two words differ by one letter changed, added or lost, or by two swapped."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    if len(a) > len(b):
        a, b = b, a
    same = next((place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[same:] == b[same + 1 :]
    swapped = a[same : same + 2] == b[same : same + 2][::-1] and a[same + 2 :] == b[same + 2 :]
    return swapped or a[same + 1 :] == b[same + 1 :]


def _is_slip(word: str, meant: str) -> bool:
    if not one_apart(word, meant):
        return False
    swapped = len(word) == len(meant) and sorted(word) == sorted(meant)
    if word[0] != meant[0]:
        return swapped and word[:2] == meant[1::-1]
    return len(meant) >= _SHORTEST or swapped


def _unlikely(word: str, meant: str) -> int:
    """Swapped letters are the likeliest slip, then one lost or added, then a wrong one."""
    if len(word) != len(meant):
        return 1
    return 0 if sorted(word) == sorted(meant) else 2


def _cuts(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


@lru_cache(maxsize=1)
def _deletes() -> Mapping[str, tuple[str, ...]]:
    index: dict[str, tuple[str, ...]] = {}
    for word in words().spelt:
        if len(word) >= 4 and word.isascii() and word.isalpha():
            for cut in {word, *_cuts(word)}:
                index[cut] = (*index.get(cut, ()), word)
    return index
