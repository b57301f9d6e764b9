from __future__ import annotations

from muybridge.director.match import pieces
from muybridge.director.normalise import tokens
from muybridge.director.pieces import Kind


def matched(prompt: str) -> list[str]:
    said = tokens(prompt)
    return [
        prompt[said[piece.start].start : said[piece.end - 1].end]
        for piece in pieces(said)
        if piece.kind not in (Kind.SILENT, Kind.LINK)
    ]


def test_the_longest_phrases_cover_the_prompt() -> None:
    assert matched("A girl turns her head to the left") == ["girl", "turns her head", "to the left"]


def test_chinese_is_cut_by_what_covers_most() -> None:
    assert matched("女孩在海滩上朝镜头走来") == ["女孩", "海滩上", "朝镜头", "走来"]


def test_a_character_inside_a_word_nobody_knows_is_no_action() -> None:
    assert matched("一条走栏和一个笑柄") == []


def test_an_english_idiom_is_read_as_a_whole() -> None:
    assert matched("in the blink of an eye") == ["in the blink of an eye"]


def test_quotes_after_a_word_of_saying_are_one_piece_and_other_quotes_are_not() -> None:
    assert matched('She says: "wink and nod"') == ["She", 'says: "wink and nod"']
    assert matched('"She winks"') == ["She", "winks"]


def test_an_open_quote_that_never_closes_is_punctuation() -> None:
    assert "winks" in matched('She says "hi and winks')


def test_a_count_inside_a_splitting_verb_is_taken_along() -> None:
    said = tokens("点了三下头")
    (piece,) = pieces(said)
    assert (piece.entry.does, piece.number) == (("nod",), 3.0)
