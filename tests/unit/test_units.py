from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.units import WIRE_DURATION, WIRE_RATE, WIRE_SIZE, FrameRate, Seconds, Size

SIDES = st.integers(1, 30_000)
RATES = st.builds(FrameRate, st.integers(1, 240_000), st.integers(1, 1001))


@pytest.mark.parametrize(("width", "height"), [(0, 10), (10, 0), (-1, 5), (0, 0)])
def test_a_size_is_positive_both_ways(width: int, height: int) -> None:
    with pytest.raises(ValueError, match=f"{width}x{height}"):
        Size(width, height)


@given(SIDES, SIDES)
def test_the_short_side_is_the_smaller(width: int, height: int) -> None:
    size = Size(width, height)
    assert size.short_side == min(width, height)
    assert size.aspect == width / height


def test_a_size_reads_as_width_by_height() -> None:
    assert str(Size(1280, 720)) == "1280x720"


@pytest.mark.parametrize(("frames", "seconds"), [(0, 1), (25, 0), (-25, 1)])
def test_a_frame_rate_is_positive(frames: int, seconds: int) -> None:
    with pytest.raises(ValueError, match=f"{frames}/{seconds}"):
        FrameRate(frames, seconds)


def test_broadcast_rates_are_exact() -> None:
    assert FrameRate(30_000, 1001).as_fraction() == Fraction(30_000, 1001)


@given(RATES, st.integers(0, 100_000))
def test_the_frames_until_a_frame_are_its_number(rate: FrameRate, frame: int) -> None:
    assert rate.frames_in(rate.time_of(frame)) == frame


@given(RATES, st.integers(0, 10_000))
def test_frames_are_shown_one_after_the_other(rate: FrameRate, frame: int) -> None:
    assert rate.time_of(frame) < rate.time_of(frame + 1)


def test_a_take_of_the_contract_has_150_frames_of_720p() -> None:
    assert (str(WIRE_SIZE), WIRE_RATE.frames_in(WIRE_DURATION)) == ("1280x720", 150)


def test_units_are_frozen() -> None:
    with pytest.raises(AttributeError):
        WIRE_SIZE.width = 1  # type: ignore[misc]
    assert Seconds(1.5) == 1.5
