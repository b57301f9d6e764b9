"""Two processes make one take, each with half of the heads, and the frames are those of one."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest

from muybridge.engines.diffusers import DiffusersEngine, needs
from muybridge.engines.diffusers.checkpoint import Checkpoint
from muybridge.engines.diffusers.options import DiffusersOptions
from muybridge.errors import Cancelled
from muybridge.media.frames import read_frames
from muybridge.ports.engine import Order
from muybridge.testing.engine_contract import silent

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.weights,
    # diffusers calls by its old name what torch has renamed
    pytest.mark.filterwarnings("ignore:.*all_gather_tensor. is deprecated:FutureWarning"),
]

Open = Callable[..., DiffusersEngine]


def others() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "diffusers.ranks" in " ".join(child.cmdline())]


@pytest.fixture
def pair(open_tiny: Open, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    engine = open_tiny(gpus=2)
    yield engine
    engine.unload()
    assert others() == []


def test_two_processes_make_the_frames_of_one(
    pair: DiffusersEngine, open_tiny: Open, order: Callable[..., Order]
) -> None:
    alone = np.stack(list(read_frames(open_tiny().generate(order("a.mp4", seed=3), silent).path))).astype(int)
    for name in ("b.mp4", "c.mp4"):  # the second finds both loaded
        both = np.stack(list(read_frames(pair.generate(order(name, seed=3), silent).path)))
        assert np.abs(both - alone).max() <= 12
        assert np.abs(both - alone).mean() < 0.5
    assert len(others()) == 1


def test_a_take_called_off_ends_the_others_and_the_next_one_works(
    pair: DiffusersEngine, order: Callable[..., Order]
) -> None:
    def call_off(fraction: float, stage: str) -> None:
        if stage == "denoising":
            raise Cancelled

    pair.load()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        pair.generate(order(), call_off)
    assert time.monotonic() - began < 5
    assert others() == []
    assert pair.generate(order(), silent).frames == 12


def test_gpus_that_do_not_divide_the_heads_are_refused(tiny: Path) -> None:
    three = DiffusersOptions(device="cpu", gpus=3)
    assert list(needs.device(three, Checkpoint(tiny))) == ["3 GPUs do not divide the model's 2 heads"]
