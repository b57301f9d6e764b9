"""Which words of a word list (one a line) our spelling correction would take for ours.

    python bench/neighbours.py WORDLIST

Prints those that `lexicon/spelling.toml`, [real], does not hold yet: look at them, and add
the ones that are English. Run it after adding words of five letters or more to a lexicon.
"""

from __future__ import annotations

import sys
from pathlib import Path

from muybridge.director.spelling import put_right


def main(wordlist: str) -> int:
    listed = (line.strip() for line in Path(wordlist).read_text(encoding="utf-8").splitlines())
    words = sorted({word for word in listed if word.isascii() and word.isalpha() and word.islower()})
    taken = [(word, meant) for word in words if (meant := put_right(word)) != word]
    for word, meant in taken:
        print(f"{word}\t(taken for {meant})")
    return 1 if taken else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
