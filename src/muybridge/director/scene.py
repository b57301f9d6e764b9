"""Where and when it plays and how it looks, from the pieces that are scenery.

What the words say counts before what other words imply ("fireflies" imply night, "snow" winter),
and the first of two that say the same. What is refused is not there, whoever else asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from muybridge.director.beats import Quote
from muybridge.director.normalise import Token
from muybridge.director.pieces import Entry, Kind, Piece
from muybridge.domain.storyboard import Look, Setting

_SETTING = ("place", "hour", "season", "weather")
_LIKE = frozenset({"like", "resembling", "像", "似", "如", "佛", "若"})
_ARTICLES = frozenset({"a", "an", "the", "一", "片", "个", "颗"})
_IN_THE_RAIN = {"city_street": "rain_street"}  # painted wet, where the other is dry


@dataclass(frozen=True, slots=True)
class _Said:
    """One thing said of the scene: what it names, what it came from, and how surely."""

    sort: str
    name: str
    piece: Piece
    entry: Entry
    rank: int  # 0 said, 1 said in passing, 2 implied


def scene(
    tokens: Sequence[Token], found: Sequence[Piece], quote: Quote, notes: list[str]
) -> tuple[Setting, Look]:
    """The setting and the look that the words name; what was replaced or left out is noted."""
    said = list(_said([piece for piece in found if not _compared(tokens, piece)]))
    refused = {(one.sort, one.name) for one in said if one.piece.refused and one.rank < 2}
    asked = [one for one in said if not one.piece.refused]
    for one in asked:
        if (one.sort, one.name) in refused and one.rank == 0:
            notes.append(f"{_plain(one.name)} is both asked for and refused; it is left out.")
    asked = [one for one in asked if (one.sort, one.name) not in refused]
    chosen = {sort: first for sort in _SETTING if (first := _first(asked, sort, notes))}
    looks = [one for one in asked if one.sort in ("style", "light")]
    for one in (*chosen.values(), *looks):
        if "nearest" in one.entry.marks and one.rank < 2:
            words = quote((one.piece.start, one.piece.end))
            notes.append(f'"{words}" cannot be shown as such; the nearest is {_plain(one.name)}.')
    names = {sort: one.name for sort, one in chosen.items()}
    if names.get("weather") == "rain":
        names["place"] = _IN_THE_RAIN.get(names.get("place", ""), names.get("place", ""))
    look = Look(
        tuple(dict.fromkeys(one.name for one in looks if one.sort == "style")),
        tuple(dict.fromkeys(one.name for one in looks if one.sort == "light")),
        _quoted(looks, quote),
    )
    return Setting(**names, words=_quoted(list(chosen.values()), quote)), look


def _said(found: Sequence[Piece]) -> Iterator[_Said]:
    for piece, following in zip_longest(found, found[1:]):
        if piece.kind is not Kind.SCENE:
            continue
        for entry in piece.entries:
            sort, _, name = entry.does[0].partition(" ") if entry.kind is Kind.SCENE else ("", "", "")
            if sort and not _of_the_act(piece, following, sort):
                yield _Said(sort, name, piece, entry, 1 if "weak" in entry.marks else 0)
                yield from (_Said(sort, name, piece, entry, 2) for sort, name in entry.implies)


def _compared(tokens: Sequence[Token], piece: Piece) -> bool:
    """Whether scenery is only what something is like: "eyes like stars", 像星星一样."""
    at = piece.start - 1
    while at >= 0 and tokens[at].text in _ARTICLES:
        at -= 1
    return piece.kind is Kind.SCENE and at >= 0 and tokens[at].text in _LIKE


def _of_the_act(piece: Piece, following: Piece | None, sort: str) -> bool:
    """Whether a look right before an action is how it is done: "a dreamy smile"."""
    if following is None or following.kind is not Kind.ACT or following.start != piece.end:
        return False
    return piece.entry.language == "en" and (sort in ("style", "light") or "weak" in piece.entry.marks)


def _first(asked: Sequence[_Said], sort: str, notes: list[str]) -> _Said | None:
    """What of one sort is shown: the surest, of those the first named."""
    fitting = sorted((one for one in asked if one.sort == sort), key=lambda one: one.rank)
    if not fitting:
        return None
    others = dict.fromkeys(one.name for one in fitting if one.rank == 0 and one.name != fitting[0].name)
    if others:
        left = ", ".join(map(_plain, others))
        notes.append(f"A scene has one {sort}, here {_plain(fitting[0].name)}; left out: {left}.")
    return fitting[0]


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _quoted(said: Sequence[_Said], quote: Quote) -> str:
    spans = sorted({(one.piece.start, one.piece.end) for one in said})
    return ", ".join(dict.fromkeys(quote(span) for span in spans))
