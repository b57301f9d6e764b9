"""Stage 10: what a good director adds without being asked, and never against the words.

Natural blinks at irregular times are life and added always (breath and small motions are the
renderer's). With the prompt optimizer: eyes on the camera, a slow camera move where nobody moves
and none was named, light that suits the mood, a small smile as a reaction or an ending, and heads
that come back. Same seed, same additions.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from muybridge.director.beats import back_home
from muybridge.director.pieces import FEELINGS, Event
from muybridge.director.tempo import APPROACHES, HELD
from muybridge.domain.storyboard import Action, Beat, CameraKind, CameraMove, Direction, Look
from muybridge.units import Seconds

_BLINK = 0.30
_FIRST_BLINK = (0.6, 1.9)
_BETWEEN_BLINKS = (1.7, 3.6)
_CLEAR = 0.35  # a natural blink keeps this far from a wink or a blink that was asked for
_TURNED = frozenset({"turn", "gaze", "look_up", "look_down", "look_around", "shy", "sad"})
_GOING = APPROACHES | {"walk", "run", "step_back"}
_FRIENDLY = frozenset(
    {"wave", "wink", "nod", "bow", "clap", "kiss", "dance", "spin", "jump", "sing", "point", "raise_arms"}
)
# a mere smile keeps the picture's own light: most prompts have one
_MOODS = {"sad": "cool", "anger": "dark", "laugh": "warm", "shy": "soft"}
_GLOOM = frozenset({"dark", "noir", "cool"})
_REACTION, _LEAST_REACTION = 0.45, 1.0  # how strongly, and the seconds it needs
_MOVES = ((CameraKind.PUSH_IN, 0.76), (CameraKind.TRUCK_LEFT, 0.12), (CameraKind.TRUCK_RIGHT, 0.12))
_SLOW = 0.5


@dataclass(frozen=True, slots=True)
class Brief:
    """What the words leave the director: what they refuse, the tone, the length and the seed."""

    refused: Sequence[Event]
    grave: bool
    duration: float
    seed: int

    def refuses(self, does: str, direction: str = "") -> bool:
        """Whether the words refuse it."""
        return _refuses(self.refused, does, direction)


def life(beats: Sequence[Beat], refused: Sequence[Event], duration: float, seed: int) -> list[Beat]:
    """Natural blinks, if nobody refused them."""
    return [] if _refuses(refused, "blink") else _blinks(beats, duration, random.Random(seed))


def direct(beats: Sequence[Beat], brief: Brief, notes: list[str]) -> list[Beat]:
    """The written beats with the director's own additions."""
    duration = brief.duration
    made = [_returned(beat, duration) for beat in beats]
    if not made and not brief.refuses("smile") and not brief.grave:
        notes.append("Nothing to act was asked for; a small smile was added.")
        made.append(_beat(Action.SMILE, duration * 0.45, duration, intensity=0.6))
    elif (start := _reaction(made, brief)) is not None:
        notes.append("A small smile was added as a reaction.")
        made.append(_beat(Action.SMILE, start, duration, intensity=_REACTION))
    if not brief.refuses("gaze", "camera") and not any(beat.action in _TURNED for beat in made):
        made.append(_beat(Action.GAZE, 0.0, duration, Direction.CAMERA))
    return made


def film(
    camera: Sequence[CameraMove], beats: Sequence[Beat], brief: Brief, notes: list[str]
) -> list[CameraMove]:
    """The written moves, or a slow one where none was named and nobody goes anywhere."""
    moving = any(beat.action in _GOING for beat in beats)
    free = [(kind, weight) for kind, weight in _MOVES if not brief.refuses(kind.value)]
    if camera or moving or brief.refuses("push_in") or not free:
        return list(camera)
    kinds, weights = zip(*free, strict=True)
    kind = random.Random(brief.seed + 1).choices(kinds, weights)[0]
    notes.append(f"No camera was named; a slow {kind.value.replace('_', ' ')} was added.")
    return [CameraMove(kind, Seconds(0.0), Seconds(brief.duration), amount=_SLOW)]


def lit(look: Look, beats: Sequence[Beat], said: bool, notes: list[str]) -> Look:
    """Light that suits the first feeling, where the words say nothing of light, style, place or hour."""
    mood = next((_MOODS[beat.action] for beat in beats if beat.words and beat.action in _MOODS), "")
    if said or look.styles or look.light or not mood:
        return look
    notes.append(f"No light was named; {mood} light was added.")
    return replace(look, light=(mood,))


def gloomy(look: Look) -> bool:
    """Whether the look leaves no room for a smile that nobody asked for."""
    return bool(_GLOOM & {*look.styles, *look.light})


def _reaction(beats: Sequence[Beat], brief: Brief) -> float | None:
    """When a small smile answers something friendly; None where it would not fit."""
    friendly = [beat for beat in beats if beat.action in _FRIENDLY]
    felt = any(beat.action.value in FEELINGS | {"laugh", "sigh", "shake", "shiver"} for beat in beats)
    if not friendly or felt or brief.grave or brief.refuses("smile"):
        return None
    start = friendly[-1].start + 0.6 * (friendly[-1].end - friendly[-1].start)
    return start if brief.duration - start >= _LEAST_REACTION else None


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
