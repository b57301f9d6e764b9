"""Stage 6: events become steps, what happens one after another and what at the same time.

Text order is time order, but for "before" and "after", in front or in the middle, and their
Chinese counterparts behind. "While", "with", 一边, 同时 and -ing forms of lasting actions join
a step. What is both asked for and forbidden is forbidden, unless the words put the two in
order ("smiles, then stops smiling"; "at first she doesn't smile, then she does").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from muybridge.director.pieces import FEELINGS, LASTING, Event, Link, Moment, Segment

_JOINS = frozenset({Link.WHILE, Link.WITH, Link.ALSO})


@dataclass(slots=True, eq=False)
class Step:
    """Events that belong together in time, and when they were said to be, if they were."""

    events: list[Event] = field(default_factory=list)
    after_word: bool = False  # joined by a word of order, so it waits for what came before

    @property
    def moment(self) -> Moment | None:
        """The first time said about any of its events."""
        return next((event.moment for event in self.events if event.moment), None)

    @property
    def place(self) -> str:
        """start, middle or end, where that was said about one of its events."""
        return next((event.place for event in self.events if event.place not in ("", "throughout")), "")


def steps(segments: Sequence[Segment], notes: list[str]) -> list[Step]:
    """The prompt's steps in the order they happen."""
    _resolve(segments, notes)
    found: list[Step] = []
    line = _Line(found)
    for place, segment in enumerate(segments):
        if segment.link is Link.OR and _asked(segment) and found:
            notes.append("Of two alternatives the first was taken.")
            for event in segment.events:
                event.negated = True
            continue
        line.take(segment, followed=place + 1 < len(segments))
    line.close()
    return _merged(found)


class _Line:
    """Puts each segment's steps where the links say; holds what waits for its other half."""

    def __init__(self, found: list[Step]) -> None:
        self.found = found
        self.join_next = False
        self.later: list[Step] = []  # "before she winks, ...": waits for the rest of the sentence
        self.both = False
        self.opened = 0  # how many steps there were when the sentence began

    def take(self, segment: Segment, *, followed: bool) -> None:
        """Place one segment's steps."""
        if segment.fresh:
            self.close()
            self.both, self.opened = False, len(self.found)
        own = list(_split(segment))
        if not own:
            return
        fronted = segment.fresh or not self._here()
        tail = segment.tail if followed else None
        if (segment.link is Link.BEFORE and fronted) or tail is Link.BEFORE:
            self.later += own
        elif segment.link is Link.AFTER and not fronted:
            self.found[len(self.found) - 1 :] = [*own, self.found[-1]]
        elif self._joins(segment, own, fronted):
            self.found[-1].events += own[0].events
            self.found += own[1:]
        else:
            own[0].after_word = segment.link in (Link.THEN, Link.BEFORE, Link.AFTER)
            self.found += own
            if self.later:
                self.close()
        self.join_next = bool((segment.link in (Link.WHILE, Link.WITH) and fronted) or tail is Link.WHILE)
        self.both = self.both or segment.link is Link.BOTH

    def close(self) -> None:
        """Let what waited come now."""
        for step in self.later:
            step.after_word = True
        self.found += self.later
        self.later = []
        self.join_next = False

    def _here(self) -> bool:
        return len(self.found) > self.opened

    def _joins(self, segment: Segment, own: Sequence[Step], fronted: bool) -> bool:
        if not self.found:
            return False
        if self.join_next or (segment.link is Link.ALSO) or (segment.link is Link.BOTH and self.both):
            return True
        if segment.link in _JOINS:
            # 带着微笑点头: what is "with" goes with what follows in the same stretch
            return not fronted and not (segment.link is Link.WITH and len(segment.events) > 1)
        before, now = self.found[-1].events[-1], own[0].events[0]
        participle = now.form_is("ing") and now.does in LASTING and not before.form_is("ing")
        if segment.link is Link.AND and before.form_is("ing") and now.form_is("ing"):
            return before.lasting or now.lasting  # "laughing and running"
        return segment.link is Link.COMMA and self._here() and participle


def _split(segment: Segment) -> Iterator[Step]:
    """A segment's events: a lasting one goes with its neighbour, others follow one another."""
    step = Step()
    for event in segment.events:
        if event.negated:
            continue
        alike = any(_alike(event, other) for other in step.events)
        picture = event.piece.entry.language == "any"  # emoji follow one another
        joins = not alike and not picture and (event.lasting or all(one.lasting for one in step.events))
        if step.events and (not joins or event.stopped):
            yield step
            step = Step()
        step.events.append(event)
    if step.events:
        yield step


def _alike(event: Event, other: Event) -> bool:
    """Whether two events need the same part, so that one comes after the other."""
    return event.does == other.does or {event.does, other.does} <= FEELINGS


def _asked(segment: Segment) -> bool:
    return any(not event.negated and not event.stopped for event in segment.events)


def _resolve(segments: Sequence[Segment], notes: list[str]) -> None:
    """Contradictions: forbidden wins, but for what the words put in order."""
    said = [(place, event) for place, segment in enumerate(segments) for event in segment.events]
    for place, no in said:
        if not no.negated:
            continue
        for other, yes in said:
            if yes.negated or yes.stopped or not same(no, yes):
                continue
            if other > place and (_is_stillness(no) or _ordered(segments, place, other)):
                continue
            if other < place and _ordered(segments, other, place):
                no.negated, no.stopped = False, True
                break
            yes.negated = True
            notes.append(f"{yes.does.replace('_', ' ')} is both asked for and refused; it is left out.")
    for place, end in said:
        if end.stopped and not any(other <= place and same(end, yes) and yes is not end and not yes.negated
                                   for other, yes in said):  # fmt: skip
            end.stopped, end.negated = False, True  # nothing to stop: it shall not be


def _is_stillness(no: Event) -> bool:
    """ "Stands still" forbids all motion at once, and only until one is asked for."""
    return len(no.piece.entry.does) > 1


def same(no: Event, yes: Event) -> bool:
    """Whether what is refused is what is asked for."""
    return no.does == yes.does and no.camera == yes.camera and no.direction in ("", yes.direction)


def _ordered(segments: Sequence[Segment], first: int, second: int) -> bool:
    between = segments[first + 1 : second + 1]
    pinned = any(event.moment or event.place in ("start", "end")
                 for segment in (segments[first], segments[second]) for event in segment.events)  # fmt: skip
    return pinned or any(segment.link is Link.THEN for segment in between)


def _merged(found: Sequence[Step]) -> list[Step]:
    """Without repetitions: a smile that goes on is one smile, "nod, nod, nod" is three nods."""
    kept: list[Step] = []
    for step in found:
        fresh: list[Event] = []
        again = step.after_word or not kept  # "waves, then waves again" is done twice
        before = [] if again else kept[-1].events
        for event in step.events:
            if not _absorbed(event, [*before, *fresh], kept):
                fresh.append(event)
        if fresh:
            step.events = fresh
            kept.append(step)
    return kept


def _deed(event: Event) -> tuple[str, str]:
    """What is done, whereto; turning back to the camera is looking at it."""
    return ("gaze", "camera") if event.does == "face" else (event.does, event.direction)


def _absorbed(event: Event, before: Sequence[Event], kept: Sequence[Step]) -> bool:
    if event.moment or event.place or event.stopped:
        return False
    if event.does == "smile":
        lived = [one for step in kept for one in step.events if one.does in FEELINGS]
        lived = lived if lived and lived[-1].does == "smile" else []
        if not lived or lived[-1].stopped:
            return False
        if lived[-1] in before:
            lived[-1].intensity = max(lived[-1].intensity, event.intensity)
            return True
        return lived[-1].intensity == event.intensity
    for one in before:
        alike = _deed(one) == _deed(event)
        if alike and not one.moment:
            one.repeats = min(max(one.repeats, 1) + max(event.repeats, 1), 20)
            return True
    return False
