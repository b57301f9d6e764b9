"""How long things take: seconds at the plain pace, the floor they may shrink to, and channels.

Source: the puppet's own timing (wink .17 down, .42 hold, .30 up; blink .30; smile .9 to grow).
"""

from __future__ import annotations

from dataclasses import dataclass

from muybridge.director.pieces import FEELINGS, Event

APPROACHES = frozenset({"walk_closer", "run_closer"})
HELD = frozenset({"turn", "tilt", "look_up", "look_down", "lean"})  # stay until something ends them
OPEN = frozenset(
    {"dance", "sing", "sway", "shiver", "talk", "walk", "run", "laugh"}
)  # go on until the next thing
SMILE_GROWS = 0.9
TURN_BACK = 0.6


@dataclass(frozen=True, slots=True)
class Tempo:
    """One action's seconds: wanted, at least, between repeats; and the part of the body it takes."""

    want: float
    least: float
    pause: float
    channel: str


_TEMPI = {
    "blink": Tempo(0.30, 0.22, 0.25, "eyes"),
    "wink": Tempo(0.89, 0.65, 0.20, "eyes"),
    "gaze": Tempo(1.10, 0.50, 0.10, "eyes"),
    **dict.fromkeys(FEELINGS, Tempo(1.10, 0.60, 0.30, "mouth")),
    "smile": Tempo(0.70, 0.40, 0.30, "mouth"),
    "laugh": Tempo(2.20, 1.20, 0.30, "mouth"),
    "kiss": Tempo(1.30, 0.90, 0.20, "mouth"),
    "talk": Tempo(2.00, 1.00, 0.20, "mouth"),
    "sing": Tempo(2.60, 1.20, 0.20, "mouth"),
    "look_around": Tempo(2.60, 1.60, 0.20, "head"),
    "sigh": Tempo(2.20, 1.50, 0.20, "chest"),
    "shrug": Tempo(1.20, 0.85, 0.10, "body"),
    "lean": Tempo(1.50, 1.00, 0.10, "body"),
    "bow": Tempo(2.20, 1.50, 0.20, "body"),
    "shiver": Tempo(2.00, 1.10, 0.20, "body"),
    "sway": Tempo(2.60, 1.40, 0.20, "body"),
    "dance": Tempo(2.60, 1.40, 0.20, "body"),
    "jump": Tempo(0.95, 0.75, 0.0, "body"),
    "spin": Tempo(2.00, 1.30, 0.0, "body"),
    "wave": Tempo(1.70, 1.10, 0.10, "hands"),
    "clap": Tempo(1.60, 1.00, 0.10, "hands"),
    "point": Tempo(1.60, 1.00, 0.10, "hands"),
    "raise_arms": Tempo(1.80, 1.20, 0.10, "hands"),
    "step_back": Tempo(2.40, 1.50, 0.10, "body"),
    "walk": Tempo(3.00, 1.60, 0.10, "body"),
    "run": Tempo(2.60, 1.40, 0.10, "body"),
    "turn": Tempo(1.60, 0.95, 0.10, "head"),
    "tilt": Tempo(1.30, 0.80, 0.10, "head"),
    "look_up": Tempo(1.60, 0.95, 0.10, "head"),
    "look_down": Tempo(1.60, 0.95, 0.10, "head"),
    "face": Tempo(0.80, 0.45, 0.10, "head"),
    "nod": Tempo(0.80, 0.45, 0.0, "head"),
    "shake": Tempo(0.90, 0.50, 0.0, "head"),
    "breathe": Tempo(2.40, 1.40, 0.2, "chest"),
    "walk_closer": Tempo(4.00, 2.20, 0.2, "body"),
    "run_closer": Tempo(3.30, 1.80, 0.2, "body"),
}  # fmt: skip
_CONTINUOUS = 4
_WORD = 0.28  # seconds to say a word, or a Chinese character
_COUNTED = frozenset(
    {
        "nod",
        "shake",
        "blink",
        "wink",
        "breathe",
        "jump",
        "kiss",
        "clap",
        "wave",
        "spin",
        "shrug",
        "bow",
        "sigh",
    }
)


def tempo(does: str) -> Tempo:
    """An action's tempo; a camera move waited for takes as long as a walk's floor."""
    return _TEMPI.get(does, Tempo(2.2, 1.0, 0.2, "camera"))


def repeats(event: Event) -> int:
    """How often it is to be done: what was said, else some times for "again and again", else once."""
    if event.does not in _COUNTED:
        return 1
    if event.repeats:
        return min(event.repeats, 20)
    return _CONTINUOUS if "continuous" in event.marks else 1


def want(event: Event) -> float:
    """The seconds it should take before the next thing begins."""
    if event.moment and event.moment.sort in ("length", "span", "last"):
        said = event.moment.b - event.moment.a if event.moment.sort == "span" else event.moment.a
        if event.moment.sort == "last":
            said = event.moment.b
        return max(said, least(event))
    times = repeats(event)
    plain = tempo(event.does)
    if event.quoted:
        return max(_WORD * (event.quoted[1] - event.quoted[0]) / event.pace, least(event))
    return max((plain.want * times + plain.pause * (times - 1)) / event.pace, least(event))


def least(event: Event) -> float:
    """The seconds it needs to be seen as what it is."""
    times = repeats(event)
    plain = tempo(event.does)
    return plain.least * times + plain.pause * (times - 1) * 0.4
