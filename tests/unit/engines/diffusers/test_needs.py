"""What is missing is said as a sentence that tells what to do."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from muybridge.engines.diffusers import needs
from muybridge.engines.diffusers.checkpoint import Checkpoint
from muybridge.engines.diffusers.device import Gpu, number_of, read_table
from muybridge.engines.diffusers.memory import GIB
from muybridge.engines.diffusers.options import DiffusersOptions

Install = Callable[[dict[str, str]], None]
GPU = DiffusersOptions()
CPU = DiffusersOptions(device="cpu")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Let these packages be installed, with their versions, and no others."""

    def install(packages: dict[str, str]) -> None:
        def version(name: str) -> str:
            if name not in packages:
                raise PackageNotFoundError(name)
            return packages[name]

        monkeypatch.setattr(needs, "version", version)
        monkeypatch.setattr(needs, "find_spec", packages.get)

    return install


ALL = {
    "torch": "2.13.0+cu130",
    "diffusers": "0.42.1",
    "transformers": "5.23.0",
    "accelerate": "1.15.0",
    "ftfy": "6.3.1",
}


def test_with_all_packages_nothing_is_missing(installed: Install) -> None:
    installed(ALL)
    assert list(needs.packages(GPU)) == []


def test_packages_that_are_not_there_are_named_with_the_extra_that_brings_them(installed: Install) -> None:
    installed({"torch": "2.13.0"})
    assert list(needs.packages(GPU)) == [
        "not installed: diffusers, transformers, accelerate, ftfy; `pip install 'muybridge[gpu]'` brings them"
    ]


def test_a_torch_without_cuda_is_no_use_for_a_gpu_and_fine_for_a_cpu(installed: Install) -> None:
    installed(ALL | {"torch": "2.13.0+cpu"})
    assert list(needs.packages(CPU)) == []
    assert "torch is a build without CUDA" in next(needs.packages(GPU))


def test_a_cuda_torchvision_beside_a_cpu_torch_is_to_be_uninstalled(installed: Install) -> None:
    installed(ALL | {"torch": "2.13.0+cpu", "torchvision": "0.28.0"})
    assert [line.split(",")[0] for line in needs.packages(CPU)] == [
        "torchvision is a build for CUDA beside a CPU torch"
    ]
    installed(ALL | {"torch": "2.13.0+cpu", "torchvision": "0.28.0+cpu"})
    assert list(needs.packages(CPU)) == []


def test_a_lora_needs_peft_too(installed: Install) -> None:
    installed(ALL)
    assert "peft" in next(needs.packages(DiffusersOptions(tier="fast", lora="x.safetensors")))


def test_a_gpu_that_is_not_there_or_too_small_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "needs_of", lambda *_: {"rung": 20 * GIB})
    monkeypatch.setattr(needs, "_heads", lambda _checkpoint: 40)
    here: list[Gpu] = []
    monkeypatch.setattr(needs, "gpus", lambda: tuple(here))
    somewhere = Checkpoint(Path("somewhere"))
    assert "0 NVIDIA GPUs are here, and cuda is asked for" in next(needs.device(GPU, somewhere))
    here.append(Gpu("Small One", 12 * GIB, 12 * GIB))
    assert next(needs.device(GPU, somewhere)) == (
        "the model needs 20.0 GiB at the least, and Small One has 12.0 GiB; take a smaller model"
    )
    here.append(Gpu("Large One", 80 * GIB, 2 * GIB))
    second = DiffusersOptions(device="cuda:1")
    assert list(needs.device(second, somewhere)) == []
    assert "2 NVIDIA GPUs are here, and 4 are asked for" in next(
        needs.device(DiffusersOptions(gpus=4), somewhere)
    )


def test_the_drivers_table_is_read_and_noise_in_it_skipped() -> None:
    said = "NVIDIA H200, 143771, 143000\n\nsome warning\nName, with comma, 81559, 0\nX, [N/A], [N/A]\n"
    assert read_table(said) == (
        Gpu("NVIDIA H200", 143771 << 20, 143000 << 20),
        Gpu("Name, with comma", 81559 << 20, 0),
    )
    assert (number_of("cuda"), number_of("cuda:3")) == (0, 3)
