"""What free arms and legs do: walking, waving, clapping, pointing, dancing, jumping.

Each act answers whether it could be done with the limbs there are; where not, the caller acts the
nearest thing. Angles are turned from the picture's own pose; an arm already raised turns less.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from muybridge.domain.storyboard import Action, Beat, Direction
from muybridge.puppet.acting.body_acts import BODY_ACTS, RUNS
from muybridge.puppet.acting.cast import Cast
from muybridge.puppet.acting.curves import held, settle, swell
from muybridge.puppet.acting.face_acts import smile
from muybridge.puppet.acting.tracks import Tracks
from muybridge.puppet.portrait import Floats
from muybridge.puppet.rig.anatomy import Side


def wave(tracks: Tracks, beat: Beat, cast: Cast) -> bool:
    """One arm up and the forearm from side to side, two and a half times a second."""
    arms = cast.arms()
    if not arms:
        return False
    asked = {Direction.LEFT: "left", Direction.RIGHT: "right"}.get(beat.direction)
    side: Side = next((arm for arm in arms if arm == asked), arms[0])
    t = tracks.t
    up = swell(t, beat.start, beat.end, 0.45, held(t, beat.end, 0.5))
    to_and_fro = np.sin(2 * np.pi * 2.5 * (t - beat.start - 0.35)) * swell(
        t, beat.start + 0.3, beat.end, 0.2, 0.3
    )
    tracks.add(f"arm_{side}", np.asarray(98.0 * up + 4.0 * to_and_fro, np.float32))
    tracks.add(f"elbow_{side}", np.asarray(48.0 * up + 24.0 * to_and_fro, np.float32))
    toward = 1.0 if side == "left" else -1.0
    tracks.add("tip", -toward * 1.6 * up)
    tracks.add("roll", toward * 2.5 * up)
    smile(tracks, beat, cast.near_eye)
    return True


def raise_arms(tracks: Tracks, beat: Beat, cast: Cast) -> bool:
    """Every free arm up, with a small bounce at the top."""
    for side in cast.arms():
        up = swell(tracks.t, beat.start, beat.end, 0.5, held(tracks.t, beat.end, 0.55))
        bounce = settle(tracks.t, beat.start + 0.45, 2.0, 0.3) * up
        tracks.add(f"arm_{side}", np.asarray(128.0 * up + 9.0 * bounce, np.float32))
        tracks.add(f"elbow_{side}", np.asarray(14.0 * up + 8.0 * bounce, np.float32))
    if cast.arms():
        tracks.add("hunch", 0.6 * swell(tracks.t, beat.start, beat.end, 0.5, held(tracks.t, beat.end, 0.5)))
        smile(tracks, beat, cast.near_eye)
    return bool(cast.arms())


def clap(tracks: Tracks, beat: Beat, cast: Cast) -> bool:
    """Both forearms in front of the chest, together and apart three times a second."""
    if len(cast.arms()) < 2:
        return False
    t = tracks.t
    up = swell(t, beat.start, beat.end, 0.4, held(t, beat.end, 0.45))
    beats = 0.5 - 0.5 * np.cos(2 * np.pi * 3.0 * (t - beat.start))
    for side in cast.arms():
        tracks.add(f"arm_{side}", np.asarray(up * (26.0 - 6.0 * beats), np.float32))
        # the forearm folds inward across the chest: against the way an arm is raised
        tracks.add(f"elbow_{side}", np.asarray(-up * (84.0 + 24.0 * beats), np.float32))
    smile(tracks, beat, cast.near_eye)
    return True


def point(tracks: Tracks, beat: Beat, cast: Cast) -> bool:
    """The arm on that side straight out, the head after it."""
    asked: Side = "right" if beat.direction is Direction.RIGHT else "left"
    if asked not in cast.arms():
        return False
    out = swell(tracks.t, beat.start, beat.end, 0.35, held(tracks.t, beat.end, 0.5))
    tracks.add(f"arm_{asked}", 74.0 * out)
    tracks.add("yaw", (8.0 if asked == "left" else -8.0) * out)
    tracks.add("gaze_x", (0.04 if asked == "left" else -0.04) * out)
    return True


def stride(tracks: Tracks, beat: Beat, cast: Cast) -> bool:
    """The gait under the body's own motion: knees lifted in turn, arms against the legs."""
    if not (cast.walks() or cast.arms()):
        return False
    BODY_ACTS[beat.action](tracks, beat, cast.near_eye)
    t, run = tracks.t, beat.action in RUNS
    going = swell(t, beat.start - 0.35, beat.end + 0.10, 0.35, 0.40)
    phase = np.pi * (2.7 if run else 1.9) * beat.pace**0.4 * (t - beat.start)
    size = 1.0 if run else 0.62
    for side, shift in (("right", 0.0), ("left", np.pi)):
        lifted: Floats = np.maximum(np.sin(phase + shift), 0.0)
        tracks.at_least(f"step_{side}", np.asarray(size * lifted * going, np.float32))
        tracks.add(f"leg_{side}", np.asarray(4.0 * size * lifted * going, np.float32))
        swing = np.sin(phase + shift + np.pi)
        tracks.add(f"arm_{side}", np.asarray((6.0 + 7.0 * size * swing) * going, np.float32))
        tracks.add(
            f"elbow_{side}", np.asarray((26.0 if run else 7.0) * (0.5 + 0.5 * swing) * going, np.float32)
        )
    return True


def dance(tracks: Tracks, beat: Beat, cast: Cast) -> bool:
    """The body's dance, with arms that swing up in turn and feet that step to it."""
    if not (cast.walks() or cast.arms()):
        return False
    BODY_ACTS[Action.DANCE](tracks, beat, cast.near_eye)
    t = tracks.t - beat.start
    going = swell(tracks.t, beat.start, beat.end, 0.4, held(tracks.t, beat.end, 0.5))
    for side, shift in (("right", 0.0), ("left", np.pi)):
        up = 0.5 + 0.5 * np.sin(2 * np.pi * 0.5 * t + shift)
        tracks.add(f"arm_{side}", np.asarray(going * (18.0 + 62.0 * up**2), np.float32))
        tracks.add(
            f"elbow_{side}", np.asarray(going * (20.0 + 55.0 * up + 12.0 * np.sin(4 * np.pi * t)), np.float32)
        )
        tracks.at_least(
            f"step_{side}",
            np.asarray(0.45 * going * np.maximum(np.sin(2 * np.pi * t + shift), 0), np.float32),
        )
    return True


def jump(tracks: Tracks, beat: Beat, cast: Cast) -> bool:
    """The body's jump, with knees that give and arms that fly up."""
    if not (cast.walks() or cast.arms()):
        return False
    BODY_ACTS[Action.JUMP](tracks, beat, cast.near_eye)
    period = (beat.end - beat.start) / beat.repeats
    for i in range(beat.repeats):
        s = (tracks.t - beat.start - i * period) / period
        crouch = swell(s, 0.0, 0.34, 0.20, 0.12) + swell(s, 0.70, 1.0, 0.06, 0.22)
        air = swell(s, 0.26, 0.80, 0.14, 0.30)
        for side in ("right", "left"):
            tracks.at_least(f"step_{side}", np.asarray(0.55 * crouch + 0.15 * air, np.float32))
            tracks.add(f"arm_{side}", np.asarray(70.0 * air - 8.0 * crouch, np.float32))
    return True


LIMB_ACTS: dict[Action, Callable[[Tracks, Beat, Cast], bool]] = {
    Action.WAVE: wave,
    Action.RAISE_ARMS: raise_arms,
    Action.CLAP: clap,
    Action.POINT: point,
    Action.WALK: stride,
    Action.RUN: stride,
    Action.WALK_CLOSER: stride,
    Action.RUN_CLOSER: stride,
    Action.STEP_BACK: stride,
    Action.DANCE: dance,
    Action.JUMP: jump,
}
