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


def chinese(prompt: str) -> bool:
    """Whether what is said about a prompt is said in Chinese: where the prompt has any."""
    return any("\u3400" <= sign <= "\u9fff" for sign in prompt)
