"""Emotions: blends of controls over time, with a breath of anticipation and a settle.

A felt expression does not arrive everywhere at once: eyes and brows lead, the mouth follows,
the head comes last. Each blend says how far a control goes and how late it sets out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from muybridge.domain.storyboard import Action, Beat
from muybridge.puppet.acting.curves import eased, held, settle, swell
from muybridge.puppet.acting.speech import FASTEST, Viseme, babble, visemes
from muybridge.puppet.acting.tracks import Tracks
from muybridge.puppet.portrait import Floats
from muybridge.puppet.rig.anatomy import Side
from muybridge.units import Seconds

LIPS = 0.09  # s that lips take from one shape to the next, however fast the line


@dataclass(frozen=True, slots=True)
class Blend:
    """One control's part in an emotion: its amount, its delay and its rise in seconds."""

    control: str
    amount: float
    late: float = 0.0
    rise: float = 0.5


def _both(control: str, amount: float, late: float = 0.0, rise: float = 0.5) -> tuple[Blend, Blend]:
    return Blend(f"{control}_right", amount, late, rise), Blend(f"{control}_left", amount, late, rise)


EMOTIONS: dict[Action, tuple[Blend, ...]] = {
    Action.GRIN: (
        Blend("smile", 1.2, 0.05, 0.7), Blend("squint", 0.6, 0.1), Blend("bite", 0.5, 0.1, 0.6),
        *_both("brow", 0.2), Blend("pitch", 1.5, 0.2, 0.8),
    ),
    Action.POUT: (
        Blend("pucker", 0.75, 0.1), Blend("smile", -0.55), Blend("brow_inner", 0.35), *_both("brow", -0.25),
        Blend("pitch", -3.0, 0.2, 0.7), Blend("jaw", -0.9), Blend("roll", 2.0, 0.25, 0.8),
    ),
    Action.FROWN: (
        *_both("brow", -0.55), Blend("brow_inner", -0.8), Blend("smile", -0.5, 0.1), Blend("squint", 0.25),
        Blend("jaw", -0.9, 0.1), Blend("pitch", -2.0, 0.2, 0.7),
    ),
    Action.SAD: (
        Blend("brow_inner", 1.0, 0.0, 0.8), Blend("smile", -0.85, 0.25, 1.0), *_both("lid", 0.24, 0.3, 0.9),
        Blend("jaw", -0.95, 0.2, 0.9),
        Blend("pitch", -5.5, 0.4, 1.3), Blend("gaze_y", 0.014, 0.3, 0.6), Blend("roll", 2.2, 0.5, 1.4),
        Blend("hunch", -0.35, 0.4, 1.4),
    ),
    Action.SURPRISE: (
        *_both("brow", 1.0, 0.0, 0.16), *_both("lid", -0.24, 0.02, 0.14), Blend("jaw", 0.55, 0.08, 0.22),
        Blend("smile", -0.25, 0.05, 0.2), Blend("pitch", 3.2, 0.04, 0.26), Blend("hunch", 0.5, 0.06, 0.25),
        Blend("bob", 0.06, 0.05, 0.25),
    ),
    Action.ANGER: (
        Blend("brow_inner", -1.0, 0.0, 0.35), *_both("brow", -0.7, 0.0, 0.35), *_both("lid", 0.14, 0.1, 0.3),
        Blend("smile", -0.45, 0.1, 0.4), Blend("jaw", -0.95, 0.1), Blend("sneer", 0.45, 0.15, 0.4),
        Blend("pitch", -4.0, 0.2, 0.5), Blend("hunch", 0.3, 0.2),
    ),
    Action.DISGUST: (
        Blend("sneer", 1.0, 0.05, 0.35), *_both("brow", -0.5), Blend("brow_inner", -0.5),
        Blend("squint", 0.8, 0.05),
        Blend("jaw", -0.5, 0.1), Blend("smile", -0.5, 0.1), Blend("yaw", 5.0, 0.3, 0.7),
        Blend("pitch", 1.5, 0.3, 0.7), *_both("lid", 0.15, 0.1),
    ),
    Action.SHY: (
        Blend("pitch", -5.0, 0.15, 0.9), Blend("roll", 4.0, 0.25, 1.0), Blend("gaze_y", 0.020, 0.0, 0.25),
        Blend("gaze_x", 0.016, 0.0, 0.25), *_both("lid", 0.26, 0.05, 0.4), Blend("smile", 0.55, 0.3, 0.9),
        Blend("hunch", 0.3, 0.3, 0.9), Blend("brow_inner", 0.35, 0.1),
    ),
}  # fmt: skip


def emote(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """One of the emotions above, over the beat, held to the video's end if the beat reaches it."""
    del near_eye
    for blend in EMOTIONS[beat.action]:
        start = beat.start + blend.late
        felt = swell(tracks.t, start, beat.end, blend.rise / beat.pace, held(tracks.t, beat.end, 0.75))
        before = swell(tracks.t, beat.start - 0.12, start + 0.14, 0.13, 0.13)
        after = settle(tracks.t, start + 0.75 * blend.rise, 1.3, 0.5) * felt
        amount = blend.amount * min(beat.intensity, 1.25)
        tracks.add(blend.control, np.asarray(amount * (felt - 0.07 * before + 0.06 * after), np.float32))


def laugh(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """A wide open smile, the head back, and bursts that shake the shoulders four times a second."""
    del near_eye
    t = tracks.t
    joy = swell(t, beat.start, beat.end, 0.45, held(t, beat.end, 0.7)) * min(beat.intensity, 1.2)
    burst = 0.55 + 0.45 * np.sin(2 * np.pi * 0.62 * (t - beat.start) - 0.9)
    pulse = np.sin(2 * np.pi * 4.3 * (t - beat.start))
    tracks.at_least("smile", 1.15 * joy)
    tracks.at_least("squint", 0.75 * joy)
    tracks.add("jaw", np.asarray(joy * (0.34 + burst * (0.12 + 0.11 * pulse)), np.float32))
    for side in ("right", "left"):
        tracks.add(f"lid_{side}", np.asarray(0.22 * joy * burst, np.float32))
        tracks.add(f"brow_{side}", 0.25 * joy)
    tracks.add("pitch", np.asarray(joy * (2.2 + 2.0 * burst + 0.55 * pulse), np.float32))
    tracks.add("hunch", np.asarray(joy * burst * (0.25 + 0.30 * pulse), np.float32))
    tracks.add("bob", np.asarray(0.018 * joy * burst * pulse, np.float32))
    tracks.add("roll", np.asarray(1.6 * joy * np.sin(2 * np.pi * 0.45 * (t - beat.start)), np.float32))


def kiss(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """Lips drawn together, eyes nearly shut, the head a little forward, and a smile after."""
    toward = 1.0 if near_eye == "left" else -1.0
    close = swell(tracks.t, beat.start, beat.end, 0.35, 0.35)
    tracks.add("pucker", 1.0 * close)
    tracks.add("jaw", -0.9 * close)
    for side in ("right", "left"):
        tracks.at_least(f"lid_{side}", swell(tracks.t, beat.start + 0.12, beat.end, 0.25, 0.3) * 0.94)
        tracks.add(f"brow_{side}", 0.25 * close)
    tracks.add("roll", toward * 3.0 * close)
    tracks.add("pitch", 2.5 * close)
    tracks.at_least("smile", 0.6 * swell(tracks.t, beat.end - 0.2, beat.end + 1.8, 0.5, 0.7))


def talk(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """The beat's line, or babble, with the head and brows marking the stresses."""
    del near_eye
    speak(tracks, beat, slow=1.0, size=1.0)


def sing(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """The line drawn out and wide, the head swaying with it."""
    del near_eye
    speak(tracks, beat, slow=1.9, size=1.25)
    sung = swell(tracks.t, beat.start, beat.end, 0.5, held(tracks.t, beat.end, 0.5))
    wave = np.sin(2 * np.pi * 0.45 * (tracks.t - beat.start))
    tracks.add("roll", np.asarray(2.6 * sung * wave, np.float32))
    tracks.add("sway", np.asarray(0.05 * sung * wave, np.float32))
    tracks.add("pitch", 2.0 * sung)
    for side in ("right", "left"):
        tracks.add(f"brow_{side}", 0.35 * sung)


def speak(tracks: Tracks, beat: Beat, slow: float, size: float) -> None:
    """Mouth shapes one after another, each melting into the next; faster if the beat is short."""
    rng = np.random.default_rng(len(beat.text) + int(beat.start * 1000))
    line = visemes(beat.text) or babble((beat.end - beat.start) / slow, rng)
    wanted = slow * sum(v.seconds for v in line)
    pace = max(min((beat.end - beat.start) / wanted, 1.0), FASTEST)
    at = beat.start
    mouth = {name: np.zeros_like(tracks.t) for name in ("jaw", "pucker", "bite")}
    for viseme in line:
        length = viseme.seconds * slow * pace
        if at + length > beat.end + 0.05:
            break
        _shape(mouth, tracks.t, viseme, (at, length), size)
        if viseme.jaw > 0.45 and rng.random() < 0.45:
            stress = swell(tracks.t, at - 0.08, at + 0.42, 0.16, 0.3) * rng.uniform(0.5, 1.0)
            tracks.add("pitch", np.asarray(-2.0 * stress, np.float32))
            for side in ("right", "left"):
                tracks.add(f"brow_{side}", np.asarray(0.3 * stress, np.float32))
        at = Seconds(at + length)
    for name, curve in mouth.items():
        tracks.add(name, eased(curve, tracks.dt, LIPS))
    tracks.add(
        "yaw",
        np.asarray(1.8 * _wander(tracks.t, rng) * swell(tracks.t, beat.start, at, 0.5, 0.5), np.float32),
    )


def _shape(
    mouth: dict[str, Floats], t: Floats, viseme: Viseme, when: tuple[float, float], size: float
) -> None:
    # neighbours overlap by half their length: no mouth closes between two sounds
    at, length = when
    melt = swell(t, at - 0.30 * length, at + 1.30 * length, 0.62 * length, 0.62 * length)
    mouth["jaw"] += size * viseme.jaw * melt
    mouth["pucker"] += viseme.pucker * melt
    mouth["bite"] += viseme.bite * melt


def _wander(t: Floats, rng: np.random.Generator) -> Floats:
    return np.asarray(np.sin(2 * np.pi * (0.31 * t + rng.random())), np.float32)
