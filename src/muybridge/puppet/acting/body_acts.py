"""The body's actions: coming closer on foot, and breath.

Measured by eye and from gait tables: a run is about 2.7 steps a second and rises and falls by
half an iod, a walk 1.9 steps and a fifth; sway, roll and shoulders go at half the step rate.
"""

from __future__ import annotations

import numpy as np

from muybridge.domain.storyboard import Action, Beat
from muybridge.puppet.acting.curves import settle, swell
from muybridge.puppet.acting.tracks import Tracks
from muybridge.puppet.portrait import Floats
from muybridge.puppet.rig.lattice import smoothstep

STEPS_PER_SECOND = {Action.RUN_CLOSER: 2.7, Action.WALK_CLOSER: 1.9}
BOB = {Action.RUN_CLOSER: 0.25, Action.WALK_CLOSER: 0.085}
EFFORT = {Action.RUN_CLOSER: 1.0, Action.WALK_CLOSER: 0.15}


def come_closer(tracks: Tracks, beat: Beat) -> None:
    """Steps all the way, slowing into the last one, then a settle of the weight."""
    t, kind = tracks.t, beat.action
    size = min(beat.intensity, 1.25)
    going = swell(t, beat.start - 0.35, beat.end + 0.12, 0.35, 0.62)
    phase = STEPS_PER_SECOND[kind] * (t - beat.start)
    half = np.pi * phase
    # a body is in the air between steps and meets the ground at a sharp low: |sin| rounded off
    rise = np.sqrt(np.sin(half) ** 2 + 0.045) - 0.55
    tracks.add("bob", np.asarray(2 * BOB[kind] * size * rise * going, np.float32))
    lilt = 1.0 if kind is Action.RUN_CLOSER else 0.55
    tracks.add("sway", np.asarray(0.10 * lilt * np.sin(half) * going, np.float32))
    tracks.add("tip", np.asarray(1.5 * lilt * np.sin(half + 0.5) * going, np.float32))
    tracks.add("yaw", np.asarray(2.4 * lilt * np.sin(half + 0.9) * going, np.float32))
    tracks.add("roll", np.asarray(-1.2 * lilt * np.sin(half + 0.4) * going, np.float32))
    tracks.add("pitch", np.asarray((2.2 * lilt * np.cos(2 * half + 0.6) - 1.0) * going, np.float32))
    tracks.add("shoulders", np.asarray(0.12 * lilt * np.sin(half + 1.2) * going, np.float32))
    tracks.replace("near", np.minimum(tracks["near"], _approach(t, beat)))
    tracks.add("bob", -0.10 * lilt * size * settle(t, beat.end - 0.06, 1.5, 0.32))
    breathe_hard(tracks, beat.end, EFFORT[kind])


def _approach(t: Floats, beat: Beat) -> Floats:
    """0 before the beat, 1 after it; steady, with the last quarter slowing to a stop."""
    s = np.clip((t - beat.start) / (beat.end - beat.start), 0, 1)
    brake = 0.28
    steady = np.minimum(s, 1 - brake)
    rest = np.maximum(s - (1 - brake), 0) / brake
    travelled = steady + brake / 2 * (2 * rest - rest**2)
    ready = smoothstep(s, 0.0, 0.06) if beat.start > 0.1 else 1.0
    return np.asarray(travelled / (1 - brake / 2) * ready, np.float32)


def breathe_hard(tracks: Tracks, since: float, effort: float) -> None:
    """Deep quick breaths after an effort, calming over four seconds."""
    t = np.maximum(tracks.t - since, 0)
    size = effort * np.exp(-t / 3.2) * smoothstep(tracks.t, since - 0.2, since + 0.3)
    tracks.add("breath", np.asarray(1.0 * size * np.sin(2 * np.pi * 0.75 * t), np.float32))
    tracks.add("bob", np.asarray(0.012 * size * np.sin(2 * np.pi * 0.75 * t - 0.4), np.float32))


def breathe(tracks: Tracks, beat: Beat) -> None:
    """A breath that is meant to be seen: in through the first third, out through the rest."""
    period = (beat.end - beat.start) / beat.repeats
    for i in range(beat.repeats):
        start = beat.start + i * period
        chest = swell(tracks.t, start, start + period, 0.42 * period, 0.55 * period)
        tracks.add("breath", 1.6 * beat.intensity * chest)
        tracks.add("pitch", 1.2 * beat.intensity * chest)
