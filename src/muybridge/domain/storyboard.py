"""A Storyboard: what was planned from a prompt, as a frozen value that any engine can act on.

Times are seconds from the video's start. Left and right are the subject's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from muybridge.units import WIRE_DURATION, Seconds


class Action(StrEnum):
    """What a subject can be asked to do, in the rig's words."""

    BLINK = "blink"
    WINK = "wink"  # direction left or right; any: the eye nearer the camera
    SMILE = "smile"
    TURN = "turn"  # the head's yaw; direction left or right
    TILT = "tilt"  # the head's roll; direction left or right
    NOD = "nod"
    SHAKE = "shake"
    GAZE = "gaze"  # the eyes alone; direction left, right, up, down, camera
    LOOK_UP = "look_up"
    LOOK_DOWN = "look_down"
    BREATHE = "breathe"
    WALK_CLOSER = "walk_closer"
    RUN_CLOSER = "run_closer"


class Direction(StrEnum):
    """Whereto, as the subject sees it."""

    ANY = "any"
    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    CAMERA = "camera"


class CameraKind(StrEnum):
    """The camera's moves; `static` stands still."""

    STATIC = "static"
    PUSH_IN = "push_in"
    PULL_OUT = "pull_out"
    HANDHELD = "handheld"


@dataclass(frozen=True, slots=True)
class Beat:
    """One timed action: what, from when to when, how strongly, and the words it came from.

    `intensity` is 1.0 for the plain word, less for "slightly", more (to 1.5) for "broadly".
    `words` is empty where the beat was added by the director and not written by anyone.
    """

    action: Action
    start: Seconds
    end: Seconds
    direction: Direction = Direction.ANY
    intensity: float = 1.0
    repeats: int = 1
    words: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a beat runs forward from 0 s, not {self.start} to {self.end} s")
        if not 0 < self.intensity <= 1.5:
            raise ValueError(f"intensity is above 0 and at most 1.5, not {self.intensity}")
        if not 1 <= self.repeats <= 20:
            raise ValueError(f"repeats is 1 to 20, not {self.repeats}")


@dataclass(frozen=True, slots=True)
class CameraMove:
    """One timed camera move; `amount` 1.0 is the plain word's extent."""

    kind: CameraKind
    start: Seconds
    end: Seconds
    amount: float = 1.0
    words: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a camera move runs forward from 0 s, not {self.start} to {self.end} s")


@dataclass(frozen=True, slots=True)
class Storyboard:
    """Everything to be seen in one video, in order, and what of the prompt was not understood.

    `unheard` holds the pieces of the prompt nothing was made of; `notes` says in whole
    sentences what was replaced or added ("No face was found: ...").
    """

    prompt: str
    duration: Seconds = WIRE_DURATION
    beats: tuple[Beat, ...] = ()
    camera: tuple[CameraMove, ...] = ()
    unheard: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
