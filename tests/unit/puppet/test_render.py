"""Takes as a whole: any frame alone, on any number of threads, the same for the same seed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from characters import animal, robot
from faces import SKIN, Array, Person, ground, portrait, seen
from muybridge.domain.storyboard import Action, CameraKind, Direction
from muybridge.puppet import render
from muybridge.puppet.acting.performance import ACTS
from muybridge.puppet.portrait import Portrait
from muybridge.puppet.render import Take
from muybridge.puppet.rig.controls import LIMITS, Pose
from muybridge.units import FrameRate, Size
from takes import TINY, beat, board, move, still, take

QUICK = settings(max_examples=12, deadline=None)
HER = Person()
SMALL_HER = Person(150, 150, (74.5, 56), 24)
LIVELY = board(
    beat(Action.RUN_CLOSER, 0.0, 0.7), beat(Action.SMILE, 0.2, 1.0), move(CameraKind.HANDHELD, 0.0, 1.0)
)
TESTS = Path(__file__).parents[2]


def hashes(frames: list[Array]) -> list[str]:
    return [hashlib.sha256(frame.tobytes()).hexdigest() for frame in frames]


def figure(kind: str) -> Portrait:
    """A character without a face that acts, cut out of its ground."""
    drawing = {"animal": animal, "robot": robot}[kind](140, 140)
    return seen(drawing.rgb, drawing.rgb, drawing.cover, ground(140, 140))


def transparent() -> Portrait:
    """A person whose picture is empty around her, even at its edges."""
    small = portrait(Person(240, 300, (119.5, 90), 24, shoulders=2.0, foot=6.0))
    return replace(small, plate=np.full_like(small.plate, 200))


@pytest.fixture(scope="module")
def lively() -> Take:
    return take(portrait(HER), LIVELY)


@pytest.fixture(scope="module")
def in_sequence(lively: Take) -> list[Array]:
    return list(lively.frames(threads=1))


def test_a_take_has_as_many_frames_as_its_time_and_each_is_a_picture(in_sequence: list[Array]) -> None:
    assert len(in_sequence) == 10
    for frame in in_sequence:
        assert frame.shape == (180, 320, 3)
        assert frame.dtype == np.uint8
        assert frame.std() > 10


def test_any_frame_alone_is_the_same_as_in_sequence(in_sequence: list[Array]) -> None:
    fresh = take(portrait(HER), LIVELY)
    for i in (7, 2, 9, 0, 4):
        assert (fresh.draw(i) == in_sequence[i]).all()


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_frames_do_not_depend_on_how_many_threads_draw_them(
    in_sequence: list[Array], lively: Take, threads: int
) -> None:
    assert hashes(list(lively.frames(threads=threads))) == hashes(in_sequence)


def test_the_same_seed_gives_the_same_frames_in_another_process(in_sequence: list[Array]) -> None:
    script = (
        "import sys, hashlib; sys.path[:0] = sys.argv[1:]\n"
        "from test_render import HER, LIVELY, hashes; from faces import portrait; from takes import take\n"
        "print('\\n'.join(hashes(list(take(portrait(HER), LIVELY).frames(threads=2)))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(TESTS), str(Path(__file__).parent)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == hashes(in_sequence)


def test_another_seed_gives_other_frames(in_sequence: list[Array]) -> None:
    other = list(take(portrait(HER), LIVELY, seed=2).frames())
    assert not set(hashes(other)) & set(hashes(in_sequence))


def test_no_two_frames_of_a_take_without_beats_are_alike() -> None:
    idle = list(take(portrait(HER), board(seconds=1.5)).frames())
    assert all((a != b).any() for a, b in pairwise(idle))
    # and what moves is more than grain
    smooth = [cv2.GaussianBlur(frame, (0, 0), 3).astype(int) for frame in (idle[0], idle[-1])]
    assert np.abs(smooth[0] - smooth[1]).max() > 8  # so does not this


def test_frames_may_be_left_early_and_nothing_goes_on_behind() -> None:
    long = take(portrait(HER), board(seconds=20))
    before = cv2.getNumThreads()
    frames = long.frames(threads=2)
    next(frames)
    started = time.perf_counter()
    frames.close()
    assert time.perf_counter() - started < 5
    assert cv2.getNumThreads() == before
    assert not [t for t in threading.enumerate() if t.name.startswith("draw") and t.is_alive()]


def test_an_error_while_drawing_comes_out_and_ends_the_take() -> None:
    def fail(frame: Array) -> Array:
        raise RuntimeError("no room")

    with pytest.raises(RuntimeError, match="no room"):
        list(take(portrait(HER)).frames(finish=fail))


def test_every_frame_is_finished_once_in_order_in_the_drawing_threads(in_sequence: list[Array]) -> None:
    names = []

    def finish(frame: Array) -> Array:
        names.append(threading.current_thread().name)
        return np.asarray(frame[::-1])

    turned = list(take(portrait(HER), LIVELY).frames(finish=finish, threads=2))
    assert all((a == b[::-1]).all() for a, b in zip(turned, in_sequence, strict=True))
    assert len(names) == 10
    assert all(name.startswith("draw") for name in names)


@pytest.mark.parametrize("size", [Size(1280, 720), Size(720, 1280), Size(768, 768)])
def test_every_shape_of_frame_shows_the_face(size: Size) -> None:
    frame = take(portrait(SMALL_HER), size=size, rate=FrameRate(1)).draw(0)
    assert frame.shape == (size.height, size.width, 3)
    skin = (np.abs(frame.astype(int) - SKIN).max(-1) < 25).mean()
    assert skin > 0.03


def test_every_control_at_its_limit_can_be_drawn(lively: Take) -> None:
    frames = {(n, end): still(lively, Pose(**{n: end})) for n, ends in LIMITS.items() for end in ends}
    assert {pose for pose, frame in frames.items() if frame.std() < 10} == set()


@pytest.fixture(scope="module")
def everybody() -> list[Take]:
    return [take(portrait(SMALL_HER), size=TINY), take(figure("animal"), size=TINY)]


@QUICK
@given(controls=st.fixed_dictionaries({name: st.floats(*ends) for name, ends in LIMITS.items()}))
def test_every_pose_within_the_limits_can_be_drawn(everybody: list[Take], controls: dict[str, float]) -> None:
    for one in everybody:
        assert still(one, Pose(**controls)).std() > 5


@pytest.mark.parametrize("name", ["smile", "jaw", "lid_left", "yaw", "roll", "breath", "bob", "sway", "tip"])
def test_a_control_shows_in_the_frame(lively: Take, name: str) -> None:
    rest, moved = (still(lively, Pose(**{name: value})).astype(int) for value in (0.0, LIMITS[name][1]))
    assert (np.abs(rest - moved).max(-1) > 12).sum() > 12


OF_FIGURES = [
    Action.BREATHE,
    Action.DANCE,
    Action.JUMP,
    Action.NOD,
    Action.RUN_CLOSER,
    Action.SMILE,
    Action.WAVE,
]
ACTING = [(SMALL_HER, action) for action in sorted(ACTS)] + [("robot", action) for action in OF_FIGURES]


@pytest.mark.parametrize(("who", "action"), ACTING, ids=[f"{who}-{action}"[-24:] for who, action in ACTING])
def test_every_action_renders(who: Person | str, action: Action) -> None:
    seen_as = portrait(who) if isinstance(who, Person) else figure(who)
    short = take(seen_as, board(beat(action, 0.1, 0.9, Direction.LEFT)), TINY, FrameRate(2))
    assert all(short.draw(i).shape == (108, 192, 3) for i in range(len(short)))
    assert all(note.endswith(".") for note in short.notes)


@pytest.mark.parametrize("kind", sorted(CameraKind))
def test_every_camera_move_renders(kind: CameraKind) -> None:
    short = take(portrait(SMALL_HER), board(move(kind, 0, 1)), TINY, FrameRate(2))
    assert all(short.draw(i).std() > 10 for i in range(2))


@pytest.mark.parametrize("kind", ["animal", "robot"])
def test_a_figure_without_a_face_acts(kind: str) -> None:
    nod = take(figure(kind), board(beat(Action.NOD, 0.1, 0.9)))
    frames = [cv2.GaussianBlur(nod.draw(i), (0, 0), 1.5).astype(int) for i in (0, 5)]
    assert (np.abs(frames[0] - frames[1]).max(-1) > 20).sum() > 60


def test_a_subject_with_nothing_around_it_stands_before_the_plate() -> None:
    frame = take(transparent()).draw(0)
    corners = np.stack([frame[:9, :9], frame[:9, -9:]]).reshape(-1, 3).astype(int)
    assert np.ptp(corners.mean(0)) < 8  # the plain plate, not a margin's colour
    assert (np.abs(frame.astype(int) - SKIN).max(-1) < 25).mean() > 0.01


def test_who_comes_closer_grows() -> None:
    run = take(portrait(Person(240, 240, (119.5, 60), 24)), board(beat(Action.RUN_CLOSER, 0, 0.9)))
    skin = [int((np.abs(run.draw(i).astype(int) - SKIN).max(-1) < 25).sum()) for i in (0, 9)]
    assert skin[1] > 1.2 * skin[0]


def test_a_smile_and_a_wink_leave_the_background_alone(lively: Take) -> None:
    rest, acted = (
        still(lively, pose).astype(int) for pose in (Pose(), Pose(smile=1, lid_left=1, wink_left=1))
    )
    changed = (rest != acted).any(-1)
    assert changed.any()
    for corner in (np.s_[:70, :80], np.s_[:70, -80:]):
        assert not changed[corner].any()


def test_a_picture_in_which_nothing_is_covered_shows_its_plate() -> None:
    plain = portrait(SMALL_HER, face=False)
    frame = take(replace(plain, matte=np.zeros_like(plain.matte)), size=TINY).draw(0)
    assert frame.std() > 3


def test_a_take_of_one_frame_is_a_take() -> None:
    assert len(list(take(portrait(HER), board(seconds=0.1)).frames())) == 1


FAR_OUT = {
    "tilted and leant": Pose(roll=8, lean=0.25, hair_x=0.12),
    "tilted the other way": Pose(roll=-8, lean=-0.25, hair_x=-0.12, yaw=-13),
    "head back": Pose(pitch=9, hunch=1.5, shoulders=0.16),
    "head down": Pose(pitch=-9, breath=1, bob=0.6, tip=5),
}


@pytest.mark.parametrize("pose", FAR_OUT.values(), ids=FAR_OUT)
def test_the_part_of_the_frame_that_is_drawn_holds_all_of_the_subject(
    monkeypatch: pytest.MonkeyPatch, pose: Pose
) -> None:
    whole = take(portrait(Person(240, 300, (119.5, 90), 30, shoulders=1.0, foot=6)))
    drawn = still(whole, pose)
    monkeypatch.setattr(render, "covered", lambda *_: (0, 0, 320, 180))
    assert (still(whole, pose) == drawn).all()
