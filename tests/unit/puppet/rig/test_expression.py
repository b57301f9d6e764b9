"""The skin's moves for each expression, read at the landmarks of a drawn, symmetric face."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from faces import Array, Person, canonical, landmark_moves, mirror, moves
from muybridge.puppet.rig.anatomy import EYES, LOWER_OUTER, MOUTH_CORNER, NOSE, SIDES, UPPER_OUTER
from muybridge.puppet.rig.controls import LIMITS, Pose
from muybridge.puppet.rig.expression import LOWEST, Expression

HER = Person(300, 330, (149.5, 110), 45)
PEOPLE = [HER, replace(HER, tilt=20)]
LIDS = [n for s in SIDES for n in (*EYES[s].corners, *EYES[s].upper, *EYES[s].lower)]
OTHER = {"right": "left", "left": "right"}
FACIAL = [
    name
    for name in LIMITS
    if name.startswith(("wink_", "brow_", "smile", "squint", "jaw", "pucker", "sneer"))
]


def after(person: Person, **controls: float) -> Array:
    """Where the landmarks are in iod once these controls have acted."""
    return np.asarray(canonical()[:, :2] + landmark_moves(person, Pose(**controls)))


def mouth_width(at: Array) -> float:
    return float(np.hypot(*(at[MOUTH_CORNER["left"]] - at[MOUTH_CORNER["right"]])))


@pytest.mark.parametrize("person", PEOPLE, ids=["upright", "tilted"])
def test_a_smile_widens_the_mouth_and_lifts_its_corners(person: Person) -> None:
    rest, smiling = after(person), after(person, smile=1)
    assert mouth_width(smiling) >= 1.08 * mouth_width(rest)
    for side in SIDES:
        corner, middle = MOUTH_CORNER[side], UPPER_OUTER[5]
        lifted = (rest - smiling)[[corner, middle], 1]
        assert lifted[0] > 0.05
        assert lifted[0] > 3 * abs(lifted[1])


@pytest.mark.parametrize("person", PEOPLE, ids=["upright", "tilted"])
def test_a_mouth_drawn_down_lowers_its_corners(person: Person) -> None:
    sad = after(person, smile=LIMITS["smile"][0]) - after(person)
    assert min(sad[MOUTH_CORNER[side], 1] for side in SIDES) > 0.03


@pytest.mark.parametrize("person", PEOPLE, ids=["upright", "tilted"])
@pytest.mark.parametrize("smile", [0.6, 1.0, 1.3])
def test_a_smile_leaves_the_lids_and_the_nose_s_ridge_in_place(person: Person, smile: float) -> None:
    shift = landmark_moves(person, Pose(smile=smile))
    assert np.abs(shift[LIDS]).max() < 0.02
    assert np.abs(shift[list(NOSE[:6])]).max() < 0.02


@pytest.mark.parametrize("name", FACIAL)
@pytest.mark.parametrize("end", [0, 1])
def test_nothing_in_the_face_moves_a_shoulder_or_the_crown(name: str, end: int) -> None:
    far = HER.pixels(np.array([(-2, 3.6), (2, 3.6), (0, 4), (0, -1.9), (-1.9, -1.5), (2.75, 0.3)]))
    assert np.abs(moves(HER, Pose(**{name: LIMITS[name][end]}), far)).max() < 0.02


@pytest.mark.parametrize("name", FACIAL)
@pytest.mark.parametrize("end", [0, 1])
def test_left_and_right_mirror_each_other(name: str, end: int) -> None:
    value = LIMITS[name][end]
    side = name.rpartition("_")[2]
    across = name.replace(side, OTHER[side]) if side in OTHER else name
    one = landmark_moves(HER, Pose(**{name: value}))
    two = landmark_moves(HER, Pose(**{across: value}))[mirror()]
    np.testing.assert_allclose(two, one * [-1, 1], atol=0.012)


@pytest.mark.parametrize("side", SIDES)
def test_a_brow_goes_up_and_down_alone(side: str) -> None:
    for value in (1.0, -1.0):
        shift = landmark_moves(HER, Pose(**{f"brow_{side}": value}))
        own, other = (list(EYES[s].brow) for s in (side, OTHER[side]))
        assert (-np.sign(value) * shift[own, 1]).min() > 0.02
        assert np.abs(shift[other]).max() < 0.02
        assert np.abs(shift[LIDS]).max() < 0.02


@pytest.mark.parametrize("side", SIDES)
def test_a_wink_lifts_its_own_cheek(side: str) -> None:
    shift = landmark_moves(HER, Pose(**{f"wink_{side}": 1.0}))
    own, other = (list(EYES[s].cheek) for s in (side, OTHER[side]))
    assert shift[own, 1].mean() < -0.03
    assert np.abs(shift[other]).max() < 0.02


def test_pursed_lips_are_narrower_and_stretched_ones_wider() -> None:
    rest, kiss, wide = after(HER), after(HER, pucker=1), after(HER, pucker=-0.6)
    assert mouth_width(kiss) < 0.8 * mouth_width(rest)
    assert mouth_width(wide) > 1.1 * mouth_width(rest)


def test_a_jaw_that_drops_takes_the_chin_and_leaves_the_upper_lip() -> None:
    shift = landmark_moves(HER, Pose(jaw=1))
    assert shift[152, 1] > 0.15
    assert shift[LOWER_OUTER[5], 1] > 0.03
    assert abs(shift[UPPER_OUTER[5], 1]) < 0.02
    assert np.abs(shift[LIDS]).max() < 0.02


def test_a_sneer_lifts_the_upper_lip_and_the_nose_s_wings() -> None:
    shift = landmark_moves(HER, Pose(sneer=1))
    assert shift[[98, 327], 1].max() < -0.02
    assert shift[UPPER_OUTER[5], 1] < -0.02
    assert abs(shift[152, 1]) < 0.02


def test_sorrow_lifts_the_inner_brows_most() -> None:
    shift = landmark_moves(HER, Pose(brow_inner=1))
    for side in SIDES:
        inner, outer = EYES[side].brow[4], EYES[side].brow[0]
        assert shift[inner, 1] < -0.04
        assert shift[inner, 1] < 2 * shift[outer, 1]


def test_the_corners_of_a_grin_go_farther_down_as_far_as_nothing_folds() -> None:
    corners = canonical()[[MOUTH_CORNER[side] for side in SIDES], :2]
    skin = Expression(canonical()[:, :2], corners)
    plain, farther = (skin.displacement(Pose(smile=-0.5), by) for by in (1.0, 2.0))
    assert farther == pytest.approx(2 * plain, abs=1e-5)
    assert skin.displacement(Pose(smile=-0.85), 9.0) == pytest.approx(LOWEST / -0.5 * plain, abs=1e-5)
    assert skin.displacement(Pose(smile=0.5), 9.0) == pytest.approx(skin.displacement(Pose(smile=0.5)))
