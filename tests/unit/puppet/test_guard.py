"""The border guard alone: edges of made-up sprites under any place in the frame."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faces import Array
from muybridge.puppet.guard import SOFT, Guard
from muybridge.puppet.rig.lattice import Lattice
from muybridge.units import Size

QUICK = settings(max_examples=80, deadline=None)
FRAME = Size(320, 180)
SPRITE = Size(200, 150)
LATTICE = Lattice(SPRITE.width, SPRITE.height, 8.0)
STILL = np.zeros((*LATTICE.shape, 2), np.float32)
sides = st.sets(st.sampled_from(["left", "top", "right", "bottom"]))
CORNERS = {
    "left": [(0, 0), (0, 149)],
    "right": [(199, 0), (199, 149)],
    "top": [(0, 0), (199, 0)],
    "bottom": [(0, 149), (199, 149)],
}


def guard(cut: set[str]) -> Guard:
    """A sprite that is cut at these sides and clear at the others."""
    rgba = np.zeros((SPRITE.height, SPRITE.width, 4), np.uint8)
    rgba[..., 3] = 255
    clear = {"left": np.s_[:, 0], "right": np.s_[:, -1], "top": np.s_[0], "bottom": np.s_[-1]}
    for side in set(clear) - cut:
        rgba[clear[side]] = 0
    return Guard(rgba, LATTICE, FRAME)


def placed(scale: float, x: float, y: float, degrees: float = 0.0) -> Array:
    """The sprite about the frame's middle, moved, scaled and turned."""
    a = np.deg2rad(degrees)
    linear = scale * np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    middle = np.array([FRAME.width / 2 + x, FRAME.height / 2 + y]) - linear @ [99.5, 74.5]
    return np.column_stack([linear, middle]).astype(np.float32)


def seen(to_frame: Array, side: str) -> Array:
    return np.array([to_frame @ np.array([*corner, 1]) for corner in CORNERS[side]])


def outside(to_frame: Array, side: str) -> bool:
    x, y = seen(to_frame, side).T
    inward = {"left": x.max(), "top": y.max(), "right": 319 - x.min(), "bottom": 179 - y.min()}
    return bool(inward[side] < 0)


@QUICK
@given(sides, st.floats(0.2, 4), st.floats(-200, 200), st.floats(-200, 200), st.floats(-6, 6))
def test_every_cut_edge_is_held_outside_wherever_the_subject_is_put(
    cut: set[str], scale: float, x: float, y: float, degrees: float
) -> None:
    kept = guard(cut).kept(placed(scale, x, y, degrees), STILL)
    # a corner's pixel is cleared where two sides meet, so ends may miss by a pixel or so
    assert all(outside(kept, side) for side in cut)


def test_a_subject_that_is_not_cut_stands_anywhere() -> None:
    there = placed(0.5, 60, 20)
    assert (guard(set()).kept(there, STILL) == there).all()


@pytest.mark.parametrize("cut", [{"bottom"}, {"top"}, {"left", "right"}, {"left", "top", "right", "bottom"}])
def test_edges_that_are_well_outside_are_left_alone(cut: set[str]) -> None:
    there = placed(2.2, 0, 0)
    assert (guard(cut).kept(there, STILL) == there).all()


def test_a_subject_is_pushed_no_further_than_it_must_be() -> None:
    there = placed(1.5, 0, -90)
    kept = guard({"bottom"}).kept(there, STILL)
    assert (kept[:, :2] == there[:, :2]).all()
    assert kept[0, 2] == there[0, 2]
    assert 180 <= seen(kept, "bottom")[:, 1].min() < 184


def test_two_opposite_edges_bring_the_subject_closer() -> None:
    kept = guard({"top", "bottom"}).kept(placed(0.5, 0, 30), STILL)
    assert kept[0, 0] == pytest.approx(kept[1, 1])
    assert 1.2 < kept[0, 0] < 1.3


def test_the_rig_s_own_moves_are_reckoned_with() -> None:
    lifted = STILL.copy()
    lifted[..., 1] = -30
    there = placed(1.5, 0, 0)
    assert outside(there, "bottom")
    kept = guard({"bottom"}).kept(there, lifted)
    assert seen(kept, "bottom")[:, 1].min() - 45 >= 180


@pytest.mark.parametrize("cut", [{"bottom"}, {"top", "left"}, {"top", "bottom"}])
def test_the_guard_sets_in_softly(cut: set[str]) -> None:
    at = np.arange(-60, 60, 0.25)
    path = np.array([guard(cut).kept(placed(1.35, 0, y), STILL)[1, 2] for y in at])
    pace = np.diff(path) / 0.25
    assert np.abs(np.diff(pace)).max() < 0.25 / (SOFT * FRAME.height)
    assert pace.min() > -0.05
    assert pace.max() < 1.05
