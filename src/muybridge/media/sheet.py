"""Contact sheets: a video at one glance, each picture with its time."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from muybridge.errors import InvalidInput
from muybridge.media.frames import read_frames
from muybridge.media.lettering import Lettering
from muybridge.media.probe import probe
from muybridge.units import FrameRate

Bytes = NDArray[np.uint8]

_GAP: Final = 6  # pixels between pictures
_GROUND: Final = 24  # the sheet's grey
_MOST: Final = 20  # columns, rows


def contact_sheet(
    video: Path, out: Path, *, columns: int = 4, rows: int = 3, tile_width: int = 480
) -> tuple[int, ...]:
    """Write a PNG of frames evenly spread from the first to the last; answers their numbers.

    A video of fewer frames than places fills as many as it has.
    Raises: InvalidInput where the video cannot be read or the layout is out of bounds.
    """
    for field, value, most in (
        ("columns", columns, _MOST),
        ("rows", rows, _MOST),
        ("tile_width", tile_width, 3840),
    ):
        if not 1 <= value <= most:
            raise InvalidInput(field, str(value), f"1 to {most}")
    facts = probe(video)
    numbers = _spread(facts.frames, columns * rows)
    height = max(1, round(tile_width / facts.size.aspect))
    across, down = tile_width + _GAP, height + _GAP
    sheet = np.full((rows * down + _GAP, columns * across + _GAP, 3), _GROUND, np.uint8)
    for place, (number, frame) in enumerate(
        zip(numbers, read_frames(video, frozenset(numbers)), strict=True)
    ):
        tile = np.asarray(cv2.resize(frame, (tile_width, height), interpolation=cv2.INTER_AREA), np.uint8)
        _stamp(tile, timecode(number, facts.rate))
        top, left = _GAP + place // columns * down, _GAP + place % columns * across
        sheet[top : top + height, left : left + tile_width] = tile
    _save(sheet, out)
    return numbers


def timecode(number: int, rate: FrameRate) -> str:
    """When a frame is shown, as minutes, seconds and hundredths: "0:02.48"."""
    hundredths = round(rate.time_of(number) * 100)
    return f"{hundredths // 6000}:{hundredths // 100 % 60:02d}.{hundredths % 100:02d}"


def _spread(frames: int, places: int) -> tuple[int, ...]:
    if places == 1 or frames <= 1:
        return (0,) if places == 1 or frames == 1 else ()
    count = min(frames, places)
    return tuple(round(place * (frames - 1) / (count - 1)) for place in range(count))


def _stamp(tile: Bytes, text: str) -> None:
    """Write the text at the lower left, on a dark ground of its own."""
    line = Lettering().line(f" {text} ", max(11, tile.shape[1] // 26))
    line = np.pad(line, ((0, 0), (6, 6)))[: tile.shape[0], : tile.shape[1]]
    rows, width = line.shape
    corner = tile[-rows:, :width]
    ink = line[..., None].astype(np.float32) / 255
    corner[...] = (corner * 0.35 * (1 - ink) + 255 * ink).astype(np.uint8)


def _save(sheet: Bytes, out: Path) -> None:
    part = out.with_name(out.name + ".part")
    try:
        Image.fromarray(sheet).save(part, format="PNG")
        part.replace(out)
    except OSError as error:
        raise InvalidInput("out", f"{out} ({error})", "a path that can be written") from error
    finally:
        part.unlink(missing_ok=True)
