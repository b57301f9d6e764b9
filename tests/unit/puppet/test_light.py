from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from muybridge.puppet.light import to_bytes, to_linear, to_srgb

ALL = np.arange(256, dtype=np.uint8)


def test_every_byte_comes_back_from_linear_light() -> None:
    assert (to_srgb(to_linear(ALL)) == ALL).all()


def test_linear_light_rises_with_the_bytes_from_black_to_white() -> None:
    light = to_linear(ALL).ravel()
    assert light[0] == 0
    assert light[-1] == 1
    assert (np.diff(light) > 0).all()


def test_middle_grey_is_a_fifth_of_the_light() -> None:
    # IEC 61966-2-1: 0.2140 of the light is shown as 127.5
    assert abs(float(to_linear(np.array([127], np.uint8)).ravel()[0]) - 0.2122) < 1e-3


def test_light_beyond_white_and_below_black_is_clipped() -> None:
    assert to_srgb(np.array([-1.0, 0.0, 1.0, 7.0], np.float32)).tolist() == [0, 0, 255, 255]


def test_a_picture_keeps_its_shape() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    assert to_linear(picture).shape == (5, 7, 3)
    assert (to_srgb(to_linear(picture)) == picture).all()


@settings(deadline=None)
@given(st.lists(st.floats(-400, 700, width=32), min_size=1))
def test_values_become_the_nearest_byte(values: list[float]) -> None:
    floats = np.array(values, np.float32)
    assert (np.abs(to_bytes(floats).astype(float) - np.clip(floats, 0, 255)) <= 0.5).all()
