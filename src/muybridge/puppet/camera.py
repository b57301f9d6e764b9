"""The camera: a pinhole that sees flat layers at their depths, and the moves it makes.

Depth 1 is where the subject stands when closest; a layer at depth z is seen at 1/z of its size
there. Convention: frame pixels, x right, y down, the principal point at the frame's centre.
Every move is sub-pixel smooth: positions are floats and layers are resampled at them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from muybridge.domain.storyboard import CameraKind, CameraMove, Storyboard
from muybridge.puppet.acting.curves import drift
from muybridge.puppet.portrait import Floats
from muybridge.puppet.rig.lattice import smoothstep
from muybridge.units import FrameRate, Seconds, Size

PUSH = 0.17  # how far forward a plain push in goes, in depths; 1 / (1 - .17) is a fifth larger
ZOOM = 0.20  # how much larger a plain zoom makes everything
SLIDE = 0.055  # of the frame's width that a plain truck, pan or orbit travels
RISE = 0.050  # of the frame's height that a plain pedestal or tilt travels


@dataclass(frozen=True, slots=True)
class View:
    """Where the camera is at one moment.

    Moved by `x`, `y` (px at depth 1) and `z` (depths); turned by `pan`, `tilt` (px of the frame)
    and `roll` (degrees); `zoom` is the focal length over the plain one; `focus` 0 is on the
    subject and 1 on what lies behind; `turn` is how far it has gone round the subject (degrees).
    """

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    pan: float = 0.0
    tilt: float = 0.0
    roll: float = 0.0
    zoom: float = 1.0
    focus: float = 0.0
    turn: float = 0.0

    def project(self, depth: float, size: Size) -> Floats:
        """From frame pixels at depth 1 with the camera at rest to frame pixels now.

        Shapes: returns (2, 3), an affine matrix.
        """
        scale = self.zoom / max(depth - self.z, 0.05)
        turn = np.deg2rad(self.roll)
        cos, sin = scale * np.cos(turn), scale * np.sin(turn)
        centre = np.array([size.width / 2 - 0.5, size.height / 2 - 0.5])
        linear = np.array([[cos, -sin], [sin, cos]])
        shift = centre - linear @ (centre + np.array([self.x, self.y])) - np.array([self.pan, self.tilt])
        return np.hstack([linear, shift[:, None]]).astype(np.float32)


REST = View()


class Tracks:
    """The camera's controls over time; moves add to them. Shapes: each (N,)."""

    def __init__(self, t: Floats, size: Size, seed: int) -> None:
        self.t, self.size, self.seed = t, size, seed
        self.values = {
            name: np.zeros_like(t) for name in ("x", "y", "z", "pan", "tilt", "roll", "focus", "turn")
        }
        self.values["zoom"] = np.ones_like(t)

    def add(self, name: str, values: Floats) -> None:
        """Add to a control."""
        self.values[name] = np.asarray(self.values[name] + values, np.float32)


class Camera:
    """A storyboard's camera moves as one View for each frame."""

    def __init__(self, storyboard: Storyboard, rate: FrameRate, seed: int, size: Size) -> None:
        count = rate.frames_in(storyboard.duration)
        t = np.array([rate.time_of(i) for i in range(count)], np.float32)
        self._tracks = Tracks(t, size, seed)
        for move in storyboard.camera:
            MOVES[move.kind](self._tracks, move)

    @property
    def closest(self) -> float:
        """How much larger than from rest the subject is ever seen, at least 1."""
        values = self._tracks.values
        return max(float((values["zoom"] / (1 - values["z"])).max()), 1.0)

    def view(self, frame: int) -> View:
        """The camera at one frame."""
        return View(**{name: float(values[frame]) for name, values in self._tracks.values.items()})


def travel(t: Floats, start: Seconds, end: Seconds) -> Floats:
    """A dolly's way from 0 to 1: it eases out of rest and into it, and is steady between."""
    s = np.clip((t - start) / (end - start), 0, 1)
    ease = 0.22
    ramp_in = np.minimum(s, ease) ** 2 / (2 * ease)
    steady = np.clip(s - ease, 0, 1 - 2 * ease)
    out = np.maximum(s - (1 - ease), 0)
    return np.asarray((ramp_in + steady + out - out**2 / (2 * ease)) / (1 - ease), np.float32)


def _along(
    control: str, reach: Callable[[Size], float], start: float, end: float
) -> Callable[[Tracks, CameraMove], None]:
    """A move along one control from `start` to `end`, in units of `reach`."""

    def move(tracks: Tracks, wanted: CameraMove) -> None:
        way = start + (end - start) * travel(tracks.t, wanted.start, wanted.end)
        tracks.add(control, reach(tracks.size) * wanted.amount * way)

    return move


def _orbit(toward: float) -> Callable[[Tracks, CameraMove], None]:
    """Round the subject: sideways, turned back to it, so that it stays and the world slides by."""

    def move(tracks: Tracks, wanted: CameraMove) -> None:
        way = toward * wanted.amount * (travel(tracks.t, wanted.start, wanted.end) - 0.5)
        tracks.add("x", 2 * SLIDE * tracks.size.width * way)
        tracks.add("pan", -2 * SLIDE * tracks.size.width * way)
        tracks.add("turn", 11.0 * way)

    return move


def _dolly_zoom(tracks: Tracks, wanted: CameraMove) -> None:
    """Forward while the lens widens: the subject stays as large, the world behind falls back."""
    forward = PUSH * min(wanted.amount, 1.2) * travel(tracks.t, wanted.start, wanted.end)
    tracks.add("z", forward)
    tracks.values["zoom"] = np.asarray(tracks.values["zoom"] * (1 - forward), np.float32)


def _focus_pull(tracks: Tracks, wanted: CameraMove) -> None:
    """From what lies behind to the subject."""
    tracks.add("focus", 1 - smoothstep(tracks.t, wanted.start, min(wanted.end, wanted.start + 1.6)))


def _unsteady(
    reach: tuple[float, float, float], slow: tuple[float, float], fast: float
) -> Callable[[Tracks, CameraMove], None]:
    """A camera in the hand: aimless in pan, tilt and roll; `reach` px at 720p, px and degrees."""

    def move(tracks: Tracks, wanted: CameraMove) -> None:
        rng = np.random.default_rng((tracks.seed, 1))
        hold = smoothstep(tracks.t, wanted.start - 0.01, wanted.start + 0.4)
        hold = hold * smoothstep(tracks.t, wanted.end + 0.6, wanted.end)
        unit = tracks.size.height / 720
        for name, size in zip(
            ("pan", "tilt", "roll"), (reach[0] * unit, reach[1] * unit, reach[2]), strict=True
        ):
            shake = drift(tracks.t, rng, *slow) + fast * drift(tracks.t, rng, 2.0, 5.0)
            tracks.add(name, size * wanted.amount * hold * shake)

    return move


def _one(size: Size) -> float:
    del size
    return 1.0


def _wide(size: Size) -> float:
    return SLIDE * size.width


def _high(size: Size) -> float:
    return RISE * size.height


def _still(tracks: Tracks, wanted: CameraMove) -> None:
    del tracks, wanted


_HAND = _unsteady((5.0, 4.0, 0.28), (0.25, 1.3), 0.16)
MOVES: dict[CameraKind, Callable[[Tracks, CameraMove], None]] = {
    CameraKind.STATIC: _still,
    CameraKind.PUSH_IN: _along("z", lambda _: PUSH, 0, 1),
    CameraKind.PULL_OUT: _along("z", lambda _: PUSH, 1, 0),
    CameraKind.ZOOM_IN: _along("zoom", lambda _: ZOOM, 0, 1),
    CameraKind.ZOOM_OUT: _along("zoom", lambda _: ZOOM, 1, 0),
    CameraKind.TRUCK_LEFT: _along("x", _wide, 0.5, -0.5),
    CameraKind.TRUCK_RIGHT: _along("x", _wide, -0.5, 0.5),
    CameraKind.PAN_LEFT: _along("pan", _wide, 0.5, -0.5),
    CameraKind.PAN_RIGHT: _along("pan", _wide, -0.5, 0.5),
    # up and down begin or end at rest on the side where the photo's cut bottom stays outside
    CameraKind.PEDESTAL_UP: _along("y", _high, 0, -1),
    CameraKind.PEDESTAL_DOWN: _along("y", _high, -1, 0),
    CameraKind.TILT_UP: _along("tilt", _high, 0, -1),
    CameraKind.TILT_DOWN: _along("tilt", _high, -1, 0),
    CameraKind.ORBIT_LEFT: _orbit(-1.0),
    CameraKind.ORBIT_RIGHT: _orbit(1.0),
    CameraKind.ROLL: _along("roll", _one, 0, 3.5),
    CameraKind.SHAKE: _unsteady((9.0, 9.0, 0.5), (1.5, 4.0), 0.9),
    CameraKind.HANDHELD: _HAND,
    CameraKind.FOLLOW: _HAND,
    CameraKind.DOLLY_ZOOM: _dolly_zoom,
    CameraKind.FOCUS_PULL: _focus_pull,
}
