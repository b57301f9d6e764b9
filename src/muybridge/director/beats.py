"""Stage 8: slots become beats, each with the whole life of its action.

A smile grows and stays until it is ended; a turned, tilted, raised or lowered head stays until
the head has something else to do, and is on its way back in the last part of its beat (at the
very end of the video it stays). A beat that ends with the video is held to the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from muybridge.director.pieces import FEELINGS, Event
from muybridge.director.schedule import Slot
from muybridge.director.tempo import APPROACHES, HELD, OPEN, TURN_BACK, repeats, tempo
from muybridge.domain.storyboard import Action, Beat, Direction
from muybridge.units import Seconds

_SMILE_BEFORE = 1.5  # a smile that goes with something is there before it
_RISE_AGAIN = 0.35  # "lowers her head, then raises it": back up, a little over level
_SHORTEST = 0.1
_GAZE_HOLDS = 1.6

Quote = Callable[[tuple[int, int]], str]


class Timeline:
    """Collects beats; knows the quotes and the video's length."""

    def __init__(self, duration: float, quote: Quote) -> None:
        self.duration = duration
        self.quote = quote
        self.beats: list[Beat] = []

    def add(self, event: Event, start: float, end: float, *, intensity: float | None = None) -> None:
        """One beat, within the video."""
        start = min(max(start, 0.0), self.duration - _SHORTEST)
        said = self.quote(event.quoted) if event.quoted and event.quoted[0] < event.quoted[1] else ""
        self.beats.append(
            Beat(
                action=Action(event.does),
                start=Seconds(round(start, 2)),
                end=Seconds(round(min(max(end, start + _SHORTEST), self.duration), 2)),
                direction=Direction(event.direction or "any"),
                intensity=round(event.intensity if intensity is None else intensity, 2),
                repeats=repeats(event),
                words=self.quote(event.span),
                text=said,
                pace=round(event.pace, 2),
            )
        )


def beats(slots: Sequence[Slot], always: Sequence[Event], duration: float, quote: Quote) -> list[Beat]:
    """The beats of all slots, and of what was said to be the whole time."""
    line = Timeline(duration, quote)
    for event in always:
        _always(line, event)
    for place, slot in enumerate(slots):
        for event in slot.events:
            if not event.camera and not event.stopped:
                _place(line, event, slots, place)
    return sorted(line.beats, key=lambda beat: (beat.start, beat.end))


def _always(line: Timeline, event: Event) -> None:
    plain = tempo(event.does)
    if event.does in ("nod", "shake", "blink", "wink") and not event.repeats:
        event.repeats = max(1, min(20, int((line.duration - 0.6) / (plain.want + plain.pause + 0.1))))
    line.add(event, 0.0 if event.does in APPROACHES else 0.2, line.duration)


def _place(line: Timeline, event: Event, slots: Sequence[Slot], place: int) -> None:
    slot = slots[place]
    if event.does in FEELINGS:
        line.add(event, _felt_from(slots, place), _felt_until(line, slots, place, event))
    elif event.does in HELD:
        intensity = event.intensity * _RISE_AGAIN if _rises_again(event, slots, place) else None
        line.add(event, slot.start, _held_until(line, slots, place, event), intensity=intensity)
    elif event.does == "gaze":
        turning = any(other.does in HELD for other in slot.events)
        line.add(event, slot.start + (0.25 if turning else 0.0), _gaze_until(line, slots, place, event))
    elif event.does == "face":
        _look_ahead(line, event, slots, place)
    elif slot.approaches and event.does not in APPROACHES:
        length = min(tempo(event.does).want * repeats(event), slot.length * 0.6)
        line.add(event, slot.start + 0.3 * slot.length, slot.start + 0.3 * slot.length + length)
    elif event.does in OPEN and not event.quoted:
        line.add(event, slot.start, _goes_on_until(line, slots, place, event))
    else:
        line.add(event, slot.start, slot.start + slot.length)


def _goes_on_until(line: Timeline, slots: Sequence[Slot], place: int, event: Event) -> float:
    """Dancing, singing, talking without words: until the next thing begins."""
    own = slots[place]
    said = event.moment and event.moment.sort in ("length", "span")
    following = slots[place + 1].start if place + 1 < len(slots) else line.duration
    return own.start + own.length if said else max(following, own.start + own.length)


def _look_ahead(line: Timeline, event: Event, slots: Sequence[Slot], place: int) -> None:
    """Turning to the camera: what turned the head has ended, and the eyes are on the camera."""
    event.does, event.direction = "gaze", "camera"
    line.add(event, slots[place].start, _gaze_until(line, slots, place, event))


def _felt_from(slots: Sequence[Slot], place: int) -> float:
    """A feeling that goes with something is there before it."""
    slot = slots[place]
    if slot.approaches:
        return slot.start + 0.3
    if len(slot.events) == 1:
        early = place > 0 and slots[place - 1].approaches and not slot.step.after_word
        return slot.start - (0.6 if early else 0.0)
    before = slots[place - 1] if place else None
    lowest = 0.2
    if before:
        lowest = before.start + before.length - (0.7 if before.approaches else 0.0)
    if slot.step.moment and slot.step.moment.sort in ("at", "span"):
        lowest = max(lowest, slot.start - 0.6)
    return min(max(slot.start - _SMILE_BEFORE, lowest), slot.start)


def _felt_until(line: Timeline, slots: Sequence[Slot], place: int, event: Event) -> float:
    """When a feeling ends: where it is stopped, another one comes, or it was said to."""
    own = slots[place]
    if event.moment and event.moment.sort in ("length", "span"):
        return own.start + own.length
    for slot in slots[place + 1 :]:
        for other in slot.events:
            if other.does in FEELINGS | {"laugh", "kiss"}:
                return slot.start + 0.5
    return line.duration


def _held_until(line: Timeline, slots: Sequence[Slot], place: int, event: Event) -> float:
    """A held head is back when the head, or the face to the camera, has its next thing to do."""
    if event.moment and event.moment.sort in ("length", "span"):
        return slots[place].start + slots[place].length
    for slot in slots[place + 1 :]:
        if any(_ends_hold(event, other) for other in slot.events):
            return slot.start
    return line.duration


def _ends_hold(event: Event, other: Event) -> bool:
    if other.to_camera or other.direction == "camera" or other.does in APPROACHES:
        return True
    vertical = {"look_up", "look_down", "nod"}
    if event.does == "lean":
        return tempo(other.does).channel == "body"
    if other.does == "look_around":
        return True
    if event.does in vertical:
        return other.does in vertical | {"face", "shake", "turn"}
    return other.does in (event.does, "face", "shake") or (
        event.does == "turn" and other.does in vertical - {"nod"}
    )


def _gaze_until(line: Timeline, slots: Sequence[Slot], place: int, event: Event) -> float:
    """A look at the camera lasts; a look aside lasts until the next look or a little while."""
    own = slots[place]
    for slot in slots[place + 1 :]:
        if any(
            other.does in ("gaze", "face", "look_up", "look_down", "look_around") for other in slot.events
        ):
            return slot.start
    if event.direction == "camera":
        return line.duration
    return own.start + max(own.length, _GAZE_HOLDS)


def _rises_again(event: Event, slots: Sequence[Slot], place: int) -> bool:
    before = [
        other.does
        for slot in slots[:place]
        for other in slot.events
        if other.does in ("look_up", "look_down")
    ]
    return event.does == "look_up" and before[-1:] == ["look_down"]


def back_home(beat: Beat, duration: float) -> float:
    """When a held beat would end if it came back before the end of the video."""
    return min(beat.start + 2.2 + TURN_BACK, duration)
