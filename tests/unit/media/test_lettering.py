"""Text is drawn on machines without fonts, and what cannot be drawn is shown by its code point."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muybridge.media.lettering import LINE, Lettering
from muybridge.media.strokes import drawn_here, stroked

PLAIN = Lettering()


@pytest.mark.parametrize("text", ["AI 生成", "AI-made", "Hello, world 0:02.48"])
def test_the_marks_texts_need_no_font_at_all(text: str) -> None:
    assert PLAIN.unknown(text) == ""
    line = PLAIN.line(text, 36)
    assert line.shape == (round(LINE * 36), PLAIN.width(text, 36))
    assert line.max() == 255


def test_characters_without_a_glyph_are_told_and_still_drawn() -> None:
    assert PLAIN.unknown("微笑 ok 微 🙂") == "微笑🙂"
    assert PLAIN.line("微", 40).any()
    assert not np.array_equal(PLAIN.line("微", 40), PLAIN.line("笑", 40))


def test_invisible_characters_and_line_breaks_do_no_harm() -> None:
    assert PLAIN.width("a\u200db\x00\ufe0f\ud800", 30) == PLAIN.width("ab", 30)
    assert PLAIN.lines("a\nb", 30, 500, 3) == ["a b"]


def test_lines_break_at_spaces_and_between_chinese_characters() -> None:
    broken = PLAIN.lines("the girl runs toward the camera and winks", 20, 160, 9)
    assert len(broken) > 2
    assert " ".join(broken) == "the girl runs toward the camera and winks"
    assert all(PLAIN.width(line, 20) <= 160 for line in broken)
    chinese = PLAIN.lines("生成生成生成生成", 20, 70, 9)
    assert chinese == ["生成生", "成生成", "生成"]


def test_what_the_lines_cannot_hold_ends_in_an_ellipsis() -> None:
    broken = PLAIN.lines("word " * 50, 20, 160, 2)
    assert len(broken) == 2 and broken[-1].endswith("...")
    assert PLAIN.width(broken[-1], 20) <= 160


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.integers(8, 40), st.integers(30, 300))
def test_any_text_is_broken_and_drawn(text: str, em: int, width: int) -> None:
    for line in PLAIN.lines(text, em, width, 4):
        assert PLAIN.line(line, em).shape[0] == round(LINE * em)


def test_our_own_characters_fill_their_em_and_differ() -> None:
    drawn = [stroked(character, 64) for character in sorted(drawn_here())]
    for picture in drawn:
        assert picture.shape == (64, 64)
        assert 0.1 < (picture > 128).mean() < 0.5
    assert not np.array_equal(drawn[0], drawn[1])
