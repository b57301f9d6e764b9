"""What the slate shows: a card drawn once, and on each frame only a timecode and a playhead.

Lengths are shares of the frame's short side, so a card of any size and shape is legible.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from muybridge.domain.storyboard import Beat, CameraMove, Storyboard
from muybridge.errors import InvalidInput
from muybridge.media.i420 import check_even, split_planes, to_i420
from muybridge.media.intake import Picture
from muybridge.media.lettering import LINE, Lettering
from muybridge.media.sheet import timecode
from muybridge.ports.engine import Order

Bytes = NDArray[np.uint8]
Colour = tuple[int, int, int]

GROUND: Final[Colour] = (30, 30, 30)  # grey, so that what moves needs no chroma
PALE: Final[Colour] = (236, 236, 236)
DIM: Final[Colour] = (150, 150, 150)
ACTING: Final[Colour] = (214, 122, 58)
CAMERA: Final[Colour] = (70, 130, 160)
EMPTY: Final[Colour] = (44, 44, 44)

_MARGIN: Final = 0.055
_LANES: Final = 4
_GROUND_LUMA: Final = int(to_i420(np.full((2, 2, 3), GROUND, np.uint8))[0, 0])
_WHITE_LUMA: Final = 235


class _Area(NamedTuple):
    left: int
    top: int
    width: int
    height: int


class _Block(NamedTuple):
    start: float
    end: float
    label: str
    colour: Colour


class Card:
    """One take's card. `planes(n)` is frame n as `i420` planes. Cost: 0.3 ms a frame at 1280x720."""

    def __init__(self, picture: Picture, order: Order, lettering: Lettering) -> None:
        check_even(order.size)
        self.frames = order.rate.frames_in(order.storyboard.duration)
        if self.frames < 1:
            raise InvalidInput("duration", f"{order.storyboard.duration} s", "at least one frame")
        self._rate, self._size = order.rate, order.size
        self._lettering = lettering
        canvas = np.full((order.size.height, order.size.width, 3), GROUND, np.uint8)
        self._clock, self._track = _lay_out(canvas, picture, order, lettering)
        self._still = to_i420(canvas)
        em = round(self._clock.height / LINE)
        self._signs = {sign: lettering.line(sign, em) for sign in "0123456789:.f"}
        self._cell = max(self._signs[digit].shape[1] for digit in "0123456789")

    def planes(self, number: int) -> Bytes:
        """Frame `number` (from 0); shapes: (H * 3 / 2, W) uint8, new and the caller's own."""
        planes = self._still.copy()
        luma, blue, red = split_planes(planes)
        self._write(luma, f"{timecode(number, self._rate)} f{number:03d}")
        track = self._track
        at = track.left + round((track.width - 4) * number / max(1, self.frames - 1)) & ~1
        luma[track.top : track.top + track.height, at : at + 4] = _WHITE_LUMA
        for chroma in (blue, red):
            chroma[track.top // 2 : (track.top + track.height) // 2, at // 2 : at // 2 + 2] = 128
        return planes

    def _write(self, luma: Bytes, text: str) -> None:
        """The clock, in cells of one width, so that the digits stand still while they change."""
        left = self._clock.left
        for sign in text:
            if sign != " ":
                ink = self._signs[sign]
                place = luma[self._clock.top : self._clock.top + ink.shape[0], left : left + ink.shape[1]]
                share = ink[: place.shape[0], : place.shape[1]].astype(np.uint16)
                place[...] = _GROUND_LUMA + share * (_WHITE_LUMA - _GROUND_LUMA) // 255
            left += self._cell if sign.isdigit() or sign == " " else self._signs[sign].shape[1]


def _lay_out(canvas: Bytes, picture: Picture, order: Order, lettering: Lettering) -> tuple[_Area, _Area]:
    """Draw everything that stands still; answers where the clock and the playhead's track are."""
    size, unit = order.size, order.size.short_side
    margin = round(_MARGIN * unit)
    # the mark has its place at the lower right: the plan stays above it
    foot = margin + round(0.07 * unit) if order.mark else margin
    track = _timeline(canvas, order.storyboard, lettering, foot)
    upper = _Area(margin, margin, size.width - 2 * margin, track.top - 2 * margin)
    if size.width >= size.height:
        shown = _Area(upper.left, upper.top, round(upper.width * 0.36), upper.height)
        words = _Area(
            shown.left + shown.width + margin, upper.top, upper.width - shown.width - margin, upper.height
        )
    else:
        shown = _Area(upper.left, upper.top, upper.width, round(upper.height * 0.5))
        rest = upper.top + shown.height + margin
        words = _Area(upper.left, rest, upper.width, upper.top + upper.height - rest)
    _picture(canvas, picture.rgb, shown)
    clock_height = round(LINE * max(12, round(0.075 * unit)))
    clock = _Area(words.left, words.top + words.height - clock_height, words.width, clock_height)
    _words(canvas, _Area(*words[:3], words.height - clock_height), order, lettering)
    return clock, track


def _picture(canvas: Bytes, rgb: Bytes, area: _Area) -> None:
    """The reference, whole, as large as the area allows."""
    height, width = rgb.shape[:2]
    scale = min(area.width / width, area.height / height)
    shown = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(rgb, shown, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    canvas[area.top : area.top + shown[1], area.left : area.left + shown[0]] = small


def _words(canvas: Bytes, area: _Area, order: Order, lettering: Lettering) -> None:
    unit, board = order.size.short_side, order.storyboard
    small, large = max(10, round(0.027 * unit)), max(12, round(0.045 * unit))
    facts = f"{order.size}, {float(order.rate.as_fraction()):g} fps, {board.duration:g} s, seed {order.seed}"
    top = _text(canvas, "SLATE: a test card, nobody acts", (area.left, area.top), small, ACTING, lettering)
    top = _text(canvas, facts, (area.left, top), small, DIM, lettering) + small // 2
    floor = area.top + area.height
    if board.unheard:
        unheard = lettering.lines("not understood: " + "; ".join(board.unheard), small, area.width, 1)[0]
        floor -= round(LINE * small)
        _text(canvas, unheard, (area.left, floor), small, DIM, lettering)
    room = max(1, (floor - top) // round(LINE * large))
    for line in lettering.lines(board.prompt or "(no prompt)", large, area.width, room):
        top = _text(canvas, line, (area.left, top), large, PALE, lettering)


def _timeline(canvas: Bytes, board: Storyboard, lettering: Lettering, foot: int) -> _Area:
    """The plan as lanes of blocks along the lower edge, `foot` above it, the camera's lane last."""
    height, width = canvas.shape[:2]
    unit = min(height, width)
    margin, em = round(_MARGIN * unit), max(9, round(0.023 * unit))
    lanes = _lanes([_acting(beat) for beat in board.beats], [_moving(move) for move in board.camera])
    step = round(LINE * em) + 2 & ~1
    tall, across = step * len(lanes), width - 2 * margin
    track = _Area(margin, height - foot - tall & ~1, across, tall)
    for row, lane in enumerate(lanes):
        top = track.top + row * step
        canvas[top : top + step - 2, margin : margin + across] = EMPTY
        for block in lane:
            left = margin + round(across * min(1.0, block.start / board.duration))
            right = margin + round(across * min(1.0, block.end / board.duration)) - 2
            bar = canvas[top : top + step - 2, left:right]
            bar[...] = block.colour
            if bar.shape[1] > em:
                label = lettering.lines(block.label, em, bar.shape[1] - em // 2, 1)
                _text(bar, label[0] if label else "", (em // 4, 0), em, PALE, lettering)
    return track


def _lanes(acting: list[_Block], moving: list[_Block]) -> list[list[_Block]]:
    """Blocks on as few lanes as keep them apart, at most `_LANES`; what finds no room is left out."""
    lanes: list[list[_Block]] = [[]]
    for block in sorted(acting):
        free = next((lane for lane in lanes if not lane or lane[-1].end <= block.start), None)
        if free is None and len(lanes) < _LANES:
            free = []
            lanes.append(free)
        if free is not None:
            free.append(block)
    return [*lanes, sorted(moving)]


def _acting(beat: Beat) -> _Block:
    return _Block(beat.start, beat.end, beat.action.replace("_", " "), ACTING)


def _moving(move: CameraMove) -> _Block:
    return _Block(move.start, move.end, move.kind.replace("_", " "), CAMERA)


def _text(
    canvas: Bytes, text: str, at: tuple[int, int], em: int, colour: Colour, lettering: Lettering
) -> int:
    """Draw one line with its top left corner there; answers where the next line's top is."""
    left, top = at
    ink = lettering.line(text, em)
    place = canvas[top : top + ink.shape[0], left : left + ink.shape[1]]
    share = ink[: place.shape[0], : place.shape[1], None].astype(np.float32) / 255
    place[...] = (place * (1 - share) + np.array(colour, np.float32) * share + 0.5).astype(np.uint8)
    return top + len(ink)
