from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.adapters import lines
from muybridge.adapters.lines import Line
from muybridge.domain.storyboard import Action, Beat, CameraKind, CameraMove, Direction, Storyboard
from muybridge.ports.engine import Order
from muybridge.units import Seconds

BEAT = Beat(Action.WINK, Seconds(0.5), Seconds(1.25), Direction.LEFT, 1.2, 2, "眨眼")
BOARD = Storyboard(
    "a girl 眨眼 \u2028 🙂",
    beats=(BEAT,),
    camera=(CameraMove(CameraKind.PUSH_IN, Seconds(0), Seconds(6)),),
    unheard=("under water",),
    notes=("No face was found.",),
)


def test_an_order_crosses_with_its_whole_storyboard():
    order = Order(Path("a b/in.png"), BOARD, Path("out.mp4"), seed=2**40, mark="AI")
    raw = lines.pack(Line(3, "generate", lines.plain(order)))
    assert raw.count(b"\n") == 1
    assert lines.build(Order, lines.unpack(raw).value) == order


def test_a_value_that_does_not_fit_is_a_value_error():
    with pytest.raises(ValueError, match="picture"):
        lines.build(Order, {"out": "x.mp4"})


@given(st.binary(max_size=200))
def test_noise_is_never_more_than_noise(raw):
    lines.unpack(raw)


@given(st.integers(0, 2**31), st.sampled_from(["done", "progress"]), st.text(), st.floats(allow_nan=False))
def test_a_line_comes_out_as_it_went_in(job, says, text, number):
    line = Line(job, says, [text, number])
    assert lines.unpack(lines.pack(line)) == line


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[1]", b'{"job": "1", "done": 1}', b"[" * 100_000, b"\xff", b"7"]
)
def test_what_is_no_line_is_none(raw):
    assert lines.unpack(raw) is None
