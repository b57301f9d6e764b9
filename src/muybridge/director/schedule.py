"""Stage 7: steps get their times, so that all of them fit into the video.

What is pinned to a time stays there; the rest is laid between the pins. Where there is room,
the pauses grow; where there is not, first the pauses shrink, then the actions down to what
can still be read, then counts, then neighbours on different parts of the body overlap. What
still does not fit is left out and said so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from muybridge.director.order import Step
from muybridge.director.pieces import FEELINGS, Event
from muybridge.director.tempo import APPROACHES, least, repeats, tempo, want

_LEAD_IN, _PAUSE, _SETTLE, _SMILE_FIRST = 0.5, 0.35, 0.9, 0.9
_LEAST_LEAD_IN, _LEAST_PAUSE, _LEAST_SETTLE = 0.1, 0.05, 0.15
_TAIL, _LEAST_TAIL = 0.6, 0.1
_GROW, _SHARE = 1.2, 0.6
_OVERLAP = 0.65
_LEAST_STEP = 0.12  # seconds; less than any action takes, overlapping its neighbours


@dataclass(slots=True, eq=False)
class Slot:
    """A step's place in time, in seconds; `pause` is what lies before it."""

    step: Step
    events: list[Event]
    pause: float = 0.0
    least_pause: float = 0.0
    pinned: float | None = None
    start: float = 0.0
    length: float = 0.0
    overlaps: float = 0.0

    @property
    def want(self) -> float:
        """The seconds it should take."""
        return max(map(want, self._leading), default=0.0)

    @property
    def least(self) -> float:
        """The seconds it needs."""
        return min(self.want, max(map(least, self._leading), default=0.0))

    @property
    def approaches(self) -> bool:
        """Whether the subject comes closer in it."""
        return any(event.does in APPROACHES for event in self.events)

    @property
    def channels(self) -> set[str]:
        """The parts of the body it takes."""
        return {tempo(event.does).channel for event in self._leading}

    @property
    def smiles(self) -> bool:
        """Whether a smile goes with something else in it."""
        return any(event.does in FEELINGS for event in self.events) and len(self.events) > 1

    @property
    def _leading(self) -> Sequence[Event]:
        """What decides how long the step takes: a smile or a look only if there is nothing else."""
        return [event for event in self.events if not event.lasting] or self.events


def lay_out(steps: Sequence[Step], duration: float, notes: list[str]) -> list[Slot]:
    """Slots with starts and lengths, in order of time."""
    slots = [slot for step in steps if (slot := _slot(step))]
    _pauses(slots)
    _pin(slots, duration, notes)
    slots = _in_order(slots)
    placed: list[Slot] = []
    run: list[Slot] = []
    low = 0.0
    for slot in slots:
        if slot.pinned is None:
            run.append(slot)
            continue
        placed += _fit(run, low, slot.pinned, notes)
        slot.start, slot.length = slot.pinned, slot.want
        placed.append(slot)
        run, low = [], slot.start + min(slot.length, slot.want)
    placed += _fit(run, low, duration, notes)
    for slot in placed:
        slot.length = max(min(slot.length, duration - slot.start), 0.1)
    return placed


def _slot(step: Step) -> Slot | None:
    acts = [event for event in step.events if event.place != "throughout"]
    waits = [event for event in acts if not event.camera]
    if not waits and step.after_word:
        waits = acts  # "then the camera pulls back": what follows waits for it
    return Slot(step, waits) if waits else None


def _pauses(slots: Sequence[Slot]) -> None:
    for before, slot in zip([None, *slots], slots, strict=False):
        later = slot.step.moment.a if slot.step.moment and slot.step.moment.sort == "later" else 0.0
        if before is None:
            slot.pause, slot.least_pause = (0.0, 0.0) if slot.approaches else (_LEAD_IN, _LEAST_LEAD_IN)
        elif before.approaches and not slot.approaches:
            slot.pause, slot.least_pause = _SETTLE, _LEAST_SETTLE
        else:
            slot.pause, slot.least_pause = _PAUSE, _LEAST_PAUSE
        if slot.smiles and not slot.approaches:
            slot.pause = max(slot.pause, _SMILE_FIRST)
        slot.pause += later


def _pin(slots: Sequence[Slot], duration: float, notes: list[str]) -> None:
    for slot in slots:
        moment, place = slot.step.moment, slot.step.place
        if moment and moment.sort in ("at", "span"):
            latest = duration - slot.least - _LEAST_TAIL
            slot.pinned = max(min(moment.a, latest), 0.0)
            if moment.a > duration:
                notes.append(f"{moment.a:g} s is after the video's end; what was to be then is at its end.")
        elif moment and moment.sort == "last":
            slot.pinned = max(duration - moment.b, 0.0)
        elif place == "end":
            slot.pinned = max(duration - slot.want - 0.4, 0.0)
        elif place == "middle":
            slot.pinned = max((duration - slot.want) / 2, 0.0)


def _in_order(slots: Sequence[Slot]) -> list[Slot]:
    """By time where times are said; what has none stays behind what it followed."""
    keyed: list[tuple[float, int, Slot]] = []
    now = -1.0
    for place, slot in enumerate(slots):
        now = slot.pinned if slot.pinned is not None else now
        keyed.append((-1.0 if slot.step.place == "start" and slot.pinned is None else now, place, slot))
    return [slot for _, _, slot in sorted(keyed, key=lambda one: one[:2])]


def _fit(run: list[Slot], low: float, high: float, notes: list[str]) -> list[Slot]:
    """Lay a run of slots between two times."""
    run = list(run)
    room = high - low - _LEAST_TAIL
    while run and len(run) > room / _LEAST_STEP + 1:  # could not fit however much is done together
        _leave_out(run.pop(), notes)
    while run and _need(run, pauses=False, lengths=False) > room:
        if not (_fewer_repeats(run, notes) or _overlap(run)):
            _leave_out(run.pop(), notes)
    if not run:
        return []
    _lengths(run, room)
    pauses = _shrunk(run, room)
    spare = high - low - _TAIL - sum(pauses) - sum(slot.length - slot.overlaps for slot in run)
    growing = [slot for slot in run if slot.pause > 0]
    extra = min(_GROW, max(spare, 0.0) * _SHARE / max(len(growing), 1))
    now = low
    for slot, pause in zip(run, pauses, strict=True):
        slot.start = max(now + pause + (extra if slot.pause > 0 else 0.0) - slot.overlaps, low)
        now = slot.start + slot.length
    return run


def _need(run: Sequence[Slot], *, pauses: bool, lengths: bool) -> float:
    return sum(
        (slot.pause if pauses else slot.least_pause) + (slot.want if lengths else slot.least) - slot.overlaps
        for slot in run
    )


def _lengths(run: Sequence[Slot], room: float) -> None:
    least, most = _need(run, pauses=False, lengths=False), _need(run, pauses=False, lengths=True)
    share = 1.0 if most <= room else (room - least) / (most - least)
    for slot in run:
        slot.length = slot.least + share * (slot.want - slot.least)


def _shrunk(run: Sequence[Slot], room: float) -> list[float]:
    """The pauses: as wanted if they fit, else as near to that as fits."""
    taken = sum(slot.length - slot.overlaps for slot in run)
    least, most = sum(slot.least_pause for slot in run), sum(slot.pause for slot in run)
    share = 1.0 if taken + most <= room else max((room - taken - least) / (most - least), 0.0)
    return [slot.least_pause + share * (slot.pause - slot.least_pause) for slot in run]


def _fewer_repeats(run: Sequence[Slot], notes: list[str]) -> bool:
    many = [event for slot in run for event in slot.events if repeats(event) > 3]
    if not many:
        return False
    event = max(many, key=least)
    if "fewer" not in event.marks:
        event.marks.add("fewer")
        notes.append(f"{event.does} {repeats(event)} times does not fit; it is done as often as fits.")
    event.repeats = repeats(event) - 1
    return True


def _overlap(run: Sequence[Slot]) -> bool:
    """Let one step begin while the one before it, on another part of the body, goes on."""
    for before, slot in pairwise(run):
        if not slot.overlaps and not before.overlaps and not before.channels & slot.channels:
            slot.overlaps = _OVERLAP * min(before.least, slot.least)
            return True
    return False


def _leave_out(slot: Slot, notes: list[str]) -> None:
    names = ", ".join(event.does.replace("_", " ") for event in slot.events)
    notes.append(f"There was no time left for: {names}.")
