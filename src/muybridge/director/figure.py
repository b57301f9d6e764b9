"""Stage 11: a subject without a face acts with the body; what was replaced is said.

A figure can breathe, lean (tilt), bow (nod), sway (shake) and come closer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from muybridge.domain.storyboard import Action, Beat, Direction

_INSTEAD = {
    Action.SMILE: (Action.TILT, "a small lean"),
    Action.WINK: (Action.TILT, "a small lean"),
    Action.TURN: (Action.TILT, "a lean"),
    Action.LOOK_DOWN: (Action.NOD, "a bow"),
    Action.LOOK_UP: (Action.TILT, "a small lean"),
}
_CANNOT = frozenset({Action.BLINK, Action.GAZE})
_SMALL = frozenset({Action.SMILE, Action.WINK, Action.LOOK_UP})
_LEANS = 1.6  # a lean that stands for a smile is over again after this, in seconds


def without_face(beats: Sequence[Beat], notes: list[str]) -> list[Beat]:
    """The beats as a figure can act them; additions of the director that need a face go silently."""
    made: list[Beat] = []
    for beat in beats:
        name = beat.action.value.replace("_", " ")
        if beat.action in _CANNOT:
            if beat.words:
                notes.append(f"No face was found: {name} ({beat.words}) cannot be acted.")
        elif beat.action in _INSTEAD:
            action, words = _INSTEAD[beat.action]
            if beat.words:
                notes.append(f"No face was found: {name} ({beat.words}) is acted as {words}.")
            made.append(_replaced(beat, action))
        else:
            made.append(beat)
    return made


def _replaced(beat: Beat, action: Action) -> Beat:
    sideways = beat.direction in (Direction.LEFT, Direction.RIGHT)
    intensity = beat.intensity * (0.5 if beat.action in _SMALL else 1.0)
    end = min(beat.end, type(beat.end)(beat.start + _LEANS)) if beat.action is Action.SMILE else beat.end
    return replace(
        beat,
        action=action,
        end=end,
        direction=beat.direction if sideways else Direction.ANY,
        intensity=round(max(intensity, 0.1), 2),
    )
