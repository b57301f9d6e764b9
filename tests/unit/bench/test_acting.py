"""The bench of acts: its tables' maths, and that every action and control has its expectation."""

from __future__ import annotations

import numpy as np
import pytest

import acting
from acting import Row
from judge import acts
from judge.acts import Found, fall, rise, swing
from judge.gauges import Gauged
from judge.playing import RAMP, REST, Solo
from muybridge.domain.storyboard import Action
from muybridge.puppet.rig.controls import LIMITS, Pose

SERIES = np.array([1.0, 1.2, 0.8, 1.0, 1.6, 0.4, 1.0])


@pytest.mark.parametrize(
    ("expected", "change"), [(rise("y", 0), 0.6), (fall("y", 0), 0.6), (swing("y", 0), 1.2)]
)
def test_a_change_is_counted_from_the_mean_of_the_frames_before_the_beat(expected, change) -> None:
    assert expected.change(SERIES, 3) == pytest.approx(change)


def test_frames_in_which_nothing_was_measured_are_left_out() -> None:
    holes = SERIES.copy()
    holes[[1, 4]] = np.nan
    assert rise("y", 0).change(holes, 3) == pytest.approx(0.1)
    assert Found(rise("y", 0), rise("y", 0).change(np.full(7, np.nan), 3)).met is None


def test_a_change_is_enough_from_its_threshold_on() -> None:
    assert Found(rise("y", 0.5), 0.5).met is True
    assert Found(rise("y", 0.5), 0.49).met is False


def test_every_action_has_to_change_something_on_a_face() -> None:
    assert not [action for action in Action if not acts.expected(action, face=True)]


def test_every_control_has_to_change_something_on_any_subject() -> None:
    assert not [control for control in LIMITS for face in (True, False) if not acts.expected(control, face)]


def test_what_only_a_face_shows_is_not_asked_of_a_subject_without_one() -> None:
    faces_own = {"right eye", "left eye", "pupils", "mouth", "lips", "brows", "x", "y", "roll"}
    asked = {e.measure for act in (*Action, *LIMITS) for e in acts.expected(act, face=False)}
    assert not asked & faces_own


def test_what_was_to_stay_and_went_is_named() -> None:
    went = {"right eye": np.array([1.0, 1.0, 1.0, 0.2]), "left eye": np.ones(4)}
    assert acts.unmoved(Action.WINK, went, 3) == ["right eye 0.80"]
    assert acts.unmoved(Action.WINK, {"right eye": np.ones(4)}, 3) == []


@pytest.mark.parametrize("control", sorted(LIMITS))
def test_a_control_alone_rests_first_reaches_a_limit_and_moves_nothing_else(control: str) -> None:
    alone = Solo(control)
    values = [getattr(alone.pose(n), control) for n in range(len(alone))]
    resting = getattr(Pose(), control)
    assert values[:REST] == [resting] * REST
    reached = max(abs(v - resting) for v in values)
    assert reached > 0.9 * max(abs(limit - resting) for limit in LIMITS[control])
    assert len(alone) == 4 * RAMP
    for n in range(len(alone)):
        pose = alone.pose(n)
        assert pose == pose.bounded()
        assert {f: getattr(pose, f) for f in LIMITS if f != control} == {
            f: getattr(Pose(), f) for f in LIMITS if f != control
        }


def gauged(likeness: list[float], spikes: int = 0, border: str = "") -> Gauged:
    return Gauged({}, np.array(likeness), spikes, border, 0.1, 0.0)


def test_a_row_is_clean_where_all_happened_and_nothing_else_did() -> None:
    assert Row("nod", [Found(rise("y", 0.1), 0.2)], [], gauged([0.9, 0.7, 0.95])).faults == []


def test_each_fault_of_a_row_is_named() -> None:
    row = Row("nod", [Found(rise("y", 0.1), 0.05)], ["lips 7.00"], gauged([0.9, 0.5], 2, "left 0.40"))
    assert row.faults == [
        "too little: y rise 0.05/0.1",
        "did not stay: lips 7.00",
        "likeness",
        "border left 0.40",
        "2 spikes",
    ]


def test_likeness_is_the_median_and_the_minimum_and_perfect_without_a_face() -> None:
    assert Row("nod", gauged=gauged([0.7, 0.9, 0.8])).likeness == pytest.approx((0.8, 0.7))
    assert Row("nod", gauged=gauged([])).likeness == (1.0, 1.0)


def test_the_quick_form_names_acts_and_subjects_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["acting.py", "--quick"])
    given = acting.asked()
    assert set(given.act) <= set(Action)
    assert given.subject == list(acting.QUICK_SUBJECTS)


def test_an_act_there_is_not_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr("sys.argv", ["acting.py", "--act", "fly"])
    with pytest.raises(SystemExit):
        acting.asked()
    assert "'fly' is none of" in capsys.readouterr().err
