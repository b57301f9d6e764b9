from __future__ import annotations

import pytest

from muybridge.director.phrases import forms, paths

CLASSES = {"the": ("the", "her"), "to": ("at", "up to"), "left": ("左边", "左侧")}


def written(phrase: str) -> set[str]:
    return {" ".join(path) for path in paths(phrase, CLASSES)}


def test_a_class_of_single_words_stays_one_edge() -> None:
    assert written("turn~ <the> head") == {"turn~ <the> head"}


def test_a_class_with_phrases_is_written_out() -> None:
    assert written("look~ <to>") == {"look~ at", "look~ up to"}


def test_what_is_in_brackets_may_be_missing() -> None:
    assert written("look~ (over) there") == {"look~ there", "look~ over there"}


def test_chinese_is_one_edge_a_character() -> None:
    assert written("看<left>") == {"看 左 边", "看 左 侧"}


@pytest.mark.parametrize(
    "said", ["点 头", "点 点 头", "点 了 点 头", "点 一 下 头", "点 了 <n> 头", "点 起 头 来"]
)
def test_a_chinese_verb_that_splits_has_all_its_shapes(said: str) -> None:
    assert said in written("点|头")


@pytest.mark.parametrize(
    ("verb", "shapes"),
    [
        ("nod", {"nod", "nods", "nodding", "nodded"}),
        ("smile", {"smile", "smiles", "smiling", "smiled"}),
        ("dash", {"dash", "dashes", "dashing", "dashed"}),
        ("hurry", {"hurry", "hurries", "hurrying", "hurried"}),
        ("zoom", {"zoom", "zooms", "zooming", "zoomed"}),
        ("tie", {"tie", "ties", "tying", "tied"}),
        ("play", {"play", "plays", "playing", "played"}),
        ("peer", {"peer", "peers", "peering", "peered"}),
    ],
)
def test_english_verbs_are_inflected_by_rule(verb: str, shapes: set[str]) -> None:
    assert set(forms(verb, {})) == shapes


def test_irregular_verbs_come_from_the_lexicon() -> None:
    assert set(forms("run", {"run": ("ran", "run", "running")})) == {"run", "runs", "ran", "running"}
    assert forms("run", {"run": ("ran", "run", "running")})["run"] == "base"
