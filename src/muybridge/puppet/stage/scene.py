"""A place as it is drawn: its plates composed as the camera sees them, its particles, its light.

What lies behind the subject is composed at half size and enlarged once, for all of it is out of
focus; what lies before it is laid over the full frame. Any frame can be drawn alone and on any
thread. Limit: plates are flat and face the camera.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from muybridge.puppet.camera import REST, View
from muybridge.puppet.framing import joined
from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.stage.particles import Particles
from muybridge.puppet.stage.plates import STILL, Light, Plate, strength
from muybridge.units import Size

Box = tuple[int, int, int, int]  # x0, y0, x1, y1; x1 and y1 outside

HALF = 0.5  # the size at which everything behind the subject is composed
BAND = 40  # rows that are blended at a time


class Placed:
    """A plate made ready to be drawn: its pictures cut to what they show, and where they lie."""

    def __init__(self, plate: Plate, size: Size) -> None:
        self.plate, self._size = plate, size
        pictures = (plate.rgba, *plate.others)
        shown = np.maximum.reduce([p[..., 3] for p in pictures])
        rows, columns = np.flatnonzero(shown.max(1)), np.flatnonzero(shown.max(0))
        height, width = shown.shape
        if not len(rows):
            rows, columns = np.array([0]), np.array([0])
        # two pixels of air, so that a cut never shows as an edge
        x0, y0 = max(int(columns[0]) - 2, 0), max(int(rows[0]) - 2, 0)
        x1, y1 = min(int(columns[-1]) + 3, width), min(int(rows[-1]) + 3, height)
        self._box = (x0, y0, x1, y1)
        self._open = (x0 > 0, y0 > 0, x1 < width, y1 < height)
        self.pictures = [np.ascontiguousarray(p[y0:y1, x0:x1]) for p in pictures]
        if plate.glows:
            for picture in self.pictures:  # light without coverage: keep it as it will be added
                picture[..., :3] = np.rint(picture[..., :3] * (picture[..., 3:4] / 255.0))
        self.opaque = not plate.glows and all(bool((p[..., 3] == 255).all()) for p in self.pictures)
        self.full = self.opaque and (x0, y0, x1, y1) == (0, 0, width, height)

    def matrix(self, view: View, t: float, scale: float) -> Floats:
        """From the cut picture's pixels to the pixels of a frame drawn at `scale`. Shapes: (2, 3)."""
        plate, size = self.plate, self._size
        height, width = plate.rgba.shape[:2]
        s, unit = 1 / plate.scale, float(size.short_side)
        middle = np.array([size.width / 2 - 0.5, size.height / 2 - 0.5])
        cut = np.array([self._box[0] - (width - 1) / 2, self._box[1] - (height - 1) / 2])
        # the canvas shows the plate as seen from rest, so depth 1 sees it `depth` times larger
        to_rest = np.array([[s, 0, s * cut[0]], [0, s, s * cut[1]]], np.float32)
        if plate.motion != STILL:
            own = plate.motion.at(t)
            own[:, 2] *= unit
            to_rest = joined(own, to_rest)
        rise = np.array([[plate.depth, 0, middle[0]], [0, plate.depth, middle[1]]], np.float32)
        seen = joined(view.project(plate.depth, size), joined(rise, to_rest))
        shrink = np.array([[scale, 0, (scale - 1) / 2], [0, scale, (scale - 1) / 2]], np.float32)
        return joined(shrink, seen)

    def region(self, matrix: Floats, width: int, height: int) -> Box | None:
        """The part of a frame the picture reaches; it goes on beyond edges where the canvas ends."""
        high, wide = self.pictures[0].shape[:2]
        corners = np.array([[0, 0, 1], [wide, 0, 1], [0, high, 1], [wide, high, 1]], np.float32) @ matrix.T
        low, top = np.floor(corners.min(0)).astype(int) - 1, np.ceil(corners.max(0)).astype(int) + 1
        x0, y0 = (max(int(low[i]), 0) if self._open[i] else 0 for i in (0, 1))
        x1 = min(int(top[0]), width) if self._open[2] else width
        y1 = min(int(top[1]), height) if self._open[3] else height
        return (x0, y0, x1, y1) if x1 - x0 > 0 and y1 - y0 > 0 else None

    def draw(self, frame: Bytes, view: View, t: float, scale: float) -> None:
        """Lay the plate into a frame, in place. Shapes: `frame` (h, w, 3 or 4) uint8."""
        matrix = self.matrix(view, t, scale)
        region = self.region(matrix, frame.shape[1], frame.shape[0])
        if region is None:
            return
        x0, y0, x1, y1 = region
        matrix[:, 2] -= (x0, y0)
        layer = cv2.warpAffine(
            self.picture(t), matrix, (x1 - x0, y1 - y0),
            flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        under = frame[y0:y1, x0:x1]
        if self.plate.glows:
            gain = strength(self.plate.flicker, t, self.plate.seed)
            lit = layer if frame.shape[2] == 4 else cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB)
            frame[y0:y1, x0:x1] = cv2.addWeighted(under, 1, lit, gain, 0)
        elif self.full:
            frame[y0:y1, x0:x1] = layer if frame.shape[2] == 4 else cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB)
        else:
            _blend(layer, under)

    def picture(self, t: float) -> Bytes:
        """The picture at a time; three are cross-faded so that their contrast stays the same."""
        if len(self.pictures) < 3:
            return self.pictures[0]
        turns = 2 * np.pi * (t / self.plate.cycle + np.arange(3) / 3)
        a, b, c = ((1 + np.cos(turns)) / 3).tolist()
        first = cv2.addWeighted(self.pictures[0], a / (a + b), self.pictures[1], b / (a + b), 0)
        return np.asarray(cv2.addWeighted(first, a + b, self.pictures[2], c, 0), np.uint8)


def _blend(layer: Bytes, under: Bytes) -> None:
    """Lay straight-alpha pixels over a frame in place.

    Goes by bands of rows and leaves out what shows nothing; what hides all is copied. A plate is
    mostly one or the other, and blending costs ten times as much.
    """
    colour = layer if under.shape[2] == 4 else cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB)
    alpha = cv2.extractChannel(layer, 3)
    for y in range(0, alpha.shape[0], BAND):
        rows = slice(y, y + BAND)
        most = cv2.reduce(alpha[rows], 0, cv2.REDUCE_MAX)[0]
        least = cv2.reduce(alpha[rows], 0, cv2.REDUCE_MIN)[0]
        edges = np.flatnonzero(np.diff(np.concatenate([[False], most > 0, [False]])))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            part = np.s_[rows, start:end]
            if least[start:end].min() == 255:
                under[part] = colour[part]
                continue
            cover = alpha[part].astype(np.float32) * np.float32(1 / 255)
            under[part] = cv2.blendLinear(colour[part], under[part], cover, 1 - cover)


@dataclass(frozen=True)
class Scene:
    """A place ready to be drawn: `draw_behind` the subject, then the subject, then `draw_before`.

    `plates` come back to front; those nearer than depth 1 stand before the subject. `sharp`
    scenes (stars) are composed at full size. `notes` say in whole sentences what could not be had.
    """

    name: str
    size: Size
    plates: tuple[Plate, ...]
    light: Light = Light()  # noqa: RUF009  a frozen value
    particles: tuple[Particles, ...] = ()
    sharp: bool = False
    notes: tuple[str, ...] = ()
    _resting: list[tuple[View, Bytes]] = field(default_factory=list, init=False, repr=False, compare=False)
    _behind: list[Placed] = field(default_factory=list, init=False, repr=False, compare=False)
    _before: list[Placed] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for plate in self.plates:
            (self._behind if plate.depth > 1 else self._before).append(Placed(plate, self.size))
        if not self._behind or not self._behind[0].full:
            raise ValueError(f"the rearmost plate of {self.name} has to cover its whole canvas")

    def draw_behind(self, view: View, t: float) -> Bytes:
        """What stands behind the subject, free to be drawn on. Shapes: (H, W, 3) uint8 RGB."""
        scale = 1.0 if self.sharp else HALF
        frame, done = self._settled(view, t, scale)
        for placed in self._behind[done:]:
            placed.draw(frame, view, t, scale)
        for group in self.particles:
            group.draw_behind(frame, view, t, scale)
        picture = cv2.cvtColor(frame, cv2.COLOR_RGBA2RGB)
        size = (self.size.width, self.size.height)
        if picture.shape[1::-1] != size:
            picture = cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)
        return np.asarray(picture, np.uint8)

    def draw_before(self, picture: Bytes, view: View, t: float) -> None:
        """Lay what stands before the subject over a frame, in place. Shapes: (H, W, 3) uint8."""
        for placed in self._before:
            placed.draw(picture, view, t, 1.0)
        for group in self.particles:
            group.draw_before(picture, view, t)

    def light_at(self, t: float) -> Light:
        """How the subject is to be lit at a time."""
        return self.light.at(t)

    def _settled(self, view: View, t: float, scale: float) -> tuple[Bytes, int]:
        """The plates that stand still, composed once for a resting camera, and how many those are."""
        still = next((i for i, p in enumerate(self._behind) if p.plate.moves), len(self._behind))
        kept = self._resting[-1] if self._resting else None
        if still and kept is not None and kept[0] == view:
            return kept[1].copy(), still
        frame = np.zeros(
            (int(np.ceil(self.size.height * scale)), int(np.ceil(self.size.width * scale)), 4), np.uint8
        )
        for placed in self._behind[:still]:
            placed.draw(frame, view, t, scale)
        if still and view == REST:
            self._resting[:] = [(view, frame.copy())]
        return frame, still


def names() -> tuple[str, ...]:
    """Every place that can be built, in alphabetical order."""
    from muybridge.puppet.stage import places

    return tuple(sorted(places.PLACES))


def build(
    place: str, *, size: Size, hour: str = "day", season: str | None = None,
    weather: str | None = None, seed: int = 0,
) -> Scene:  # fmt: skip
    """A place at an hour, in a season and a weather; the same arguments give the same pixels.

    Raises: InvalidInput for a place, hour, season or weather that is not known.
    Cost: 0.3 to 0.8 s at 720p.
    """
    from muybridge.puppet.stage import places
    from muybridge.puppet.stage.setting import Setting

    painted = places.paint(place, Setting(size, hour, season, weather, seed))
    return replace(painted, name=place)
