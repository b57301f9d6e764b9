"""What every engine promises, as a pytest suite to inherit from.

    class TestMine(EngineContract):
        @pytest.fixture
        def engine(self, tmp_path):
            return MyEngine(NoWeights(), tmp_path / "cache")

Limits: it asks for one second at 480x270, so it says nothing of speed or of how good a take looks.
It runs the engine in the test's own process, where a crash is the test run's end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import cv2
import numpy as np
import pytest

from muybridge.domain.storyboard import Action, Beat, CameraKind, CameraMove, Storyboard
from muybridge.errors import Cancelled, InvalidPicture, WeightsMissing
from muybridge.media.frames import read_frames
from muybridge.media.mark import ENGLISH
from muybridge.media.probe import probe
from muybridge.media.writer import LABEL
from muybridge.ports.engine import Engine, Made, Order, Progress
from muybridge.units import FrameRate, Seconds, Size

SIZE, RATE = Size(480, 270), FrameRate(25)
BOARD = Storyboard(
    "She smiles and winks. 女孩微笑着眨眼。",
    duration=Seconds(1.0),
    beats=(Beat(Action.SMILE, Seconds(0.0), Seconds(1.0)), Beat(Action.WINK, Seconds(0.2), Seconds(0.9))),
    camera=(CameraMove(CameraKind.PUSH_IN, Seconds(0.0), Seconds(1.0)),),
)

Make = Callable[..., Made]


class NoWeights:
    """A weight store with nothing in it, for engines that need none of ours."""

    def path(self, name: str) -> Path:
        """Never finds anything."""
        raise WeightsMissing(f"{name} is not here")


def silent(fraction: float, stage: str) -> None:
    """Progress that nobody watches."""


def patterned_picture(path: Path) -> Path:
    """Write a picture of 400x400 pixels that is no two columns the same, and give its path."""
    y, x = np.mgrid[0:400, 0:400]
    picture = np.stack([x * 255 // 400, y * 255 // 400, (x ^ y) & 255], 2).astype(np.uint8)
    path.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    return path


class EngineContract:
    """Inherit, and give the fixture `engine`; `picture` too where a pattern is not enough to act with.

    `draws` is false for an engine that hands on another's file: then that file need not have the
    ordered size, length, label and mark, nor be the same twice. `steps` is the fewest times that
    progress is told.
    """

    draws: ClassVar[bool] = True
    steps: ClassVar[int] = 10

    @pytest.fixture
    def picture(self, tmp_path: Path) -> Path:
        """A reference that the engine can act with."""
        return patterned_picture(tmp_path / "reference.png")

    @pytest.fixture
    def make(self, engine: Engine, picture: Path, tmp_path: Path) -> Make:
        """Makes a take under a name in the folder `out`, which holds nothing else."""

        def made(name: str = "take.mp4", progress: Progress = silent, **changes: Any) -> Made:
            order = Order(picture, BOARD, tmp_path / "out" / name, size=SIZE, rate=RATE, **changes)
            order.out.parent.mkdir(exist_ok=True)
            return engine.generate(order, progress)

        return made

    def test_the_file_is_the_video_that_the_engine_says_it_made(self, make: Make, tmp_path: Path) -> None:
        made = make()
        facts = probe(made.path)
        assert made.path == tmp_path / "out" / "take.mp4"
        assert (facts.size, facts.frames) == (made.size, made.frames)
        assert (facts.codec, facts.pix_fmt) == ("h264", "yuv420p")

    def test_the_video_is_as_ordered_starts_at_once_and_says_what_made_it(self, make: Make) -> None:
        self._only_where_it_draws()
        facts = probe(make().path)
        assert (facts.size, facts.rate, facts.frames) == (SIZE, RATE, 25)
        assert facts.faststart
        assert facts.comment == LABEL

    def test_nothing_but_the_video_is_left_beside_it(self, make: Make) -> None:
        assert [path.name for path in make().path.parent.iterdir()] == ["take.mp4"]

    def test_progress_rises_from_nought_to_one_and_names_its_stages(self, make: Make) -> None:
        seen: list[tuple[float, str]] = []
        make(progress=lambda fraction, stage: seen.append((fraction, stage)))
        fractions = [fraction for fraction, _ in seen]
        assert fractions == sorted(fractions)
        assert fractions[0] == 0.0
        assert fractions[-1] == 1.0
        assert len(seen) >= self.steps
        assert all(stage and stage.isascii() and len(stage) < 30 for _, stage in seen)

    @pytest.mark.parametrize("at", [0.0, 0.5, 0.97])
    def test_a_take_called_off_at_any_time_leaves_nothing(
        self, make: Make, tmp_path: Path, at: float
    ) -> None:
        def call_off(fraction: float, stage: str) -> None:
            if fraction >= at:
                raise Cancelled

        with pytest.raises(Cancelled):
            make(progress=call_off)
        assert not list((tmp_path / "out").iterdir())

    def test_the_engine_works_on_after_a_take_was_called_off(self, make: Make) -> None:
        def call_off(fraction: float, stage: str) -> None:
            raise Cancelled

        with pytest.raises(Cancelled):
            make(progress=call_off)
        assert make().frames > 0

    def test_the_same_order_gives_the_same_frames(self, make: Make) -> None:
        self._only_where_it_draws()
        assert make("a.mp4", seed=7).path.read_bytes() == make("b.mp4", seed=7).path.read_bytes()

    def test_frames_differ_from_one_to_the_next(self, make: Make) -> None:
        self._only_where_it_draws()
        frames = [frame.astype(int) for frame in read_frames(make().path)]
        assert min(np.abs(then - now).max() for now, then in pairwise(frames)) > 0

    def test_the_ai_mark_is_in_the_lower_right_where_it_is_ordered(self, make: Make) -> None:
        self._only_where_it_draws()
        plain = next(read_frames(make("plain.mp4").path)).astype(int)
        marked = next(read_frames(make("marked.mp4", mark=ENGLISH).path)).astype(int)
        changed = np.abs(marked - plain).max(axis=2) > 24
        corner = (slice(int(SIZE.height * 0.85), None), slice(int(SIZE.width * 0.8), None))
        in_the_corner = changed[corner].mean()
        changed[corner] = False
        assert in_the_corner > 0.02 + 2 * changed.mean()  # coding changes a little everywhere

    @pytest.mark.parametrize("raw", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(40)])
    def test_what_is_no_picture_is_refused_when_looking_and_when_making(
        self, engine: Engine, tmp_path: Path, raw: bytes
    ) -> None:
        path = tmp_path / "no-reference.png"
        path.write_bytes(raw)
        with pytest.raises(InvalidPicture):
            engine.look(path)
        with pytest.raises(InvalidPicture):
            engine.generate(Order(path, BOARD, tmp_path / "take.mp4"), silent)
        assert not (tmp_path / "take.mp4").exists()

    def test_looking_tells_the_picture_by_its_bytes(self, engine: Engine, picture: Path) -> None:
        subject = engine.look(picture)
        assert subject.picture_sha256 == hashlib.sha256(picture.read_bytes()).hexdigest()
        assert subject == engine.look(picture)

    def test_an_engine_that_was_unloaded_loads_again_by_itself(self, engine: Engine, make: Make) -> None:
        engine.load()
        engine.load()
        engine.unload()
        engine.unload()
        assert make().frames > 0

    def test_card_and_health_are_told_at_once(self, engine: Engine) -> None:
        card, health = engine.card(), engine.health()
        assert card.engine == engine.name
        assert card.summary
        assert card.licence
        assert {"subject_reference", "first_frame_image"} & set(card.takes)
        assert health.ready
        assert not health.missing

    def _only_where_it_draws(self) -> None:
        if not self.draws:
            pytest.skip("this engine hands on another's file")
