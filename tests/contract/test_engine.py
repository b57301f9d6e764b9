"""What every engine promises, asked of each that is built in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from muybridge.adapters.weights import CachedWeights
from muybridge.domain.storyboard import Action, Beat, CameraKind, CameraMove, Storyboard
from muybridge.engines.registry import names, open_engine
from muybridge.errors import Cancelled, InvalidPicture
from muybridge.media.frames import read_frames
from muybridge.media.mark import ENGLISH
from muybridge.media.probe import probe
from muybridge.media.writer import LABEL
from muybridge.ports.engine import Engine, Made, Order, Progress
from muybridge.settings import Settings
from muybridge.units import FrameRate, Seconds, Size

SIZE, RATE = Size(480, 270), FrameRate(25)
BOARD = Storyboard(
    "She smiles and winks. 女孩微笑着眨眼。",
    duration=Seconds(1.0),
    beats=(Beat(Action.SMILE, Seconds(0.0), Seconds(1.0)), Beat(Action.WINK, Seconds(0.2), Seconds(0.9))),
    camera=(CameraMove(CameraKind.PUSH_IN, Seconds(0.0), Seconds(1.0)),),
)


def silent(fraction: float, stage: str) -> None:
    pass


@pytest.fixture(params=["slate", pytest.param("puppet", marks=[pytest.mark.weights, pytest.mark.slow])])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    weights = (
        request.getfixturevalue("weights") if request.param == "puppet" else CachedWeights(Path("nowhere"))
    )
    return open_engine(request.param, weights, tmp_path_factory.getbasetemp() / "engines")


@pytest.fixture
def picture(engine: Engine, tmp_path: Path) -> Path:
    """A reference that the engine can act with."""
    if engine.name == "puppet":
        return Settings.load().weights / "astronaut.png"
    path = tmp_path / "reference.png"
    y, x = np.mgrid[0:400, 0:400]
    Image.fromarray(np.stack([x * 255 // 400, y * 255 // 400, (x ^ y) & 255], 2).astype(np.uint8)).save(path)
    return path


@pytest.fixture
def make(engine: Engine, picture: Path, tmp_path: Path) -> Callable[..., Made]:
    def made(name: str = "take.mp4", progress: Progress = silent, **changes: object) -> Made:
        order = Order(picture, BOARD, tmp_path / "out" / name, size=SIZE, rate=RATE, **changes)
        order.out.parent.mkdir(exist_ok=True)
        return engine.generate(order, progress)

    return made


def test_every_built_in_engine_is_found_by_name() -> None:
    assert {"puppet", "slate"} <= set(names())


def test_the_file_is_the_video_that_was_ordered(make: Callable[..., Made], tmp_path: Path) -> None:
    made = make()
    facts = probe(made.path)
    assert made.path == tmp_path / "out" / "take.mp4"
    assert (made.size, made.frames) == (SIZE, 25)
    assert (facts.size, facts.rate, facts.frames) == (SIZE, RATE, 25)
    assert (facts.codec, facts.pix_fmt, facts.faststart) == ("h264", "yuv420p", True)
    assert facts.comment == LABEL


def test_nothing_but_the_video_is_left_beside_it(make: Callable[..., Made]) -> None:
    assert [path.name for path in make().path.parent.iterdir()] == ["take.mp4"]


def test_progress_rises_from_nought_to_one_and_names_its_stages(make: Callable[..., Made]) -> None:
    seen: list[tuple[float, str]] = []
    make(progress=lambda fraction, stage: seen.append((fraction, stage)))
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0.0 and fractions[-1] == 1.0
    assert len(seen) >= 25
    assert all(stage and stage.isascii() and len(stage) < 30 for _, stage in seen)


@pytest.mark.parametrize("at", [0.0, 0.5, 0.97])
def test_a_take_called_off_at_any_time_leaves_nothing(
    make: Callable[..., Made], tmp_path: Path, at: float
) -> None:
    def call_off(fraction: float, stage: str) -> None:
        if fraction >= at:
            raise Cancelled

    with pytest.raises(Cancelled):
        make(progress=call_off)
    assert not list((tmp_path / "out").iterdir())


def test_the_engine_works_on_after_a_take_was_called_off(make: Callable[..., Made], tmp_path: Path) -> None:
    def call_off(fraction: float, stage: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        make(progress=call_off)
    assert make().frames == 25


def test_the_same_order_gives_the_same_bytes(make: Callable[..., Made]) -> None:
    assert make("a.mp4", seed=7).path.read_bytes() == make("b.mp4", seed=7).path.read_bytes()


def test_frames_differ_from_one_to_the_next(make: Callable[..., Made]) -> None:
    frames = [frame.astype(int) for frame in read_frames(make().path)]
    changes = [np.abs(then - now).max() for now, then in pairwise(frames)]
    assert min(changes) > 0


def test_the_ai_mark_is_in_the_lower_right_where_it_is_ordered(make: Callable[..., Made]) -> None:
    plain = next(read_frames(make("plain.mp4").path)).astype(int)
    marked = next(read_frames(make("marked.mp4", mark=ENGLISH).path)).astype(int)
    corner = (slice(int(SIZE.height * 0.86), int(SIZE.height * 0.98)), slice(int(SIZE.width * 0.8), None))
    assert (marked[corner].min(axis=2) > 180).sum() > (plain[corner].min(axis=2) > 180).sum() + 40


@pytest.mark.parametrize("raw", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(40)])
def test_what_is_no_picture_is_refused_when_looking_and_when_making(
    engine: Engine, tmp_path: Path, raw: bytes
) -> None:
    path = tmp_path / "reference.png"
    path.write_bytes(raw)
    with pytest.raises(InvalidPicture):
        engine.look(path)
    with pytest.raises(InvalidPicture):
        engine.generate(Order(path, BOARD, tmp_path / "take.mp4"), silent)


def test_looking_tells_the_picture_by_its_bytes(engine: Engine, picture: Path) -> None:
    subject = engine.look(picture)
    assert subject.picture_sha256 == hashlib.sha256(picture.read_bytes()).hexdigest()
    assert subject == engine.look(picture)


def test_card_and_health_are_told_at_once(engine: Engine) -> None:
    card, health = engine.card(), engine.health()
    assert card.engine == engine.name
    assert card.summary and "subject_reference" in card.takes
    assert health.ready and not health.missing
