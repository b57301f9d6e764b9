"""Every curve starts and ends at rest, and springs come to rest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muybridge.puppet.acting.curves import drift, eased, held, settle, swell, trail

QUICK = settings(max_examples=40, deadline=None)
T = np.arange(0, 6, 0.002, np.float32)
starts = st.floats(0.2, 3)
lengths = st.floats(0.1, 2.5)
ramps = st.floats(0.05, 1.5)


@QUICK
@given(starts, lengths, ramps, ramps)
def test_a_swell_is_nothing_outside_its_time_and_within_0_and_1_inside(
    start: float, length: float, rise: float, fall: float
) -> None:
    curve = swell(T, start, start + length, rise, fall)
    assert curve.min() >= 0
    assert curve.max() <= 1
    assert not curve[(start - 1e-3 > T) | (start + length + 1e-3 < T)].any()
    assert curve.max() > 0.99


@QUICK
@given(starts, st.floats(0.7, 2.5), st.floats(0.1, 0.35), st.floats(0.1, 0.35))
def test_a_swell_sets_out_and_arrives_at_rest(start: float, length: float, rise: float, fall: float) -> None:
    pace = np.abs(np.gradient(swell(T, start, start + length, rise, fall), 0.002))
    for end in (start, start + length):
        assert pace[np.abs(T - end) < 0.003].max() < 0.35 * pace.max()


@QUICK
@given(starts, lengths, ramps)
def test_a_swell_without_a_way_back_stays(start: float, length: float, rise: float) -> None:
    curve = swell(T, start, start + length, rise, 0.0)
    assert (np.diff(curve) >= 0).all()
    assert curve[-1] == 1


def test_a_swell_too_short_for_its_ramps_shrinks_both_alike() -> None:
    curve = swell(T, 1.0, 1.3, 0.6, 0.3)
    assert T[curve.argmax()] == pytest.approx(1.2, abs=0.01)


@QUICK
@given(starts, st.floats(0.5, 4), st.floats(0.2, 0.9))
def test_a_settle_is_still_before_it_is_set_off_and_dies_away(
    start: float, frequency: float, damping: float
) -> None:
    curve = settle(T, start, frequency, damping)
    assert not curve[start > T].any()
    assert np.abs(curve).max() <= 1
    gone = start + 6 / (damping * 2 * np.pi * frequency) < T
    assert np.abs(curve[gone]).max(initial=0) < 0.01


@QUICK
@given(st.integers(0, 2**32), st.floats(0.05, 0.3), st.floats(0.4, 2))
def test_a_drift_is_of_unit_size_and_never_jumps(seed: int, slowest: float, fastest: float) -> None:
    long = np.arange(0, 120, 0.04, np.float32)
    curve = drift(long, np.random.default_rng(seed), slowest, fastest)
    assert 0.6 < curve.std() < 1.5
    # no faster than all its waves together at their steepest, bent by at most 1.2 or so
    assert np.abs(np.diff(curve)).max() < 0.04 * 2 * np.pi * fastest * 2 * 5


def test_a_drift_differs_from_seed_to_seed_and_repeats_with_the_same() -> None:
    one, again, other = (drift(T, np.random.default_rng(seed), 0.1, 1.0) for seed in (4, 4, 5))
    assert (one == again).all()
    assert np.abs(one - other).max() > 0.5


@QUICK
@given(st.floats(-3, 3), st.floats(1, 5), st.floats(0.2, 0.8))
def test_nothing_trails_behind_what_stands_still(place: float, frequency: float, damping: float) -> None:
    behind = trail(np.full(60, place, np.float32), 0.04, frequency, damping)
    assert np.abs(behind).max() < 1e-4


@QUICK
@given(st.floats(1, 5), st.floats(0.2, 0.8))
def test_a_spring_falls_behind_a_step_overshoots_and_comes_to_rest(frequency: float, damping: float) -> None:
    lead = np.zeros(300, np.float32)
    lead[25:] = 1
    behind = trail(lead, 0.04, frequency, damping)
    assert behind[25] < -0.1
    assert behind[26:].max() > 0
    assert np.abs(behind[-20:]).max() < 0.02
    assert np.abs(behind).max() <= 1


@pytest.mark.parametrize(("end", "back"), [(5.0, 0.7), (5.97, 0.0), (6.2, 0.0)])
def test_what_lasts_to_the_end_has_no_way_back(end: float, back: float) -> None:
    assert held(T, end, 0.7) == back


@QUICK
@given(st.floats(0.02, 0.3), st.integers(0, 99))
def test_an_eased_curve_keeps_its_level_and_takes_its_time(seconds: float, seed: int) -> None:
    curve = np.random.default_rng(seed).normal(0, 1, 200).astype(np.float32)
    soft = eased(curve, 0.04, seconds)
    assert len(soft) == len(curve)
    assert soft.mean() == pytest.approx(curve.mean(), abs=0.15)
    np.testing.assert_allclose(eased(np.ones(50, np.float32), 0.04, seconds), 1, atol=1e-5)
    jump = eased((np.arange(200) >= 100).astype(np.float32), 0.01, seconds)
    rising = ((jump > 0.1) & (jump < 0.9)).sum() * 0.01
    assert rising == pytest.approx(1.28 * seconds, abs=0.03)
