"""From a line to the mouth shapes that speak it.

A word in Latin letters is read letter by letter as mouth shapes; a Chinese character is one
syllable, its vowel taken from the character itself, for the shape need only be plausible, not
read. Without a line there is babble. Limit: there is no sound to be in time with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SYLLABLE = 0.21  # s for one syllable at an easy pace
PAUSE = 0.28  # s for a comma or a full stop
FASTEST = 0.6  # of the easy pace's time, for a line that is too long for its beat


@dataclass(frozen=True, slots=True)
class Viseme:
    """One mouth shape and how long it takes. `jaw`, `pucker` and `bite` as in the controls."""

    jaw: float
    pucker: float
    bite: float
    seconds: float


_SHAPES: dict[str, tuple[float, float, float]] = {
    "a": (0.62, 0.0, 0.15),
    "e": (0.38, -0.30, 0.25),
    "i": (0.26, -0.45, 0.30),
    "o": (0.48, 0.62, 0.0),
    "u": (0.24, 0.85, 0.0),
    "m": (-0.85, 0.05, 0.0),
    "f": (0.06, 0.0, 0.55),
    "w": (0.12, 0.75, 0.0),
    "s": (0.10, -0.15, 0.45),
    "l": (0.22, -0.05, 0.25),
}
_LETTERS = (
    dict.fromkeys("mbp", "m")
    | dict.fromkeys("fv", "f")
    | dict.fromkeys("wq", "w")
    | dict.fromkeys("szxcj", "s")
    | dict.fromkeys("ltdnrgkhy", "l")
    | {letter: letter for letter in "aeiou"}
)
_VOWELS = "aoeiu"


def visemes(text: str) -> list[Viseme]:
    """The mouth shapes of a line, at an easy pace; empty for a line without letters."""
    shapes: list[Viseme] = []
    for letter in text.lower():
        if letter in _LETTERS:
            share = 0.62 if _LETTERS[letter] in _VOWELS else 0.30
            shapes.append(Viseme(*_SHAPES[_LETTERS[letter]], share * SYLLABLE))
        elif "\u3400" <= letter <= "\u9fff":
            vowel = _VOWELS[ord(letter) % len(_VOWELS)]
            onset = "mfsl"[ord(letter) // 7 % 4]
            shapes.append(Viseme(*_SHAPES[onset], 0.32 * SYLLABLE))
            shapes.append(Viseme(*_SHAPES[vowel], 0.68 * SYLLABLE))
        elif letter in ",.;:!?，。；：！？、…":
            shapes.append(Viseme(-0.05, 0.0, 0.0, PAUSE))
        elif shapes and letter == " ":
            shapes.append(Viseme(0.05, 0.0, 0.0, 0.05))
    return shapes if any(s.jaw > 0.2 for s in shapes) else []


def babble(seconds: float, rng: np.random.Generator) -> list[Viseme]:
    """Speech without words, with a breath now and then."""
    shapes: list[Viseme] = []
    spent, since = 0.0, 0
    while spent < seconds:
        onset, vowel = rng.choice(list("mfsl")), rng.choice(list(_VOWELS))
        size = float(rng.uniform(0.7, 1.1))
        for name, share in ((onset, 0.34), (vowel, 0.66)):
            jaw, pucker, bite = _SHAPES[name]
            shapes.append(Viseme(jaw * size, pucker * size, bite, share * SYLLABLE))
        spent, since = spent + SYLLABLE, since + 1
        if since > rng.integers(5, 10):
            shapes.append(Viseme(-0.05, 0.0, 0.0, PAUSE))
            spent, since = spent + PAUSE, 0
    return shapes
