"""Stage 10: what a good director adds without being asked, and never against the words.

Natural blinks at irregular times are life and added always (breath and small motions are the
renderer's). With the prompt optimizer: eyes
on the camera, a slow push in where nobody moves and no camera was named, a small closing smile
where nothing else is asked, and heads that come back. Same seed, same additions.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace

from muybridge.director.beats import back_home
from muybridge.director.pieces import Event
from muybridge.director.tempo import APPROACHES, HELD
from muybridge.domain.storyboard import Action, Beat, CameraKind, CameraMove, Direction
from muybridge.units import Seconds

_BLINK = 0.30
_FIRST_BLINK = (0.6, 1.9)
_BETWEEN_BLINKS = (1.7, 3.6)
_CLEAR = 0.35  # a natural blink keeps this far from a wink or a blink that was asked for
_TURNED = frozenset({"turn", "gaze", "look_up", "look_down", "look_around", "shy", "sad"})
_GOING = APPROACHES | {"walk", "run", "step_back"}


def life(beats: Sequence[Beat], refused: Sequence[Event], duration: float, seed: int) -> list[Beat]:
    """Natural blinks, if nobody refused them."""
    return [] if _refuses(refused, "blink") else _blinks(beats, duration, random.Random(seed))


def direct(beats: Sequence[Beat], refused: Sequence[Event], duration: float, notes: list[str]) -> list[Beat]:
    """The written beats with the director's own additions."""
    made = [_returned(beat, duration) for beat in beats]
    if not made and not _refuses(refused, "smile"):
        notes.append("Nothing to act was asked for; a small smile was added.")
        made.append(_beat(Action.SMILE, duration * 0.45, duration, intensity=0.6))
    if not _refuses(refused, "gaze", "camera") and not any(beat.action in _TURNED for beat in made):
        made.append(_beat(Action.GAZE, 0.0, duration, Direction.CAMERA))
    return made


def film(
    camera: Sequence[CameraMove],
    beats: Sequence[Beat],
    refused: Sequence[Event],
    duration: float,
    notes: list[str],
) -> list[CameraMove]:
    """The written moves, or a slow push in where none was named and nobody comes closer."""
    moving = any(beat.action in _GOING for beat in beats)
    if camera or moving or _refuses(refused, "push_in"):
        return list(camera)
    notes.append("No camera was named; a slow push in was added.")
    return [CameraMove(CameraKind.PUSH_IN, Seconds(0.0), Seconds(duration), amount=0.5)]


def _refuses(refused: Iterable[Event], does: str, direction: str = "") -> bool:
    return any(event.does == does and event.direction in ("", direction) for event in refused)


def _beat(
    action: Action, start: float, end: float, direction: Direction = Direction.ANY, intensity: float = 1.0
) -> Beat:
    return Beat(action, Seconds(round(start, 2)), Seconds(round(end, 2)), direction, intensity)


def _returned(beat: Beat, duration: float) -> Beat:
    """A head held for long to the very end comes back to the camera before it."""
    if beat.action.value not in HELD or beat.action is Action.TILT or beat.end < duration:
        return beat
    return replace(beat, end=Seconds(round(back_home(beat, duration), 2)))


def _blinks(beats: Sequence[Beat], duration: float, dice: random.Random) -> list[Beat]:
    taken = [(beat.start - _CLEAR, beat.end + _CLEAR)
             for beat in beats if beat.action in (Action.WINK, Action.BLINK)]  # fmt: skip
    made: list[Beat] = []
    now = dice.uniform(*_FIRST_BLINK)
    while now < duration - 0.6:
        hit = next((span for span in taken if span[0] - _BLINK < now < span[1]), None)
        if hit:
            now = hit[1] + dice.uniform(0.1, 0.8)
            continue
        made.append(_beat(Action.BLINK, now, now + _BLINK))
        now += dice.uniform(*_BETWEEN_BLINKS)
    return made
