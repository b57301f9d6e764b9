"""What the command line says: each error as one clear text and one exit status.

status  kind
1       an engine failed, or we did
2       the command is wrong: InvalidInput, InvalidPicture, NotFound (and wrong options)
3       the key: NoKey, UnknownKey
4       limits: RateLimited, AllowanceUsedUp
5       moderation: InputRefused, OutputRefused
6       this machine lacks something: EngineNotReady, WeightsMissing
7       something took too long: TimedOut
8       the server cannot take work just now: Unavailable
130     called off (Ctrl-C)
"""

from __future__ import annotations

from collections.abc import Sequence

from muybridge.domain.storyboard import Storyboard
from muybridge.errors import (
    AllowanceUsedUp,
    EngineNotReady,
    InputRefused,
    InvalidInput,
    MuybridgeError,
    NoKey,
    OutputRefused,
    RateLimited,
    TimedOut,
    Unavailable,
    UnknownKey,
)

CALLED_OFF = 130

_STATUSES: tuple[tuple[type[MuybridgeError], int], ...] = (
    (InvalidInput, 2),
    (NoKey, 3),
    (UnknownKey, 3),
    (RateLimited, 4),
    (AllowanceUsedUp, 4),
    (InputRefused, 5),
    (OutputRefused, 5),
    (EngineNotReady, 6),
    (TimedOut, 7),
    (Unavailable, 8),
)

# The wire's fields, as the command line calls them.
_ARGUMENTS = {"subject_reference[0].image[0]": "PICTURE", "prompt": "PROMPT"}

_WORDS = {
    "en": {"unheard": "not understood", "note": "note", "nothing": "nothing was asked for that it can act"},
    "zh": {"unheard": "未能理解", "note": "说明", "nothing": "没有可以表演的动作"},
}


def exit_status(error: MuybridgeError) -> int:
    """The exit status that stands for this kind of error."""
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 1)


def said(error: MuybridgeError) -> str:
    """The error for a person at a terminal: what is wrong, what is allowed, whether again helps."""
    if isinstance(error, InvalidInput):
        field = _ARGUMENTS.get(error.field, error.field)
        return f"muybridge: {field}: got {error.got}\n  allowed: {error.allowed}"
    again = "\n  trying again may help" if error.retryable else ""
    return f"muybridge: {error.message}{again}"


def language(prompt: str) -> str:
    """`zh` where the prompt has Chinese in it, else `en`."""
    return "zh" if any("\u3400" <= sign <= "\u9fff" for sign in prompt) else "en"


def timeline(storyboard: Storyboard) -> list[str]:
    """One line for each beat and camera move, in order of time."""
    moves: list[tuple[float, float, str, str]] = []
    for beat in storyboard.beats:
        where = "" if beat.direction == "any" else f" {beat.direction}"
        times = f" x{beat.repeats}" if beat.repeats > 1 else ""
        moves.append((beat.start, beat.end, f"{beat.action.replace('_', ' ')}{where}{times}", beat.words))
    for move in storyboard.camera:
        moves.append((move.start, move.end, f"camera: {move.kind.replace('_', ' ')}", move.words))
    return [
        f"  {start:4.1f} - {end:4.1f} s  {what}" + (f"  ({words})" if words else "")
        for start, end, what, words in sorted(moves)
    ] or [f"  ({_WORDS[language(storyboard.prompt)]['nothing']})"]


def remarks(storyboard: Storyboard, notes: Sequence[str]) -> list[str]:
    """What of the prompt was not understood, and every note once, in the prompt's language."""
    words = _WORDS[language(storyboard.prompt)]
    lines = [f"  {words['unheard']}: {piece}" for piece in storyboard.unheard]
    return lines + [f"  {words['note']}: {note}" for note in dict.fromkeys([*storyboard.notes, *notes])]
