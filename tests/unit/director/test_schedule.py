from __future__ import annotations

from collections.abc import Callable

import pytest

from muybridge.domain.storyboard import Beat, Storyboard

Written = Callable[[str], list[Beat]]


def test_the_documented_request_is_timed_as_a_director_would(written: Written) -> None:
    run, smile, wink = written("A girl runs toward the camera and winks with a smile.")
    assert (run.start, run.end) == (0.0, 3.3)
    assert run.end - 1.0 < smile.start < run.end
    assert smile.end == 6.0
    assert wink.start == pytest.approx(4.2, abs=0.3)
    assert wink.end - wink.start == pytest.approx(0.89, abs=0.01)


def test_a_time_that_was_said_is_kept(written: Written) -> None:
    starts = {
        beat.action.value: beat.start for beat in written("At 1 second she nods; at 4.5 seconds she winks.")
    }
    assert starts == {"nod": 1.0, "wink": 4.5}


def test_times_said_out_of_order_are_put_in_order(written: Written) -> None:
    assert [beat.action.value for beat in written("第4秒点头，第1秒抛媚眼")] == ["wink", "nod"]


def test_a_time_after_the_end_is_drawn_in_and_said_so(board: Callable[..., Storyboard]) -> None:
    planned = board("at 9 seconds she winks")
    (wink,) = (beat for beat in planned.beats if beat.words)
    assert wink.end <= 6.0
    assert any("after the video's end" in note for note in planned.notes)


def test_the_end_is_the_end(written: Written) -> None:
    *_, wink = written("She nods and at the end she winks")
    assert wink.end > 5.0


def test_throughout_is_the_whole_time(written: Written) -> None:
    smile = written("全程微笑，第3秒点头")[0]
    assert (smile.start, smile.end) == (0.2, 6.0)


def test_a_length_that_was_said_is_kept(written: Written) -> None:
    (smile,) = written("She smiles for 2 seconds")
    assert smile.end - smile.start == pytest.approx(2.0, abs=0.01)


def test_many_things_shrink_until_they_fit(written: Written, board: Callable[..., Storyboard]) -> None:
    prompt = "She nods, winks, turns her head left, blinks, shakes her head, and smiles."
    beats = written(prompt)
    assert [beat.action.value for beat in beats] == ["nod", "wink", "turn", "blink", "shake", "smile"]
    assert all(beat.end <= 6.0 for beat in beats)
    assert not any("no time left" in note for note in board(prompt).notes)


def test_what_does_not_fit_is_named(board: Callable[..., Storyboard]) -> None:
    prompt = (
        "she nods then shakes her head then tilts her head then turns left then nods then looks up then bows "
        * 3
    )
    planned = board(prompt)
    assert any("no time left for" in note for note in planned.notes)
    assert all(beat.end <= 6.0 for beat in planned.beats)


def test_too_many_repeats_are_as_many_as_fit_and_said_so(board: Callable[..., Storyboard]) -> None:
    planned = board("nods 18 times")
    (nod,) = (beat for beat in planned.beats if beat.words)
    assert 8 <= nod.repeats < 18
    assert (nod.end - nod.start) / nod.repeats > 0.4
    assert any("as often as fits" in note for note in planned.notes)


def test_a_turned_head_stays_and_comes_back_for_the_camera(written: Written) -> None:
    turn, gaze = written("She turns her head left and then looks at the camera")
    assert turn.end == pytest.approx(gaze.start, abs=0.01)


def test_a_feeling_goes_on_and_a_gesture_does_not(written: Written) -> None:
    beats = {beat.action.value: beat for beat in written("她皱眉，挥手")}
    assert beats["frown"].end == 6.0
    assert beats["wave"].end < 6.0
