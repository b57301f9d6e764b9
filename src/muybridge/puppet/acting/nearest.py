"""What is acted in place of what one picture cannot show, and the sentence that says so.

A hand that the picture does not show is not invented: the nearest thing is acted, and named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from muybridge.domain.storyboard import Action, Beat, Direction
from muybridge.puppet.acting.body_acts import dance, jump
from muybridge.puppet.acting.curves import swell
from muybridge.puppet.acting.face_acts import look_around, nod, smile, turn
from muybridge.puppet.acting.tracks import Tracks
from muybridge.puppet.rig.anatomy import Side
from muybridge.units import Seconds

Act = Callable[[Tracks, Beat, Side], None]


@dataclass(frozen=True, slots=True)
class Nearest:
    """An act that stands in for another, and the note about it."""

    act: Act
    note: str


def greet(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """A lifted head, raised brows and a smile: hello without a hand."""
    smile(tracks, replace(beat, end=Seconds(max(beat.end, beat.start + 1.6))), near_eye)
    lifted = swell(tracks.t, beat.start, beat.start + 0.9, 0.28, 0.45)
    tracks.add("pitch", 4.0 * lifted)
    for side in ("right", "left"):
        tracks.add(f"brow_{side}", 0.8 * lifted)
    once = replace(beat, start=Seconds(beat.start + 0.7), end=Seconds(beat.start + 1.5), repeats=1)
    nod(tracks, once, near_eye)


def cheer(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """A glad bounce: shoulders up, a smile, small hops."""
    smile(tracks, beat, near_eye)
    jump(tracks, replace(beat, intensity=0.4, repeats=max(2, round((beat.end - beat.start) / 0.7))), near_eye)
    tracks.add("hunch", 0.7 * swell(tracks.t, beat.start, beat.end, 0.3, 0.4))


def indicate(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """Head and eyes to one side, as one points with the chin."""
    side = beat.direction if beat.direction in (Direction.LEFT, Direction.RIGHT) else Direction.LEFT
    turn(tracks, replace(beat, direction=side), near_eye)
    for brow in ("right", "left"):
        tracks.add(f"brow_{brow}", 0.5 * swell(tracks.t, beat.start, beat.end, 0.3, 0.4))


def whirl(tracks: Tracks, beat: Beat, near_eye: Side) -> None:
    """The head from one side to the other with the body's swing under it."""
    look_around(tracks, beat, near_eye)
    dance(tracks, replace(beat, intensity=0.6), near_eye)


NEAREST: dict[Action, Nearest] = {
    Action.WAVE: Nearest(greet, "No free hand is in the picture: a smile and a nod greet instead of a wave."),
    Action.CLAP: Nearest(cheer, "No free hands are in the picture: a glad bounce stands in for clapping."),
    Action.RAISE_ARMS: Nearest(
        cheer, "No free arms are in the picture: a glad bounce stands in for raised arms."
    ),
    Action.POINT: Nearest(indicate, "No free hand is in the picture: head and eyes point the way."),
    Action.SPIN: Nearest(whirl, "One picture shows no back: a swing from side to side stands in for a spin."),
}
