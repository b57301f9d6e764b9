"""The body's actions: coming closer on foot, breath, shoulders, lean, jump and dance.

Measured by eye and from gait tables: a run is about 2.7 steps a second and rises and falls by
half an iod, a walk 1.9 steps and a fifth; sway, roll and shoulders go at half the step rate.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from muybridge.domain.storyboard import Action, Beat, Direction
from muybridge.puppet.acting.curves import held, settle, swell
from muybridge.puppet.acting.tracks import Tracks
from muybridge.puppet.portrait import Floats
from muybridge.puppet.rig.anatomy import Side
from muybridge.puppet.rig.lattice import smoothstep

RUNS = (Action.RUN_CLOSER, Action.RUN)
APPROACHES = (Action.RUN_CLOSER, Action.WALK_CLOSER, Action.STEP_BACK)


def come_closer(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """Steps all the way, slowing into the last one, then a settle of the weight."""
    steps(tracks, beat, near_eye)
    run = beat.action in RUNS
    tracks.replace("near", np.minimum(tracks["near"], _approach(tracks.t, beat)))
    size = min(beat.intensity, 1.25) * (1.0 if run else 0.55)
    tracks.add("bob", -0.10 * size * settle(tracks.t, beat.end - 0.06, 1.5, 0.32))
    breathe_hard(tracks, beat.end, 1.0 if run else 0.15)


def step_back(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """Small steps away from the camera."""
    steps(tracks, beat, near_eye)
    away = smoothstep(tracks.t, beat.start, beat.end)
    tracks.replace("near", np.minimum(tracks["near"], 1 - away))


def steps(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """The body of somebody walking or running, without the way it goes."""
    del near_eye
    t, run = tracks.t, beat.action in RUNS
    size = min(beat.intensity, 1.25)
    going = swell(t, beat.start - 0.35, beat.end + 0.12, 0.35, 0.62)
    half = np.pi * (2.7 if run else 1.9) * beat.pace**0.4 * (t - beat.start)
    # a body is in the air between steps and meets the ground at a sharp low: |sin| rounded off
    rise = np.sqrt(np.sin(half) ** 2 + 0.045) - 0.55
    lilt = 1.0 if run else 0.55
    across = {Direction.LEFT: 1.0, Direction.RIGHT: -1.0}.get(beat.direction, 0.0)
    for name, curve in (
        ("bob", 2 * (0.25 if run else 0.085) * size * rise),
        ("sway", 0.10 * lilt * np.sin(half)),
        ("tip", 1.5 * lilt * np.sin(half + 0.5)),
        ("yaw", 2.4 * lilt * np.sin(half + 0.9) + 7.0 * across),
        ("roll", -1.2 * lilt * np.sin(half + 0.4)),
        ("pitch", 2.2 * lilt * np.cos(2 * half + 0.6) - 1.0),
        ("shoulders", 0.12 * lilt * np.sin(half + 1.2)),
    ):
        tracks.add(name, np.asarray(curve * going, np.float32))


def _approach(t: Floats, beat: Beat) -> Floats:
    """0 before the beat, 1 after it; steady, with the last quarter slowing to a stop."""
    s = np.clip((t - beat.start) / (beat.end - beat.start), 0, 1)
    brake = 0.28
    rest = np.maximum(s - (1 - brake), 0) / brake
    travelled = np.minimum(s, 1 - brake) + brake / 2 * (2 * rest - rest**2)
    ready = smoothstep(s, 0.0, 0.06) if beat.start > 0.1 else 1.0
    return np.asarray(travelled / (1 - brake / 2) * ready, np.float32)


def breathe_hard(tracks: Tracks, since: float, effort: float) -> None:
    """Deep quick breaths after an effort, calming over four seconds."""
    t = np.maximum(tracks.t - since, 0)
    size = effort * np.exp(-t / 3.2) * smoothstep(tracks.t, since - 0.2, since + 0.3)
    tracks.add("breath", np.asarray(1.0 * size * np.sin(2 * np.pi * 0.75 * t), np.float32))
    tracks.add("bob", np.asarray(0.012 * size * np.sin(2 * np.pi * 0.75 * t - 0.4), np.float32))


def breathe(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """A breath that is meant to be seen: in through the first third, out through the rest."""
    del near_eye
    period = (beat.end - beat.start) / beat.repeats
    for i in range(beat.repeats):
        start = beat.start + i * period
        chest = swell(tracks.t, start, start + period, 0.42 * period, 0.55 * period)
        tracks.add("breath", 1.6 * beat.intensity * chest)
        tracks.add("hunch", 0.25 * beat.intensity * chest)
        tracks.add("pitch", 1.2 * beat.intensity * chest)


def sigh(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """A deep breath, then everything sinks."""
    del near_eye
    length = beat.end - beat.start
    full = swell(tracks.t, beat.start, beat.start + 0.6 * length, 0.35 * length, 0.25 * length)
    sunk = swell(tracks.t, beat.start + 0.40 * length, beat.end + 0.5, 0.35 * length, 0.6)
    tracks.add("breath", 1.7 * full - 0.6 * sunk)
    tracks.add("hunch", 0.6 * full - 0.5 * sunk)
    tracks.add("pitch", 2.0 * full - 4.0 * sunk)
    tracks.add("bob", -0.05 * sunk)
    for side in ("right", "left"):
        tracks.add(f"lid_{side}", 0.30 * sunk)


def shrug(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """Both shoulders up, the brows with them, the head to one side."""
    toward = 1.0 if near_eye == "left" else -1.0
    up = swell(tracks.t, beat.start, beat.end, 0.25, 0.35) * min(beat.intensity, 1.2)
    tracks.add("hunch", 1.35 * up)
    tracks.add("roll", toward * 4.5 * up)
    tracks.add("pitch", 1.5 * up)
    tracks.add("smile", -0.3 * up)
    for side in ("right", "left"):
        tracks.add(f"brow_{side}", 0.8 * up)


def lean(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """The trunk to one side, or toward the camera."""
    del near_eye
    over = swell(
        tracks.t, beat.start, beat.end, 0.7 / beat.pace, held(tracks.t, beat.end, 0.7 / beat.pace)
    ) * min(beat.intensity, 1.2)
    toward = {Direction.LEFT: 1.0, Direction.RIGHT: -1.0}.get(beat.direction, 0.0)
    tracks.add("lean", 0.20 * toward * over)
    tracks.add("tip", 3.0 * toward * over)
    tracks.add("roll", 2.0 * toward * over)
    if not toward:
        tracks.add("loom", 0.8 * over)
        tracks.add("pitch", 2.0 * over)


def bow(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """The head and then the trunk go down and forward, hold, and come back."""
    del near_eye
    length = beat.end - beat.start
    head = swell(tracks.t, beat.start, beat.end, 0.34 * length, 0.36 * length)
    trunk = swell(tracks.t, beat.start + 0.08 * length, beat.end, 0.36 * length, 0.40 * length)
    tracks.add("pitch", -9.0 * min(beat.intensity, 1.1) * head)
    tracks.add("bob", -0.55 * min(beat.intensity, 1.1) * trunk)
    tracks.add("loom", 0.45 * trunk)
    for side in ("right", "left"):
        tracks.add(f"lid_{side}", 0.55 * head)
    tracks.add("gaze_y", 0.02 * head)


def shiver(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """A fine fast shake that comes in waves, shoulders drawn up."""
    del near_eye
    t = tracks.t
    cold = swell(t, beat.start, beat.end, 0.3, held(t, beat.end, 0.5)) * min(beat.intensity, 1.2)
    waves = cold * (0.65 + 0.35 * np.sin(2 * np.pi * 0.9 * t))
    tracks.add("sway", np.asarray(0.016 * waves * np.sin(2 * np.pi * 8.3 * t), np.float32))
    tracks.add("roll", np.asarray(0.7 * waves * np.sin(2 * np.pi * 7.1 * t + 1), np.float32))
    tracks.add("jaw", np.asarray(0.06 * waves * (1 + np.sin(2 * np.pi * 9.0 * t)), np.float32))
    tracks.add("hunch", 0.8 * cold)
    tracks.add("brow_inner", 0.5 * cold)


def sway(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """Slowly from side to side."""
    del near_eye
    t = tracks.t
    going = swell(t, beat.start, beat.end, 0.6, held(t, beat.end, 0.6)) * min(beat.intensity, 1.2)
    wave = np.sin(2 * np.pi * 0.42 * (t - beat.start))
    tracks.add("sway", np.asarray(0.16 * going * wave, np.float32))
    tracks.add("tip", np.asarray(2.2 * going * wave, np.float32))
    tracks.add("roll", np.asarray(-1.5 * going * wave, np.float32))


def dance(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """Two beats a second: a bounce on each, the hips from side to side, shoulders against them."""
    del near_eye
    t = tracks.t - beat.start
    going = swell(tracks.t, beat.start, beat.end, 0.35, held(tracks.t, beat.end, 0.5)) * min(
        beat.intensity, 1.2
    )
    bounce = np.abs(np.sin(2 * np.pi * 1.0 * t)) - 0.6
    side = np.sin(2 * np.pi * 1.0 * t)
    slow = np.sin(2 * np.pi * 0.25 * t)
    for name, curve in (
        ("bob", 0.17 * bounce),
        ("sway", 0.17 * side + 0.06 * slow),
        ("tip", 2.6 * side),
        ("roll", -3.6 * side),
        ("yaw", 4.0 * np.sin(np.pi * t)),
        ("pitch", -2.4 * bounce),
        ("shoulders", 0.14 * np.sin(2 * np.pi * 1.0 * t + 0.8)),
        ("lean", -0.06 * side),
    ):
        tracks.add(name, np.asarray(curve * going, np.float32))
    tracks.at_least("smile", 0.5 * going)


def jump(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """A crouch, up, a moment in the air, and down into the knees; once for each repeat."""
    del near_eye
    period = (beat.end - beat.start) / beat.repeats
    for i in range(beat.repeats):
        s = (tracks.t - beat.start - i * period) / period
        crouch = swell(s, 0.0, 0.34, 0.20, 0.12)
        air = np.where((s > 0.30) & (s < 0.72), 1 - ((s - 0.51) / 0.21) ** 2, 0.0)
        land = swell(s, 0.70, 1.0, 0.06, 0.22)
        height = min(beat.intensity, 1.1)
        tracks.add("bob", np.asarray(height * (0.52 * air - 0.26 * crouch - 0.22 * land), np.float32))
        tracks.add("pitch", np.asarray(height * (3.0 * air - 3.0 * crouch - 2.5 * land), np.float32))
        tracks.add("hunch", np.asarray(height * (0.6 * air - 0.3 * land), np.float32))


BODY_ACTS: dict[Action, Callable[[Tracks, Beat, Side], None]] = {
    Action.RUN_CLOSER: come_closer,
    Action.WALK_CLOSER: come_closer,
    Action.STEP_BACK: step_back,
    Action.RUN: steps,
    Action.WALK: steps,
    Action.BREATHE: breathe,
    Action.SIGH: sigh,
    Action.SHRUG: shrug,
    Action.LEAN: lean,
    Action.BOW: bow,
    Action.SHIVER: shiver,
    Action.SWAY: sway,
    Action.DANCE: dance,
    Action.JUMP: jump,
}
