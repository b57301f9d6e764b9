"""Stage 11: a subject without a face acts with the body; what was replaced is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from muybridge.director.pieces import FEELINGS
from muybridge.domain.storyboard import Action, Beat, Direction
from muybridge.units import Seconds

_INSTEAD = {
    Action.SMILE: (Action.SWAY, "a gentle sway", 0.5),
    Action.GRIN: (Action.SWAY, "a gentle sway", 0.7),
    Action.LAUGH: (Action.JUMP, "small hops", 0.4),
    Action.WINK: (Action.TILT, "a small tilt", 0.6),
    Action.KISS: (Action.LEAN, "a small lean", 0.6),
    Action.SURPRISE: (Action.JUMP, "a small hop", 0.4),
    Action.TURN: (Action.LEAN, "a lean", 0.8),
    Action.LOOK_AROUND: (Action.SWAY, "a sway", 0.8),
    Action.LOOK_DOWN: (Action.BOW, "a bow", 0.6),
    Action.LOOK_UP: (Action.LEAN, "a small lean", 0.5),
    Action.SAD: (Action.BOW, "a bow", 0.5),
    Action.SHY: (Action.TILT, "a small tilt", 0.6),
    Action.ANGER: (Action.SHIVER, "a shiver", 0.6),
    Action.SING: (Action.SWAY, "a sway", 0.8),
}
_CANNOT = frozenset({Action.BLINK, Action.GAZE, Action.POUT, Action.FROWN, Action.DISGUST, Action.TALK})
_LONGEST = 2.0  # what stands for a lasting feeling is over after this, in seconds


def without_face(beats: Sequence[Beat], notes: list[str]) -> list[Beat]:
    """The beats as a figure can act them; additions of the director that need a face go silently."""
    made: list[Beat] = []
    for beat in beats:
        name = beat.action.value.replace("_", " ")
        if beat.action in _CANNOT:
            if beat.words:
                notes.append(f"No face was found: {name} ({beat.words}) cannot be acted.")
        elif beat.action in _INSTEAD:
            action, words, share = _INSTEAD[beat.action]
            if beat.words:
                notes.append(f"No face was found: {name} ({beat.words}) is acted as {words}.")
            made.append(_replaced(beat, action, share))
        else:
            made.append(beat)
    return made


def _replaced(beat: Beat, action: Action, share: float) -> Beat:
    sideways = beat.direction in (Direction.LEFT, Direction.RIGHT)
    end = beat.end
    if beat.action.value in FEELINGS:
        end = Seconds(min(beat.end, beat.start + _LONGEST))
    return replace(
        beat,
        action=action,
        end=end,
        direction=beat.direction if sideways else Direction.ANY,
        intensity=round(max(beat.intensity * share, 0.1), 2),
    )
