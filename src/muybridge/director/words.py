"""The lexicon, read once from `lexicon/*.toml`: a trie of phrases and what each one means.

Cost: read and built in about 0.2 s at the first plan of a process; then it is only looked up.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from muybridge.director.phrases import forms, is_class, paths
from muybridge.director.pieces import Entry, Kind

_TABLES = {"act": Kind.ACT, "camera": Kind.CAMERA, "manner": Kind.MANNER, "count": Kind.COUNT,
           "direction": Kind.DIRECTION, "link": Kind.LINK, "anchor": Kind.TIME,
           "negation": Kind.NEGATION, "subject": Kind.SUBJECT, "shot": Kind.SHOT, "silent": Kind.SILENT,
           "beyond": Kind.BEYOND}  # fmt: skip
_SCENERY = ("place", "hour", "season", "weather", "style", "light")
_TABLES |= dict.fromkeys(_SCENERY, Kind.SCENE)
_TOLD = frozenset(Kind) - {Kind.SILENT, Kind.BEYOND, Kind.SUBJECT}
_NAMES = ("does", "is", "at", "side")  # where a table keeps what its phrases stand for
_LANGUAGES = ("en", "zh", "any")
_PLAIN = {"direction", "intensity", "pace", "repeats", "needs", "near", "agent"}
_KNOWN = _PLAIN | {*_NAMES, *_LANGUAGES, "turns_into", "refuses", "marks", "not", "edges", "implies",
                   "weak", "nearest"}  # fmt: skip
_ORDER = {kind: place for place, kind in enumerate(Kind)}
ENDS = ""  # the key, in a node of the trie, of the entries that end there

Node = dict[str, Any]


@dataclass(frozen=True)
class Words:
    """Everything the stages look up: the trie, each word's edges, and the odd sets."""

    trie: Node = field(repr=False)
    edges_of: Mapping[str, tuple[tuple[str, str], ...]] = field(repr=False)
    first_edges: frozenset[str]
    last_edges: frozenset[str]
    speech: frozenset[str]
    slips: Mapping[str, str]
    spelt: frozenset[str]  # the words a misspelt one may have been meant to be
    real: frozenset[str]

    def edges(self, word: str) -> tuple[tuple[str, str], ...]:
        """The edges a word can take in the trie, each with the verb form it is."""
        return self.edges_of.get(word, ())


@lru_cache(maxsize=1)
def words() -> Words:
    """The built-in lexicon."""
    return build(_read())


@lru_cache(maxsize=1)
def traditional() -> dict[str, str]:
    """Traditional characters to the simplified ones the lexicon is written in."""
    table = tomllib.loads(_file("variants.toml"))["simplified"]
    return {letter: simple for simple, letters in table.items() for letter in letters}


def build(tables: Mapping[str, Any]) -> Words:
    """A lexicon from its tables; raises ValueError that names a table that is wrong."""
    classes = {name: tuple(members) for name, members in tables["classes"].items()}
    irregular = {verb: (f[0], f[1], f[2]) for verb, f in tables["irregular"].items()}
    trie: Node = {}
    edges: set[str] = set()
    told: set[str] = set()
    for table, kind in _TABLES.items():
        rows = tables.get(table, [])
        for row in [rows] if isinstance(rows, dict) else rows:
            _check(table, row, classes)
            for language in _LANGUAGES:
                entry = _entry(table, row, language)
                for phrase in row.get(language, ()):
                    for path in paths(phrase, classes):
                        _insert(trie, path, entry)
                        edges.update(path)
                        told.update(path if kind in _TOLD else ())
    speech = tables["speech"]
    return Words(
        trie=trie,
        edges_of=_edges_of(edges, classes, irregular),
        first_edges=frozenset(tables["silent"]["edges"]["first"]),
        last_edges=frozenset(tables["silent"]["edges"]["last"]),
        speech=frozenset(said.replace(" ", "") for said in (*speech["en"], *speech["zh"])),
        spelt=frozenset(_edges_of(told, classes, irregular)),
        slips={slip: right for right, slips in tables["slips"].items() for slip in slips},
        real=frozenset(tables.get("real", {}).get("words", "").split()),
    )


def _read() -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for name in ("classes", "actions", "camera", "shots", "manner", "direction", "order", "negation",
                 "subjects", "places", "hours", "seasons", "weather", "styles", "silent",
                 "spelling"):  # fmt: skip
        tables |= tomllib.loads(_file(f"{name}.toml"))
    return tables


def _file(name: str) -> str:
    return (resources.files("muybridge.director") / "lexicon" / name).read_text(encoding="utf-8")


def _check(table: str, row: Mapping[str, Any], classes: Mapping[str, Any]) -> None:
    unknown = set(row) - _KNOWN
    if unknown:
        raise ValueError(f"lexicon: [[{table}]] knows no {sorted(unknown)}; allowed: {sorted(_KNOWN)}")
    for language in _LANGUAGES:
        for phrase in row.get(language, ()):
            named = {part.split(">")[0] for part in phrase.split("<")[1:]} - {"n", ""}
            if named - set(classes) and ">" in phrase and phrase != "=>":
                raise ValueError(f"lexicon: [[{table}]] {phrase!r} names no class of classes.toml")


def _entry(table: str, row: Mapping[str, Any], language: str) -> Entry:
    does = next((row[name] for name in _NAMES if name in row), ())
    does = (does,) if isinstance(does, str) else tuple(does)
    if table in _SCENERY:
        does = tuple(f"{table} {one}" for one in does)
    if row.get("not"):
        does = tuple(f"not {one}" for one in does)
    turns = {**row.get("turns_into", {}), **dict.fromkeys(row.get("refuses", ()), "")}
    marks = {*row.get("marks", ()), *({"needs direction"} if row.get("needs") else ())}
    marks |= {name for name in ("weak", "nearest") if row.get(name)}
    return Entry(
        kind=_TABLES[table],
        does=does,
        language=language,
        direction=row.get("direction", ""),
        intensity=float(row.get("intensity", 1.0)),
        pace=float(row.get("pace", 1.0)),
        repeats=int(row.get("repeats", 0)),
        turns_into=tuple(turns.items()),
        marks=frozenset(marks),
        agent=row.get("agent", "echo" if "echo" in marks else ""),
        near=row.get("near", ""),
        implies=tuple(row.get("implies", {}).items()),
    )


def _insert(trie: Node, path: tuple[str, ...], entry: Entry) -> None:
    node = trie
    for edge in path:
        node = node.setdefault(edge, {})
    held: list[Entry] = node.setdefault(ENDS, [])
    if not held:
        held.append(entry)
    elif entry not in held:
        held[:] = ranked([*held, entry])


def ranked(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Meanings of the same words, the one to take first: of a certain agent, then by kind."""
    return tuple(
        sorted(
            entries,
            key=lambda one: (not one.agent, _ORDER[one.kind], "needs direction" in one.marks, one.does),
        )
    )


def _edges_of(
    edges: set[str], classes: Mapping[str, tuple[str, ...]], irregular: Mapping[str, tuple[str, str, str]]
) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, dict[str, str]] = {}
    for edge in sorted(edges):
        if is_class(edge):
            for word in classes.get(edge[1:-1], ()):
                found.setdefault(word, {})[edge] = ""
        elif edge.endswith("~"):
            for word, tag in forms(edge[:-1], irregular).items():
                found.setdefault(word, {})[edge] = tag
        else:
            found.setdefault(edge, {})[edge] = ""
    return {word: tuple(taken.items()) for word, taken in found.items()}
