"""A whole WanVACE folder with random weights, half a megabyte, made once a session; and an engine on it.

What it shows is noise, but noise that depends on the seed, the words and the reference.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from muybridge.adapters.weights import CachedWeights
from muybridge.domain.storyboard import Storyboard
from muybridge.engines.diffusers import DiffusersEngine, models
from muybridge.ports.engine import Order
from muybridge.units import Seconds, Size

HERE = Path(__file__).parent
WHY = "torch and diffusers are not installed here; `make test-gpu` has them in an environment of its own"
SIZES = (("720p", Size(160, 96), 5.0), ("480p", Size(96, 64), 3.0))
TINY = {"device": "cpu", "steps": 3, "frames": 9, "smaller": False}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model."""
    folder = tmp_path_factory.mktemp("models") / "tiny-wan-vace"
    build_wan_vace(folder)
    return folder


@pytest.fixture(scope="session", autouse=True)
def small() -> Iterator[None]:
    """Let the served sizes be tiny ones, and torch use one core."""
    if importlib.util.find_spec("torch") is None:
        pytest.skip(WHY)
    import torch

    torch.set_num_threads(1)
    smaller = replace(models.WAN_VACE, sizes=SIZES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(models.KNOWN, "WanVACEPipeline", smaller)
        yield


@pytest.fixture(scope="session")
def open_tiny(
    tiny: Path, weights: CachedWeights, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., DiffusersEngine]:
    """An engine on the tiny model, with changes to its options."""

    def opened(**options: Any) -> DiffusersEngine:
        cache = tmp_path_factory.mktemp("cache") / "tiny"
        return DiffusersEngine(weights, cache, {"model": str(tiny), **TINY, **options})

    return opened


@pytest.fixture(scope="session")
def references(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two pictures of somebody cut out already, so that looking is quick."""
    folder = tmp_path_factory.mktemp("references")
    return _cut_out(folder / "red.png", (200, 30, 30)), _cut_out(folder / "green.png", (30, 220, 40))


def _cut_out(path: Path, colour: tuple[int, int, int]) -> Path:
    picture = Image.new("RGBA", (320, 400), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((60, 40, 260, 380), fill=(*colour, 255))
    picture.save(path)
    return path


@pytest.fixture
def order(references: tuple[Path, Path], tmp_path: Path) -> Callable[..., Order]:
    """An order for half a second of video."""

    def ordered(name: str = "take.mp4", **changes: Any) -> Order:
        board = Storyboard(changes.pop("prompt", "She smiles."), duration=Seconds(0.5))
        size = changes.pop("size", Size(160, 96))
        return Order(changes.pop("picture", references[0]), board, tmp_path / name, size=size, **changes)

    return ordered


def build_wan_vace(folder: Path, seed: int = 0) -> None:
    """Save a pipeline of random numbers as its makers save theirs."""
    import torch
    from diffusers import (
        AutoencoderKLWan,
        UniPCMultistepScheduler,
        WanVACEPipeline,
        WanVACETransformer3DModel,
    )
    from transformers import PreTrainedTokenizerFast, UMT5Config, UMT5EncoderModel

    torch.manual_seed(seed)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(HERE / "tokenizer.json"),
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        model_max_length=512,
    )
    reader = UMT5Config(
        vocab_size=len(tokenizer), d_model=32, d_kv=8, d_ff=40, num_layers=2, num_heads=4,
        relative_attention_num_buckets=8,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        WanVACEPipeline(
            tokenizer=tokenizer,
            text_encoder=UMT5EncoderModel(reader),
            vae=AutoencoderKLWan(
                base_dim=3, z_dim=16, dim_mult=[1, 1, 1, 1], num_res_blocks=1,
                temperal_downsample=[False, True, True],
            ),
            transformer=WanVACETransformer3DModel(
                num_attention_heads=2, attention_head_dim=12, text_dim=32, ffn_dim=32, num_layers=3,
                rope_max_seq_len=64, vace_layers=[0, 2],
            ),
            scheduler=UniPCMultistepScheduler(
                prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
            ),
        ).save_pretrained(folder)  # fmt: skip
