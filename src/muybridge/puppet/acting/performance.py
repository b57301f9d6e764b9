"""A performance: a storyboard acted out as one pose for every frame.

Everything is worked out for the whole take at once (springs need their past), then any frame
can be drawn alone. Deterministic by storyboard, rate and seed.
"""

from __future__ import annotations

import numpy as np

from muybridge.domain.storyboard import Action, Storyboard
from muybridge.puppet.acting.body_acts import BODY_ACTS
from muybridge.puppet.acting.cast import EVERYBODY, Cast
from muybridge.puppet.acting.curves import drift, trail
from muybridge.puppet.acting.emotions import EMOTIONS, emote, kiss, laugh, sing, talk
from muybridge.puppet.acting.face_acts import FACE_ACTS
from muybridge.puppet.acting.limb_acts import LIMB_ACTS
from muybridge.puppet.acting.nearest import NEAREST, Act
from muybridge.puppet.acting.tracks import Tracks
from muybridge.puppet.rig.controls import Pose
from muybridge.units import FrameRate

HAIR = (3.4, 0.28)  # Hz and damping ratio of hair on its spring
TRUNK = (4.2, 0.35)

ACTS: dict[Action, Act] = {
    **FACE_ACTS,
    **BODY_ACTS,
    **dict.fromkeys(EMOTIONS, emote),
    Action.LAUGH: laugh,
    Action.KISS: kiss,
    Action.TALK: talk,
    Action.SING: sing,
    **{action: nearest.act for action, nearest in NEAREST.items()},
}


class Performance:
    """One storyboard performed: `pose(i)` for each frame; `notes` say what was acted otherwise."""

    def __init__(self, storyboard: Storyboard, rate: FrameRate, seed: int, cast: Cast = EVERYBODY) -> None:
        self._tracks = Tracks(storyboard.duration, rate)
        replaced: dict[str, None] = {}
        for beat in storyboard.beats:
            with_limbs = LIMB_ACTS.get(beat.action)
            if with_limbs is not None and with_limbs(self._tracks, beat, cast):
                continue
            ACTS[beat.action](self._tracks, beat, cast.near_eye)
            if beat.action in NEAREST:
                replaced[NEAREST[beat.action].note] = None
        self.notes = tuple(replaced)
        self._alive(np.random.default_rng(seed))
        if not cast.face:
            self._through_the_body()
        self._follow()

    def __len__(self) -> int:
        return len(self._tracks)

    def pose(self, frame: int) -> Pose:
        """The pose at one frame, within the controls' limits."""
        return self._tracks.pose(frame)

    def _alive(self, rng: np.random.Generator) -> None:
        """Breath, and the small motions without which a face is a photograph."""
        tracks, t = self._tracks, self._tracks.t
        breath = np.sin(2 * np.pi * (0.27 * t + rng.random()))
        tracks.add("breath", np.asarray(0.62 * breath, np.float32))
        tracks.add("bob", np.asarray(0.007 * breath, np.float32))
        for name, size in (("yaw", 0.85), ("pitch", 0.6), ("roll", 0.55), ("sway", 0.010), ("lean", 0.010)):
            tracks.add(name, size * drift(t, rng, 0.11, 0.55))
        tracks.add("bob", 0.005 * drift(t, rng, 0.2, 0.8))
        self._saccades(rng)
        for side in ("right", "left"):
            tracks.add(f"brow_{side}", 0.05 * drift(t, rng, 0.15, 0.6))

    def _saccades(self, rng: np.random.Generator) -> None:
        """Eyes never rest for long: they jump a trace and stay, every second or so."""
        t, tracks = self._tracks.t, self._tracks
        at, x, y = 0.0, np.zeros_like(t), np.zeros_like(t)
        while at < float(t[-1]):
            at += float(rng.uniform(0.6, 1.7))
            x[t >= at] = rng.normal(0, 0.0045)
            y[t >= at] = rng.normal(0, 0.0025)
        tracks.add("gaze_x", x)
        tracks.add("gaze_y", y)

    def _through_the_body(self) -> None:
        """Without a face that can act, the whole figure leans and dips where a head would turn."""
        tracks = self._tracks
        tracks.add("tip", 0.55 * tracks["roll"])
        tracks.add("lean", 0.012 * tracks["yaw"])
        tracks.add("bob", 0.030 * tracks["pitch"])
        tracks.add("breath", 0.10 * tracks["pitch"])

    def _follow(self) -> None:
        """Hair trails the head, on springs."""
        tracks, dt = self._tracks, self._tracks.dt
        across = tracks["sway"] + np.deg2rad(tracks["yaw"]) * 0.5 + np.deg2rad(tracks["roll"]) * 1.6
        down = -tracks["bob"] - np.deg2rad(tracks["pitch"]) * 0.5
        tracks.add("hair_x", 0.55 * trail(np.asarray(across, np.float32), dt, *HAIR))
        tracks.add("hair_y", 0.22 * trail(np.asarray(down, np.float32), dt, *HAIR))
        tracks.add("lean", 0.25 * trail(tracks["sway"].copy(), dt, *TRUNK))
