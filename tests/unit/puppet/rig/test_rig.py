"""The rig as a whole: nothing at rest, no fold anywhere, and a body without a face."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faces import Array, Person, moves, portrait, rig
from muybridge.puppet.rig.controls import LIMITS, Pose
from muybridge.puppet.rig.rig import Rig
from muybridge.puppet.rig.sprite import cut_out

BODY = ("breath", "shoulders", "hunch", "lean")
QUICK = settings(max_examples=40, deadline=None)
HER = Person(300, 330, (149.5, 110), 60)  # a node every 4 px, as dense as rigs are
SMALL = Person(200, 200, (99.5, 70), 22)
PEOPLE = {"upright": HER, "tilted": replace(HER, tilt=20), "small": SMALL}
EXTREMES = [(name, end) for name, ends in LIMITS.items() for end in ends]
# every control anywhere, often at its very end
poses = st.fixed_dictionaries(
    {name: st.floats(*ends) | st.sampled_from(ends) for name, ends in LIMITS.items()}
)


def jacobian(acting: Rig, pose: Pose) -> Array:
    """By how much each cell of the lattice grows for a pose; a fold is below 0. Shapes: (h, w)."""
    moved = acting.lattice.nodes() + acting.displacement(pose)
    along = (moved[:-1, 1:] - moved[:-1, :-1]) / acting.lattice.step
    down = (moved[1:, :-1] - moved[:-1, :-1]) / acting.lattice.step
    return np.asarray(along[..., 0] * down[..., 1] - along[..., 1] * down[..., 0])


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE)
def test_a_pose_at_rest_moves_nothing(person: Person) -> None:
    assert not rig(person).displacement(Pose()).any()


@pytest.mark.parametrize("name", ["lid_left", "wink_right", "gaze_x", "bob", "sway", "tip", "near", "loom"])
def test_what_is_drawn_or_placed_does_not_bend_the_trunk(name: str) -> None:
    shift = moves(HER, Pose(**{name: LIMITS[name][1]}), HER.pixels(np.array([(0, 3.2), (1.5, 3.3)])))
    assert np.abs(shift).max() < 1e-5


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE)
def test_no_control_at_its_limit_folds_the_picture(person: Person) -> None:
    least = {pose: jacobian(rig(person), Pose(**{pose[0]: pose[1]})).min() for pose in EXTREMES}
    assert {pose: grown for pose, grown in least.items() if grown < 0.15} == {}


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE)
@QUICK
@given(controls=poses)
def test_no_pose_within_the_limits_folds_the_picture(person: Person, controls: dict[str, float]) -> None:
    assert jacobian(rig(person), Pose(**controls)).min() > 0


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE)
def test_every_control_at_its_limit_can_be_undone(person: Person) -> None:
    acting = rig(person)
    nodes, missed = acting.lattice.nodes(), {}
    for name, value in EXTREMES:
        shift = acting.displacement(Pose(**{name: value}))
        back = acting.lattice.inverse(shift, nodes + shift)
        # what the lattice's edge sends outside has no place to come back from
        missed[name, value] = np.abs(back - nodes)[5:-5, 5:-5].max() / acting.iod
    assert {pose: far for pose, far in missed.items() if far > 0.02} == {}


@QUICK
@given(controls=poses)
def test_no_pose_moves_anything_far(controls: dict[str, float]) -> None:
    acting = rig(HER)
    shift = acting.displacement(Pose(**controls)) / acting.iod
    assert np.isfinite(shift).all()
    assert np.abs(shift).max() < 1.6


@pytest.mark.parametrize("name", ["yaw", "pitch", "roll", *BODY])
@pytest.mark.parametrize("end", [0, 1])
def test_head_and_body_bend_without_a_crease(name: str, end: int) -> None:
    acting = rig(HER)
    shift = acting.displacement(Pose(**{name: LIMITS[name][end]})) / acting.iod
    bend = [np.abs(np.diff(shift, 2, axis=axis)).max() for axis in (0, 1)]
    assert max(bend) < 0.02  # iod of change from one node to the next


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE)
def test_a_breath_in_lifts_the_shoulders_and_a_breath_out_lowers_them(person: Person) -> None:
    shoulders = person.pixels(np.array([(-1.4, 3.2), (1.4, 3.2)]))
    up, down = moves(person, Pose(breath=1), shoulders), moves(person, Pose(breath=-1), shoulders)
    assert up[:, 1].max() < -0.01
    np.testing.assert_allclose(down, -up, atol=1e-3)


def test_a_hunch_lifts_both_shoulders_and_shoulders_one_against_the_other() -> None:
    at = HER.pixels(np.array([(-1.7, 3.2), (1.7, 3.2)]))
    hunch, against = moves(HER, Pose(hunch=1), at)[:, 1], moves(HER, Pose(shoulders=0.16), at)[:, 1]
    assert hunch.max() < -0.05
    assert against[1] < -0.05
    assert against[0] > 0.05


def test_hair_follows_late_outside_the_face_alone() -> None:
    at = HER.pixels(np.array([(-1.35, 0.9), (1.35, 0.9), (0, 0.2), (-0.5, 0), (0.5, 0), (0, 1.0)]))
    shift = moves(HER, Pose(hair_x=0.12, hair_y=0.1), at)
    assert shift[:2].min() > 0.03
    assert np.abs(shift[2:]).max() < 0.005


def test_a_lean_takes_the_head_further_than_the_hips() -> None:
    shift = moves(HER, Pose(lean=0.25), HER.pixels(np.array([(0, 0), (0, 3.3)])))[:, 0]
    assert shift[0] > shift[1] > 0


@pytest.mark.parametrize("name", BODY)
@pytest.mark.parametrize("end", [0, 1])
def test_a_figure_without_a_face_moves_its_body(name: str, end: int) -> None:
    figure = rig(SMALL, face=False)
    pose = Pose(**{name: LIMITS[name][end]})
    assert np.abs(figure.displacement(pose)).max() > 0.01 * figure.iod
    assert jacobian(figure, pose).min() > 0.15


@pytest.mark.parametrize("name", sorted(set(LIMITS) - {*BODY, "hair_x", "hair_y"}))
def test_a_figure_without_a_face_has_no_face_to_move(name: str) -> None:
    assert not rig(SMALL, face=False).displacement(Pose(**{name: LIMITS[name][1]})).any()


def test_a_closed_mouth_may_be_pursed_and_an_open_one_says_that_it_may_not() -> None:
    assert rig(HER).limits([Pose(pucker=1)]) == ()
    points = HER.points
    points[[14, 87, 317, 178, 402, 88, 318, 95, 324], 1] += 0.12 * HER.iod
    seen = portrait(HER)
    open_mouth = Rig(cut_out(replace(seen, faces=(replace(seen.faces[0], points=points),)), 1.0))
    assert open_mouth.limits([Pose(smile=1)]) == ()
    assert "open mouth" in open_mouth.limits([Pose(pucker=1)])[0]
    lips = np.abs(open_mouth.displacement(Pose(pucker=1))).max()
    assert lips < 0.7 * np.abs(rig(HER).displacement(Pose(pucker=1))).max()
