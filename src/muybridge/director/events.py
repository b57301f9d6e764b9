"""Stage 4: each segment's pieces become events, and negation finds what it forbids.

A negation reaches the next event of its stretch. It goes on over "or", over 和 and 、, over
"and" where the verb has the same bare form ("don't smile and nod"), and over commas between
-ing forms ("without smiling, blinking or nodding"). It ends at "but", at a sentence, and at a
word nobody knows, which it then belongs to. Two in a row cancel ("never stops smiling").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from muybridge.director.pieces import Entry, Event, Kind, Link, Piece, Segment

_CUTS = frozenset({Link.SENTENCE, Link.START, Link.THEN, Link.BUT, Link.WHILE, Link.BEFORE, Link.AFTER,
                   Link.ALSO, Link.BOTH})  # fmt: skip


@dataclass(slots=True)
class _Negation:
    """A negation that is open: its sort, its piece, and the form of what it forbade first."""

    sort: str
    piece: Piece
    form: str | None = None  # None: nothing yet
    language: str = ""

    def reaches(self, segment: Segment, piece: Piece) -> bool:
        """Whether it goes on over the segment's link to an event of this form."""
        if self.form is None:
            return segment.link not in _CUTS and segment.link is not Link.COMMA
        if segment.link is Link.OR or (segment.nouns and self.language == "zh"):
            return True
        if self.language != "en" or self.form != piece.form:
            return False
        return (segment.link is Link.AND and self.form != "s") or self.form == "ing"


def find_events(segments: Sequence[Segment]) -> None:
    """Fill every segment's `events`; pieces nothing was made of are left unspent."""
    negation: _Negation | None = None
    sentence, moved = 0, ""
    for segment in segments:
        sentence += segment.fresh
        if segment.link in _CUTS or (segment.link is Link.COMMA and negation and negation.form is None):
            negation = None
        stranger = iter(sorted(segment.unknown))
        unknown = next(stranger, None)
        first = True
        for piece in segment.pieces:
            while unknown is not None and unknown < piece.start:
                adjective = piece.kind is Kind.SCENE and unknown == piece.start - 1
                negation = negation if adjective else _lost(negation)
                unknown = next(stranger, None)
            if piece.kind is Kind.BEYOND:
                negation = _lost(negation)
            elif piece.kind is Kind.NEGATION:
                negation = _negate(segment, piece, negation)
            elif piece.kind is Kind.SCENE:
                _refuse(segment, piece, negation, first)
                first = False
            elif piece.kind is Kind.ACT and _is_of_scenery(segment, piece):
                first = False
            elif piece.kind in (Kind.ACT, Kind.CAMERA):
                used = negation if negation and _holds(negation, segment, piece, first) else None
                if used:
                    used.form, used.piece.spent = piece.form, True
                segment.events += _made(segment, piece, used)
                first = False
                moved = _echoed(segment.events, moved)
        if unknown is not None:
            negation = _lost(negation)
        for event in segment.events:
            event.sentence = sentence


def forbidden(segments: Sequence[Segment]) -> list[Event]:
    """The events that are not to be."""
    return [event for segment in segments for event in segment.events if event.negated]


def _holds(negation: _Negation, segment: Segment, piece: Piece, first: bool) -> bool:
    inside = negation.piece.start >= segment.pieces[0].start
    if inside and negation.form is None:
        return True
    return not inside and first and negation.reaches(segment, piece)


def _is_of_scenery(segment: Segment, piece: Piece) -> bool:
    """ "Lanterns sway", "petals dance": what is in the air or gives light does it, and nobody else."""
    before = [one for one in segment.pieces if one.end <= piece.start]
    kinds = {one.kind for one in before}
    if piece.form not in ("s", "base") or (Kind.SUBJECT in kinds and Kind.ACT not in kinds):
        return False
    said = [one for one in before if one.kind not in (Kind.SILENT, Kind.MANNER)][-1:]
    return any(
        entry.kind is Kind.SCENE and entry.language == "en" and entry.does[0].startswith(("weather", "light"))
        for one in said
        for entry in one.entries
        if one.end == piece.start or Kind.ACT not in kinds
    )


def _refuse(segment: Segment, piece: Piece, negation: _Negation | None, first: bool) -> None:
    """Scenery after a negation shall not be; Chinese names the place before what is not done there."""
    if not negation or not _holds(negation, segment, piece, first):
        return
    later = (one for one in segment.pieces if one.start >= piece.end)
    if negation.language == "zh" and any(one.kind in (Kind.ACT, Kind.CAMERA) for one in later):
        return
    piece.refused, negation.piece.spent = True, True
    negation.form = piece.form


def _lost(negation: _Negation | None) -> _Negation | None:
    """A word nobody knows takes a negation that has found nothing yet."""
    if negation and negation.form is None:
        negation.piece.spent = False
        return None
    return negation


def _negate(segment: Segment, piece: Piece, open_one: _Negation | None) -> _Negation | None:
    sort = piece.entry.does[0]
    pending = open_one if open_one and open_one.form is None else None
    if sort == "fades":
        gone = segment.events[-1:] if not pending else []
        for event in gone:
            event.stopped = True
            event.cover(piece)
        return None
    if pending:
        pending.piece.spent = True
        return None
    piece.spent = False  # until it has found what it forbids
    return _Negation(sort, piece, language=piece.entry.language)


def _made(segment: Segment, piece: Piece, negation: _Negation | None) -> list[Event]:
    made = [_event(piece, name, piece.entry) for name in piece.entry.does]
    if segment.agent == "other" and piece.kind is Kind.ACT:
        piece.spent = False
        return []
    for event in made:
        if event.does.startswith("not "):
            event.does, event.negated = event.does[4:], negation is None
            if negation:
                return []  # "not motionless": neither forbidden nor asked for
        elif negation:
            event.negated = negation.sort == "not"
            event.stopped = negation.sort == "stop"
            event.cover(negation.piece)
    return made


def _echoed(events: Sequence[Event], moved: str) -> str:
    """ "Zooms in and out": an echo is of the same sort as the move before; gives the last move."""
    if not events or not events[-1].camera:
        return moved
    event = events[-1]
    if event.piece.entry.agent == "echo" and moved.startswith("zoom"):
        event.does = {"push_in": "zoom_in", "pull_out": "zoom_out"}[event.does]
    return event.does


def _event(piece: Piece, name: str, entry: Entry) -> Event:
    does, _, direction = name.partition(" ") if not name.startswith("not ") else (name, "", "")
    return Event(
        does=does,
        camera=piece.kind is Kind.CAMERA,
        piece=piece,
        span=(piece.start, piece.end),
        direction=direction or entry.direction,
        intensity=entry.intensity,
        pace=entry.pace,
        repeats=round(piece.number),
        quoted=piece.quoted,
    )
