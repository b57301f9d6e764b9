"""A model's folder is judged by what it says and holds, without loading any of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from muybridge.engines.diffusers.checkpoint import Checkpoint
from muybridge.errors import EngineNotReady

INDEX = {
    "_class_name": "WanVACEPipeline",
    "boundary_ratio": None,
    "scheduler": ["diffusers", "UniPCMultistepScheduler"],
    "text_encoder": ["transformers", "UMT5EncoderModel"],
    "tokenizer": ["transformers", "T5TokenizerFast"],
    "transformer": ["diffusers", "WanVACETransformer3DModel"],
    "transformer_2": [None, None],
    "vae": ["diffusers", "AutoencoderKLWan"],
}


def shard(path: Path, *shapes: tuple[int, ...]) -> None:
    """A safetensors file of numbers of these shapes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    header, at = {"__metadata__": {"format": "pt"}}, 0
    for number, shape in enumerate(shapes):
        size = int(np.prod(shape)) * 2
        header[f"part{number}"] = {"dtype": "BF16", "shape": list(shape), "data_offsets": [at, at + size]}  # type: ignore[dict-item]
        at += size
    told = json.dumps(header).encode()
    path.write_bytes(len(told).to_bytes(8, "little") + told + bytes(at))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model_index.json").write_text(json.dumps(INDEX))
    shard(tmp_path / "text_encoder" / "model.safetensors", (4, 8))
    shard(tmp_path / "vae" / "diffusion_pytorch_model.safetensors", (3,), (2, 2))
    weights = {"a": "one.safetensors", "b": "two.safetensors"}
    for name in weights.values():
        shard(tmp_path / "transformer" / name, (10, 10))
    index = tmp_path / "transformer" / "diffusion_pytorch_model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": weights}))
    (tmp_path / "transformer" / "config.json").write_text('{"num_attention_heads": 12}')
    return tmp_path


def test_a_whole_folder_is_known_and_counted(folder: Path) -> None:
    found = Checkpoint.find(str(folder))
    assert found.known.class_name == "WanVACEPipeline"
    assert found.missing() == ()
    assert found.numbers() == {"text_encoder": 32, "transformer": 200, "vae": 7}
    assert found.config("transformer") == {"num_attention_heads": 12}


def test_a_shard_that_is_not_there_is_named(folder: Path) -> None:
    (folder / "transformer" / "two.safetensors").unlink()
    (folder / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    assert Checkpoint(folder).missing() == (
        str(folder / "transformer" / "two.safetensors"),
        f"{folder / 'vae'}: no safetensors",
    )


@pytest.mark.parametrize("raw", [b"", b"\xff" * 40, (9).to_bytes(8, "little") + b"not json!"])
def test_a_file_that_is_no_safetensors_is_refused_by_name(folder: Path, raw: bytes) -> None:
    (folder / "vae" / "diffusion_pytorch_model.safetensors").write_bytes(raw)
    with pytest.raises(EngineNotReady, match=r"vae.*is no whole safetensors file"):
        Checkpoint(folder).numbers()


@pytest.mark.parametrize("name", ["StableDiffusionPipeline", "WanPipeline", ""])
def test_a_class_that_is_not_on_the_list_is_refused(folder: Path, name: str) -> None:
    (folder / "model_index.json").write_text(json.dumps(INDEX | {"_class_name": name}))
    with pytest.raises(EngineNotReady, match="served are WanVACEPipeline"):
        Checkpoint(folder).known  # noqa: B018  # reading it is what is tested


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_a_folder_without_a_readable_index_is_no_model(tmp_path: Path, text: str) -> None:
    if text:
        (tmp_path / "model_index.json").write_text(text)
    with pytest.raises(EngineNotReady, match=r"model_index.json|no folder of a diffusers model"):
        Checkpoint(tmp_path).known  # noqa: B018  # as above


def test_a_hub_id_is_the_snapshot_that_is_here_and_never_fetched(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = tmp_path_factory.mktemp("hub")
    monkeypatch.setenv("HF_HUB_CACHE", str(hub))
    with pytest.raises(EngineNotReady, match="`hf download Some-Body/Their-Model` gets it"):
        Checkpoint.find("Some-Body/Their-Model")
    kept = hub / "models--Some-Body--Their-Model"
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text("abc123")
    (kept / "snapshots").mkdir()
    (kept / "snapshots" / "abc123").symlink_to(folder)
    assert Checkpoint.find("Some-Body/Their-Model").numbers()["vae"] == 7


def test_a_path_that_is_no_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(EngineNotReady, match="there is no folder"):
        Checkpoint.find(str(tmp_path / "not" / "here"))
