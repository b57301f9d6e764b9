"""The slate shows what was asked for, of any size, with any words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from muybridge.domain.storyboard import Action, Beat, Storyboard
from muybridge.engines.slate import SlateEngine
from muybridge.errors import InvalidInput, WeightsMissing
from muybridge.media.frames import read_frames
from muybridge.ports.engine import Made, Order
from muybridge.units import WIRE_SIZE, FrameRate, Seconds, Size

SMALL = Size(320, 180)


class NoWeights:
    def path(self, name: str) -> Path:
        raise WeightsMissing(f"{name} is not here")


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Made]:
    reference = tmp_path / "reference.png"
    Image.new("RGB", (400, 400), (250, 40, 90)).save(reference)

    def made(board: Storyboard, size: Size = SMALL, **changes: object) -> Made:
        order = Order(reference, board, tmp_path / "take.mp4", size=size, **changes)
        return SlateEngine(NoWeights(), tmp_path).generate(order, lambda fraction, stage: None)

    return made


def test_a_plain_request_gets_six_seconds_at_720p(make: Callable[..., Made]) -> None:
    board = Storyboard("A girl runs toward the camera and winks with a smile.")
    assert make(board, WIRE_SIZE).frames == 150


def test_the_subject_is_shown(make: Callable[..., Made]) -> None:
    frame = next(read_frames(make(Storyboard("hello")).path))
    assert np.abs(frame[60, 50].astype(int) - (250, 40, 90)).max() < 20


@pytest.mark.parametrize("size", [Size(64, 64), Size(180, 320), Size(320, 180), Size(1920, 1080)])
def test_any_even_size_is_filled(make: Callable[..., Made], size: Size) -> None:
    board = Storyboard("x " * 1000, duration=Seconds(0.2), unheard=("somersault",))
    assert make(board, size, mark="AI" if size.width > 64 else "").size == size


@pytest.mark.parametrize("prompt", ["", "\n\t", "🙂🙃", "长" * 2000, "a" * 2000, "\u202eevil\u0000", "مرحبا"])
def test_any_words_are_shown_or_told(make: Callable[..., Made], prompt: str) -> None:
    made = make(Storyboard(prompt, duration=Seconds(0.12)))
    told = any("code point" in note for note in made.notes)
    assert told == any(ord(c) > 0x2FF and c != "\u202e" for c in prompt)


def test_a_full_plan_keeps_to_its_lanes(make: Callable[..., Made]) -> None:
    beats = tuple(Beat(Action.NOD, Seconds(at / 100), Seconds(at / 100 + 3)) for at in range(20))
    assert make(Storyboard("nod", beats=beats, duration=Seconds(0.2))).frames == 5


def test_other_seeds_and_rates_are_shown_and_kept(make: Callable[..., Made]) -> None:
    board = Storyboard("hello", duration=Seconds(1.0))
    assert make(board, rate=FrameRate(30000, 1001)).frames == 30
    assert make(board, seed=1).path.read_bytes() != make(board, seed=2).path.read_bytes()


def test_a_length_without_a_frame_is_refused_by_name(make: Callable[..., Made]) -> None:
    with pytest.raises(InvalidInput, match="duration"):
        make(Storyboard("hello", duration=Seconds(0.01)))
