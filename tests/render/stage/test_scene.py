"""How plates are drawn: covering, parallax, rest, motion, light."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muybridge.puppet.camera import REST, View
from muybridge.puppet.stage.plates import MARGIN, Flicker, Motion, Plate, strength
from muybridge.puppet.stage.scene import Placed, Scene, build, names
from muybridge.units import Size

SIZE = Size(160, 90)


def canvas(colour: tuple[int, int, int, int], size: Size = SIZE, scale: float = 0.5) -> np.ndarray:
    height = int(np.ceil(size.height * (1 + 2 * MARGIN) * scale))
    width = int(np.ceil(size.width * (1 + 2 * MARGIN) * scale))
    return np.full((height, width, 4), colour, np.uint8)


def spot(depth: float) -> Plate:
    """A white dot in the middle of an empty plate."""
    picture = canvas((0, 0, 0, 0), scale=1.0)
    height, width = picture.shape[:2]
    cv2.circle(picture, (width // 2, height // 2), 6, (255, 255, 255, 255), -1)
    return Plate(picture, depth, 1.0)


def where(plate: Plate, view: View) -> np.ndarray:
    """The middle of mass of what a plate shows over black."""
    scene = Scene("dots", SIZE, (Plate(canvas((0, 0, 0, 255)), 20.0), plate), sharp=True)
    shown = scene.draw_behind(view, 0.0)[..., 0].astype(float)
    y, x = np.mgrid[0 : SIZE.height, 0 : SIZE.width]
    return np.array([(shown * x).sum(), (shown * y).sum()]) / shown.sum()


views = st.builds(
    View,
    x=st.floats(-0.05, 0.05).map(lambda v: v * SIZE.width),
    y=st.floats(-0.05, 0.05).map(lambda v: v * SIZE.height),
    z=st.floats(-0.3, 0.5),
    pan=st.floats(-0.06, 0.06).map(lambda v: v * SIZE.width),
    tilt=st.floats(-0.04, 0.04).map(lambda v: v * SIZE.height),
    roll=st.floats(-1.5, 1.5),
)


@given(view=views, depth=st.floats(2.5, 20.0))
@settings(max_examples=60, deadline=None)
def test_a_full_plate_covers_the_frame_for_any_camera_within_limits(view: View, depth: float) -> None:
    placed = Placed(Plate(canvas((9, 9, 9, 255)), depth), SIZE)
    back = cv2.invertAffineTransform(placed.matrix(view, 0.0, 1.0))
    corners = np.array([[x, y, 1] for x in (0, SIZE.width - 1) for y in (0, SIZE.height - 1)], float)
    at = corners @ back.T
    height, width = placed.plate.rgba.shape[:2]
    assert (at >= -1).all()
    assert (at <= [width, height]).all()


@pytest.mark.parametrize("place", names())
def test_nothing_shows_through_behind_a_place(place: str) -> None:
    scene = build(place, size=SIZE)
    rear = next(plate for plate in scene.plates if plate.depth > 1)
    assert (rear.rgba[..., 3] == 255).all()


def test_a_scene_whose_rear_plate_has_holes_is_refused() -> None:
    with pytest.raises(ValueError, match="rearmost plate of holes"):
        Scene("holes", SIZE, (Plate(canvas((0, 0, 0, 120)), 20.0),))


@pytest.mark.parametrize("depth", [2.5, 6.0, 20.0])
def test_a_plate_at_rest_is_seen_as_it_was_painted(depth: float) -> None:
    middle = np.array([SIZE.width / 2, SIZE.height / 2]) - 0.5
    assert np.abs(where(spot(depth), REST) - middle).max() < 0.6


def test_near_plates_pass_far_ones_and_against_the_camera() -> None:
    shifts = [where(spot(depth), View(x=20.0))[0] - where(spot(depth), REST)[0] for depth in (2.5, 6.0, 20.0)]
    assert shifts[0] < shifts[1] < shifts[2] < 0
    assert shifts[0] == pytest.approx(-20 / 2.5, abs=0.3)


def test_a_push_in_enlarges_near_plates_more() -> None:
    grown = [
        Placed(spot(depth), SIZE).matrix(View(z=0.3), 0.0, 1.0)[0, 0]
        / Placed(spot(depth), SIZE).matrix(REST, 0.0, 1.0)[0, 0]
        for depth in (2.5, 20.0)
    ]
    assert grown[0] == pytest.approx(2.5 / 2.2, rel=1e-4)
    assert 1 < grown[1] < grown[0]


def test_a_slow_camera_moves_a_plate_smoothly() -> None:
    at = [where(spot(2.5), View(x=0.3 * i))[0] for i in range(12)]
    assert np.std(np.diff(at)) < 0.03


def test_a_frame_at_rest_may_be_drawn_on_without_harm() -> None:
    scene = build("studio", size=SIZE)
    first = scene.draw_behind(REST, 0.0)
    kept = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(scene.draw_behind(REST, 0.0), kept)


@pytest.mark.parametrize("place", ["beach", "fireplace", "forest", "neon_alley", "underwater"])
def test_a_frame_is_the_same_whatever_was_drawn_before_it(place: str) -> None:
    scene, view = build(place, size=SIZE, seed=2), View(z=0.1, pan=1.5)
    frames = {t: scene.draw_behind(view, t) for t in (0.0, 1.24, 3.0)}
    scene.draw_behind(REST, 2.0)
    for t in (3.0, 0.0, 1.24):
        np.testing.assert_array_equal(scene.draw_behind(view, t), frames[t])


@pytest.mark.parametrize("place", ["beach", "cafe", "fireplace", "forest", "neon_alley", "sky", "stage"])
def test_a_place_lives_but_does_not_jump_from_frame_to_frame(place: str) -> None:
    scene = build(place, size=SIZE)
    frames = [scene.draw_behind(REST, i / 25).astype(float) for i in range(0, 26)]
    steps = [np.abs(b - a).mean() for a, b in pairwise(frames)]
    assert np.abs(frames[-1] - frames[0]).mean() > 0.05
    assert np.median(steps) < 3.0


def test_rows_that_hide_everything_are_drawn_like_those_that_do_not() -> None:
    rng = np.random.default_rng(4)
    rear, front = canvas((0, 0, 0, 255)), canvas((0, 0, 0, 0))
    rear[..., :3] = rng.integers(0, 256, rear[..., :3].shape)
    front[..., :3] = rng.integers(0, 256, front[..., :3].shape)
    front[30:, :, 3] = 255
    front[28:30, :, 3] = 140
    scene = Scene("steps", SIZE, (Plate(rear, 20.0), Plate(front, 3.0)))
    holed = front.copy()
    holed[-1, -1, 3] = 254  # no row from here on hides all, so each is blended
    blended = Scene("blended", SIZE, (Plate(rear, 20.0), Plate(holed, 3.0)))
    for view in (REST, View(z=0.2, roll=1.0, pan=3.0)):
        apart = np.abs(scene.draw_behind(view, 0.0).astype(int) - blended.draw_behind(view, 0.0))
        assert apart.max() <= 2


def test_a_glowing_plate_only_adds_light() -> None:
    rear = Plate(canvas((40, 50, 60, 255)), 20.0)
    lamp = canvas((0, 0, 0, 0))
    lamp[20:40, 30:60] = (90, 60, 30, 255)
    scene = Scene("lamp", SIZE, (rear, Plate(lamp, 5.0, glows=True)))
    assert (scene.draw_behind(REST, 0.0).min((0, 1)) >= [39, 49, 59]).all()
    assert scene.draw_behind(REST, 0.0)[..., 0].max() == 130


def test_a_plate_before_the_subject_is_left_to_the_second_drawing() -> None:
    near = canvas((250, 0, 0, 255))
    scene = Scene("veil", SIZE, (Plate(canvas((0, 0, 0, 255)), 20.0), Plate(near, 0.8)))
    frame = scene.draw_behind(REST, 0.0)
    assert frame.max() == 0
    scene.draw_before(frame, REST, 0.0)
    assert (frame == [250, 0, 0]).all()


@pytest.mark.parametrize("kind", Flicker)
def test_no_light_goes_out_or_doubles(kind: Flicker) -> None:
    gains = [strength(kind, t, 7) for t in np.arange(0, 20, 0.04)]
    assert 0.2 < min(gains) <= max(gains) < 1.8
    assert gains == [strength(kind, t, 7) for t in np.arange(0, 20, 0.04)]


def test_a_sway_comes_back_and_a_drift_goes_on() -> None:
    swaying, drifting = Motion(turn=1.0, shift=(0.01, 0.0)), Motion(drift=(0.01, 0.0))
    reach = max(abs(float(swaying.at(t)[0, 2])) for t in np.arange(0, 60, 0.1))
    assert reach < 0.011
    assert drifting.at(10.0)[0, 2] == pytest.approx(0.1)


def test_three_moments_of_a_shimmer_are_mixed_at_a_steady_contrast() -> None:
    rng = np.random.default_rng(1)
    moments = [canvas((0, 0, 0, 255)) for _ in range(3)]
    for picture in moments:
        picture[..., :3] = rng.integers(0, 256, (*picture.shape[:2], 1))
    placed = Placed(Plate(moments[0], 9.0, others=(moments[1], moments[2]), cycle=2.0), SIZE)
    contrast = [placed.picture(t)[..., 0].std() for t in np.arange(0, 2, 0.1)]
    assert max(contrast) / min(contrast) < 1.05
