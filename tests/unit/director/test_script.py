from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muybridge.director import plan
from muybridge.director.script import from_json, schema, to_json
from muybridge.errors import InvalidInput
from planned import PORTRAIT

PUBLISHED = Path(__file__).parents[3] / "docs" / "reference" / "storyboard.schema.json"


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["She winks and nods", "[左摇,上升]她说：“你好”，微笑", ""]))
def test_a_storyboard_comes_back_from_json_as_it_was(noise: str, prompt: str) -> None:
    board = plan(prompt + noise, PORTRAIT)
    assert from_json(to_json(board)) == board


def test_chinese_stays_readable_in_the_json() -> None:
    assert "点头" in to_json(plan("点头", PORTRAIT))


def test_the_published_schema_is_the_real_one() -> None:
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == schema()


@pytest.mark.parametrize(
    ("text", "field", "allowed"),
    [
        ('{"prompt": "x", "beatz": []}', "storyboard.beatz", "only the keys of the schema"),
        ('{"beats": []}', "storyboard.prompt", ""),
        (
            '{"prompt": "x", "beats": [{"action": "blnk", "start": 0, "end": 1}]}',
            "storyboard.beats[0].action",
            "'blink'",
        ),
        (
            '{"prompt": "x", "beats": [{"action": "nod", "start": 2, "end": 1}]}',
            "storyboard.beats[0]",
            "forward",
        ),
        (
            '{"prompt": "x", "beats": [{"action": "nod", "start": 2, "end": 7}]}',
            "storyboard.beats[0].end",
            "6 s",
        ),
        (
            '{"prompt": "x", "beats": [{"action": "nod", "start": "2", "end": 3}]}',
            "storyboard.beats[0].start",
            "number",
        ),
        (
            '{"prompt": "x", "camera": [{"kind": "static", "start": 0, "end": 9}]}',
            "storyboard.camera[0].end",
            "6 s",
        ),
        (
            '{"prompt": "x", "camera": [{"kind": "static", "start": 0, "end": 1, "amount": Infinity}]}',
            "storyboard.camera[0].amount",
            "finite",
        ),
        ('{"prompt": "x", "duration": 1e9}', "storyboard.duration", "at most 60 s"),
        ('{"prompt": "x", "duration": NaN}', "storyboard.duration", "at most 60 s"),
        ("[]", "storyboard", "object"),
        ("{", "storyboard", "JSON"),
        ("[" * 100_000, "storyboard", "JSON"),
    ],
)
def test_a_wrong_storyboard_is_refused_with_the_place_and_what_is_allowed(
    text: str, field: str, allowed: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        from_json(text)
    assert refused.value.field == field
    assert allowed in refused.value.allowed
    assert len(refused.value.got) <= 80
