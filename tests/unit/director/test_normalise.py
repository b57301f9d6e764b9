from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.director.normalise import Sort, tokens


def texts(prompt: str) -> list[str]:
    return [token.text for token in tokens(prompt)]


def test_words_numbers_han_and_signs_are_tokens_of_their_own() -> None:
    assert texts("She nods 2.5 times，点头!") == ["she", "nods", "2.5", "times", ",", "点", "头", "!"]


def test_full_width_letters_and_digits_read_as_plain_ones() -> None:
    assert texts("ＷＩＮＫ ２次") == ["wink", "2", "次"]


def test_traditional_characters_read_as_simplified_ones() -> None:
    assert texts("對著鏡頭轉頭") == list("对着镜头转头")


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\u200d", "\ufeff", "\ufe0f", "\U0001f3fd"])
def test_characters_that_nobody_sees_change_nothing(hidden: str) -> None:
    assert texts(f"wi{hidden}nk") == ["wink"]


def test_a_control_character_parts_words_and_a_new_line_ends_what_was_said() -> None:
    assert texts("wink\x00nod\nsmile") == ["wink", "nod", ";", "smile"]


def test_a_possessive_ending_is_a_word_of_its_own_and_a_contraction_is_not() -> None:
    assert texts("She's fine, he doesn’t") == ["she", "'s", "fine", ",", "he", "doesn't"]


def test_a_hyphen_inside_a_word_joins_nothing() -> None:
    assert texts("run-down push-in") == ["run", "down", "push", "in"]


def test_letters_of_other_scripts_are_kept_for_the_unheard() -> None:
    assert [token.sort for token in tokens("привет")] == [Sort.OTHER]


@given(st.text(max_size=300))
def test_every_token_lies_in_the_prompt_in_order(prompt: str) -> None:
    end = 0
    for token in tokens(prompt):
        assert 0 <= token.start < token.end <= len(prompt)
        assert token.start >= end or prompt[token.start : token.end]  # one letter may fold to several tokens
        end = max(end, token.end)
