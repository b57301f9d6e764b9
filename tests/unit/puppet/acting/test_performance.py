"""From beats to poses: signs, counts, limits, rest, and the life in a storyboard without beats."""

from __future__ import annotations

from dataclasses import fields
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faces import Array
from muybridge.domain.storyboard import Action, Beat, Direction, Storyboard
from muybridge.puppet.acting.cast import EVERYBODY, Cast
from muybridge.puppet.acting.performance import ACTS, Performance
from muybridge.puppet.rig.anatomy import Side
from muybridge.puppet.rig.controls import LIMITS, Pose
from muybridge.units import FrameRate, Seconds

QUICK = settings(max_examples=15, deadline=None)
RATE = FrameRate(25)
SIX = Seconds(6.0)
CONTROLS = tuple(LIMITS)
PLACED = ("near", "loom")
GAITS = {Action.RUN_CLOSER, Action.WALK_CLOSER, Action.STEP_BACK, Action.WALK, Action.RUN}
SIDED = {Action.WINK, Action.TURN, Action.TILT, Action.GAZE, Action.LEAN}
beats = st.builds(
    lambda action, start, length, direction, intensity, repeats, text: Beat(
        action, Seconds(start), Seconds(start + length), direction, intensity, repeats, text=text
    ),
    st.sampled_from(sorted(ACTS)),
    st.floats(0, 5),
    st.floats(0.05, 6),
    st.sampled_from(Direction),
    st.floats(0.05, 1.5),
    st.integers(1, 20),
    st.sampled_from(["", "Hello there, my friend!", "你好，朋友", "mmm"]),
)


def beat(action: Action, start: float = 2.0, end: float = 4.0, **more: object) -> Beat:
    return Beat(action, Seconds(start), Seconds(end), **more)  # type: ignore[arg-type]  # one test's own words


def acted(*parts: Beat, seed: int = 1, cast: Cast = EVERYBODY) -> dict[str, Array]:
    """Each control over time. Shapes: (150,)."""
    performance = Performance(Storyboard("", duration=SIX, beats=parts), RATE, seed, cast)
    poses = [performance.pose(i) for i in range(len(performance))]
    return {name: np.array([getattr(pose, name) for pose in poses]) for name in CONTROLS}


@cache
def idle(seed: int, cast: Cast) -> dict[str, Array]:
    """The same performance without any beats."""
    return acted(seed=seed, cast=cast)


def added(*parts: Beat, seed: int = 1, cast: Cast = EVERYBODY) -> dict[str, Array]:
    """What the beats add to the same performance without them."""
    with_beats, without = acted(*parts, seed=seed, cast=cast), idle(seed, cast)
    return {name: with_beats[name] - without[name] for name in CONTROLS}


def minima(curve: Array, depth: float) -> int:
    """How often a curve dips below a depth."""
    low = curve < depth
    return int((low[1:] & ~low[:-1]).sum() + low[0])


def test_every_action_there_is_can_be_acted() -> None:
    assert set(ACTS) == set(Action)


def test_every_control_has_a_limit_and_rests_within_it() -> None:
    assert [f.name for f in fields(Pose)] == list(LIMITS)
    assert Pose().bounded() == Pose()


@QUICK
@given(st.lists(beats, max_size=4), st.integers(0, 99), st.booleans())
def test_every_pose_is_within_the_limits(parts: list[Beat], seed: int, face: bool) -> None:
    for name, curve in acted(*parts, seed=seed, cast=Cast(face=face)).items():
        low, high = LIMITS[name]
        assert np.isfinite(curve).all()
        assert curve.min() >= low
        assert curve.max() <= high


@QUICK
@given(st.lists(beats, max_size=3), st.integers(0, 99))
def test_the_same_seed_performs_the_same(parts: list[Beat], seed: int) -> None:
    one, two = acted(*parts, seed=seed), acted(*parts, seed=seed)
    assert all((one[name] == two[name]).all() for name in CONTROLS)


def test_another_seed_performs_otherwise() -> None:
    one, two = acted(seed=1), acted(seed=2)
    assert all(np.abs(one[name] - two[name]).max() > 1e-4 for name in ("yaw", "pitch", "breath", "gaze_x"))


@pytest.mark.parametrize("seed", range(8))
def test_a_storyboard_without_beats_is_alive_but_calm(seed: int) -> None:
    idle = acted(seed=seed)
    for name in ("yaw", "pitch", "roll"):
        assert 0.1 < idle[name].std() < 1.2
        # a drift of five waves peaks at about twice its usual size
        assert np.abs(np.diff(idle[name])).max() < 0.35
    assert np.abs(idle["breath"]).max() > 0.5
    assert np.abs(idle["gaze_x"]).max() < 0.02
    for name in ("smile", "jaw", "lid_left", "lid_right", "wink_left", "tip", "shoulders"):
        assert not idle[name].any()
    moving = sum(np.abs(np.diff(idle[name])) / (LIMITS[name][1] - LIMITS[name][0]) for name in CONTROLS)
    assert moving.min() > 0  # no frame like the one before


@pytest.mark.parametrize("action", sorted(ACTS))
def test_an_act_is_seen_and_comes_from_rest(action: Action) -> None:
    direction = Direction.LEFT if action in SIDED else Direction.ANY
    changed = added(beat(action, direction=direction))
    span = {name: LIMITS[name][1] - LIMITS[name][0] for name in CONTROLS}
    assert max(np.abs(changed[name]).max() / span[name] for name in CONTROLS) > 0.15
    for name in CONTROLS:
        if name not in PLACED:  # who comes closer has been far off all the while
            early = changed[name][: round(1.55 * 25)]
            assert np.abs(early).max() < 0.02 * span[name], name


@pytest.mark.parametrize("action", sorted(set(ACTS) - GAITS))
def test_an_act_has_gone_again_some_time_after_it(action: Action) -> None:
    direction = Direction.LEFT if action in SIDED else Direction.ANY
    changed = added(beat(action, 0.6, 2.2, direction=direction))
    for name in CONTROLS:
        late = changed[name][round(5.2 * 25) :]
        assert np.abs(late).max() < 0.03 * (LIMITS[name][1] - LIMITS[name][0]), name


@pytest.mark.parametrize("action", sorted(ACTS))
def test_no_act_jumps_from_one_frame_to_the_next(action: Action) -> None:
    direction = Direction.LEFT if action in SIDED else Direction.ANY
    changed = added(beat(action, direction=direction))
    for name in CONTROLS:
        step = np.abs(np.diff(changed[name])).max() / (LIMITS[name][1] - LIMITS[name][0])
        # lids fall in a tenth of a second; nothing else is as quick
        assert step < (0.55 if name.startswith("lid_") else 0.4), name


@pytest.mark.parametrize("repeats", [1, 2, 3, 5])
def test_a_nod_goes_down_as_often_as_asked(repeats: int) -> None:
    pitch = added(beat(Action.NOD, 1.0, 1.0 + 0.8 * repeats, repeats=repeats))["pitch"]
    assert minima(pitch, 0.5 * pitch.min()) == repeats
    assert pitch.min() < -4


@pytest.mark.parametrize("repeats", [1, 2, 4])
def test_a_blink_shuts_both_eyes_as_often_as_asked(repeats: int) -> None:
    changed = acted(beat(Action.BLINK, 1.0, 1.0 + 0.4 * repeats, repeats=repeats))
    for side in ("right", "left"):
        assert minima(-changed[f"lid_{side}"], -0.5) == repeats
        assert changed[f"lid_{side}"].max() > 0.85
    assert not changed["wink_left"].any()


def test_two_blinks_at_once_are_one_blink() -> None:
    one = acted(beat(Action.BLINK, 1.0, 1.3))["lid_left"]
    two = acted(beat(Action.BLINK, 1.0, 1.3), beat(Action.BLINK, 1.0, 1.3))["lid_left"]
    assert (one == two).all()
    assert two.max() <= 1


@pytest.mark.parametrize(
    ("direction", "near_eye", "shut"),
    [
        ("left", "right", "left"),
        ("right", "left", "right"),
        ("any", "left", "left"),
        ("any", "right", "right"),
    ],
)
def test_a_wink_shuts_the_named_eye_alone_or_the_nearer_one(direction: str, near_eye: str, shut: str) -> None:
    wink = acted(beat(Action.WINK, 2.0, 2.8, direction=Direction(direction)), cast=Cast(near_eye))
    other = "right" if shut == "left" else "left"
    assert wink[f"lid_{shut}"].max() > 0.95
    assert wink[f"wink_{shut}"].max() > 0.95
    assert not wink[f"lid_{other}"].any()
    assert not wink[f"wink_{other}"].any()
    assert (wink[f"lid_{shut}"] > 0.7).sum() >= 6


@pytest.mark.parametrize(("direction", "sign"), [(Direction.LEFT, 1), (Direction.RIGHT, -1)])
def test_left_and_right_are_the_subject_s_own(direction: Direction, sign: int) -> None:
    assert (sign * added(beat(Action.TURN, direction=direction))["yaw"]).max() > 8
    assert (sign * added(beat(Action.TILT, direction=direction))["roll"]).max() > 5
    assert (sign * added(beat(Action.GAZE, direction=direction))["gaze_x"]).max() > 0.03
    assert (sign * added(beat(Action.LEAN, direction=direction))["lean"]).max() > 0.1


def test_the_eyes_lead_a_turn_of_the_head() -> None:
    turned = added(beat(Action.TURN, direction=Direction.LEFT))
    first = {n: int((turned[n] > 0.5 * turned[n].max()).argmax()) for n in ("gaze_x", "yaw")}
    assert first["gaze_x"] < first["yaw"] - 3


@pytest.mark.parametrize(("action", "sign"), [(Action.LOOK_UP, 1), (Action.LOOK_DOWN, -1)])
def test_looking_up_and_down_takes_head_and_eyes(action: Action, sign: int) -> None:
    looked = added(beat(action))
    assert (sign * looked["pitch"]).max() > 5
    assert (-sign * looked["gaze_y"]).max() > 0.015


@pytest.mark.parametrize("repeats", [1, 2, 3])
def test_a_shaken_head_goes_to_both_sides(repeats: int) -> None:
    yaw = added(beat(Action.SHAKE, 1.0, 2.0 + repeats * 0.7, repeats=repeats))["yaw"]
    assert yaw.max() > 3
    assert yaw.min() < -3
    turns = int((np.diff(np.sign(yaw[np.abs(yaw) > 0.5])) != 0).sum())
    assert turns == 2 * repeats - 1


def test_a_smile_that_lasts_to_the_end_does_not_fade() -> None:
    assert acted(beat(Action.SMILE, 3.0, 6.0))["smile"][-1] > 0.9
    assert acted(beat(Action.SMILE, 1.0, 4.0))["smile"][-1] < 0.05


@pytest.mark.parametrize("action", [Action.RUN_CLOSER, Action.WALK_CLOSER])
def test_who_comes_closer_never_goes_back_and_arrives(action: Action) -> None:
    near = acted(beat(action, 0.5, 3.5))["near"]
    assert near[0] == 0
    assert (np.diff(near) >= -1e-6).all()
    assert near[-1] == pytest.approx(1, abs=1e-3)


def test_who_steps_back_ends_far_off() -> None:
    near = acted(beat(Action.STEP_BACK, 1.0, 4.0))["near"]
    assert near[0] == 1
    assert (np.diff(near) <= 1e-6).all()
    assert near[-1] < 0.01


@pytest.mark.parametrize(("action", "steps"), [(Action.RUN_CLOSER, 2.7), (Action.WALK_CLOSER, 1.9)])
def test_steps_come_at_the_gait_s_rate(action: Action, steps: float) -> None:
    bob = added(beat(action, 0.5, 5.5))["bob"][25:125]
    spectrum = np.abs(np.fft.rfft(bob - bob.mean(), 2000))
    assert np.fft.rfftfreq(2000, 1 / 25)[spectrum.argmax()] == pytest.approx(steps, abs=0.2)


def test_a_runner_is_out_of_breath_and_a_stroller_is_not() -> None:
    deep = {a: added(beat(a, 0.5, 3.0))["breath"][75:125] for a in (Action.RUN_CLOSER, Action.WALK_CLOSER)}
    assert np.abs(deep[Action.RUN_CLOSER]).max() > 3 * np.abs(deep[Action.WALK_CLOSER]).max()


def test_hair_trails_the_head_and_comes_to_rest() -> None:
    hair = added(beat(Action.TILT, 1.0, 6.0, direction=Direction.LEFT))["hair_x"]
    assert hair[25:40].min() < -0.004  # behind, while the head goes to the picture's right
    assert hair[25:60].max() > 0.0005  # and past it, when the head has come to rest
    assert np.abs(hair[-20:]).max() < 0.0005


@pytest.mark.parametrize("text", ["Hello there, how are you today?", "今天天气很好，我们去公园吧", ""])
def test_a_line_moves_the_mouth_and_closes_it_after(text: str) -> None:
    jaw = acted(beat(Action.TALK, 1.0, 4.0, text=text))["jaw"]
    assert jaw.max() > 0.25
    spoken = jaw[25:100]
    assert minima(-spoken, -0.5 * jaw.max()) >= 3
    assert not jaw[-20:].any()


@pytest.mark.parametrize("action", [Action.WAVE, Action.CLAP, Action.RAISE_ARMS, Action.POINT, Action.SPIN])
def test_what_one_picture_cannot_show_is_named(action: Action) -> None:
    board = Storyboard("", duration=SIX, beats=(beat(action), beat(action, 4.0, 5.0)))
    notes = Performance(board, RATE, 1).notes
    assert len(notes) == 1
    assert notes[0].endswith(".")


def test_what_can_be_acted_needs_no_note() -> None:
    board = Storyboard("", duration=SIX, beats=(beat(Action.SMILE), beat(Action.NOD)))
    assert Performance(board, RATE, 1).notes == ()


@pytest.mark.parametrize("action", [Action.TURN, Action.TILT, Action.NOD, Action.SHAKE])
def test_without_a_face_the_body_acts_what_the_head_would(action: Action) -> None:
    direction = Direction.LEFT if action in SIDED else Direction.ANY
    changed = added(beat(action, direction=direction), cast=Cast(face=False))
    body = {n: np.abs(changed[n]).max() for n in ("tip", "lean", "bob", "breath")}
    assert max(body["tip"] / 5, body["lean"] / 0.25, body["bob"] / 0.6) > 0.15


LIMBER = Cast(limbs=frozenset({"arm_right", "arm_left", "leg_right", "leg_left"}))


@pytest.mark.parametrize(
    "action", [Action.WAVE, Action.CLAP, Action.RAISE_ARMS, Action.POINT, Action.DANCE, Action.JUMP]
)
def test_free_arms_act_what_was_asked_and_come_back(action: Action) -> None:
    changed = added(beat(action, 0.6, 2.2), cast=LIMBER)
    arms = [np.abs(changed[f"arm_{side}"]) for side in ("right", "left")]
    assert max(arm.max() for arm in arms) > 15
    assert max(arm[-20:].max() for arm in arms) < 0.5
    board = Storyboard("", duration=SIX, beats=(beat(action),))
    assert Performance(board, RATE, 1, LIMBER).notes == ()


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_wave_is_of_the_arm_that_was_named(side: Side) -> None:
    changed = added(beat(Action.WAVE, direction=Direction(side)), cast=LIMBER)
    other = "left" if side == "right" else "right"
    assert changed[f"arm_{side}"].max() > 60
    assert not changed[f"arm_{other}"].any()
    elbow = changed[f"elbow_{side}"][55:95]
    assert (np.diff(np.sign(elbow - elbow.mean())) != 0).sum() >= 5  # to and fro


@pytest.mark.parametrize("action", [Action.WALK, Action.RUN, Action.RUN_CLOSER, Action.WALK_CLOSER])
def test_legs_step_in_turn(action: Action) -> None:
    changed = added(beat(action, 1.0, 5.0), cast=LIMBER)
    right, left = changed["step_right"][40:110], changed["step_left"][40:110]
    assert min(right.max(), left.max()) > 0.4
    assert (np.minimum(right, left) < 0.15 * max(right.max(), left.max())).mean() > 0.9
    assert np.corrcoef(right, left)[0, 1] < -0.3


def test_where_no_limb_is_free_none_is_moved() -> None:
    everything = acted(*(beat(action) for action in ACTS))
    for limb in ("arm", "elbow", "leg", "knee", "step"):
        assert not everything[f"{limb}_left"].any()
        assert not everything[f"{limb}_right"].any()
