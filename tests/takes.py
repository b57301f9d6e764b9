"""Short takes of drawn people, for tests: made quickly, held still, or with their cut edges made loud."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from faces import Array
from muybridge.domain.storyboard import Action, Beat, CameraKind, CameraMove, Direction, Storyboard
from muybridge.puppet.portrait import Portrait
from muybridge.puppet.render import Take
from muybridge.puppet.rig.controls import Pose
from muybridge.units import FrameRate, Seconds, Size

SMALL = Size(320, 180)
TINY = Size(192, 108)
RATE = FrameRate(10)
LOUD = np.array([255, 0, 255], np.uint8)  # nothing drawn here is magenta
EDGE = 2  # px of the sprite's rim that are made loud: what lies further in may be seen


def beat(action: Action, start: float = 0.0, end: float = 1.0, toward: Direction = Direction.ANY) -> Beat:
    """A beat of plain strength."""
    return Beat(action, Seconds(start), Seconds(end), toward)


def move(kind: CameraKind, start: float = 0.0, end: float = 1.0, amount: float = 1.0) -> CameraMove:
    """A camera move."""
    return CameraMove(kind, Seconds(start), Seconds(end), amount)


def board(*parts: Beat | CameraMove, seconds: float = 1.0) -> Storyboard:
    """A storyboard of these beats and camera moves."""
    beats = tuple(part for part in parts if isinstance(part, Beat))
    camera = tuple(part for part in parts if isinstance(part, CameraMove))
    return Storyboard("", Seconds(seconds), beats, camera)


def take(
    portrait: Portrait,
    plan: Storyboard | None = None,
    size: Size = SMALL,
    rate: FrameRate = RATE,
    seed: int = 1,
) -> Take:
    """A short small take."""
    return Take(portrait, plan or board(), size, rate, seed)


@dataclass(frozen=True)
class _Held:
    """A performance that stays in one pose."""

    posed: Pose
    frames: int

    def pose(self, frame: int) -> Pose:
        del frame
        return self.posed

    def __len__(self) -> int:
        return self.frames


def still(of: Take, pose: Pose) -> Array:
    """The first frame with the subject held in a pose."""
    acting, of._performance = of._performance, _Held(pose, len(of))  # type: ignore[assignment]  # stands in
    try:
        return of.draw(0)
    finally:
        of._performance = acting


def make_edges_loud(of: Take) -> bool:
    """Paint the sprite's rim in a loud colour wherever the subject is cut there; False if nowhere.

    The sprite ends there because the photo did: wherever this colour is seen, a cut edge is.
    """
    rgba = of._rig.pyramid.level(0).rgba
    cut = False
    for sheet in (rgba, rgba[::-1], rgba.swapaxes(0, 1), rgba.swapaxes(0, 1)[::-1]):
        touched = sheet[0, :, 3] > 100
        sheet[:EDGE, touched] = [*LOUD, 255]
        cut |= bool(touched.any())
    return cut


def loud(frame: Array) -> int:
    """How many pixels of a frame show the loud colour."""
    red, leaf, blue = (frame[..., k].astype(int) for k in range(3))
    return int((np.minimum(red, blue) - leaf > 110).sum())
