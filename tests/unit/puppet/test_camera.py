"""The camera's moves: which way, how far, how smoothly. Left and right are the frame's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faces import Array
from muybridge.domain.storyboard import CameraKind
from muybridge.puppet.camera import MOVES, REST, Camera, View, travel
from muybridge.units import WIRE_RATE, WIRE_SIZE, Seconds, Size
from takes import board, move

QUICK = settings(max_examples=30, deadline=None)
FAR = 2.5  # a depth behind the subject
STEADY = [k for k in CameraKind if k not in (CameraKind.HANDHELD, CameraKind.FOLLOW, CameraKind.SHAKE)]
SHAKEN = [CameraKind.HANDHELD, CameraKind.FOLLOW, CameraKind.SHAKE]
TIMES = np.arange(0, 6, 0.04, np.float32)


def views(kind: CameraKind, amount: float = 1.0, seed: int = 1, size: Size = WIRE_SIZE) -> list[View]:
    plan = board(move(kind, 0.5, 5.5, amount), seconds=6)
    camera = Camera(plan, WIRE_RATE, seed, size)
    return [camera.view(i) for i in range(150)]


def seen(path: list[View], place: tuple[float, float], depth: float = 1.0) -> Array:
    """Where a place, given from the frame's centre, is seen in each frame. Shapes: (N, 2)."""
    at = np.array([WIRE_SIZE.width / 2 - 0.5 + place[0], WIRE_SIZE.height / 2 - 0.5 + place[1], 1])
    return np.array([view.project(depth, WIRE_SIZE) @ at for view in path])


def scale(path: list[View], depth: float = 1.0) -> Array:
    return np.array([np.hypot(*view.project(depth, WIRE_SIZE)[:, 0]) for view in path])


def test_every_move_a_storyboard_names_can_be_made() -> None:
    assert set(MOVES) == set(CameraKind)


def test_a_camera_at_rest_sees_everything_where_it_is() -> None:
    np.testing.assert_allclose(REST.project(1.0, WIRE_SIZE), [[1, 0, 0], [0, 1, 0]], atol=1e-4)
    assert all(view == REST for view in views(CameraKind.STATIC))
    assert Camera(board(), WIRE_RATE, 1, WIRE_SIZE).closest == 1


@pytest.mark.parametrize("kind", [CameraKind.PUSH_IN, CameraKind.ZOOM_IN])
def test_moving_in_grows_the_subject_without_ever_going_back(kind: CameraKind) -> None:
    grown = scale(views(kind))
    assert grown[0] == 1
    assert (np.diff(grown) >= 0).all()
    assert 1.15 < grown[-1] < 1.4


@pytest.mark.parametrize("kind", [CameraKind.PULL_OUT, CameraKind.ZOOM_OUT])
def test_moving_out_shrinks_the_subject_and_ends_at_rest(kind: CameraKind) -> None:
    shrunk = scale(views(kind))
    assert 1.15 < shrunk[0] < 1.4
    assert (np.diff(shrunk) <= 0).all()
    assert shrunk[-1] == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("kind", STEADY)
def test_what_the_camera_says_of_its_closest_is_the_closest_it_comes(kind: CameraKind) -> None:
    camera = Camera(board(move(kind, 0.5, 5.5), seconds=6), WIRE_RATE, 1, WIRE_SIZE)
    assert camera.closest == pytest.approx(max(scale(views(kind)).max(), 1), rel=1e-4)


def test_a_push_in_brings_the_subject_faster_than_what_lies_behind_and_a_zoom_both_alike() -> None:
    push, zoom = views(CameraKind.PUSH_IN), views(CameraKind.ZOOM_IN)
    assert scale(push, FAR)[-1] * FAR < 0.95 * scale(push)[-1]
    assert scale(zoom, FAR)[-1] * FAR == pytest.approx(scale(zoom)[-1], rel=1e-4)


@pytest.mark.parametrize(
    ("kind", "axis", "sign"),
    [
        (CameraKind.TRUCK_LEFT, 0, 1),
        (CameraKind.TRUCK_RIGHT, 0, -1),
        (CameraKind.PAN_LEFT, 0, 1),
        (CameraKind.PAN_RIGHT, 0, -1),
        (CameraKind.PEDESTAL_UP, 1, 1),
        (CameraKind.PEDESTAL_DOWN, 1, -1),
        (CameraKind.TILT_UP, 1, 1),
        (CameraKind.TILT_DOWN, 1, -1),
    ],
)
def test_the_picture_goes_the_other_way_than_the_camera(kind: CameraKind, axis: int, sign: int) -> None:
    path = seen(views(kind), (0, 0))
    step = np.diff(path[:, axis]) * sign
    assert (step >= -1e-3).all()
    assert step.sum() > 30
    assert np.abs(np.diff(path[:, 1 - axis])).max() < 1e-3


@pytest.mark.parametrize("kind", [CameraKind.TRUCK_LEFT, CameraKind.PEDESTAL_UP])
def test_a_camera_that_moves_passes_near_things_faster_than_far_ones(kind: CameraKind) -> None:
    path = views(kind)
    near, far = (np.ptp(seen(path, (0, 0), depth), axis=0).max() for depth in (1.0, FAR))
    assert near == pytest.approx(FAR * far, rel=0.01)


@pytest.mark.parametrize("kind", [CameraKind.PAN_LEFT, CameraKind.TILT_UP])
def test_a_camera_that_turns_takes_near_and_far_along_alike(kind: CameraKind) -> None:
    path = views(kind)
    near, far = (np.ptp(seen(path, (0, 0), depth), axis=0).max() for depth in (1.0, FAR))
    assert near == pytest.approx(far, rel=0.01)


@pytest.mark.parametrize(("kind", "sign"), [(CameraKind.ORBIT_LEFT, 1), (CameraKind.ORBIT_RIGHT, -1)])
def test_an_orbit_keeps_the_subject_and_slides_what_lies_behind(kind: CameraKind, sign: int) -> None:
    path = views(kind)
    assert np.ptp(seen(path, (0, 0)), axis=0).max() < 0.5
    behind = seen(path, (0, 0), FAR)[:, 0]
    assert np.abs(np.diff(behind)).sum() > 20
    turned = np.array([view.turn for view in path])
    assert (np.diff(turned) * sign <= 1e-6).all()
    assert np.ptp(turned) > 8


def test_a_dolly_zoom_keeps_the_subject_as_large_while_the_world_falls_back() -> None:
    path = views(CameraKind.DOLLY_ZOOM)
    np.testing.assert_allclose(scale(path), 1, atol=1e-4)
    assert scale(path, FAR)[-1] < 0.95 * scale(path, FAR)[0]


def test_a_roll_turns_the_picture_about_its_middle() -> None:
    path = views(CameraKind.ROLL)
    assert np.ptp(seen(path, (0, 0)), axis=0).max() < 1e-3
    assert np.abs(np.ptp(seen(path, (500, 0))[:, 1])) > 20


def test_a_focus_pull_ends_sharp() -> None:
    focus = np.array([view.focus for view in views(CameraKind.FOCUS_PULL)])
    assert focus[0] > 0.95
    assert (np.diff(focus) <= 0).all()
    assert focus[-1] == 0


@pytest.mark.parametrize("kind", STEADY)
def test_a_steady_move_changes_its_step_by_less_than_an_eye_sees(kind: CameraKind) -> None:
    for place in [(0, 0), (600, 330), (-600, 0)]:
        path = seen(views(kind), place)
        change = np.diff(path, 2, axis=0)
        assert change.std() < 0.3  # px a frame a frame
        assert np.abs(change).max() < 1.0


@pytest.mark.parametrize("kind", STEADY)
def test_twice_the_amount_goes_further(kind: CameraKind) -> None:
    if kind in (CameraKind.STATIC, CameraKind.FOCUS_PULL):
        return
    less, more = (np.ptp(seen(views(kind, amount), (600, 300), FAR), axis=0).max() for amount in (0.5, 1.0))
    assert more > 1.5 * less


@pytest.mark.parametrize("kind", SHAKEN)
@pytest.mark.parametrize("seed", range(6))
def test_a_camera_in_the_hand_stays_within_reach_and_moves_smoothly(kind: CameraKind, seed: int) -> None:
    path = views(kind, seed=seed)
    reach = 60 if kind is CameraKind.SHAKE else 22
    centre = seen(path, (0, 0)) - seen([REST], (0, 0))
    assert 2 < np.abs(centre).max() < reach
    assert np.abs([view.roll for view in path]).max() < 3
    assert np.abs(np.diff(centre, axis=0)).max() < 0.5 * reach
    if kind is not CameraKind.SHAKE:
        assert np.diff(centre, 2, axis=0).std() < 1.2


def test_a_camera_in_the_hand_moves_by_seed_and_in_the_frame_s_own_measure() -> None:
    one, again, other = (views(CameraKind.HANDHELD, seed=seed) for seed in (3, 3, 4))
    assert one == again
    assert one != other
    half = views(CameraKind.HANDHELD, seed=3, size=Size(640, 360))
    np.testing.assert_allclose([v.pan * 2 for v in half], [v.pan for v in one], atol=1e-4)
    np.testing.assert_allclose([v.roll for v in half], [v.roll for v in one], atol=1e-6)


@QUICK
@given(st.floats(0, 3), st.floats(0.1, 3))
def test_a_dolly_travels_all_the_way_and_is_at_rest_at_both_ends(start: float, length: float) -> None:
    way = travel(TIMES, Seconds(start), Seconds(start + length))
    assert way[0] == pytest.approx(0, abs=1e-6)
    assert way[-1] == pytest.approx(1 if start + length <= 5.9 else way[-1], abs=1e-5)
    assert (np.diff(way) >= -1e-6).all()
    fine = np.linspace(start, start + length, 401, dtype=np.float32)
    pace = np.diff(travel(fine, Seconds(start), Seconds(start + length)))
    assert max(pace[0], pace[-1]) < 0.03 * pace.max()


@QUICK
@given(st.floats(1, 4), st.floats(-300, 300), st.floats(-200, 200))
def test_twice_as_far_is_half_as_large(depth: float, x: float, y: float) -> None:
    one, two = (seen([REST], (x, y), d)[0] - seen([REST], (0, 0), d)[0] for d in (depth, 2 * depth))
    np.testing.assert_allclose(one, 2 * two, atol=1e-2)
