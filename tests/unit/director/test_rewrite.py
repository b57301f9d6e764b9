from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.director import plan
from muybridge.domain.storyboard import Storyboard
from planned import PORTRAIT

PROMPTS = [
    prompt["text"]
    for file in sorted((Path(__file__).parents[3] / "bench" / "prompts").glob("*.toml"))
    for prompt in tomllib.loads(file.read_text(encoding="utf-8"))["prompt"]
]


def actions(board: Storyboard) -> Counter[str]:
    return Counter(beat.action.value for beat in board.beats if beat.words)


def test_the_optimizer_tells_what_it_added_in_the_prompts_language() -> None:
    assert plan("She waves.", PORTRAIT).rewritten == (
        "She waves. The character looks at the camera and smiles slightly at the end. "
        "The camera slowly pushes in."
    )
    assert plan("她挥手", PORTRAIT).rewritten == "她挥手。人物看着镜头，最后微微一笑。镜头缓缓推近。"


def test_without_the_optimizer_nothing_is_rewritten() -> None:
    assert plan("She waves.", PORTRAIT, optimize=False).rewritten == ""


@pytest.mark.parametrize("prompt", PROMPTS[::7])
def test_the_rewritten_prompt_asks_for_everything_the_first_one_did(prompt: str) -> None:
    board = plan(prompt, PORTRAIT)
    again = plan(board.rewritten or prompt, PORTRAIT, optimize=False)
    assert not actions(board) - actions(again)
    assert {move.kind for move in board.camera} <= {move.kind for move in again.camera}
    assert again.unheard == board.unheard


@pytest.mark.parametrize(
    "prompt",
    ["She waves without smiling.", "她挥手，不要微笑。", "She gives a solemn nod.", "她严肃地点头。",
     "Film noir. She nods."],
)  # fmt: skip
def test_nobody_smiles_unasked_where_the_words_or_the_tone_are_against_it(prompt: str) -> None:
    assert not any(beat.action == "smile" for beat in plan(prompt, PORTRAIT).beats)


def test_light_that_suits_the_mood_is_added_only_where_nothing_was_said_of_light() -> None:
    assert plan("She laughs.", PORTRAIT).look.light == ("warm",)
    assert plan("She cries.", PORTRAIT).look.light == ("cool",)
    assert plan("She laughs at night.", PORTRAIT).look.light == ()
    assert plan("She laughs. No warm light.", PORTRAIT).look.light == ()


@given(st.sampled_from(PROMPTS), st.integers(0, 2**63 - 1))
def test_the_same_seed_adds_the_same(prompt: str, seed: int) -> None:
    assert plan(prompt, PORTRAIT, seed=seed) == plan(prompt, PORTRAIT, seed=seed)


@pytest.mark.parametrize("duration", [1.0, 2.5, 3.0, 10.0])
@pytest.mark.parametrize("prompt", PROMPTS[::17])
def test_every_length_holds_its_beats(prompt: str, duration: float) -> None:
    board = plan(prompt, PORTRAIT, duration=duration)  # type: ignore[arg-type]
    assert board.duration == duration
    assert all(beat.end <= duration for beat in board.beats)
    assert all(move.end <= duration for move in board.camera)
