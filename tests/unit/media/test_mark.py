"""The AI mark can be read on any ground and keeps to its corner."""

from __future__ import annotations

import numpy as np
import pytest

from muybridge.errors import InvalidInput
from muybridge.media.i420 import to_i420
from muybridge.media.mark import CHINESE, ENGLISH, Mark
from muybridge.units import Size

SIZE = Size(1280, 720)


def marked(text: str, ground: int, size: Size = SIZE) -> np.ndarray:
    frame = np.full((size.height, size.width, 3), ground, np.uint8)
    Mark(text, size).apply(frame)
    return frame


@pytest.mark.parametrize("text", [CHINESE, ENGLISH])
@pytest.mark.parametrize("ground", [0, 64, 128, 200, 255])
def test_the_letters_differ_from_what_is_around_them_on_any_ground(text: str, ground: int) -> None:
    frame = marked(text, ground)[..., 0].astype(int)
    rows, columns = np.nonzero(frame != ground)
    patch = frame[rows.min() : rows.max(), columns.min() : columns.max()]
    letters, shadow = np.percentile(patch, 99), np.percentile(patch, 1)
    assert letters >= 235
    assert letters - shadow >= 150 if ground > 128 else letters - ground >= 100


@pytest.mark.parametrize("size", [SIZE, Size(720, 1280), Size(1920, 1080), Size(512, 512), Size(320, 180)])
def test_the_mark_is_sized_and_placed_by_the_frame(size: Size) -> None:
    changed = np.nonzero(marked(CHINESE, 0, size)[..., 0] > 128)
    top, bottom, left, right = changed[0].min(), changed[0].max(), changed[1].min(), changed[1].max()
    assert 0.03 * size.short_side <= bottom - top <= 0.07 * size.short_side
    assert top > size.height * 0.8 and left > size.width * 0.4
    assert size.width - right >= 0.03 * size.short_side
    assert size.height - bottom >= 0.03 * size.short_side


def test_frame_and_planes_are_marked_alike() -> None:
    frame = np.random.default_rng(3).integers(0, 256, (720, 1280, 3), dtype=np.uint8)
    frame = np.repeat(np.repeat(frame[::2, ::2], 2, 0), 2, 1)  # one colour to each chroma sample
    planes = to_i420(frame)
    mark = Mark(CHINESE, SIZE)
    mark.apply_i420(planes)
    mark.apply(frame)
    difference = np.abs(to_i420(frame).astype(int) - planes)
    assert difference[:720].max() <= 3
    assert difference.mean() < 0.5


@pytest.mark.parametrize(
    ("text", "size"), [("", SIZE), ("   ", SIZE), ("x" * 41, SIZE), ("a long text here", Size(64, 64))]
)
def test_a_text_that_cannot_be_a_mark_is_refused(text: str, size: Size) -> None:
    with pytest.raises(InvalidInput, match="mark"):
        Mark(text, size)
