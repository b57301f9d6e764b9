"""Each way to run faster or smaller does what it says, and says no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from muybridge.engines.diffusers import DiffusersEngine
from muybridge.engines.diffusers.checkpoint import Checkpoint
from muybridge.engines.diffusers.memory import Rung
from muybridge.engines.diffusers.options import DiffusersOptions
from muybridge.errors import EngineNotReady
from muybridge.ports.engine import Order
from muybridge.testing.engine_contract import silent
from muybridge.units import Size

pytestmark = [pytest.mark.gpu, pytest.mark.weights]

RUNG = Rung("480p", Size(96, 64), 3.0)
RED = np.full((40, 30, 3), (200, 30, 30), np.uint8)


def vace(tiny: Path, rung: Rung = RUNG, **options: Any) -> Any:
    from muybridge.engines.diffusers.wan_vace import WanVace

    return WanVace(Checkpoint(tiny), rung, DiffusersOptions(device="cpu", **options))


def frames(model: Any, rung: Rung = RUNG, steps: int = 3, guidance: float = 5.0) -> np.ndarray[Any, Any]:
    from muybridge.engines.diffusers.wan_vace import Job

    job = Job("A woman smiles.", "blur", (RED,), 9, steps, guidance, seed=1)
    return model.run(rung, job, silent).astype(int)


@pytest.fixture
def lora(tiny: Path, tmp_path: Path) -> Path:
    """A LoRA on one layer, of the size a tiny model takes."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(5)
    layer = "transformer.blocks.0.attn1.to_q"
    parts = {f"{layer}.lora_A.weight": torch.randn(4, 24), f"{layer}.lora_B.weight": torch.randn(24, 4)}
    save_file(parts, tmp_path / "distilled.safetensors")
    return tmp_path / "distilled.safetensors"


def test_eight_bit_storage_halves_the_denoiser_and_changes_little(tiny: Path) -> None:
    import torch

    rung = replace(RUNG, fp8=True)
    model = vace(tiny, rung)
    layers = [
        part for name, part in model._pipe.transformer.named_parameters() if name.endswith("to_q.weight")
    ]
    assert {layer.dtype for layer in layers} == {torch.float8_e4m3fn}
    exact, stored = frames(vace(tiny)), frames(model, rung)
    assert 0 < np.abs(exact - stored).mean() < 8


def test_the_fast_tier_takes_four_steps_without_guidance_by_its_lora(
    tiny: Path, lora: Path, open_tiny: Callable[..., DiffusersEngine], order: Callable[..., Order]
) -> None:
    engine = open_tiny(tier="fast", lora=str(lora), steps=0)
    calls: list[int] = []
    engine.load()
    model = engine._stage._model._pipe.transformer  # type: ignore[union-attr]
    model.blocks[0].register_forward_hook(lambda *_: calls.append(1))
    engine.generate(order(), silent)
    assert len(calls) == 4
    plain, tuned = vace(tiny), vace(tiny, tier="fast", lora=str(lora))
    before = plain._pipe.transformer.blocks[0].attn1.to_q.weight
    assert (tuned._pipe.transformer.blocks[0].attn1.to_q.weight != before).any()
    assert not hasattr(tuned._pipe.transformer.blocks[0].attn1.to_q, "lora_A")  # fused, so it costs nothing


def test_a_lora_that_is_not_there_is_said_before_anything_is_loaded(
    open_tiny: Callable[..., DiffusersEngine], order: Callable[..., Order]
) -> None:
    with pytest.raises(EngineNotReady, match=r"engines\.tiny\.lora: there is no file nowhere"):
        open_tiny(tier="fast", lora="nowhere").generate(order(), silent)


def test_compiled_blocks_trace_whole_and_give_the_same_frames(
    tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diffusers import WanVACETransformer3DModel

    real = WanVACETransformer3DModel.compile_repeated_blocks

    def traced(self: Any, **named: Any) -> None:
        assert named == {"fullgraph": True}
        real(self, **named, backend="eager")  # what cannot be traced whole raises here too

    monkeypatch.setattr(WanVACETransformer3DModel, "compile_repeated_blocks", traced)
    assert np.abs(frames(vace(tiny, compile=True), steps=2) - frames(vace(tiny), steps=2)).max() <= 2


@pytest.mark.parametrize("residence", ["denoiser", "one"])
def test_what_is_set_aside_between_the_stages_changes_no_frame(tiny: Path, residence: str) -> None:
    from muybridge.engines.diffusers.memory import Residence

    rung = replace(RUNG, residence=Residence(residence))
    model, exact = vace(tiny, rung), frames(vace(tiny))
    assert model._pipe.vae.use_tiling == (residence == "one")
    assert (frames(model, rung) == exact).all()
    assert (frames(model, rung) == exact).all()  # a second run finds everything where it belongs
