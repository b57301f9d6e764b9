"""Times that are said with numbers, in both languages, read at a token.

Seconds from the start of the video, up to an hour; larger numbers are read as that. Each
reader looks at a few tokens only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from muybridge.director.normalise import Sort, Token
from muybridge.director.numerals import LATEST, Found, number, word
from muybridge.director.pieces import Entry, Kind, Moment, Piece

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}
_SECONDS = frozenset({"second", "seconds", "s", "sec", "secs"})
_TO = frozenset({"to", "until", "till", "-", "–", "—", "~", "到", "至", "and"})
_AT = frozenset({"at", "on", "around", "about", "from", "by", "@"})
_TAILS = ("的时候", "时候", "以后", "之后", "左右", "时刻", "之间", "开始", "时", "后", "处", "内", "起")
_VIDEO = frozenset({"video", "clip", "long", "shot", "视"})

STARTS = frozenset(
    {*_ORDINALS, *_AT, *_SECONDS, "t", "a", "some", "in", "for", "during", "the", "within", "over", "last"}
    | {"final", "after", "lasting", "between", *"在从前头最到于等过第持长大"}
)
"""What a time can begin with, besides a number."""

_TIME = Entry(Kind.TIME, does=("moment",))
_LENGTH_OF_VIDEO = Entry(Kind.SILENT)


def time(tokens: Sequence[Token], at: int) -> Piece | None:
    """The longest time that starts at this token; a video's own length is heard and silent."""
    readers: tuple[Callable[[Sequence[Token], int], tuple[int, Moment] | None], ...] = (
        _range, _clock, _edge_of_video, _english_time, _han_time, _plain)  # fmt: skip
    found = [result for read in readers if (result := read(tokens, at))]
    if not found:
        return None
    end, moment = max(found, key=lambda one: one[0])
    if moment.sort in ("bare", "length") and word(tokens, end) in _VIDEO:
        return Piece(at, end, (_LENGTH_OF_VIDEO,))
    return Piece(at, end, (_TIME,), moment=moment)


def _unit(tokens: Sequence[Token], at: int) -> int | None:
    """Where "seconds" or 秒 at this token ends."""
    if word(tokens, at) in _SECONDS:
        return at + 1
    if word(tokens, at) == "秒":
        return at + 2 if word(tokens, at + 1) == "钟" else at + 1
    return None


def _range(tokens: Sequence[Token], at: int) -> tuple[int, Moment] | None:
    """from 2 to 4 seconds, 0-3s, between second 1 and 3, 第2秒到第4秒, 2到4秒."""
    here = at + (word(tokens, at) in {"from", "between", "seconds", "second", "在", "从"})
    here += word(tokens, here) in {"second", "seconds", "第", "the"}
    first = _clock_number(tokens, here)
    if first is None:
        return None
    here = _unit(tokens, first[0]) or first[0]
    if word(tokens, here) not in _TO:
        return None
    here += 1
    here += word(tokens, here) in {"second", "seconds", "第"}
    last = _clock_number(tokens, here)
    if last is None or last[1] <= first[1]:
        return None
    end = _unit(tokens, last[0])
    clocked = ":" in {word(tokens, at + 1), word(tokens, at + 2)}
    spoken = any(word(tokens, place) in _SECONDS for place in range(at, here))
    if end is None and not (clocked or spoken):
        return None
    end = _over_tail(tokens, end or last[0])
    return end, Moment("span", first[1], last[1])


def _clock_number(tokens: Sequence[Token], at: int) -> Found:
    n = number(tokens, at)
    if n and word(tokens, n[0]) == ":" and (seconds := number(tokens, n[0] + 1)):
        return seconds[0], min(60 * n[1] + seconds[1], LATEST)
    return n


def _clock(tokens: Sequence[Token], at: int) -> tuple[int, Moment] | None:
    here = at + (word(tokens, at) in _AT or word(tokens, at) == "在")
    n = number(tokens, here)
    clock = _clock_number(tokens, here)
    if n is None or clock is None or clock[0] == n[0] or tokens[here].sort is not Sort.NUMBER:
        return None
    return clock[0], Moment("at", clock[1])


def _edge_of_video(tokens: Sequence[Token], at: int) -> tuple[int, Moment] | None:
    """the first two seconds, the last second, 前两秒, 最后一秒."""
    here = at
    while word(tokens, here) in {"in", "for", "during", "the", "在", "within", "over"}:
        here += 1
    opening = {"first": "span", "last": "last", "final": "last", "前": "span", "头": "span"}
    sort = opening.get(word(tokens, here))
    here += 1
    if sort is None and word(tokens, here - 1) + word(tokens, here) == "最后":
        sort, here = "last", here + 1
    if sort is None:
        return None
    n = number(tokens, here)
    end = _unit(tokens, n[0] if n else here)
    if end is None or (n is None and word(tokens, here) == "秒"):
        return None
    return _over_tail(tokens, end), Moment(sort, 0.0, n[1] if n else 1.0)


def _english_time(tokens: Sequence[Token], at: int) -> tuple[int, Moment] | None:
    """at 2 seconds, at second 2, second 2, after 2 seconds, for 2 seconds, 2 seconds in, later."""
    lead = word(tokens, at)
    here = at + (lead in _AT or lead in ("after", "for", "over", "lasting", "in"))
    here += word(tokens, here) == "the" and here > at
    if word(tokens, here) in ("second", "sec") and (n := number(tokens, here + 1)):
        return n[0], Moment("at", n[1])
    if word(tokens, here) == "t" and word(tokens, here + 1) == "=" and (n := number(tokens, here + 2)):
        return _unit(tokens, n[0]) or n[0], Moment("at", n[1])
    n = number(tokens, here)
    if n is None and word(tokens, here + 1) == "second":
        ordinal = _ORDINALS.get(word(tokens, here))
        n = (here + 1, float(ordinal)) if ordinal else None
    end = _unit(tokens, n[0]) if n else None
    return _english_tail(tokens, lead, end, n[1]) if n and end else None


def _english_tail(tokens: Sequence[Token], lead: str, end: int, seconds: float) -> tuple[int, Moment]:
    """What the words around "N seconds" make of it: at, later, a length, or either."""
    end += word(tokens, end) == "mark"
    after, beyond = word(tokens, end), word(tokens, end + 1)
    if after == "into" or (after == "in" and beyond not in ("the", "a")):
        return end + 1, Moment("at", seconds)
    if lead in _AT or lead == "after":
        return end, Moment("at", seconds)
    if after == "later":
        return end + 1, Moment("later", seconds)
    return end, Moment("length" if lead in ("for", "over", "lasting") else "bare", seconds)


def _han_time(tokens: Sequence[Token], at: int) -> tuple[int, Moment] | None:
    """第2秒, 在第三秒时, 2秒后, 3秒时, 持续2秒, 3秒."""
    lead = word(tokens, at)
    pair = lead + word(tokens, at + 1)
    here = at + (
        2 if pair in ("持续", "长达", "大约") else 1 if lead in ("在", "到", "于", "等", "过") else 0
    )
    ordinal = word(tokens, here) == "第"
    n = number(tokens, here + ordinal)
    end = _unit(tokens, n[0]) if n else None
    if n is None or end is None or word(tokens, end - 1) not in ("秒", "钟"):
        return None
    tail = _over_tail(tokens, end)
    if pair in ("持续", "长达"):
        return end, Moment("length", n[1])
    return tail, Moment("at" if ordinal or tail > end or lead in ("在", "到") else "bare", n[1])


def _over_tail(tokens: Sequence[Token], end: int) -> int:
    """Past 时, 的时候, 后, 之后, 左右, 处, 内, 开始 after a Chinese time, and "mark" after an English one."""
    for tail in (
        "的时候",
        "时候",
        "以后",
        "之后",
        "左右",
        "时刻",
        "之间",
        "开始",
        "时",
        "后",
        "处",
        "内",
        "起",
    ):
        if "".join(token.text for token in tokens[end : end + len(tail)]) == tail:
            return end + len(tail)
    return end


def _plain(tokens: Sequence[Token], at: int) -> tuple[int, Moment] | None:
    """a few seconds, a second: a while that has no number; read as a little later."""
    if word(tokens, at) in ("a", "some") and word(tokens, at + 1) in ("few", "couple") and \
            word(tokens, at + 2) in _SECONDS:  # fmt: skip
        return at + 3, Moment("later", 0.5)
    if word(tokens, at) == "几" and word(tokens, at + 1) == "秒" and word(tokens, at + 2) == "后":
        return at + 3, Moment("later", 0.5)
    return None
