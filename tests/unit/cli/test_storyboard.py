from __future__ import annotations

import pytest
from typer.testing import CliRunner

from muybridge.cli.main import app_for
from muybridge.director.script import from_json
from muybridge.errors import InvalidInput


def printed(*arguments: str) -> str:
    done = CliRunner().invoke(
        app_for(["storyboard", *arguments]), ["storyboard", *arguments], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.stdout


def row(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(name))


def test_the_timeline_shows_a_bar_the_times_and_the_words_of_each_beat() -> None:
    shown = printed("She runs toward the camera with a trombone on the beach and winks.")
    run, wink = row(shown, "run closer"), row(shown, "wink")
    assert "0.0-3.3" in run
    assert "runs toward the camera" in run
    assert run.index("━") < wink.index("━")
    assert "Not understood: trombone" in shown
    assert "Setting: beach" in shown
    assert "Rewritten: She runs" in shown


def test_a_chinese_prompt_is_shown_in_chinese() -> None:
    shown = printed("女孩在海滩上拿着长号点头三次，镜头推近")
    assert "点头 3次" in shown
    assert "镜头 推进" in shown
    assert "未能理解: 拿着长号" in shown
    assert "场景: beach" in shown


def test_json_is_the_storyboard_itself() -> None:
    board = from_json(printed("她说：“你好”", "--json"))
    assert [beat.text for beat in board.beats if beat.words] == ["你好"]


def test_the_optimizer_can_be_left_out() -> None:
    assert "push in" in printed("She nods")
    assert "push in" not in printed("She nods", "--no-optimizer")


def test_a_prompt_that_is_too_long_is_refused() -> None:
    with pytest.raises(InvalidInput, match="2001 characters"):
        printed("x" * 2001)


def test_terminal_codes_in_a_prompt_are_not_passed_on() -> None:
    assert "\x1b" not in printed("\x1b[31m flibber \x1b]0;title\x07 nods")
