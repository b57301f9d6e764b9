"""The face's and head's actions: how each one's beat becomes curves on the controls.

Each function adds one beat to the tracks. Left is the subject's own; see `rig.controls` for signs.
Timing: a wink takes .17 s down and .30 s up, a blink .09 / .04 / .17, a smile .9 s to grow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from muybridge.domain.storyboard import Action, Beat, Direction
from muybridge.puppet.acting.curves import held, settle, swell
from muybridge.puppet.acting.tracks import Tracks
from muybridge.puppet.rig.anatomy import Side
from muybridge.units import Seconds


def blink(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """Both lids down and up, once for each repeat."""
    del near_eye
    period = (beat.end - beat.start) / beat.repeats
    for i in range(beat.repeats):
        start = beat.start + i * period
        length = min(period, 0.30)
        shut = swell(tracks.t, start, start + length, 0.09 * length / 0.30, 0.17 * length / 0.30)
        for side in ("right", "left"):
            tracks.at_least(f"lid_{side}", shut)
        tracks.add("pitch", -0.5 * shut)


def wink(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """One lid down, its cheek up, the other brow lifted, the head tilted that way a little before."""
    side: Side = {Direction.LEFT: "left", Direction.RIGHT: "right"}.get(beat.direction, near_eye)  # type: ignore[assignment]
    other: Side = "right" if side == "left" else "left"
    toward = 1.0 if side == "left" else -1.0
    period = (beat.end - beat.start) / beat.repeats
    for i in range(beat.repeats):
        start, end = (
            beat.start + i * period,
            beat.start + (i + 1) * period - (0.12 if beat.repeats > 1 else 0),
        )
        shut = swell(tracks.t, start, end, 0.17, 0.30)
        tracks.at_least(f"lid_{side}", shut)
        tracks.at_least(f"wink_{side}", shut)
        tracks.add(f"brow_{side}", -0.75 * shut)
        tracks.add(f"brow_{other}", 0.38 * shut)
        tracks.add("smile", 0.18 * shut)
    lean_in = swell(tracks.t, beat.start - 0.20, beat.end + 0.55, 0.42, 0.70) * min(beat.intensity, 1.2)
    tracks.add("roll", toward * 4.6 * lean_in)
    tracks.add("yaw", -toward * 4.2 * lean_in)
    tracks.add("pitch", -1.6 * lean_in)


def smile(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """Grows over .9 s past its mark and settles back; the lower lids and cheeks go with it."""
    del near_eye
    grown = swell(tracks.t, beat.start, beat.end, 0.9 / beat.pace, held(tracks.t, beat.end, 0.8))
    size = beat.intensity * (grown + 0.05 * settle(tracks.t, beat.start + 0.75, 1.1, 0.45) * grown)
    tracks.at_least("smile", np.asarray(size, np.float32))
    tracks.at_least("squint", np.asarray(0.42 * grown * beat.intensity, np.float32))
    tracks.add("pitch", np.asarray(1.3 * grown, np.float32))


def nod(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """A small lift, the chin down, and back; the first of several is the deepest."""
    del near_eye
    period = (beat.end - beat.start) / beat.repeats
    for i in range(beat.repeats):
        start = beat.start + i * period
        depth = beat.intensity * (1.0 if i == 0 else 0.8)
        tracks.add(
            "pitch", 1.6 * depth * swell(tracks.t, start, start + 0.42 * period, 0.2 * period, 0.2 * period)
        )
        down = swell(tracks.t, start + 0.18 * period, start + period, 0.36 * period, 0.42 * period)
        tracks.add("pitch", -8.2 * depth * down)
        tracks.add("bob", -0.035 * depth * down)


def shake(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """From side to side, dying away."""
    del near_eye
    t, swings = tracks.t, max(2, beat.repeats * 2)
    phase = np.clip((t - beat.start) / (beat.end - beat.start), 0, 1)
    size = swell(t, beat.start, beat.end, 0.12 * (beat.end - beat.start), 0.45 * (beat.end - beat.start))
    tracks.add("yaw", np.asarray(9.0 * beat.intensity * size * np.sin(np.pi * swings * phase), np.float32))


def turn(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """The eyes go first, the head follows, and both come back at the end."""
    del near_eye
    toward = -1.0 if beat.direction is Direction.RIGHT else 1.0
    back = held(tracks.t, beat.end, 0.75)
    head = swell(tracks.t, beat.start + 0.10, beat.end, 0.72 / beat.pace, back)
    eyes = swell(tracks.t, beat.start, beat.end - 0.1, 0.14, back and 0.2)
    tracks.add("yaw", toward * 12.0 * min(beat.intensity, 1.0) * head)
    tracks.add("gaze_x", toward * 0.042 * eyes)
    tracks.add("roll", toward * 1.2 * head)
    tracks.add("lean", toward * 0.05 * head)


def tilt(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """The head toward one shoulder."""
    toward = {Direction.LEFT: 1.0, Direction.RIGHT: -1.0}.get(
        beat.direction, 1.0 if near_eye == "left" else -1.0
    )
    leaned = swell(
        tracks.t, beat.start, beat.end, 0.65 / beat.pace, held(tracks.t, beat.end, 0.7 / beat.pace)
    )
    tracks.add("roll", toward * 7.0 * min(beat.intensity, 1.15) * leaned)
    tracks.add("yaw", -toward * 2.5 * leaned)


def gaze(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """The eyes alone, quick, with a trace of the head after them."""
    del near_eye
    dx = {Direction.LEFT: 1.0, Direction.RIGHT: -1.0}.get(beat.direction, 0.0)
    dy = {Direction.UP: -1.0, Direction.DOWN: 1.0}.get(beat.direction, 0.0)
    eyes = swell(tracks.t, beat.start, beat.end, 0.10, held(tracks.t, beat.end, 0.12))
    head = swell(tracks.t, beat.start + 0.12, beat.end, 0.5, held(tracks.t, beat.end, 0.5))
    tracks.add("gaze_x", 0.045 * dx * eyes)
    tracks.add("gaze_y", 0.026 * dy * eyes)
    tracks.add("yaw", 2.2 * dx * head)
    tracks.add("pitch", -1.6 * dy * head)
    for side in ("right", "left"):  # lids go with the eyes: down over them, up off them
        tracks.add(f"lid_{side}", np.asarray((0.28 if dy > 0 else 0.10) * dy * eyes, np.float32))


def look_up(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """The head back and the eyes up."""
    del near_eye
    _look(tracks, beat, 1.0)


def look_down(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """The head forward, the eyes and their lids down."""
    del near_eye
    _look(tracks, beat, -1.0)


def _look(tracks: Tracks, beat: Beat, up: float) -> None:
    head = swell(
        tracks.t, beat.start + 0.08, beat.end, 0.75 / beat.pace, held(tracks.t, beat.end, 0.75 / beat.pace)
    )
    eyes = swell(tracks.t, beat.start, beat.end - 0.05, 0.14, held(tracks.t, beat.end, 0.2))
    tracks.add("pitch", up * 8.0 * min(beat.intensity, 1.1) * head)
    tracks.add("gaze_y", -up * 0.024 * eyes)
    for side in ("right", "left"):
        tracks.add(f"lid_{side}", (-0.10 if up > 0 else 0.30) * eyes)
        tracks.add(f"brow_{side}", 0.25 * up * head)


def look_around(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """One side, the other, and back to the camera; the eyes lead each time."""
    third = Seconds((beat.end - beat.start) / 3)
    for i, direction in enumerate((Direction.LEFT, Direction.RIGHT)):
        start = Seconds(beat.start + i * 1.35 * third)
        turn(
            tracks,
            replace(beat, direction=direction, start=start, end=Seconds(start + 1.5 * third)),
            near_eye,
        )


FACE_ACTS: dict[Action, Callable[[Tracks, Beat, Side], None]] = {
    Action.LOOK_AROUND: look_around,
    Action.BLINK: blink,
    Action.WINK: wink,
    Action.SMILE: smile,
    Action.NOD: nod,
    Action.SHAKE: shake,
    Action.TURN: turn,
    Action.TILT: tilt,
    Action.GAZE: gaze,
    Action.LOOK_UP: look_up,
    Action.LOOK_DOWN: look_down,
}
