"""The lexicon's small notation, and inflection by rule in both languages.

    smile~          the verb in any form: smile, smiles, smiling, smiled
    <the> head      any word of the class `the` (classes.toml), then "head"
    look~ (over) at a word in round brackets may be missing
    点|头           a verb that splits: 点头, 点了点头, 点点头, 点一下头, 点了三下头, 点起头来
    <n>             a count, wherever the number recogniser finds one

A phrase becomes paths of edges; an edge is a word, `verb~`, or `<class>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product

COUNT_EDGE = "<n>"
_ELEMENT = re.compile(r"<\w+>|[\u3400-\u9fff]|[a-z0-9']+~?|->|=>|[^\s\w]")
_SPLIT_MIDDLES = (
    "", "了", "着", "过", "起", "下", "下了", "起了", "过了", "完", "一", "了一", "了口", "了一口", "一口",
    "口",    "了个", "个", "一个", "了一个", "一下", "了下", "了一下",
    COUNT_EDGE, "了" + COUNT_EDGE, "过" + COUNT_EDGE,
)  # fmt: skip
_SPLIT_TAILS = ("", "来")
_VOWELS = "aeiou"

Path = tuple[str, ...]


def paths(phrase: str, classes: Mapping[str, tuple[str, ...]]) -> Iterator[Path]:
    """Every path of edges that a phrase of the notation stands for."""
    for plain in _split_verbs(phrase):
        if not {"<", "("} & set(plain) and plain:
            yield tuple(_ELEMENT.findall(plain))
            continue
        yield from (path for path in _expand(_ELEMENT.findall(plain), classes) if path)


def forms(verb: str, irregular: Mapping[str, tuple[str, str, str]]) -> dict[str, str]:
    """An English verb's forms, each with its tag: base, s, ing, ed.

    `irregular` gives past, participle and -ing form where the rules would be wrong.
    """
    known = {verb + _s(verb): "s", verb: "base"} | {_stem(verb, "ing"): "ing"}
    if verb in irregular:
        past, participle, ing = irregular[verb]
        known = {verb + _s(verb): "s", past: "ed", participle: "ed", ing: "ing"}
    else:
        known[_stem(verb, "ed")] = "ed"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        known = {word: tag for word, tag in known.items() if tag != "s"} | {verb[:-1] + "ies": "s"}
    return known | {verb: "base"}


def is_class(edge: str) -> bool:
    """Whether an edge names a class of words."""
    return len(edge) > 2 and edge.startswith("<") and edge.endswith(">")


def _s(verb: str) -> str:
    return "es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s"


def _stem(verb: str, ending: str) -> str:
    """The verb with -ing or -ed: silent e dropped, a short final consonant doubled."""
    if verb.endswith("ie") and ending == "ing":
        return verb[:-2] + "ying"
    if verb.endswith("y") and verb[-2] not in _VOWELS and ending == "ed":
        return verb[:-1] + "ied"
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        return verb[:-1] + ending
    if _doubles(verb):
        return verb + verb[-1] + ending
    return verb + ending


def _doubles(verb: str) -> bool:
    if len(verb) < 3 or verb[-1] in _VOWELS + "wxyh":
        return False
    one_syllable = len(re.findall(f"[{_VOWELS}y]+", verb)) == 1
    return one_syllable and verb[-2] in _VOWELS and verb[-3] not in _VOWELS


def _split_verbs(phrase: str) -> Iterator[str]:
    if "|" not in phrase:
        yield phrase
        return
    verb, thing = phrase.split("|")
    yield verb + verb + thing
    yield verb + "了" + verb + thing
    yield verb + "一" + verb + thing
    for middle, tail in product(_SPLIT_MIDDLES, _SPLIT_TAILS):
        yield verb + middle + thing + tail


def _expand(elements: list[str], classes: Mapping[str, tuple[str, ...]]) -> list[Path]:
    grown: list[Path] = [()]
    place = 0
    while place < len(elements):
        element = elements[place]
        if element == "(":
            close = elements.index(")", place)
            inner = _expand(elements[place + 1 : close], classes)
            grown = [a + b for a in grown for b in [(), *inner]]
            place = close + 1
            continue
        grown = [a + b for a in grown for b in _choices(element, classes)]
        place += 1
    return grown


def _choices(element: str, classes: Mapping[str, tuple[str, ...]]) -> list[Path]:
    if not is_class(element) or element == COUNT_EDGE:
        return [(element,)]
    members = classes[element[1:-1]]
    if all(" " not in member and member.isascii() for member in members):
        return [(element,)]  # one token each: the trie asks the token, and stays small
    return [path for member in members for path in _expand(_ELEMENT.findall(member), classes)]
