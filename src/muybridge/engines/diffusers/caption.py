"""A storyboard as the words that a video model was trained on: one long caption, and what must not be.

The sender's own words come first and whole; what the director made of them follows as plain English
sentences in order of time. Limits: models read about 500 tokens, so a very long prompt pushes the
rest out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from muybridge.domain.storyboard import (
    Action,
    Beat,
    CameraKind,
    CameraMove,
    Direction,
    Setting,
    ShotSize,
    Storyboard,
)

NEGATIVE = (
    "another face than in the picture, changed clothes, a second person, frozen still picture, flicker, "
    "blur, noise, washed out colours, overexposed, warped body, wrong number of fingers or limbs, melted "
    "hands, crossed eyes, letters, subtitles, logo, split screen"
)

_SHOTS = {
    ShotSize.CLOSE_UP: "A close-up of the character from the reference picture",
    ShotSize.MEDIUM: "A medium shot of the character from the reference picture",
    ShotSize.WIDE: "A wide shot with the whole character from the reference picture",
    ShotSize.AUTO: "The character from the reference picture",
}

_ACTS = {
    Action.BLINK: "blinks",
    Action.WINK: "winks",
    Action.GAZE: "looks",
    Action.TURN: "turns the head",
    Action.TILT: "tilts the head",
    Action.NOD: "nods",
    Action.SHAKE: "shakes the head",
    Action.LOOK_UP: "looks up",
    Action.LOOK_DOWN: "looks down",
    Action.LOOK_AROUND: "looks around",
    Action.SMILE: "smiles",
    Action.GRIN: "grins",
    Action.LAUGH: "laughs",
    Action.POUT: "pouts",
    Action.FROWN: "frowns",
    Action.SAD: "looks sad",
    Action.SURPRISE: "looks surprised",
    Action.ANGER: "looks angry",
    Action.DISGUST: "looks disgusted",
    Action.SHY: "looks shy",
    Action.KISS: "blows a kiss",
    Action.TALK: "talks",
    Action.SING: "sings",
    Action.BREATHE: "breathes",
    Action.SIGH: "sighs",
    Action.SHRUG: "shrugs",
    Action.LEAN: "leans",
    Action.BOW: "bows",
    Action.SHIVER: "shivers",
    Action.SWAY: "sways",
    Action.DANCE: "dances",
    Action.JUMP: "jumps",
    Action.SPIN: "spins around",
    Action.WAVE: "waves a hand",
    Action.CLAP: "claps",
    Action.POINT: "points",
    Action.RAISE_ARMS: "raises both arms",
    Action.WALK_CLOSER: "walks towards the camera",
    Action.RUN_CLOSER: "runs towards the camera",
    Action.STEP_BACK: "steps back",
    Action.WALK: "walks",
    Action.RUN: "runs",
}

_WHERETO = {
    Direction.LEFT: " to the left",
    Direction.RIGHT: " to the right",
    Direction.UP: " up",
    Direction.DOWN: " down",
    Direction.CAMERA: " into the camera",
}
_SIDED = {Direction.LEFT: " with the left eye", Direction.RIGHT: " with the right eye"}

_MOVES = {
    CameraKind.STATIC: "stands still",
    CameraKind.PUSH_IN: "moves slowly closer",
    CameraKind.PULL_OUT: "moves slowly away",
    CameraKind.ZOOM_IN: "zooms in",
    CameraKind.ZOOM_OUT: "zooms out",
    CameraKind.TRUCK_LEFT: "glides to the left",
    CameraKind.TRUCK_RIGHT: "glides to the right",
    CameraKind.PAN_LEFT: "pans to the left",
    CameraKind.PAN_RIGHT: "pans to the right",
    CameraKind.PEDESTAL_UP: "rises",
    CameraKind.PEDESTAL_DOWN: "sinks",
    CameraKind.TILT_UP: "tilts up",
    CameraKind.TILT_DOWN: "tilts down",
    CameraKind.ORBIT_LEFT: "circles the character to the left",
    CameraKind.ORBIT_RIGHT: "circles the character to the right",
    CameraKind.ROLL: "rolls",
    CameraKind.SHAKE: "shakes",
    CameraKind.HANDHELD: "is held by hand",
    CameraKind.FOLLOW: "follows the character",
    CameraKind.DOLLY_ZOOM: "moves closer while it zooms out",
    CameraKind.FOCUS_PULL: "shifts its focus to the character",
}


def caption(board: Storyboard) -> str:
    """The long caption for a storyboard."""
    told = [board.prompt.strip(), f"{_SHOTS[board.shot]}{_where(board.setting)}.", *_acting(board.beats)]
    told += _filming(board.camera)
    if board.look.styles or board.look.light:
        told.append(f"The look is {', '.join((*board.look.styles, *board.look.light))}.".replace("_", " "))
    told.append("Face, hair and clothes stay those of the reference picture; movement is natural and smooth.")
    return " ".join(sentence for sentence in told if sentence)


def _where(setting: Setting) -> str:
    parts = []
    if setting.place:
        parts.append(f" in this place: {setting.place}")
    if setting.season:
        parts.append(f"in {setting.season}")
    if setting.hour:
        parts.append(f"at {setting.hour}")
    if setting.weather:
        parts.append(f"with {setting.weather}")
    return ", ".join(parts).replace("_", " ") if parts else ""


def _acting(beats: Iterable[Beat]) -> Iterator[str]:
    """What was asked for in order of time, each with when; what the director added is not repeated."""
    asked = sorted((beat for beat in beats if beat.words), key=lambda beat: (beat.start, beat.end))
    for number, beat in enumerate(asked):
        start = "First" if number == 0 else "Then"
        yield f"{start} the character {_act(beat)}."


def _act(beat: Beat) -> str:
    manner = "slightly " if beat.intensity < 0.75 else "broadly " if beat.intensity > 1.2 else ""
    whereto = (_SIDED if beat.action is Action.WINK else _WHERETO).get(beat.direction, "")
    if beat.action in (Action.WALK_CLOSER, Action.RUN_CLOSER, Action.LOOK_UP, Action.LOOK_DOWN):
        whereto = ""
    times = f" {beat.repeats} times" if beat.repeats > 1 else ""
    said = f', saying: "{beat.text}"' if beat.text else ""
    return f"{manner}{_ACTS[beat.action]}{whereto}{times}{said}"


def _filming(moves: Iterable[CameraMove]) -> Iterator[str]:
    for move in sorted(moves, key=lambda move: move.start):
        yield f"The camera {_MOVES[move.kind]}."
