"""A Storyboard: what was planned from a prompt, as a frozen value that any engine can act on.

Times are seconds from the video's start. Left and right are the subject's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from muybridge.units import WIRE_DURATION, Seconds


class Action(StrEnum):
    """What a subject can be asked to do, in the rig's words."""

    # eyes and head
    BLINK = "blink"
    WINK = "wink"  # direction left or right; any: the eye nearer the camera
    GAZE = "gaze"  # the eyes alone; direction left, right, up, down, camera
    TURN = "turn"  # the head's yaw; direction left or right
    TILT = "tilt"  # the head's roll; direction left or right
    NOD = "nod"
    SHAKE = "shake"
    LOOK_UP = "look_up"
    LOOK_DOWN = "look_down"
    LOOK_AROUND = "look_around"
    # the face as a whole
    SMILE = "smile"
    GRIN = "grin"
    LAUGH = "laugh"
    POUT = "pout"
    FROWN = "frown"
    SAD = "sad"
    SURPRISE = "surprise"
    ANGER = "anger"
    DISGUST = "disgust"
    SHY = "shy"
    KISS = "kiss"
    TALK = "talk"  # the beat's text, or babble
    SING = "sing"
    # the body
    BREATHE = "breathe"
    SIGH = "sigh"
    SHRUG = "shrug"
    LEAN = "lean"  # direction left or right; camera: forward
    BOW = "bow"
    SHIVER = "shiver"
    SWAY = "sway"
    DANCE = "dance"
    JUMP = "jump"
    SPIN = "spin"
    WAVE = "wave"
    CLAP = "clap"
    POINT = "point"
    RAISE_ARMS = "raise_arms"
    WALK_CLOSER = "walk_closer"
    RUN_CLOSER = "run_closer"
    STEP_BACK = "step_back"
    WALK = "walk"  # across the frame; direction left or right, any: on the spot
    RUN = "run"


class Direction(StrEnum):
    """Whereto, as the subject sees it."""

    ANY = "any"
    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    CAMERA = "camera"


class CameraKind(StrEnum):
    """The camera's moves; `static` stands still. Left and right are the frame's."""

    STATIC = "static"
    PUSH_IN = "push_in"
    PULL_OUT = "pull_out"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    TRUCK_LEFT = "truck_left"
    TRUCK_RIGHT = "truck_right"
    PAN_LEFT = "pan_left"
    PAN_RIGHT = "pan_right"
    PEDESTAL_UP = "pedestal_up"
    PEDESTAL_DOWN = "pedestal_down"
    TILT_UP = "tilt_up"
    TILT_DOWN = "tilt_down"
    ORBIT_LEFT = "orbit_left"
    ORBIT_RIGHT = "orbit_right"
    ROLL = "roll"
    SHAKE = "shake"
    HANDHELD = "handheld"
    FOLLOW = "follow"
    DOLLY_ZOOM = "dolly_zoom"
    FOCUS_PULL = "focus_pull"


class ShotSize(StrEnum):
    """How much of the subject the frame holds."""

    AUTO = "auto"
    CLOSE_UP = "close_up"
    MEDIUM = "medium"
    WIDE = "wide"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when it plays, in the stage's words; empty where the picture's own stays.

    `place` is one of the stage's places, `hour` dawn, day, sunset or night, `season` spring to
    winter, `weather` one of the stage's, `words` what of the prompt all that came from.
    """

    place: str = ""
    hour: str = ""
    season: str = ""
    weather: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How the picture is graded: styles (cinematic, noir, ...) and light, in order of mention."""

    styles: tuple[str, ...] = ()
    light: tuple[str, ...] = ()
    words: str = ""


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
    text: str = ""  # what is said or sung
    pace: float = 1.0  # how fast it is done: 0.5 for "slowly", 1.6 for "quickly"

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a beat runs forward from 0 s, not {self.start} to {self.end} s")
        if not 0 < self.intensity <= 1.5:
            raise ValueError(f"intensity is above 0 and at most 1.5, not {self.intensity}")
        if not 0.25 <= self.pace <= 4:
            raise ValueError(f"pace is 0.25 to 4, not {self.pace}")
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

    `rewritten` is the prompt as the optimizer filled it in, empty where it changed nothing.

    `unheard` holds the pieces of the prompt nothing was made of; `notes` says in whole
    sentences what was replaced or added ("No face was found: ..."). `first_frame` is whether the
    picture, whole and as it is, shall be the first frame: then `shot` and the setting's place say nothing.
    """

    prompt: str
    duration: Seconds = WIRE_DURATION
    beats: tuple[Beat, ...] = ()
    camera: tuple[CameraMove, ...] = ()
    setting: Setting = Setting()
    look: Look = Look()
    shot: ShotSize = ShotSize.AUTO
    unheard: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rewritten: str = ""
    first_frame: bool = False
