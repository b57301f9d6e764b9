"""What `muybridge doctor` tells the owner of a GPU: what fits it, what to pull, what it may be used for."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from muybridge.cli.checks import Finding, Verdict
from muybridge.engines.diffusers.catalogue import CATALOGUE, Entry
from muybridge.engines.diffusers.checkpoint import Checkpoint
from muybridge.engines.diffusers.device import Gpu, gpus
from muybridge.engines.diffusers.memory import gib
from muybridge.errors import EngineNotReady
from muybridge.settings import Settings

_PAGE = "docs/how-to/run-on-a-gpu.md"


def gpu(settings: Settings) -> Iterator[Finding]:
    """The GPUs, and the models that would run on the largest."""
    found = gpus()
    if not found:
        yield Finding("gpu", Verdict.FINE, "no NVIDIA GPU was found; the puppet needs none")
        return
    largest = max(found, key=lambda each: each.total)
    seen = ", ".join(f"{each.name} with {gib(each.total)}" for each in found)
    lacks = [name for name in ("torch", "diffusers") if find_spec(name) is None]
    advice = "pip install 'muybridge[gpu]' brings what open models need" if lacks else ""
    yield Finding("gpu", Verdict.NOTE if lacks else Verdict.FINE, seen, advice)
    for entry in CATALOGUE:
        yield _model(entry, largest)


def _model(entry: Entry, gpu: Gpu) -> Finding:
    needs = entry.needs()
    fitting = [rung for rung, count in needs.items() if count <= gpu.total]
    best, least = next(iter(needs.values())), min(needs.values())
    where = f"runs here at {fitting[0]}" if fitting else "does not fit here"
    memory = f"{gib(best)} of GPU memory, {gib(least)} at the least"
    seen = f"{entry.good_for}; {memory}; {where}; {entry.known.licence}"
    name = f"model: {entry.hub_id}"
    if not fitting:
        return Finding(name, Verdict.NOTE, seen, "a GPU with more memory, or a smaller model")
    try:
        missing = Checkpoint.find(entry.hub_id).missing()
    except EngineNotReady:
        missing = ("all of it",)
    if missing:
        return Finding(name, Verdict.NOTE, seen, f"hf download {entry.hub_id}, then see {_PAGE}")
    return Finding(name, Verdict.FINE, f"{seen}; it is on this machine")
