from __future__ import annotations

import numpy as np
import pytest

from faces import Array
from muybridge.puppet.grain import STRENGTH, Grain
from muybridge.units import Size

SIZE = Size(320, 180)


def plain(level: int = 128) -> Array:
    return np.full((SIZE.height, SIZE.width, 3), level, np.uint8)


def grained(frame: int, seed: int = 1) -> Array:
    return Grain(SIZE, seed).add(plain(), frame)


@pytest.mark.parametrize("frame", range(0, 40, 5))
def test_grain_neither_brightens_nor_darkens_and_has_its_strength(frame: int) -> None:
    noise = grained(frame).astype(float) - 128
    assert abs(noise.mean()) < 0.2
    assert noise.std() == pytest.approx(STRENGTH, rel=0.15)
    assert np.abs(noise).max() <= 6


def test_the_same_frame_gets_the_same_grain_and_another_frame_another() -> None:
    assert (grained(7) == grained(7)).all()
    assert (grained(7) != grained(8)).mean() > 0.5
    assert (grained(7) != grained(7, seed=2)).mean() > 0.5


def test_grain_is_grey() -> None:
    noise = grained(3).astype(int)
    assert (np.ptp(noise, axis=-1) == 0).all()


def test_the_order_of_frames_does_not_matter() -> None:
    grain = Grain(SIZE, 1)
    backward = {frame: grain.add(plain(), frame) for frame in (9, 4, 0)}
    assert all((backward[frame] == grained(frame)).all() for frame in backward)


def test_black_and_white_hold_their_grain_within_a_byte() -> None:
    grain = Grain(SIZE, 1)
    assert int(grain.add(plain(0), 1).max()) <= 6
    assert int(grain.add(plain(255), 1).min()) >= 249


def test_grain_is_laid_in_place() -> None:
    picture = plain()
    assert Grain(SIZE, 1).add(picture, 0) is picture
