"""A storyboard becomes the words a video model reads."""

from __future__ import annotations

from muybridge.domain.storyboard import (
    Action,
    Beat,
    CameraKind,
    CameraMove,
    Direction,
    Look,
    Setting,
    ShotSize,
    Storyboard,
)
from muybridge.engines.diffusers.caption import _ACTS, _MOVES, NEGATIVE, caption
from muybridge.units import Seconds


def beat(action: Action, start: float, words: str = "said", **facts: object) -> Beat:
    return Beat(action, Seconds(start), Seconds(start + 1), words=words, **facts)  # type: ignore[arg-type]


def test_the_senders_words_come_first_and_whole_in_any_language() -> None:
    for prompt in ("A girl runs toward the camera.", "女孩微笑着对镜头眨眼，然后点头"):
        assert caption(Storyboard(prompt)).startswith(prompt)


def test_what_was_asked_for_follows_in_order_of_time() -> None:
    board = Storyboard(
        "p",
        beats=(
            beat(Action.WINK, 3.0, direction=Direction.LEFT),
            beat(Action.RUN_CLOSER, 0.0, direction=Direction.CAMERA),
            beat(Action.NOD, 4.0, repeats=3, intensity=0.5),
            beat(Action.TALK, 5.0, text="hello"),
        ),
        camera=(CameraMove(CameraKind.PUSH_IN, Seconds(0.0), Seconds(6.0)),),
        setting=Setting(place="beach", hour="sunset", weather="light_rain"),
        look=Look(styles=("cinematic",), light=("golden_hour",)),
        shot=ShotSize.CLOSE_UP,
    )
    assert caption(board) == (
        "p A close-up of the character from the reference picture in this place: beach, at sunset, with "
        "light rain. First the character runs towards the camera. Then the character winks with the left "
        'eye. Then the character slightly nods 3 times. Then the character talks, saying: "hello". The '
        "camera moves slowly closer. The look is cinematic, golden hour. Face, hair and clothes stay those "
        "of the reference picture; movement is natural and smooth."
    )


def test_what_the_director_added_is_not_repeated() -> None:
    board = Storyboard("p", beats=(beat(Action.BLINK, 1.0, words=""),))
    assert "blinks" not in caption(board)


def test_every_action_and_every_camera_move_has_its_words() -> None:
    assert set(_ACTS) == set(Action)
    assert set(_MOVES) == set(CameraKind)
    assert len(NEGATIVE) < 500
