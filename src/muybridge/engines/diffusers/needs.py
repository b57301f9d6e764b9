"""What is missing before a diffusers engine can work here, each as a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import psutil

from muybridge.engines.diffusers.checkpoint import Checkpoint
from muybridge.engines.diffusers.device import gpus, number_of
from muybridge.engines.diffusers.memory import Residence, Rung, gib, ladder, need
from muybridge.engines.diffusers.models import Known
from muybridge.engines.diffusers.options import DiffusersOptions
from muybridge.errors import EngineNotReady, WeightsMissing
from muybridge.ports.weights import WeightStore
from muybridge.puppet.sight.models import WEIGHTS

# Wan's pipeline cleans its prompts by ftfy, and without it fails of an unknown name
_PACKAGES = ("torch", "diffusers", "transformers", "accelerate", "ftfy")
_HEADS, _CHANNELS_EACH = 40, 128  # of the 14B model, where a configuration says nothing


def packages(options: DiffusersOptions) -> Iterator[str]:
    """The extra's packages that are not installed, and the one that must not be."""
    wanted = (*_PACKAGES, "peft") if options.lora else _PACKAGES
    lacking = [name for name in wanted if find_spec(name) is None]
    if lacking:
        yield f"not installed: {', '.join(lacking)}; `pip install 'muybridge[gpu]'` brings them"
        return
    if "+cpu" in version("torch"):
        if options.device != "cpu":
            yield "torch is a build without CUDA; install the one for your driver, or set device to cpu"
        if _has_other_torchvision():
            yield "torchvision is a build for CUDA beside a CPU torch, which breaks diffusers; uninstall it"


def _has_other_torchvision() -> bool:
    try:
        return "+cpu" not in version("torchvision")
    except PackageNotFoundError:
        return False


def weights(store: WeightStore) -> Iterator[str]:
    """The files of our own sight, which cut the subject out."""
    for name in WEIGHTS:
        try:
            store.path(name)
        except WeightsMissing as error:
            yield error.message


def model(options: DiffusersOptions, called: str) -> Iterator[str]:
    """The model itself: named, here, whole, of a class we serve."""
    if not options.model:
        yield (
            f"no model is set: engines.{called}.model is a folder, or a hub id such as "
            "Wan-AI/Wan2.1-VACE-14B-diffusers"
        )
        return
    try:
        checkpoint = Checkpoint.find(options.model)
        missing = checkpoint.missing() if checkpoint.known else ()
    except EngineNotReady as error:
        yield error.message
        return
    if missing:
        yield (
            f"{len(missing)} files of the model are missing, the first {missing[0]}; "
            "`hf download` goes on where it stopped"
        )
    if options.lora and not Path(options.lora).expanduser().is_file():
        yield f"engines.{called}.lora: there is no file {options.lora}"


def device(options: DiffusersOptions, checkpoint: Checkpoint) -> Iterator[str]:
    """A device with room for the model on its smallest rung."""
    if options.device == "cpu":
        room, where = psutil.virtual_memory().available, "this machine has free"
    else:
        found, number = gpus(), number_of(options.device)
        if len(found) <= number + options.gpus - 1:
            asked = f"{options.device} is" if options.gpus == 1 else f"{options.gpus} are"
            yield (
                f"{len(found)} NVIDIA GPUs are here, and {asked} asked for; "
                "the device cpu works, and takes hours"
            )
            return
        room, where = found[number].total, f"{found[number].name} has"
    if (heads := _heads(checkpoint)) % options.gpus:
        yield f"{options.gpus} GPUs do not divide the model's {heads} heads"
    least = min(needs_of(checkpoint, options).values())
    if least > room:
        yield f"the model needs {gib(least)} at the least, and {where} {gib(room)}; take a smaller model"


def needs_of(checkpoint: Checkpoint, options: DiffusersOptions) -> dict[Rung, int]:
    """Every rung that the options allow, with the bytes it needs; raises EngineNotReady."""
    numbers, known = checkpoint.numbers(), checkpoint.known
    frames = options.frames or known.frames
    return {
        rung: need(numbers, _width(checkpoint, numbers), frames, rung) for rung in rungs_of(known, options)
    }


def rungs_of(known: Known, options: DiffusersOptions) -> tuple[Rung, ...]:
    """The rungs that the options allow, the best first."""
    names = [name for name, _, _ in known.sizes]
    first = names.index(options.size) if options.size in names else 0
    sizes = tuple(size for size in known.sizes[first:] if size[0] != "tiny" or options.size == "tiny")
    rungs = ladder(sizes, fp8=options.fp8, smaller=options.smaller)
    if options.device != "cpu":
        return rungs
    # there is nowhere to set models aside to
    plain = [Rung(*size, Residence.ALL, options.fp8) for size in (sizes if options.smaller else sizes[:1])]
    return tuple(plain)


def _heads(checkpoint: Checkpoint) -> int:
    part = "transformer" if (checkpoint.folder / "transformer").is_dir() else "transformer_2"
    heads = checkpoint.config(part).get("num_attention_heads")
    return heads if isinstance(heads, int) else _HEADS


def _width(checkpoint: Checkpoint, numbers: dict[str, int]) -> int:
    part = "transformer" if "transformer" in numbers else "transformer_2"
    each = checkpoint.config(part).get("attention_head_dim")
    return _heads(checkpoint) * (each if isinstance(each, int) else _CHANNELS_EACH)
