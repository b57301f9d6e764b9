"""Stage 2: tokens become pieces: the best cover of the prompt by phrases of the lexicon.

Best is: fewest content tokens left over, then fewest pieces, then the longest phrases. One
pass from the right over all phrases that start at each token, so the cost is linear in the
prompt (a phrase is at most a dozen tokens). Quoted speech becomes one piece before that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from muybridge.director.normalise import Sort, Token, is_emoji
from muybridge.director.phrases import COUNT_EDGE
from muybridge.director.pieces import Entry, Kind, Link, Piece
from muybridge.director.readings import readings
from muybridge.director.spelling import put_right
from muybridge.director.words import ENDS, Node, ranked, words

_STRONG = frozenset(".!?。；;…[]【】" + "|")
_WEAK = frozenset(",，:：()（）-–—/")
_OPEN, _CLOSE = "\"“「『«'", "\"”」』»'"
_LONGEST_SPEECH = 400

_TALK, _SING = Entry(Kind.ACT, does=("talk",)), Entry(Kind.ACT, does=("sing",))
_BREAKS = {link: Entry(Kind.LINK, does=(link,)) for link in (Link.SENTENCE, Link.COMMA, Link.LIST)}


@dataclass(frozen=True, slots=True)
class _Path:
    """The best cover from one token to the end: its score, and the piece it begins with."""

    score: tuple[int, int, int]
    piece: Piece | None


def pieces(tokens: Sequence[Token]) -> list[Piece]:
    """The pieces of a prompt in order; tokens that belong to none are left to `unheard`."""
    speech = {piece.start: piece for piece in _speech(tokens)}
    counts = [readings(tokens, at) for at in range(len(tokens))]
    edges = [_edges(token) for token in tokens]
    best: list[_Path] = [_Path((0, 0, 0), None)] * (len(tokens) + 1)
    for at in range(len(tokens) - 1, -1, -1):
        left = best[at + 1].score
        best[at] = _Path((left[0] - _weight(tokens[at]), left[1], left[2]), None)
        here = (
            [speech[at]] if at in speech else [*counts[at], *_phrases(edges, counts, at), *_break(tokens, at)]
        )
        for piece in here:
            rest = best[piece.end].score
            length = piece.end - piece.start
            score = (rest[0], rest[1] - 1, rest[2] + length * length)
            if _is_break(piece):
                score = rest  # punctuation costs nothing, and is never left out
            if score > best[at].score or _is_break(piece):
                best[at] = _Path(score, piece)
    return _drop_fragments(tokens, list(_follow(best)))


def is_content(token: Token) -> bool:
    """Whether a token carries meaning if nothing is made of it."""
    return token.sort is not Sort.SIGN or is_emoji(token.text)


def _is_break(piece: Piece) -> bool:
    return piece.kind is Kind.LINK and piece.entry in _BREAKS.values()


def _weight(token: Token) -> int:
    return 1 if is_content(token) else 0


def _follow(best: Sequence[_Path]) -> Iterator[Piece]:
    at = 0
    while at < len(best) - 1:
        piece = best[at].piece
        if piece:
            yield piece
        at = piece.end if piece else at + 1


def _edges(token: Token) -> tuple[tuple[str, str], ...]:
    lexicon = words()
    if token.sort is Sort.WORD:
        return lexicon.edges(put_right(token.text))
    return lexicon.edges(token.text)


def _phrases(
    edges: Sequence[tuple[tuple[str, str], ...]], counts: Sequence[list[Piece]], at: int
) -> Iterable[Piece]:
    """Every phrase of the trie that starts at this token; one piece for each end."""
    found: dict[int, Piece] = {}
    walking: list[tuple[int, Node, str, float]] = [(at, words().trie, "", 0.0)]
    while walking:
        place, node, form, number = walking.pop()
        if place > at and ENDS in node:
            piece = found.get(place)
            if piece is None:
                found[place] = Piece(at, place, tuple(node[ENDS]), form=form, number=number)
            else:
                piece.entries = ranked({*piece.entries, *node[ENDS]})
                piece.form = piece.form or form
                piece.number = piece.number or number
        if place >= len(edges):
            continue
        for edge, tag in edges[place]:
            if edge in node:
                walking.append((place + 1, node[edge], form or tag, number))
        if COUNT_EDGE in node:
            for count in counts[place]:
                if count.kind is Kind.COUNT:
                    walking.append((count.end, node[COUNT_EDGE], form, count.number))
    return found.values()


def _break(tokens: Sequence[Token], at: int) -> Iterator[Piece]:
    text = tokens[at].text
    if text in _STRONG or text.startswith(".."):
        yield Piece(at, at + 1, (_BREAKS[Link.SENTENCE],))
    elif text == "、":
        yield Piece(at, at + 1, (_BREAKS[Link.LIST],))
    elif text in _WEAK:
        hyphen = text == "-" and 0 < at < len(tokens) - 1 and tokens[at - 1].end == tokens[at].start \
            and tokens[at].end == tokens[at + 1].start  # fmt: skip
        if not hyphen:
            yield Piece(at, at + 1, (_BREAKS[Link.COMMA],))


def _speech(tokens: Sequence[Token]) -> Iterator[Piece]:
    """Quotes after a word of saying, as one piece each, the word included."""
    at = 0
    while at < len(tokens):
        if tokens[at].text in _OPEN and (start := _says(tokens, at)) is not None:
            last = min(len(tokens), at + _LONGEST_SPEECH)
            close = next((end for end in range(at + 1, last) if tokens[end].text in _CLOSE), None)
            if close is not None:
                sung = tokens[start].text.startswith(("sing", "sang", "唱"))
                yield Piece(start, close + 1, (_SING if sung else _TALK,), quoted=(at + 1, close))
                at = close
        at += 1


def _says(tokens: Sequence[Token], quote: int) -> int | None:
    """Where the word of saying before a quote starts, past a colon, a comma or a name between."""
    here = quote - 1
    while here >= 0 and quote - here <= 3 and tokens[here].text in ":：,，to her him them us":
        here -= 1
    for length in (3, 2, 1):
        first = here - length + 1
        if first >= 0 and "".join(token.text for token in tokens[first : here + 1]) in words().speech:
            return first
    return None


def _drop_fragments(tokens: Sequence[Token], found: list[Piece]) -> list[Piece]:
    """Without single Han characters that are only a part of a word nobody knows (走 in 走廊).

    Such a piece is dropped where an unknown character touches it that is no particle.
    """
    covered = {place for piece in found for place in range(piece.start, piece.end)}
    edge = words().first_edges | words().last_edges

    def unknown(place: int) -> bool:
        return (
            0 <= place < len(tokens)
            and place not in covered
            and tokens[place].sort is Sort.HAN
            and tokens[place].text not in edge
        )

    def fragment(piece: Piece) -> bool:
        single = piece.end - piece.start == 1 and tokens[piece.start].sort is Sort.HAN
        return single and (unknown(piece.start - 1) or unknown(piece.end))

    return [piece for piece in found if not fragment(piece)]
