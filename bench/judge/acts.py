"""What has to change when something is acted, what has to stay, and whether it did.

An act is measured against the frames before its beat. Convention: x right, y down as seen;
lengths in eye distances with a face, else in shares of the frame's height; angles in degrees,
clockwise; eyes and mouth as shares of their own size at rest; lips and brows in hundredths of the
eye distance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from judge.faces import Floats
from muybridge.domain.storyboard import Action, Direction

Series = dict[str, Floats]


@dataclass(frozen=True)
class Expected:
    """One measure's part in an act: it has to `rise`, `fall` or `swing` by at least `least`."""

    measure: str
    way: str
    least: float

    def change(self, series: Floats, rest: int) -> float:
        """By how much it went this way, from the mean of the first `rest` values, NaN left out."""
        known = series[np.isfinite(series)]
        before = series[:rest][np.isfinite(series[:rest])]
        if not len(known) or not len(before):
            return float("nan")
        base = float(before.mean())
        return {
            "rise": float(known.max()) - base,
            "fall": base - float(known.min()),
            "swing": float(known.max() - known.min()),
        }[self.way]

    def __str__(self) -> str:
        return f"{self.measure} {self.way}"


@dataclass(frozen=True)
class Found:
    """How one expectation came out."""

    expected: Expected
    change: float

    @property
    def met(self) -> bool | None:
        """Whether it went far enough; None where it could not be measured."""
        return None if np.isnan(self.change) else self.change >= self.expected.least

    def __str__(self) -> str:
        return f"{self.expected} {self.change:.2f}/{self.expected.least:g}"


def rise(measure: str, least: float) -> Expected:
    return Expected(measure, "rise", least)


def fall(measure: str, least: float) -> Expected:
    return Expected(measure, "fall", least)


def swing(measure: str, least: float) -> Expected:
    return Expected(measure, "swing", least)


_SHUT = (fall("right eye", 0.3), fall("left eye", 0.3))
FACE: dict[Action, tuple[Expected, ...]] = {
    Action.BLINK: _SHUT,
    Action.WINK: (fall("left eye", 0.3),),
    Action.GAZE: (rise("pupils", 0.012),),
    Action.TURN: (rise("x", 0.06),),
    Action.TILT: (rise("roll", 3.0),),
    Action.NOD: (swing("y", 0.05),),
    Action.SHAKE: (swing("x", 0.10),),
    Action.LOOK_UP: (fall("y", 0.04),),
    Action.LOOK_DOWN: (rise("y", 0.04),),
    Action.LOOK_AROUND: (swing("x", 0.12),),
    Action.SMILE: (rise("mouth", 0.05),),
    Action.GRIN: (rise("mouth", 0.05),),
    Action.LAUGH: (rise("mouth", 0.04), rise("lips", 5.0)),
    Action.POUT: (rise("lips", 2.5),),
    Action.FROWN: (rise("brows", 1.5),),
    Action.SAD: (rise("brows", 1.5), rise("lips", 2.5)),
    Action.SURPRISE: (rise("brows", 1.5), rise("lips", 4.0)),
    Action.ANGER: (rise("brows", 1.5),),
    Action.DISGUST: (rise("lips", 2.5),),
    Action.SHY: (rise("y", 0.03), rise("roll", 1.5)),
    Action.KISS: (fall("mouth", 0.04), *_SHUT),
    Action.TALK: (swing("lips", 4.0),),
    Action.SING: (swing("lips", 4.0),),
}
BODY: dict[Action, tuple[Expected, ...]] = {
    Action.BREATHE: (swing("flow", 0.02),),
    Action.SIGH: (swing("flow", 0.02),),
    Action.SHRUG: (rise("flow", 0.04),),
    Action.LEAN: (rise("body roll", 1.0),),
    Action.BOW: (rise("body y", 0.02),),
    Action.SHIVER: (rise("flow", 0.02),),
    Action.SWAY: (swing("body x", 0.01),),
    Action.DANCE: (swing("body x", 0.015), swing("body y", 0.01)),
    Action.JUMP: (swing("body y", 0.04),),
    Action.SPIN: (rise("flow", 0.1),),
    Action.WAVE: (rise("flow", 0.04),),
    Action.CLAP: (rise("flow", 0.04),),
    Action.POINT: (rise("flow", 0.04),),
    Action.RAISE_ARMS: (rise("flow", 0.04),),
    Action.WALK_CLOSER: (rise("size", 0.08),),
    Action.RUN_CLOSER: (rise("size", 0.08),),
    Action.STEP_BACK: (fall("size", 0.08),),
    Action.WALK: (swing("body y", 0.006),),
    Action.RUN: (swing("body y", 0.015),),
    Action.TILT: (rise("body roll", 1.0),),
}
_ONE_EYE = {
    "lid_right": (fall("right eye", 0.3),), "lid_left": (fall("left eye", 0.3),),
    "wink_right": (rise("change", 0.05),), "wink_left": (rise("change", 0.05),),
}  # fmt: skip
CONTROLS: dict[str, tuple[Expected, ...]] = {
    **_ONE_EYE,
    "gaze_x": (swing("pupils", 0.02),),
    "smile": (swing("mouth", 0.05),),
    "jaw": (rise("lips", 4.0),),
    "bite": (rise("lips", 1.0),),
    "pucker": (swing("mouth", 0.06),),
    "sneer": (rise("lips", 1.0),),
    "brow_right": (rise("brows", 1.0),),
    "brow_left": (rise("brows", 1.0),),
    "brow_inner": (rise("brows", 1.0),),
    "yaw": (swing("x", 0.12),),
    "pitch": (swing("y", 0.08),),
    "roll": (swing("roll", 6.0),),
    "bob": (swing("body y", 0.03),),
    "sway": (swing("body x", 0.02),),
    "tip": (swing("body roll", 2.0),),
    "near": (swing("size", 0.05),),
    "loom": (rise("size", 0.05),),
}
# the controls of the head, whose acts are looked at closely
ABOVE = frozenset({
    "lid_right", "lid_left", "wink_right", "wink_left", "squint", "gaze_x", "gaze_y", "smile", "jaw", "bite",
    "pucker", "sneer", "brow_right", "brow_left", "brow_inner", "yaw", "pitch", "roll", "hair_x", "hair_y",
})  # fmt: skip
MOVES = (rise("change", 0.05),)  # of any other control: levels over the frame
STAYS: dict[str, float] = {"right eye": 0.35, "left eye": 0.35, "lips": 6.0}
UNMOVED: dict[Action | str, tuple[str, ...]] = {
    Action.BLINK: ("lips",),
    Action.WINK: ("right eye",),
    Action.GAZE: ("lips",),
    Action.FROWN: ("right eye", "left eye"),
    Action.SMILE: ("right eye", "left eye"),
    "lid_right": ("left eye", "lips"),
    "lid_left": ("right eye", "lips"),
    "smile": ("right eye", "left eye"),
    "jaw": ("right eye", "left eye"),
    "brow_right": ("lips",),
    "brow_left": ("lips",),
}
DIRECTIONS = dict.fromkeys(
    (Action.WINK, Action.GAZE, Action.TURN, Action.TILT, Action.LEAN, Action.POINT, Action.WALK),
    Direction.LEFT,
)


def expected(act: Action | str, face: bool) -> tuple[Expected, ...]:
    """What an action or a control has to change on a subject with or without a face."""
    if isinstance(act, Action):
        return FACE.get(act, BODY.get(act, ())) if face else BODY.get(act, ())
    wanted = CONTROLS.get(act, MOVES)
    face_only = {"right eye", "left eye", "pupils", "mouth", "lips", "brows", "x", "y", "roll"}
    return wanted if face or not any(e.measure in face_only for e in wanted) else MOVES


def unmoved(act: Action | str, series: Series, rest: int) -> list[str]:
    """What was to stay and did not, with how far it went."""
    gone = []
    for name in UNMOVED.get(act, ()):
        if name in series:
            way = "rise" if name == "lips" else "fall"
            change = Expected(name, way, STAYS[name]).change(series[name], rest)
            if change > STAYS[name]:
                gone.append(f"{name} {change:.2f}")
    return gone
