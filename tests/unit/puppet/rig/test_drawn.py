"""A drawing's face: lids, mouth and head by five points and the drawing's own lines."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faces import SKIN, Array, Person, drawing, drawn
from muybridge.domain.storyboard import Action
from muybridge.puppet.portrait import Portrait
from muybridge.puppet.rig.anatomy import SIDES, Side
from muybridge.puppet.rig.controls import LIMITS, Pose
from muybridge.puppet.rig.lattice import sample
from muybridge.puppet.rig.rig import Rig
from muybridge.puppet.rig.sprite import cut_out
from takes import TINY, beat, board, still, take

QUICK = settings(max_examples=25, deadline=None)
HER = Person(280, 300, (140, 96), 80)
TILTS = (0.0, 15.0)
POSES = st.fixed_dictionaries(
    {name: st.floats(*ends) | st.sampled_from(ends) for name, ends in LIMITS.items()}
)


@cache
def rig(tilt: float = 0.0) -> Rig:
    return Rig(cut_out(drawing(replace(HER, tilt=tilt)), 1.0))


def painted(pose: Pose, tilt: float = 0.0) -> Array:
    """The sprite with eyes and mouth drawn for a pose, without what was grown beside it."""
    acting = rig(tilt)
    pixels = acting.pyramid.level(0).rgba.copy()
    acting.pyramid.level(0).paint(pose, pixels)
    left = round(acting.sprite.left)
    return pixels[: HER.height, left : left + HER.width]


def green(frame: Array) -> float:
    red, leaf, blue = (frame[..., k].astype(float) for k in range(3))
    return float(np.clip((leaf - np.maximum(red, blue)) / 50, 0, 1).sum())


def half(frame: Array, side: Side) -> Array:
    """The half of the picture with one of the eyes."""
    return frame[:, :140] if side == "right" else frame[:, 140:]


def moved(pose: Pose, places: Array) -> Array:
    """How far places of the picture go, in iod."""
    acting = rig()
    at = (places + np.array([acting.sprite.left, 0])) / acting.lattice.step
    return np.asarray(sample(acting.displacement(pose), at[None].astype(np.float32))[0] / HER.iod)


@pytest.mark.parametrize("tilt", TILTS)
def test_a_drawing_at_rest_is_itself(tilt: float) -> None:
    assert (painted(Pose(), tilt)[..., :3] == drawing(replace(HER, tilt=tilt)).foreground).all()
    assert not rig(tilt).displacement(Pose()).any()


@pytest.mark.parametrize("tilt", TILTS)
@pytest.mark.parametrize("side", SIDES)
def test_a_drawn_eye_closes_all_the_way_and_never_opens_on_it(side: Side, tilt: float) -> None:
    seen = [green(half(painted(Pose(**{f"lid_{side}": c}), tilt), side)) for c in np.linspace(0, 1, 11)]
    assert seen[0] > 60
    assert (np.diff(seen) <= 1).all()
    assert 0.3 * seen[0] < seen[5] < 0.55 * seen[0]
    assert seen[-1] < 2


@pytest.mark.parametrize("shut", SIDES)
def test_a_drawn_wink_leaves_the_other_eye(shut: Side) -> None:
    other: Side = "left" if shut == "right" else "right"
    before, after = painted(Pose()), painted(Pose(**{f"lid_{shut}": 1.0, f"wink_{shut}": 1.0}))
    assert green(half(after, shut)) < 2
    assert (half(after, other) == half(before, other)).all()


@pytest.mark.parametrize("side", SIDES)
def test_a_shut_drawn_eye_is_a_line_on_skin(side: Side) -> None:
    shut = painted(Pose(lid_right=1, lid_left=1))
    x, y = np.rint(drawn(HER).points[0 if side == "right" else 1]).astype(int)
    column = shut[y - 10 : y + 14, x, :3].astype(int)
    assert column.mean(-1).min() < 90
    skin = np.abs(column - SKIN).max(-1) < 25
    assert skin.mean() > 0.5


@pytest.mark.parametrize(("name", "axis"), [("gaze_x", 0), ("gaze_y", 1)])
def test_drawn_eyes_go_where_they_look(name: str, axis: int) -> None:
    def middle(frame: Array) -> Array:
        pupil = np.clip((30 - frame[..., :3].astype(float).max(-1)) / 14, 0, 1)[80:112, 85:115]
        y, x = np.mgrid[0:32, 0:30]
        return np.array([(pupil * x).sum(), (pupil * y).sum()]) / pupil.sum()

    went = middle(painted(Pose(**{name: LIMITS[name][1]}))) - middle(painted(Pose()))
    assert went[axis] > 1


def test_a_drawn_mouth_opens_and_shows_an_inside() -> None:
    rest = painted(Pose())
    opened = [
        float((np.abs(painted(Pose(jaw=j)).astype(int) - rest).max(-1) > 40).sum()) for j in (0.25, 0.5, 1.0)
    ]
    assert opened[0] > 20
    assert opened == sorted(opened)


def test_a_smile_of_a_drawing_lifts_the_corners_and_leaves_the_eyes() -> None:
    face = drawn(HER)
    shift = moved(Pose(smile=1), face.points)
    assert shift[3:, 1].max() < -0.03
    assert shift[3, 0] < -0.03
    assert shift[4, 0] > 0.03
    assert np.abs(shift[:2]).max() < 0.02


def test_a_drawn_head_turns_tilts_and_nods_the_right_way() -> None:
    nose, crown = drawn(HER).points[2:3], HER.pixels(np.array([(0, -0.7)]))
    assert moved(Pose(yaw=13), nose)[0, 0] > 0.1
    assert moved(Pose(pitch=9), nose)[0, 1] < -0.03
    assert moved(Pose(roll=8), crown)[0, 0] > 0.15


def test_no_control_at_its_limit_folds_a_drawing() -> None:
    ends = [(name, end) for name, ends in LIMITS.items() for end in ends]
    least = {pose: jacobian(Pose(**{pose[0]: pose[1]})).min() for pose in ends}
    assert {pose: grown for pose, grown in least.items() if grown < 0.1} == {}


@QUICK
@given(POSES)
def test_no_pose_within_the_limits_folds_a_drawing(controls: dict[str, float]) -> None:
    assert jacobian(Pose(**controls)).min() > 0


def jacobian(pose: Pose) -> Array:
    acting = rig()
    at = acting.lattice.nodes() + acting.displacement(pose)
    along, down = at[:-1, 1:] - at[:-1, :-1], at[1:, :-1] - at[:-1, :-1]
    return np.asarray(along[..., 0] * down[..., 1] - along[..., 1] * down[..., 0]) / acting.lattice.step**2


def without(part: str) -> Portrait:
    """The drawing with a part of its face not found."""
    whole = drawing(replace(HER, width=150, height=160, at=(74.5, 52), iod=30))
    lost = getattr(whole.drawn, part).copy()
    lost[...] = np.nan
    return replace(whole, drawn=replace(whole.drawn, **{part: lost}))


@pytest.mark.parametrize("part", ["eyes", "mouth", "brows"])
def test_what_was_not_found_of_a_drawn_face_is_left_alone(part: str) -> None:
    acting = take(without(part), size=TINY)
    for pose in (Pose(lid_left=1, jaw=1, brow_left=1, smile=1), Pose(brow_inner=-1, pucker=1)):
        assert still(acting, pose).std() > 5


@pytest.mark.parametrize("at", [(4, 30), (146, 30), (75, 4), (75, 158), (-20, 50)])
def test_a_drawn_face_that_the_picture_cuts_can_be_painted(at: tuple[int, int]) -> None:
    acting = Rig(cut_out(drawing(Person(150, 160, at, 30)), 1.0))
    pixels = acting.pyramid.level(0).rgba.copy()
    acting.pyramid.level(0).paint(Pose(lid_right=1, lid_left=1, jaw=1), pixels)
    assert pixels.shape == acting.sprite.rgba.shape


def test_a_drawing_acts_with_its_face() -> None:
    whole = drawing(Person(150, 160, (74.5, 52), 30))
    whole = replace(whole, plate=np.full_like(whole.plate, 128))
    wink = take(whole, board(beat(Action.WINK, 0.1, 0.9)))
    greens = [green(cv2.GaussianBlur(wink.draw(i), (0, 0), 0.8)) for i in (0, 5)]
    assert greens[1] < 0.75 * greens[0]
