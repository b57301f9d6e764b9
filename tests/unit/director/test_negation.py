from __future__ import annotations

from collections.abc import Callable

import pytest

from muybridge.director import plan
from planned import PORTRAIT

Acts = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("prompt", "left"),
    [
        ("She doesn't smile but nods", ["nod"]),
        ("Don't smile and nod. Wink.", ["wink"]),
        ("She doesn't smile and winks", ["wink"]),
        ("without smiling, blinking or nodding, he winks", ["wink"]),
        ("He never stops nodding", ["nod"]),
        ("No smile. A nod.", ["nod"]),
        ("Nobody nods", []),
        ("She isn't smiling", []),
        ("not only smiles but also winks", ["smile", "wink"]),
        ("She can't help smiling", ["smile"]),
        ("There is no wind and she smiles", ["smile"]),
        ("不要微笑和点头，眨左眼", ["wink left"]),
        ("不笑也不点头", []),
        ("没有微笑地点头", ["nod"]),
        ("不要眨眼、微笑、点头", []),
        ("不要微笑，点头", ["nod"]),
        ("别忘了微笑", ["smile"]),
        ("她忍不住笑了", ["smile"]),
        ("没有停止微笑", ["smile"]),
        ("她没有跳伞只是微笑", ["smile"]),
    ],
)
def test_a_negation_reaches_what_it_is_about_and_no_further(prompt: str, left: list[str], acts: Acts) -> None:
    assert acts(prompt) == left


@pytest.mark.parametrize(
    "prompt", ["She nods. Don't blink.", "她点头，不要眨眼", "unblinking stare", "目不转睛"]
)
def test_a_refused_blink_is_not_added_as_life_either(prompt: str) -> None:
    for seed in range(5):
        assert all(beat.action != "blink" for beat in plan(prompt, PORTRAIT, seed=seed).beats)


@pytest.mark.parametrize(
    "prompt", ["static camera", "no zoom, no push in", "don't push in", "固定镜头", "镜头不要动", "不要推近"]
)
def test_a_refused_push_in_is_not_added_by_the_director(prompt: str) -> None:
    assert all(move.kind != "push_in" for move in plan(prompt, PORTRAIT).camera)


def test_a_refused_smile_is_not_the_closing_one() -> None:
    assert all(beat.action != "smile" for beat in plan("don't smile", PORTRAIT).beats)


def test_what_is_asked_for_and_refused_is_refused_and_said_so() -> None:
    board = plan("She smiles. She does not smile.", PORTRAIT)
    assert all(beat.action != "smile" for beat in board.beats)
    assert any("both asked for and refused" in note for note in board.notes)


@pytest.mark.parametrize(
    "prompt", ["She smiles, then stops smiling and nods", "她先微笑，然后收起笑容，点头"]
)
def test_a_smile_that_is_stopped_ends_where_it_says(prompt: str) -> None:
    beats = {beat.action.value: beat for beat in plan(prompt, PORTRAIT).beats if beat.words}
    assert beats["smile"].end < beats["nod"].start + 0.6


@pytest.mark.parametrize("prompt", ["At first she doesn't smile, then she smiles", "一开始没有笑，然后笑了"])
def test_what_is_refused_at_first_may_come_later(prompt: str, acts: Acts) -> None:
    assert acts(prompt) == ["smile"]


def test_a_negation_nobody_can_follow_is_listed() -> None:
    assert plan("she doesn't somersault", PORTRAIT).unheard == ("doesn't somersault",)
