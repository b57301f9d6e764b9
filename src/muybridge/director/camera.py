"""Stage 9: what was said of the camera becomes moves, on a timeline of its own.

A move spans the whole video, or shares it with the moves that follow it; one said to come
then, at a time, first or at the end begins or ends there. Moves of one sentence along different
axes ("pans left and rises") go together; along one axis ("zooms in and out") one after the
other. Static and moving in one sentence: the move is made, unless words of order part them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from muybridge.director.beats import Quote
from muybridge.director.order import Step
from muybridge.director.pieces import Event
from muybridge.director.schedule import Slot
from muybridge.domain.storyboard import CameraKind, CameraMove
from muybridge.units import Seconds

_LAYERS = frozenset({"handheld", "shake", "follow"})  # how the camera is held, whatever else it does
_AXES = {"push": "depth", "pull": "depth", "zoom": "depth", "dolly": "depth", "truck": "across",
         "pan": "across", "orbit": "across", "pedestal": "height", "tilt": "height"}  # fmt: skip
_QUICK = 1.3  # a pace above this makes a move short
_SHORTEST = 0.4


@dataclass(slots=True)
class _Cue:
    """A camera event, when it may begin and end, and whether words of order said so."""

    event: Event
    start: float | None = None
    end: float | None = None
    after_word: bool = False

    @property
    def axis(self) -> str:
        return _AXES.get(self.event.does.split("_")[0], self.event.does)


def moves(
    steps: Sequence[Step], slots: Sequence[Slot], duration: float, quote: Quote, notes: list[str]
) -> list[CameraMove]:
    """The camera's moves in order of time."""
    cues: list[_Cue] = []
    for step in steps:
        for event in step.events:
            if event.camera:
                cues.append(_cue(event, step, steps, slots, duration))
                cues[-1].after_word = step.after_word
    if _contradict(cues):
        notes.append("The camera was said to stand still and to move; it moves.")
        cues = [cue for cue in cues if cue.event.does != "static"]
    groups = _groups([cue for cue in cues if cue.event.does not in _LAYERS])
    _share([group[0] for group in groups], duration)
    paths = [cue for group in groups for cue in group]
    for group in groups:
        for cue in group[1:]:
            cue.start, cue.end = group[0].start, cue.end or group[0].end
    layers = [cue for cue in cues if cue.event.does in _LAYERS]
    for cue in layers:
        cue.start, cue.end = cue.start or 0.0, cue.end or duration
    made = [_move(cue, duration, quote) for cue in sorted((*layers, *paths), key=lambda cue: cue.event.span)]
    return sorted(made, key=lambda move: (move.start, move.end))


def _groups(cues: Sequence[_Cue]) -> list[list[_Cue]]:
    """Moves that are made together."""
    groups: list[list[_Cue]] = []
    for cue in cues:
        last = groups[-1] if groups else []
        axes = {other.axis for other in last}
        free = cue.start is None and not cue.after_word and not {cue.axis, "static"} & axes
        if last and free and cue.axis != "static" and last[-1].event.sentence == cue.event.sentence:
            last.append(cue)
        else:
            groups.append([cue])
    return groups


def _contradict(cues: Sequence[_Cue]) -> bool:
    """Whether one sentence says that the camera stands still and that it moves, in no order."""
    still = {cue.event.sentence for cue in cues if cue.event.does == "static"}
    moving = {cue.event.sentence for cue in cues if cue.event.does not in ("static", "handheld")}
    return bool(still & moving) and not any(cue.start or cue.after_word for cue in cues)


def _cue(event: Event, step: Step, steps: Sequence[Step], slots: Sequence[Slot], duration: float) -> _Cue:
    """When the words let a move begin and end, as far as they say."""
    moment = event.moment
    if moment and moment.sort == "length":
        return _Cue(event, None, min(moment.a, duration))
    if (said := _said(event, duration)) is not None:
        end = min(moment.b, duration) if moment and moment.sort == "span" else None
        return _Cue(event, said, end)
    own = next((slot for slot in slots if slot.step is step), None)
    if own and step.after_word:
        return _Cue(event, own.start, own.start + own.length if event in own.events else None)
    follower = next((slot for slot in slots if _behind(slot, step, steps)), None)
    if follower and follower.step.after_word and steps.index(step) == 0 and follower.start > 1.0:
        return _Cue(event, 0.0, follower.start)
    return _Cue(event)


def _said(event: Event, duration: float) -> float | None:
    """The start that a time or a place in the video gives."""
    if event.moment and event.moment.sort in ("at", "span"):
        return min(event.moment.a, duration - _SHORTEST)
    if event.moment and event.moment.sort == "last":
        return max(duration - event.moment.b, 0.0)
    return {"end": duration * 2 / 3, "middle": duration / 2}.get(event.place)


def _behind(slot: Slot, step: Step, steps: Sequence[Step]) -> bool:
    place = steps.index(step)
    return place + 1 < len(steps) and slot.step is steps[place + 1]


def _share(paths: Sequence[_Cue], duration: float) -> None:
    """Moves without times share what the timed ones leave between them."""
    at = 0
    while at < len(paths):
        if paths[at].start is not None:
            at += 1
            continue
        stop = next((k for k in range(at, len(paths)) if paths[k].start is not None), len(paths))
        low = (paths[at - 1].end or paths[at - 1].start or 0.0) if at else 0.0
        if at and paths[at - 1].end is None:
            low = min(low + (duration - low) / (stop - at + 1), duration - _SHORTEST)
        high = paths[stop].start if stop < len(paths) else duration
        high = high if high is not None and high > low + _SHORTEST else duration
        for place, cue in enumerate(paths[at:stop]):
            cue.start = low + (high - low) * place / (stop - at)
            cue.end = cue.end or low + (high - low) * (place + 1) / (stop - at)
        at = stop
    for place, cue in enumerate(paths):
        if cue.end is None:
            later = paths[place + 1].start if place + 1 < len(paths) else None
            cue.end = later if later is not None and later > (cue.start or 0.0) else duration


def _move(cue: _Cue, duration: float, quote: Quote) -> CameraMove:
    event = cue.event
    start = min(max(cue.start or 0.0, 0.0), duration - _SHORTEST)
    end = max(min(cue.end or duration, duration), start + _SHORTEST)
    if event.pace >= _QUICK and event.does not in _LAYERS:
        end = min(end, start + 2.4 / event.pace)
    amount = event.intensity * (0.75 if event.pace < 1.0 else 1.0)
    return CameraMove(
        kind=CameraKind(event.does),
        start=Seconds(round(start, 2)),
        end=Seconds(round(end, 2)),
        amount=round(amount, 2),
        words=quote(event.span),
    )
