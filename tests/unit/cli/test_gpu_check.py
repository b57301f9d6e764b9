"""The doctor tells a GPU's owner what fits it and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from muybridge.cli import gpu_check
from muybridge.cli.checks import Finding, Verdict
from muybridge.engines.diffusers.device import Gpu
from muybridge.engines.diffusers.memory import GIB
from muybridge.settings import Settings


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))

    def found(*sizes: int) -> dict[str, Finding]:
        here = tuple(Gpu(f"Card {size}", size * GIB, size * GIB) for size in sizes)
        monkeypatch.setattr(gpu_check, "gpus", lambda: here)
        return {finding.name: finding for finding in gpu_check.gpu(Settings.load())}

    return found


def test_without_a_gpu_nothing_is_amiss(found) -> None:
    (finding,) = found().values()
    assert finding.verdict is Verdict.FINE
    assert "the puppet needs none" in finding.seen


def test_a_large_card_runs_the_14b_model_as_it_is(found) -> None:
    seen = found(12, 141)
    assert "Card 12 with 12.0 GiB, Card 141 with 141.0 GiB" in seen["gpu"].seen
    model = seen["model: Wan-AI/Wan2.1-VACE-14B-diffusers"]
    assert "runs here at 1280x720, all models resident" in model.seen
    assert "Apache-2.0" in model.seen
    assert model.advice.startswith("hf download Wan-AI/Wan2.1-VACE-14B-diffusers, then see docs/")
    assert (
        Path(model.advice.split()[-1]).is_file()
        or Path(__file__).parents[3].joinpath(model.advice.split()[-1]).is_file()
    )


def test_a_small_card_is_told_what_it_has_to_do_without(found) -> None:
    seen = found(24)
    assert "stored in 8 bits" in seen["model: Wan-AI/Wan2.1-VACE-14B-diffusers"].seen
    assert "does not fit here" in found(4)["model: Wan-AI/Wan2.1-VACE-14B-diffusers"].seen
