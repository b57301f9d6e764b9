"""The head turns as a solid on a neck; left and right are the subject's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from faces import Array, Person, landmark_moves, mirror, moves
from muybridge.puppet.rig.anatomy import CHIN, EYES
from muybridge.puppet.rig.controls import LIMITS, Pose
from muybridge.puppet.rig.head import NECK

HER = Person(300, 330, (149.5, 110), 45)
TILTED = replace(HER, tilt=20)
NOSE_TIP, BROW_MIDDLE, EAR_RIGHT, EAR_LEFT = 1, 9, 234, 454
TURNS = ("yaw", "pitch", "roll")


def nose(person: Person, pose: Pose) -> Array:
    return np.asarray(landmark_moves(person, pose)[NOSE_TIP])


@pytest.mark.parametrize("person", [HER, TILTED], ids=["upright", "tilted"])
@pytest.mark.parametrize("degrees", [13, -13])
def test_a_turn_takes_the_nose_to_its_side_and_further_than_the_ears(person: Person, degrees: int) -> None:
    shift = landmark_moves(person, Pose(yaw=degrees))[:, 0] * np.sign(degrees)
    assert shift[NOSE_TIP] > 0.15  # to the picture's right for the subject's left
    assert shift[NOSE_TIP] > shift[BROW_MIDDLE] > max(shift[EAR_RIGHT], shift[EAR_LEFT])


@pytest.mark.parametrize("person", [HER, TILTED], ids=["upright", "tilted"])
def test_a_raised_head_lifts_the_nose_and_a_lowered_one_drops_it(person: Person) -> None:
    assert nose(person, Pose(pitch=9))[1] < -0.05
    assert nose(person, Pose(pitch=-9))[1] > 0.05
    across = [abs(nose(person, Pose(pitch=p))[0]) for p in (9, -9)]
    assert max(across) < 0.02


@pytest.mark.parametrize("person", [HER, TILTED], ids=["upright", "tilted"])
def test_a_head_tilted_to_the_left_shoulder_turns_clockwise_as_seen(person: Person) -> None:
    shift = landmark_moves(person, Pose(roll=8))
    assert shift[BROW_MIDDLE, 0] > shift[CHIN, 0]
    assert shift[10, 0] > 0.2
    right, left = (shift[EYES[side].iris[0]] for side in ("right", "left"))
    assert right[1] < left[1]
    # a solid turn: the eye line keeps its length and turns by the angle
    eyes = np.array([1.0, 0.0]) + left - right
    assert np.hypot(*eyes) == pytest.approx(1, abs=0.02)
    assert np.rad2deg(np.arctan2(eyes[1], eyes[0])) == pytest.approx(8, abs=0.6)


@pytest.mark.parametrize("name", TURNS)
def test_opposite_turns_mirror_each_other_on_a_symmetric_face(name: str) -> None:
    one = landmark_moves(HER, Pose(**{name: LIMITS[name][1]}))
    sign = 1.0 if name == "pitch" else -1.0
    two = landmark_moves(HER, Pose(**{name: sign * LIMITS[name][1]}))[mirror()]
    np.testing.assert_allclose(two, one * [-1, 1], atol=0.02)


@pytest.mark.parametrize("name", TURNS)
@pytest.mark.parametrize("person", [HER, TILTED], ids=["upright", "tilted"])
def test_no_turn_of_the_head_moves_a_shoulder(person: Person, name: str) -> None:
    chin = 1.76
    below = [(u, v) for u in np.linspace(-2.4, 2.4, 9) for v in np.linspace(chin + NECK + 0.1, 4.4, 5)]
    beside = [(side * u, v) for side in (-1, 1) for u in (2.0, 2.3) for v in (chin - 0.05, chin + 0.5)]
    places = person.pixels(np.array(below + beside))
    for extreme in LIMITS[name]:
        shift = moves(person, Pose(**{name: extreme}), places)
        assert np.abs(shift).max() < 2e-3


def test_a_small_turn_is_about_a_tenth_of_ten_small_turns() -> None:
    one, ten = (nose(HER, Pose(yaw=degrees)) for degrees in (1, 10))
    assert ten[0] == pytest.approx(10 * one[0], rel=0.1)


@pytest.mark.parametrize("name", TURNS)
def test_the_eyes_keep_their_distance_while_the_head_turns(name: str) -> None:
    for extreme in LIMITS[name]:
        shift = landmark_moves(HER, Pose(**{name: extreme}))
        right, left = (shift[EYES[side].iris[0]] for side in ("right", "left"))
        assert 0.93 < np.hypot(*(np.array([1.0, 0.0]) + left - right)) < 1.03
