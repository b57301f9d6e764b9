"""The lattice: displacements between nodes, their inverse, and the curves and fields made for it.

cv2 reads between pixels in steps of 1/32, so an inverse is as exact as its displacement's slope
lets that be: a few hundredths of a pixel.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from faces import Array
from muybridge.puppet.rig.lattice import Lattice, sample, smoothstep, spread

LATTICE = Lattice(160, 120, 8.0)
NODES = LATTICE.nodes()
PIXELS = np.stack(np.meshgrid(np.arange(160), np.arange(120)), -1).astype(np.float32)
QUICK = settings(max_examples=40, deadline=None)  # a busy machine is no fault
slopes = st.floats(-0.12, 0.12)
shifts = st.floats(-9, 9)
places = st.tuples(st.integers(-40, 40), st.integers(-40, 40))


def still(places: Array) -> Array:
    return np.zeros((*places.shape[:-1], 2), np.float32)


@pytest.mark.parametrize("size", [(160, 120), (161, 121), (33, 7), (1, 1), (5, 200)])
def test_the_last_nodes_lie_at_or_just_beyond_the_edge(size: tuple[int, int]) -> None:
    lattice = Lattice(*size, step=8.0)
    last = lattice.nodes()[-1, -1]
    edge = np.array(size) - 1
    assert lattice.nodes().shape[:2] == lattice.shape
    assert (last >= edge).all()
    assert (last < edge + 8).all()


def test_a_field_read_at_its_nodes_gives_their_values() -> None:
    field = np.random.default_rng(1).normal(0, 5, (*LATTICE.shape, 2)).astype(np.float32)
    np.testing.assert_allclose(sample(field, NODES / np.float32(8)), field, atol=1e-5)


def test_a_field_read_beyond_its_edge_keeps_the_edge_s_value() -> None:
    field = np.random.default_rng(2).normal(0, 5, (*LATTICE.shape, 2)).astype(np.float32)
    beyond = np.array([[[-40, 0], [500, 0], [0, -3], [500, 500]]], np.float32)
    rows, columns = LATTICE.shape
    wanted = [field[0, 0], field[0, columns - 1], field[0, 0], field[rows - 1, columns - 1]]
    np.testing.assert_allclose(sample(field, beyond)[0], wanted)


def test_no_displacement_is_the_identity() -> None:
    assert (LATTICE.inverse(still(NODES), PIXELS) == PIXELS).all()


@QUICK
@given(shifts, shifts)
def test_a_shift_is_undone_by_the_opposite_shift(dx: float, dy: float) -> None:
    move = np.array([dx, dy], np.float32)
    rest = LATTICE.inverse(still(NODES) + move, PIXELS)
    np.testing.assert_allclose(rest, PIXELS - move, atol=1e-4)


@QUICK
@given(slopes, slopes, slopes, slopes, shifts, shifts)
def test_an_affine_displacement_is_undone_by_the_inverse_matrix(
    a: float, b: float, c: float, d: float, dx: float, dy: float
) -> None:
    middle, shift = np.array([80.0, 60.0]), np.array([dx, dy])
    forward = np.array([[1 + a, b], [c, 1 + d]])
    moved = (NODES - middle) @ (forward - np.eye(2)).T + shift
    rest = (PIXELS - middle - shift) @ np.linalg.inv(forward).T + middle
    inside = ((rest >= 0) & (rest <= NODES[-1, -1])).all(-1)
    assume(inside.any())
    found = LATTICE.inverse(moved.astype(np.float32), PIXELS)
    assert np.abs(found - rest)[inside].max() < 0.06


@QUICK
@given(st.floats(-1.5, 1.5), st.floats(-1.5, 1.5), st.floats(0.02, 0.08), st.floats(0, 6))
def test_a_smooth_wave_is_undone(high: float, wide: float, k: float, phase: float) -> None:
    def wave(at: Array) -> Array:
        return np.stack([wide * np.sin(k * at[..., 1] + phase), high * np.sin(k * at[..., 0])], -1)

    fine = Lattice(160, 120, 2.0)
    found = fine.inverse(wave(fine.nodes()).astype(np.float32), PIXELS)
    back = found + wave(found)
    inside = np.s_[4:-4, 4:-4]
    assert np.abs(back - PIXELS)[inside].max() < 0.04


@QUICK
@given(shifts, st.floats(-5, 5))
def test_smoothstep_up_and_smoothstep_down_add_to_one(low: float, width: float) -> None:
    assume(abs(width) > 1e-3)
    x = np.linspace(-20, 20, 333, dtype=np.float32)
    np.testing.assert_allclose(
        smoothstep(x, low, low + width) + smoothstep(x, low + width, low), 1, atol=1e-5
    )


@QUICK
@given(shifts, st.floats(0.01, 9))
def test_smoothstep_rises_from_nothing_to_all_and_is_half_in_the_middle(low: float, width: float) -> None:
    x = np.linspace(low - 5, low + width + 5, 400, dtype=np.float32)
    risen = smoothstep(x, low, low + width)
    assert (np.diff(risen) >= 0).all()
    assert risen[0] == 0
    assert risen[-1] == 1
    assert float(smoothstep(low + width / 2, low, low + width)) == pytest.approx(0.5, abs=1e-3)


def test_smoothstep_leaves_and_arrives_at_rest() -> None:
    ends = smoothstep(np.array([1e-3, 1 - 1e-3], np.float32))
    assert ends[0] < 4e-6
    assert 1 - ends[1] < 4e-6


@QUICK
@given(st.lists(places, min_size=2, max_size=25, unique=True))
def test_a_spread_passes_through_its_controls(at: list[tuple[int, int]]) -> None:
    controls = np.array(at, np.float32) / 10
    moves = np.random.default_rng(len(at)).normal(0, 1, controls.shape).astype(np.float32)
    np.testing.assert_allclose(spread(controls, moves, controls), moves, atol=2e-3)


@QUICK
@given(st.lists(places, min_size=2, max_size=25, unique=True), shifts, shifts)
def test_controls_that_all_move_alike_move_everything_alike(
    at: list[tuple[int, int]], dx: float, dy: float
) -> None:
    controls = np.array(at, np.float32) / 10
    moves = np.broadcast_to(np.array([dx, dy], np.float32), controls.shape)
    anywhere = np.random.default_rng(3).uniform(-9, 9, (4, 5, 2)).astype(np.float32)
    found = spread(controls, moves, anywhere)
    assert found.shape == anywhere.shape
    np.testing.assert_allclose(found, np.broadcast_to([dx, dy], found.shape), atol=2e-3)


def test_a_control_named_twice_does_no_harm() -> None:
    controls = np.array([[0, 0], [1, 0], [1, 0], [0, 2], [3, 3]], np.float32)
    moves = np.array([[0, 0], [1, -1], [1, -1], [0, 0], [0, 0]], np.float32)
    np.testing.assert_allclose(spread(controls, moves, controls), moves, atol=2e-3)
