"""The eyes of a drawn face whose colours are known: its iris alone is green, its eye white alone light."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faces import SKIN, Array, Person, canonical, portrait
from muybridge.puppet.rig.anatomy import EYES, SIDES, FaceFrame, Side
from muybridge.puppet.rig.controls import LIMITS, Pose
from muybridge.puppet.rig.eye import MEET, WINK_MEET, Eye
from muybridge.puppet.rig.lattice import remap
from muybridge.puppet.rig.pyramid import Level

QUICK = settings(max_examples=25, deadline=None)
HER = Person(280, 220, (140, 96), 90)
TILTS = (0.0, 20.0, -20.0)
CAMERA = (0.0, 0.0)
bodies = [name for name in LIMITS if name.startswith(("lid_", "wink_", "squint", "gaze_"))]


@cache
def person(tilt: float) -> tuple[Array, Array]:
    """The drawn face's colours and landmarks."""
    seen = portrait(replace(HER, tilt=tilt))
    return seen.foreground, seen.faces[0].points


@cache
def eye(side: Side, tilt: float) -> Eye:
    colours, points = person(tilt)
    return Eye(colours, points, side)


@cache
def level(tilt: float) -> Level:
    colours, points = person(tilt)
    return Level(np.dstack([colours, np.full(colours.shape[:2], 255, np.uint8)]), points, 1)


def painted(pose: Pose, tilt: float = 0.0) -> Array:
    pixels = level(tilt).rgba.copy()
    level(tilt).paint(pose, pixels)
    return pixels


def green(patch: Array) -> Array:
    """How much of the iris each pixel holds, 0 to 1."""
    red, leaf, blue = (patch[..., k].astype(float) for k in range(3))
    return np.asarray(np.clip((leaf - np.maximum(red, blue)) / 50, 0, 1))


def white(patch: Array) -> Array:
    """How much of the eye white each pixel holds, 0 to 1: skin has far less blue."""
    return np.asarray(np.clip((patch[..., 2].astype(float) - SKIN[2] - 12) / 85, 0, 1))


def column(patch: Array, which: Eye, tilt: float) -> float:
    """The height of the dark column through the middle of the iris, in pixels, lash line and all."""
    points = person(tilt)[1]
    side = next(s for s in SIDES if eye(s, tilt) is which)
    axes = FaceFrame.of(points)
    iris = points[EYES[side].iris[0], :2] - np.array(which.box[:2])
    places = iris + np.arange(-0.25 * axes.iod, 0.25 * axes.iod, 0.25)[:, None] * axes.y
    light = remap(patch, places[None].astype(np.float32), cv2.BORDER_REPLICATE)[0].mean(-1)
    return float(np.clip((150 - light) / 80, 0, 1).sum()) / 4


def pupil(patch: Array) -> Array:
    """How much of the pupil each pixel holds, 0 to 1: lashes are not as dark."""
    return np.asarray(np.clip((30 - patch.astype(float).max(-1)) / 14, 0, 1))


def middle(amount: Array) -> Array:
    y, x = np.mgrid[0 : amount.shape[0], 0 : amount.shape[1]]
    return np.array([(amount * x).sum(), (amount * y).sum()]) / amount.sum()


@pytest.mark.parametrize("tilt", TILTS)
@pytest.mark.parametrize("side", SIDES)
def test_an_open_eye_is_the_picture_s_own(side: Side, tilt: float) -> None:
    one = eye(side, tilt)
    x0, y0, x1, y1 = one.box
    assert (one.draw(0.0, 0.0, CAMERA, MEET) == person(tilt)[0][y0:y1, x0:x1]).all()


def test_the_eyes_lie_where_they_were_drawn() -> None:
    assert eye("right", 0).box[2] <= eye("left", 0).box[0] + 1
    for side in SIDES:
        rest = eye(side, 0).rest
        assert green(rest).sum() > 60
        assert white(rest).sum() > 40


@pytest.mark.parametrize("tilt", TILTS)
@pytest.mark.parametrize("meet", [MEET, WINK_MEET])
@pytest.mark.parametrize("side", SIDES)
def test_an_eye_that_closes_never_opens_again_on_the_way(side: Side, meet: float, tilt: float) -> None:
    one = eye(side, tilt)
    heights = [column(one.draw(c, 0.0, CAMERA, meet), one, tilt) for c in np.linspace(0, 1, 21)]
    iris = [green(one.draw(c, 0.0, CAMERA, meet)).sum() for c in np.linspace(0, 1, 21)]
    assert (np.diff(heights) <= 0.5).all()  # the lash line itself grows a little
    assert (np.diff(iris) <= 2.0).all()
    assert heights[10] < 0.8 * heights[0]
    assert heights[-1] < 0.4 * heights[0]


@pytest.mark.parametrize("closure", [0.25, 0.5])
@pytest.mark.parametrize("side", SIDES)
def test_the_upper_lid_comes_down_as_far_as_it_is_closed(side: Side, closure: float) -> None:
    one, here = eye(side, 0), canonical()
    at = here[EYES[side].iris[0], 0] + 0.075  # beside the pupil
    lines = [here[list(row)] for row in (EYES[side].upper, EYES[side].lower)]
    upper, lower = (np.interp(at, line[:, 0], line[:, 1]) for line in lines)
    iris = green(one.draw(closure, 0.0, CAMERA, MEET))[:, round(HER.at[0] + at * HER.iod) - one.box[0]]
    seen = one.box[1] + int((iris > 0.15).argmax()) - HER.at[1]
    margin = HER.iod * (upper + closure * MEET * (lower - upper))
    # lashes lie on the margin, so the ball shows a little below it and never above
    assert 0 < seen - margin < 0.045 * HER.iod


@pytest.mark.parametrize("side", SIDES)
def test_half_a_closure_leaves_about_half_of_the_eye(side: Side) -> None:
    one = eye(side, 0)
    left = green(one.draw(0.5, 0.0, CAMERA, MEET)).sum() / green(one.rest).sum()
    assert 0.25 < left < 0.75


@pytest.mark.parametrize("tilt", TILTS)
@pytest.mark.parametrize("meet", [MEET, WINK_MEET])
@pytest.mark.parametrize("side", SIDES)
def test_a_shut_eye_shows_neither_white_nor_iris(side: Side, meet: float, tilt: float) -> None:
    shut = eye(side, tilt).draw(1.0, 0.0, CAMERA, meet)
    assert green(shut).max() < 0.15
    assert white(shut).max() < 0.3


@pytest.mark.parametrize("side", SIDES)
def test_a_shut_eye_has_a_line_of_lashes(side: Side) -> None:
    one = eye(side, 0)
    shut = one.draw(1.0, 0.0, CAMERA, MEET).mean(-1)
    width = int(0.3 * HER.iod)
    middle_of_box = shut.shape[1] // 2
    across = shut[20:-20, middle_of_box - width // 2 : middle_of_box + width // 2]
    assert (across.min(0) < 110).mean() > 0.9


@pytest.mark.parametrize("side", SIDES)
def test_a_squint_lifts_the_lower_lid_and_an_eye_widened_shows_more(side: Side) -> None:
    one = eye(side, 0)
    seen = [
        (green(p) + white(p)).sum()
        for p in (one.draw(0, 1.0, CAMERA, MEET), one.rest, one.draw(-0.25, 0, CAMERA, MEET))
    ]
    assert seen[0] < 0.9 * seen[1]
    assert seen[2] > 1.02 * seen[1]


@pytest.mark.parametrize("tilt", TILTS)
@pytest.mark.parametrize("shut", SIDES)
def test_a_wink_leaves_the_other_eye_as_it_is(shut: Side, tilt: float) -> None:
    other: Side = "left" if shut == "right" else "right"
    after = painted(Pose(**{f"lid_{shut}": 1.0, f"wink_{shut}": 1.0}), tilt)
    closed, kept = eye(shut, tilt).box, eye(other, tilt).box
    before = level(tilt).rgba
    away = np.s_[closed[1] : closed[3], closed[0] : closed[2]]
    assert green(after[away][..., :3]).sum() < 0.05 * green(before[away][..., :3]).sum() + 3
    # where the two boxes of a tilted face meet, a pixel belongs to both
    held = np.ones(before.shape[:2], bool)
    held[away] = False
    inside = np.zeros_like(held)
    inside[kept[1] : kept[3], kept[0] : kept[2]] = True
    both = held & inside
    assert (after[both] == before[both]).all()
    iris = np.rint(person(tilt)[1][EYES[other].iris[0], :2]).astype(int)
    assert both[iris[1], iris[0]]


@pytest.mark.parametrize("tilt", TILTS)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("along", [(0.045, 0.0), (-0.045, 0.0), (0.0, 0.026), (0.0, -0.026)])
def test_the_iris_goes_where_the_eyes_look(side: Side, tilt: float, along: tuple[float, float]) -> None:
    one = eye(side, tilt)
    axes = FaceFrame.of(person(tilt)[1])
    moved = middle(pupil(one.draw(0.0, 0.0, along, MEET))) - middle(pupil(one.rest))
    wanted = (along[0] * axes.x + along[1] * axes.y) * axes.iod
    # the lids hide part of a pupil that moves up or down, so its seen middle moves less
    share = float(moved @ wanted) / float(wanted @ wanted)
    assert (0.8 if along[0] else 0.4) < share < 1.2


@pytest.mark.parametrize("tilt", TILTS)
def test_nothing_outside_the_eyes_is_painted(tilt: float) -> None:
    before = level(tilt).rgba
    pose = Pose(lid_right=0.7, lid_left=1, wink_left=1, squint=1, gaze_x=0.05, gaze_y=0.03)
    after = painted(pose, tilt)
    assert (after[..., 3] == before[..., 3]).all()
    for side in SIDES:
        x0, y0, x1, y1 = eye(side, tilt).box
        assert not (after[y0:y1, x0:x1] == before[y0:y1, x0:x1]).all()
        after[y0:y1, x0:x1] = before[y0:y1, x0:x1]
    assert (after == before).all()


@QUICK
@given(st.fixed_dictionaries({name: st.floats(*LIMITS[name]) for name in bodies}))
def test_the_rim_of_an_eye_s_patch_never_changes(controls: dict[str, float]) -> None:
    before, after = level(0).rgba, painted(Pose(**controls))
    for side in SIDES:
        x0, y0, x1, y1 = eye(side, 0).box
        rim = np.ones((y1 - y0, x1 - x0), bool)
        rim[3:-3, 3:-3] = False
        gone = np.abs(after[y0:y1, x0:x1].astype(int) - before[y0:y1, x0:x1])[rim]
        assert gone.max() <= 1  # or the patch's edge would show as a seam


def closed(at: tuple[int, int]) -> float:
    """Which share of the iris a shut pair of eyes still shows, with the face at a place."""
    seen = portrait(replace(HER, at=at))
    rgba = np.dstack([seen.foreground, np.full(seen.matte.shape, 255, np.uint8)])
    pixels = rgba.copy()
    Level(rgba, seen.faces[0].points, 1).paint(Pose(lid_right=1, lid_left=1, jaw=1), pixels)
    return float(green(pixels).sum() / max(green(rgba).sum(), 1))


@pytest.mark.parametrize("at", [(42, 30), (240, 30), (140, 15), (140, 205), (8, 96), (272, 96)])
def test_an_eye_that_the_picture_cuts_closes_too(at: tuple[int, int]) -> None:
    assert closed(at) < 0.1


@pytest.mark.parametrize("at", [(140, -9), (140, 3), (140, 216), (-30, 96), (312, 96), (140, -96)])
def test_a_face_that_the_picture_cuts_anywhere_can_be_painted(at: tuple[int, int]) -> None:
    assert closed(at) < 1
