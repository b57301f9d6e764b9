"""The puppet as an engine, from a file on disk to a video on disk."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

import characters
from muybridge.adapters.weights import CachedWeights
from muybridge.domain.storyboard import Action, Beat, Storyboard
from muybridge.domain.subject import SubjectKind
from muybridge.engines.puppet import PuppetEngine
from muybridge.errors import Cancelled, EngineFailed, InvalidPicture, WeightsMissing
from muybridge.media.frames import read_frames
from muybridge.ports.engine import Order
from muybridge.puppet.sight.models import WEIGHTS
from muybridge.units import FrameRate, Seconds, Size

SMALL = Size(320, 180)
BOARD = Storyboard("She smiles.", Seconds(0.4), (Beat(Action.SMILE, Seconds(0.0), Seconds(0.4)),))


class Nowhere:
    def path(self, name: str) -> Path:
        raise WeightsMissing(f"{name} is not here; `muybridge weights pull core` gets it")


def silent(_fraction: float, _stage: str) -> None:
    pass


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    path = tmp_path / "person.png"
    cv2.imwrite(str(path), cv2.cvtColor(characters.person(400, 400).rgb, cv2.COLOR_RGB2BGR))
    return path


@pytest.fixture(scope="module")
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> PuppetEngine:
    weights: CachedWeights = request.getfixturevalue("weights")
    return PuppetEngine(weights, tmp_path_factory.mktemp("puppet"))


def test_without_weights_it_says_what_is_missing_and_how_to_get_it(tmp_path: Path) -> None:
    health = PuppetEngine(Nowhere(), tmp_path).health()
    assert not health.ready
    assert len(health.missing) == len(WEIGHTS)
    assert all("weights pull core" in line for line in health.missing)


def test_without_weights_looking_is_refused_by_name(tmp_path: Path, drawing: Path) -> None:
    with pytest.raises(WeightsMissing, match="is not here"):
        PuppetEngine(Nowhere(), tmp_path).look(drawing)


def test_its_card_names_the_weights_it_needs_and_loads_none(tmp_path: Path) -> None:
    card = PuppetEngine(Nowhere(), tmp_path).card()
    assert card.engine == "puppet"
    assert "face_landmarker_v2.task" in card.needs
    assert card.takes == ("subject_reference", "first_frame_image")


@pytest.mark.parametrize("raw", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_a_file_that_is_no_picture_is_refused_by_the_wires_field(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(raw)
    with pytest.raises(InvalidPicture, match=r"subject_reference\[0\]\.image\[0\]"):
        PuppetEngine(Nowhere(), tmp_path).look(path)


@pytest.mark.weights("core")
def test_it_is_ready_where_the_weights_are(engine: PuppetEngine) -> None:
    assert engine.health().ready


@pytest.mark.weights("core", "samples")
def test_it_sees_the_astronaut_and_the_second_look_is_from_the_cache(
    weights: CachedWeights, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    subject = PuppetEngine(weights, tmp_path / "cache").look(weights.path("astronaut.png"))
    assert subject.kind is SubjectKind.PORTRAIT
    assert len(subject.faces) == 1
    monkeypatch.setattr("muybridge.engines.puppet.engine.look", lambda *_given: pytest.fail("looked again"))
    assert PuppetEngine(Nowhere(), tmp_path / "cache").look(weights.path("astronaut.png")) == subject


@pytest.mark.weights("core", "samples")
@pytest.mark.slow
def test_a_take_is_made_with_progress_from_nothing_to_all_of_it(
    engine: PuppetEngine, weights: CachedWeights, tmp_path: Path
) -> None:
    said: list[tuple[float, str]] = []
    out = tmp_path / "take.mp4"
    order = Order(weights.path("astronaut.png"), BOARD, out, seed=3, size=SMALL, rate=FrameRate(25))
    made = engine.generate(order, lambda fraction, stage: said.append((fraction, stage)))
    assert (made.path, made.size, made.frames) == (out, SMALL, 10)
    assert np.stack(list(read_frames(out))).shape == (10, 180, 320, 3)
    fractions = [fraction for fraction, _ in said]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert [stage for _, stage in said].count("drawing") == 11
    first = out.read_bytes()
    engine.generate(order, silent)
    assert out.read_bytes() == first, "the same order gives the same file"


@pytest.mark.weights("core")
@pytest.mark.slow
def test_a_drawing_without_a_real_face_acts_too(engine: PuppetEngine, drawing: Path, tmp_path: Path) -> None:
    made = engine.generate(Order(drawing, BOARD, tmp_path / "take.mp4", size=SMALL), silent)
    assert made.frames == 10


@pytest.mark.weights("core")
@pytest.mark.slow
@pytest.mark.parametrize("stage", ["looking", "rigging", "drawing", "finishing"])
def test_a_take_that_is_called_off_leaves_nothing_behind(
    engine: PuppetEngine, drawing: Path, tmp_path: Path, stage: str
) -> None:
    def call_off(_fraction: float, now: str) -> None:
        if now == stage:
            raise Cancelled

    out = tmp_path / "out" / "take.mp4"
    out.parent.mkdir()
    with pytest.raises(Cancelled):
        engine.generate(Order(drawing, BOARD, out, size=SMALL), call_off)
    assert list(out.parent.iterdir()) == []


@pytest.mark.weights("core")
@pytest.mark.slow
def test_a_place_that_cannot_be_written_is_a_failed_take(
    engine: PuppetEngine, drawing: Path, tmp_path: Path
) -> None:
    with pytest.raises(EngineFailed, match="could not be written"):
        engine.generate(Order(drawing, BOARD, tmp_path / "no" / "such" / "take.mp4", size=SMALL), silent)
