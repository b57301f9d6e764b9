"""Takes of a tiny random model, through the engine's own door."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from muybridge.domain.subject import SubjectKind
from muybridge.engines.diffusers import DiffusersEngine
from muybridge.engines.diffusers.memory import GIB
from muybridge.errors import Cancelled, EngineFailed, EngineNotReady
from muybridge.media.frames import read_frames
from muybridge.ports.engine import Order
from muybridge.testing.engine_contract import silent
from muybridge.units import Size

pytestmark = [pytest.mark.gpu, pytest.mark.weights]

Open = Callable[..., DiffusersEngine]
Ordered = Callable[..., Order]


@pytest.fixture(scope="module")
def engine(open_tiny: Open) -> DiffusersEngine:
    return open_tiny()


def frames(engine: DiffusersEngine, order: Order) -> np.ndarray[Any, Any]:
    return np.stack(list(read_frames(engine.generate(order, silent).path))).astype(int)


def test_the_same_seed_gives_the_same_frames_and_another_seed_others(
    engine: DiffusersEngine, order: Ordered
) -> None:
    first = frames(engine, order(seed=1))
    assert (frames(engine, order(seed=1)) == first).all()
    assert np.abs(frames(engine, order(seed=2)) - first).max() > 20


def test_another_reference_gives_other_frames(
    engine: DiffusersEngine, order: Ordered, references: tuple[Path, Path]
) -> None:
    shown = [frames(engine, order(seed=1, picture=picture)) for picture in references]
    assert np.abs(shown[0] - shown[1]).max() > 8


def test_other_words_give_other_frames(engine: DiffusersEngine, order: Ordered) -> None:
    shown = [frames(engine, order(prompt=prompt)) for prompt in ("She smiles.", "女孩在雨中奔跑。")]
    assert np.abs(shown[0] - shown[1]).max() > 4


def test_the_notes_say_what_the_model_made_and_what_was_made_of_it(
    engine: DiffusersEngine, order: Ordered
) -> None:
    made = engine.generate(order(size=Size(320, 192)), silent)
    assert made.notes == (
        "The model made 9 frames of 160x96; they play at 1.12 times its own speed, with motion interpolated "
        "to 12 frames, brought to 320x192.",
    )


def test_any_subject_may_act_with_its_face(engine: DiffusersEngine, references: tuple[Path, Path]) -> None:
    subject = engine.look(references[0])
    assert subject.kind is SubjectKind.PORTRAIT
    assert subject.notes == ("No face was found in the picture: the model may not keep who it is.",)


def test_a_cancel_within_a_step_is_heard_before_the_step_is_done(open_tiny: Open, order: Ordered) -> None:
    engine = open_tiny(steps=2)
    engine.load()
    with slow_blocks(engine, each=0.25) as a_step:
        began = time.monotonic()

        def call_off(fraction: float, stage: str) -> None:
            if stage == "denoising" and time.monotonic() - began > 0.3:
                raise Cancelled

        with pytest.raises(Cancelled):
            engine.generate(order(), call_off)
        assert time.monotonic() - began < a_step
    assert engine.generate(order(), silent).frames == 12


class slow_blocks:  # noqa: N801  # used as a word in a with
    """Every block of the denoiser takes so long; gives how long a step then takes."""

    def __init__(self, engine: DiffusersEngine, each: float) -> None:
        model = engine._stage._model._pipe.transformer  # type: ignore[union-attr]
        self._blocks, self._each = [*model.vace_blocks, *model.blocks], each

    def __enter__(self) -> float:
        self._hooks = [
            block.register_forward_hook(lambda *_: time.sleep(self._each)) for block in self._blocks
        ]
        return len(self._blocks) * self._each * 2  # with and without the words

    def __exit__(self, *_: object) -> None:
        for hook in self._hooks:
            hook.remove()


@pytest.fixture
def starved(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Let the device run out of memory for pictures of more than so many pixels."""
    import torch
    from diffusers import WanVACEPipeline

    real = WanVACEPipeline.__call__

    def limit(pixels: int) -> None:
        def call(self: Any, *args: Any, **named: Any) -> Any:
            if named["width"] * named["height"] > pixels:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9.00 GiB.")
            return real(self, *args, **named)

        monkeypatch.setattr(WanVACEPipeline, "__call__", call)

    yield limit


def test_a_device_that_runs_out_of_memory_gets_a_smaller_picture_and_the_task_says_so(
    open_tiny: Open, order: Ordered, starved: Callable[[int], None]
) -> None:
    engine = open_tiny(smaller=True)
    starved(96 * 64)
    told: list[float] = []
    made = engine.generate(order(), lambda fraction, stage: told.append(fraction))
    assert made.size == Size(160, 96)
    assert made.notes[0] == (
        "The device ran out of memory; this take was made on 96x64, all models resident."
    )
    assert "9 frames of 96x64" in made.notes[1]
    assert told == sorted(told)
    assert len(engine.generate(order("next.mp4"), silent).notes) == 1  # it starts there, and is not surprised


def test_memory_that_suffices_for_no_rung_is_a_clear_failure_and_the_engine_lives_on(
    open_tiny: Open, order: Ordered, starved: Callable[[int], None]
) -> None:
    engine = open_tiny(smaller=True)
    starved(0)
    with pytest.raises(EngineFailed, match="ran out of memory even on its last rung, 96x64"):
        engine.generate(order(), silent)
    assert not order().out.exists()
    starved(10**6)
    assert engine.generate(order(), silent).frames == 12


def test_too_little_free_memory_is_said_before_anything_is_loaded(
    open_tiny: Open, order: Ordered, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_tiny(smaller=True)
    free = psutil.virtual_memory()._replace(available=1000)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: free)
    with pytest.raises(EngineNotReady, match=r"are free, and .*tiny-wan-vace needs .* at the least"):
        engine.generate(order(), silent)
    assert not engine.health().ready


def test_a_model_that_needs_more_than_there_is_starts_on_a_lower_rung(
    open_tiny: Open, order: Ordered, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_tiny(smaller=True)
    needs = engine._staged()._needs
    between = psutil.virtual_memory()._replace(available=(max(needs.values()) + min(needs.values())) // 2)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: between)
    assert "9 frames of 96x64" in engine.generate(order(), silent).notes[-1]


def test_numbers_that_run_away_are_a_failure_and_no_black_video(open_tiny: Open, order: Ordered) -> None:
    import torch

    engine = open_tiny()
    engine.load()
    with torch.no_grad():
        engine._stage._model._pipe.vae.decoder.conv_out.bias.fill_(float("nan"))  # type: ignore[union-attr]
    with pytest.raises(EngineFailed, match="ran away"):
        engine.generate(order(), silent)


def test_card_and_health_import_nothing_heavy_and_say_what_the_model_needs(open_tiny: Open) -> None:
    card = open_tiny().card()
    assert card.licence == "Apache-2.0"
    assert 0 < card.device_memory < GIB
    assert open_tiny().health().ready
