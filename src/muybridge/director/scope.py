"""Stage 5: what is said about an event finds it: whereto, how, how often, when.

A modifier belongs to an event of its own segment; where there is none it goes to the event
before (or, said at the start of a sentence, to the one after). One that stands right before a
word nobody knows belongs to that word ("a bright red dress") and is left with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from muybridge.director.normalise import Token
from muybridge.director.pieces import Event, Kind, Moment, Piece, Segment

_SAID = (Kind.DIRECTION, Kind.MANNER, Kind.COUNT, Kind.NUMBER, Kind.TIME)
_SIDEWAYS = frozenset(
    {"turn", "tilt", "gaze", "look_up", "look_down", "wink", "lean", "point", "walk", "run"}
)
_EYES = frozenset({"blink", "wink"})
_SIDES = ("left", "right")
_WEAKEST, _STRONGEST = 0.3, 1.5
_SLOWEST, _FASTEST = 0.4, 2.2
_NEAR_NUMBER = 3


def settle(tokens: Sequence[Token], segments: Sequence[Segment]) -> None:
    """Give every modifier to its event, copy events for directions that stand alone, and finish."""
    for place, segment in enumerate(segments):
        for piece in _sayings(tokens, segment):
            event = _own(segment, piece) if segment.events else None
            if event is not None:
                _apply(event, piece)
                _address(segment, piece)
            elif not segment.events and not _strange(tokens, segment) and not _of_scene(segment, piece):
                _lend(tokens, segments, place, piece)
        _share_direction(segment)
        _fold_looks(segment)
    for segment in segments:
        segment.events = [event for event in segment.events if _finish(event)]


def _sayings(tokens: Sequence[Token], segment: Segment) -> Iterable[Piece]:
    """The segment's modifiers, without those that belong to a word nobody knows."""
    unknown = set(segment.unknown)
    for piece in segment.pieces:
        unknown |= set(range(piece.start, piece.end)) if piece.kind is Kind.BEYOND else set()
    starts = {event.span[1] for event in segment.events}
    scenes = {piece.start for piece in segment.pieces if piece.kind is Kind.SCENE}
    for piece in segment.pieces:
        if piece.kind not in _SAID or (piece.end in scenes and _describes(tokens, piece)):
            continue
        if piece.end in unknown and piece.start not in starts and piece.moment is None:
            piece.spent = False
            continue
        yield piece


def _describes(tokens: Sequence[Token], piece: Piece) -> bool:
    """Whether a manner right before scenery is its adjective: "in the deep forest"."""
    return piece.kind is Kind.MANNER and not tokens[piece.end - 1].text.endswith("ly")


def _of_scene(segment: Segment, piece: Piece) -> bool:
    """Whether a modifier is about scenery, in a stretch where nothing is done: "snow falls softly"."""
    return piece.kind is not Kind.TIME and any(one.kind is Kind.SCENE for one in segment.pieces)


def _strange(tokens: Sequence[Token], segment: Segment) -> bool:
    """Whether the segment is about something nobody knows; an unknown adverb is no such thing."""
    return any(not tokens[at].text.endswith("ly") for at in segment.unknown) or any(
        piece.kind is Kind.BEYOND or (piece.kind is Kind.ACT and not piece.spent) for piece in segment.pieces
    )


def _own(segment: Segment, piece: Piece) -> Event | None:
    """The event of the same segment that a modifier is about."""
    if piece.kind is Kind.DIRECTION:
        side = piece.entry.does[0]
        fitting = [event for event in segment.events if _accepts(event, side, piece)]
        return _nearest(fitting, piece, after=side == "camera" and piece.entry.language == "zh")
    if piece.kind is Kind.NUMBER:
        near = [event for event in segment.events
                if not event.camera and 0 <= event.piece.start - piece.end < _NEAR_NUMBER]  # fmt: skip
        return near[0] if near else None
    if piece.kind is Kind.COUNT:
        before = [event for event in segment.events if event.piece.end <= piece.start and not event.camera]
        return before[-1] if before else _nearest(segment.events, piece, after=True)
    return _nearest(segment.events, piece, after=piece.kind is Kind.TIME or piece.entry.language == "zh")


def _nearest(events: Sequence[Event], piece: Piece, *, after: bool) -> Event | None:
    """The nearest event; with `after`, the next one if there is any."""
    following = [event for event in events if event.piece.start >= piece.end]
    if after and following:
        return following[0]
    return min(events, key=lambda event: _distance(event, piece), default=None)


def _distance(event: Event, piece: Piece) -> tuple[int, bool]:
    if event.piece.start >= piece.end:
        return event.piece.start - piece.end, True
    return piece.start - event.piece.end, False


def _accepts(event: Event, side: str, piece: Piece) -> bool:
    if "eye" in piece.entry.marks:
        return event.does in _EYES and not event.direction
    if side == "camera":
        return not event.to_camera and not event.direction
    turns = dict(event.piece.entry.turns_into)
    if event.direction or (event.camera and side not in turns):
        return False
    return side in turns or (side in _SIDES and event.does in _SIDEWAYS)


def _apply(event: Event, piece: Piece) -> None:
    entry = piece.entry
    if piece.kind is Kind.DIRECTION:
        side = entry.does[0]
        if event.camera and "frame" in entry.marks:
            side = {"left": "right", "right": "left"}.get(side, side)
        _direct(event, side, "eye" in entry.marks)
    elif piece.kind is Kind.MANNER:
        event.intensity *= entry.intensity
        event.pace *= entry.pace
        event.marks |= entry.marks
    elif piece.kind in (Kind.COUNT, Kind.NUMBER):
        event.repeats = round(piece.number) or entry.repeats
    elif piece.moment:
        event.moment = _read(piece.moment, piece, event)
    else:
        event.place = entry.does[0]
    event.cover(piece)


def _read(moment: Moment, piece: Piece, event: Event) -> Moment:
    """A bare "3 seconds" is when something is, said before it, and how long, said after it."""
    if moment.sort != "bare":
        return moment
    return Moment("at" if piece.start < event.piece.start else "length", moment.a)


def _direct(event: Event, side: str, eye: bool) -> None:
    if eye:
        event.does = "blink" if side == "both" else "wink"
        event.direction = side if side in _SIDES else ""
        return
    turns = dict(event.piece.entry.turns_into)
    event.to_camera = event.to_camera or side == "camera"
    if side in turns:
        event.does = turns[side]
        across = event.does in ("walk", "run") or event.camera
        event.direction = "camera" if event.does == "face" else side if across else ""
    elif side != "camera" or event.does in ("gaze", "lean"):
        event.direction = side


def _share_direction(segment: Segment) -> None:
    """A head that turns to look goes where the eyes go: 转头看向左边."""
    for turn, gaze in pairwise(segment.events):
        if turn.does == "turn" and not turn.direction and gaze.does == "gaze" and gaze.direction in _SIDES:
            turn.direction = gaze.direction


def _fold_looks(segment: Segment) -> None:
    """抬眼看镜头 is one look: the eyes are only raised on their way there."""
    for first, second in pairwise(list(segment.events)):
        both = first.does == second.does == "gaze" and second.direction == "camera"
        if both and first.piece.entry.language == "zh":
            second.cover(first.piece)
            segment.events.remove(first)


def _address(segment: Segment, piece: Piece) -> None:
    """What a Chinese stretch is addressed to the camera with, all of it is: 对镜头微笑眨眼."""
    if piece.kind is Kind.DIRECTION and piece.entry.does[0] == "camera" and piece.entry.language == "zh":
        for event in segment.events:
            event.to_camera = event.to_camera or event.piece.start >= piece.end


def _lend(tokens: Sequence[Token], segments: Sequence[Segment], place: int, piece: Piece) -> None:
    """A modifier whose segment has no event: copy, or go to the event before or after."""
    before = [event for segment in segments[:place] for event in segment.events]
    if piece.kind is Kind.DIRECTION:
        last = before[-1] if before else None
        if last and last.direction and not last.negated and _takes_more(last, piece):
            segments[place].events.append(_copy(last, piece))
        return
    after = _following(tokens, segments, place)
    opening = segments[place].fresh or piece.kind is Kind.TIME or not before or _is_adjective(tokens, piece)
    event = after if after and opening else before[-1] if before else after
    if event:
        _apply(event, piece)


def _is_adjective(tokens: Sequence[Token], piece: Piece) -> bool:
    """Whether an English manner leans on a noun to come: "a slow, knowing nod"."""
    if piece.kind is not Kind.MANNER or piece.entry.language != "en":
        return False
    return not tokens[piece.end - 1].text.endswith("ly")


def _takes_more(event: Event, piece: Piece) -> bool:
    if "eye" in piece.entry.marks:
        return event.does in _EYES
    return event.does in _SIDEWAYS or (
        event.camera and piece.entry.does[0] in dict(event.piece.entry.turns_into)
    )


def _following(tokens: Sequence[Token], segments: Sequence[Segment], place: int) -> Event | None:
    for segment in segments[place + 1 :]:
        if segment.events:
            return segment.events[0]
        if _strange(tokens, segment):
            return None
    return None


def _copy(event: Event, piece: Piece) -> Event:
    """The same thing once more with another direction: "looks left, then right"."""
    copied = Event(event.does, event.camera, event.piece, (piece.start, piece.end),
                   intensity=event.intensity, pace=event.pace)  # fmt: skip
    if event.does in ("look_up", "look_down", "face"):
        copied.does = "gaze"
    if event.camera:
        copied.does = event.piece.entry.does[0]
    _direct(copied, piece.entry.does[0], "eye" in piece.entry.marks)
    return copied


def _finish(event: Event) -> bool:
    """Put the numbers into their bounds, make a Chinese 眨眼 a wink where it is one, refuse the rest."""
    event.intensity = min(max(event.intensity, _WEAKEST), _STRONGEST)
    event.pace = min(max(event.pace, _SLOWEST), _FASTEST)
    entry = event.piece.entry
    playful = "playful" in event.marks or event.to_camera
    if event.does == "blink" and entry.language == "zh" and playful:
        event.does = "wink"
    if "needs direction" in entry.marks and not event.direction:
        event.does = "any" if "else any" in entry.marks else dict(entry.turns_into).get("", "")
    if event.does == "any" and (event.negated or event.stopped):
        event.does, event.negated, event.stopped = "static", False, False  # 镜头不要动
    event.piece.spent = event.does not in ("", "any")
    return event.piece.spent
