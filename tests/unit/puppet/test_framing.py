"""Where the subject stands, and that no edge at which the photo cut it ever comes into the frame.

The border guard is proved by loud paint: every pixel at which a sprite ends because the photo did
is painted in a colour that nothing else has, and looked for in the frames.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from faces import Array, Person, portrait, seen
from muybridge.domain.storyboard import Action, CameraKind, Direction, ShotSize, Storyboard
from muybridge.puppet.framing import Framing, Wanted, frame_subject, joined, picture_to_frame
from muybridge.puppet.portrait import Portrait
from muybridge.puppet.rig.controls import Pose
from muybridge.units import FrameRate, Size
from takes import TINY, beat, board, loud, make_edges_loud, move, still, take

QUICK = settings(max_examples=10, deadline=None)
WIDE = Size(1280, 720)
HER = Person(240, 240, (119.5, 92), 40)
people = st.builds(
    lambda width, height, x, y, size, shoulders, foot: Person(
        width, height, (x * width, y * height), size * min(width, height), shoulders=shoulders, foot=foot
    ),
    st.integers(100, 220),
    st.integers(100, 220),
    st.floats(0.25, 0.75),
    st.floats(0.15, 0.6),
    st.floats(0.09, 0.28),
    st.floats(1.7, 3.6),
    st.sampled_from([5.5, 99.0]),
)
CAMERAS = [kind for kind in CameraKind if kind is not CameraKind.STATIC]
GOING = [Action.RUN_CLOSER, Action.WALK_CLOSER, Action.STEP_BACK]
MOVING = [*GOING, Action.DANCE, Action.JUMP, Action.BOW, Action.LEAN, Action.TURN, Action.TILT, Action.NOD]


def before_grey(person: Person, face: bool = True) -> Portrait:
    who = portrait(person, face)
    return replace(who, plate=np.full_like(who.plate, 128))


def worst(person: Person, plan: Storyboard, size: Size = TINY) -> int:
    """The most loud pixels in any frame of a run: how much of a cut edge is ever seen."""
    acting = take(before_grey(person), plan, size, FrameRate(4))
    if not make_edges_loud(acting):
        return 0
    return max(loud(acting.draw(i)) for i in range(len(acting)))


def at_depth(framing: Framing, place: tuple[float, float], depth: float, size: Size = WIDE) -> Array:
    """Where a place of the picture is seen with the subject at a depth and the camera at rest."""
    at = picture_to_frame(framing) @ np.array([*place, 1])
    centre = np.array([size.width, size.height]) / 2
    return np.asarray(centre + (at - centre) / depth)


@QUICK
@given(people)
@example(HER)
@example(Person(200, 140, (100, 60), 30))  # cut at the hair and low on the chest
@example(Person(140, 220, (50, 60), 34, shoulders=3.4))  # cut at one side more than at the other
def test_no_cut_edge_is_seen_of_a_subject_that_hardly_moves(person: Person) -> None:
    assert worst(person, board(seconds=1)) <= 2


@pytest.mark.parametrize("action", GOING)
@QUICK
@given(person=people)
def test_no_cut_edge_is_seen_of_a_subject_that_comes_or_goes(person: Person, action: Action) -> None:
    assert worst(person, board(beat(action, 0.2, 1.6), seconds=2)) <= 2


@pytest.mark.parametrize("action", MOVING)
@pytest.mark.parametrize(
    "person",
    [Person(220, 160, (110, 70), 36, shoulders=3.2), Person(150, 220, (75, 80), 30, shoulders=3)],
    ids=["wide", "tall"],
)
def test_no_cut_edge_is_seen_whatever_the_subject_does(person: Person, action: Action) -> None:
    plan = board(beat(action, 0.2, 1.6, Direction.LEFT), seconds=2)
    assert worst(person, plan) <= 2


@pytest.mark.parametrize("kind", CAMERAS)
def test_no_cut_edge_is_seen_whatever_the_camera_does(kind: CameraKind) -> None:
    assert worst(HER, board(move(kind, 0.1, 1.9), seconds=2)) <= 2


@pytest.mark.parametrize("size", [Size(192, 108), Size(108, 192), Size(140, 140)])
@pytest.mark.parametrize("shot", sorted(ShotSize))
def test_no_cut_edge_is_seen_in_any_shot_and_shape_of_frame(shot: ShotSize, size: Size) -> None:
    assert worst(HER, replace(board(beat(Action.NOD, 0.2, 1.0)), shot=shot), size) <= 2


class _Asleep:
    """A guard that lets everything pass."""

    def kept(self, to_frame: Array, moved: Array) -> Array:
        del moved
        return to_frame


def test_without_the_guard_and_too_far_off_the_loud_paint_is_seen() -> None:
    acting = take(before_grey(HER), board(), TINY)
    assert make_edges_loud(acting)
    assert loud(acting.draw(0)) == 0
    acting._framing = replace(acting._framing, far=4.0, close=4.0)
    assert loud(acting.draw(0)) == 0
    acting._guard = _Asleep()  # type: ignore[assignment]  # stands in
    assert loud(acting.draw(0)) > 20


@QUICK
@given(people)
def test_a_whole_face_stands_in_the_middle(person: Person) -> None:
    assume(person.at[1] + 2.2 * person.iod < person.height)
    framing = frame_subject(portrait(person), WIDE, Wanted())
    eyes = at_depth(framing, person.at, framing.close)
    assert eyes[0] == pytest.approx(WIDE.width / 2, abs=WIDE.width * 0.05)
    assert 0.15 * WIDE.height < eyes[1] < 0.6 * WIDE.height
    mouth = at_depth(framing, tuple(person.points[14, :2]), framing.close)
    assert mouth[1] < WIDE.height


@QUICK
@given(people)
def test_an_approach_begins_no_nearer_than_it_ends(person: Person) -> None:
    framing = frame_subject(portrait(person), WIDE, Wanted(approaches=True))
    assert framing.far >= framing.close >= 0.5


def test_a_close_up_is_larger_and_a_wide_shot_smaller() -> None:
    who = portrait(Person(240, 300, (119.5, 70), 24))
    close, auto, wide = (
        frame_subject(who, WIDE, Wanted(shot=shot)).close
        for shot in (ShotSize.CLOSE_UP, ShotSize.AUTO, ShotSize.WIDE)
    )
    assert close < auto < wide


def test_a_camera_that_will_come_closer_starts_farther_off() -> None:
    who = portrait(Person(240, 300, (119.5, 70), 24))
    assert frame_subject(who, WIDE, Wanted(grows=1.2)).close > frame_subject(who, WIDE, Wanted()).close


def test_a_whole_figure_stands_whole_on_the_ground() -> None:
    person = Person(240, 240, (119.5, 80), 20, shoulders=2, foot=6)
    figure = portrait(person, face=False)
    framing = frame_subject(figure, WIDE, Wanted())
    rows = np.flatnonzero((figure.matte > 0.5).any(1))
    top, foot = (at_depth(framing, (119.5, float(y)), framing.close) for y in (rows[0], rows[-1]))
    assert 0 < top[1] < foot[1] < WIDE.height
    assert foot[1] - top[1] > 0.5 * WIDE.height
    assert framing.far > framing.close


@pytest.mark.parametrize("approaches", [False, True])
def test_a_cut_figure_fills_the_frame_with_its_picture(approaches: bool) -> None:
    figure = portrait(HER, face=False)
    framing = frame_subject(figure, WIDE, Wanted(approaches=approaches))
    for depth in (framing.far, framing.close):
        left, top = at_depth(framing, (0, 0), depth)
        right, bottom = at_depth(framing, (239, 239), depth)
        assert left <= 0
        assert top <= 0
        assert right >= WIDE.width
        assert bottom >= WIDE.height


def test_a_speck_of_a_figure_is_framed_without_a_fault() -> None:
    matte = np.zeros((60, 80), np.float32)
    matte[30, 40] = 1
    flat = np.zeros((60, 80, 3), np.uint8)
    assert np.isfinite(frame_subject(seen(flat, flat, matte, flat), WIDE, Wanted()).closest)


def test_a_bob_and_a_tip_turn_the_subject_as_a_whole() -> None:
    acting = take(before_grey(Person(200, 220, (99.5, 60), 22)), board(), TINY)
    rest, up, side = (
        np.argwhere(np.abs(still(acting, pose).astype(int) - 128).max(-1) > 30).mean(0)
        for pose in (Pose(), Pose(bob=0.3), Pose(sway=0.3))
    )
    assert up[0] < rest[0] - 0.5
    assert side[1] > rest[1] + 0.5


@QUICK
@given(st.lists(st.floats(-3, 3), min_size=12, max_size=12))
def test_joined_moves_are_made_one_after_the_other(numbers: list[float]) -> None:
    first, second = (np.array(part, np.float32).reshape(2, 3) for part in (numbers[:6], numbers[6:]))
    place = np.array([3.0, -2.0, 1.0])
    wanted = second @ np.append(first @ place, 1)
    np.testing.assert_allclose(joined(second, first) @ place, wanted, atol=1e-3)


def test_the_whole_picture_is_only_enlarged_never_bent() -> None:
    framing = frame_subject(portrait(HER), WIDE, Wanted())
    matrix = picture_to_frame(framing)
    assert matrix[0, 0] == matrix[1, 1] == np.float32(framing.closest)
    assert cv2.invertAffineTransform(matrix) @ np.append(framing.stand, 1) == pytest.approx(
        framing.anchor, abs=1e-2
    )
