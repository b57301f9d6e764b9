from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.director.spelling import one_apart, put_right


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("smilles", "smiles"), ("camra", "camera"), ("runing", "running"), ("towrds", "towards"),
     ("slowley", "slowly"), ("wnik", "wink"), ("rigth", "right"), ("msile", "smile"), ("blnks", "blinks")],
)  # fmt: skip
def test_one_wrong_missing_added_or_swapped_letter_is_put_right(slip: str, meant: str) -> None:
    assert put_right(slip) == meant


@pytest.mark.parametrize("word", ["night", "wings", "games", "snake", "dream", "world", "house", "tasks"])
def test_an_english_word_of_its_own_is_never_taken_for_ours(word: str) -> None:
    assert put_right(word) == word


@pytest.mark.parametrize("word", ["wunk", "nods", "qqqqq", "sm", "x" * 500])
def test_short_known_far_and_endless_words_stay(word: str) -> None:
    assert put_right(word) == word


@given(st.text("abcde", min_size=1, max_size=8), st.text("abcde", min_size=1, max_size=8))
def test_being_one_apart_is_the_same_both_ways_and_never_holds_for_equals(a: str, b: str) -> None:
    assert one_apart(a, b) == one_apart(b, a)
    assert not one_apart(a, a)


@given(st.text("abcdefgh", min_size=2, max_size=8), st.integers(0, 7))
def test_a_dropped_letter_is_one_apart(word: str, place: int) -> None:
    place %= len(word)
    assert one_apart(word, word[:place] + word[place + 1 :])
