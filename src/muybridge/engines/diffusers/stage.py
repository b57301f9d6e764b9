"""The loaded model and the ladder: each take on the best rung that there is memory for.

Memory is checked before anything is loaded. Where it runs out all the same, the take goes on one rung
lower and says so, and later takes start there; below the last rung it is a clear failure.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import psutil
import structlog
from numpy.typing import NDArray

from muybridge.engines.diffusers.checkpoint import Checkpoint
from muybridge.engines.diffusers.memory import gib
from muybridge.engines.diffusers.models import Known
from muybridge.engines.diffusers.needs import needs_of
from muybridge.engines.diffusers.options import DiffusersOptions
from muybridge.engines.rising import Rising
from muybridge.errors import EngineFailed, EngineNotReady
from muybridge.ports.engine import Progress

if TYPE_CHECKING:
    from muybridge.engines.diffusers.wan_vace import WanVace

log = structlog.get_logger()

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Brief:
    """What one take shall show: the words for and against it, the references, and its chance."""

    caption: str
    negative: str
    references: tuple[Bytes, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A model's own frames, (T, H, W, 3) uint8 sRGB, and what there is to say of how they came about."""

    frames: Bytes
    known: Known
    notes: tuple[str, ...]


class Stage:
    """One model on one device."""

    def __init__(self, checkpoint: Checkpoint, options: DiffusersOptions) -> None:
        self._checkpoint, self._options = checkpoint, options
        self._needs = needs_of(checkpoint, options)
        self._rungs = list(self._needs)
        self._start = 0
        self._model: WanVace | None = None

    def load(self) -> None:
        """Load the model on the best rung there is memory for; raises EngineNotReady."""
        self._loaded(self._fitting())

    def clear(self) -> None:
        """Let go of the model and its memory."""
        import torch

        if self._model:
            self._model.close()
        self._model = None
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()

    def play(self, brief: Brief, progress: Progress) -> Shown:
        """One take's frames; raises EngineNotReady, or EngineFailed where memory runs out on every rung."""
        import torch

        rising = Rising(progress)
        notes: list[str] = []
        rising(0.02, "loading")
        number = self._fitting()
        while True:
            try:
                frames = self._run(number, brief, rising)
            except torch.OutOfMemoryError as error:
                log.warning("out of memory", rung=str(self._rungs[number]), why=str(error)[:300])
                self.clear()
                number = self._lower(number)
                notes.append(f"The device ran out of memory; this take was made on {self._rungs[number]}.")
            except BaseException:
                if self._options.gpus > 1:  # the others are in the middle of something, and know of nothing
                    self.clear()
                raise
            else:
                self._start = number
                return Shown(frames, self._checkpoint.known, tuple(notes[-1:]))

    def _run(self, number: int, brief: Brief, progress: Progress) -> Bytes:
        from muybridge.engines.diffusers.wan_vace import Job

        known, options = self._checkpoint.known, self._options
        fast = options.tier == "fast"
        job = Job(
            caption=brief.caption,
            negative=brief.negative,
            references=brief.references,
            frames=options.frames or known.frames,
            steps=options.steps or (known.fast_steps if fast else known.steps),
            guidance=options.guidance or (1.0 if fast else known.guidance),
            seed=brief.seed,
        )
        return self._loaded(number).run(self._rungs[number], job, progress)

    def _loaded(self, number: int) -> WanVace:
        from muybridge.engines.diffusers.wan_vace import WanVace

        rung = self._rungs[number]
        held = self._model.rung if self._model else None
        if held is None or (held.residence, held.fp8) != (rung.residence, rung.fp8):
            self.clear()
            self._model = WanVace(self._checkpoint, rung, self._options)
        assert self._model is not None  # noqa: S101  # just loaded
        return self._model

    def _fitting(self) -> int:
        """The best rung with enough free memory; what is loaded has its memory already."""
        if self._model:
            return self._start
        free = self._free()
        for number in range(self._start, len(self._rungs)):
            if self._needs[self._rungs[number]] <= free:
                return number
        last = self._rungs[-1]
        raise EngineNotReady(
            f"{gib(free)} are free, and {self._options.model} needs {gib(self._needs[last])} at the least "
            f"({last})"
        )

    def _lower(self, number: int) -> int:
        if number + 1 < len(self._rungs):
            return number + 1
        raise EngineFailed(f"the device ran out of memory even on its last rung, {self._rungs[number]}")

    def _free(self) -> int:
        """Bytes that are free on the device."""
        import torch

        if self._options.device == "cpu":
            return psutil.virtual_memory().available
        try:
            return int(torch.cuda.mem_get_info(torch.device(self._options.device))[0])
        except (RuntimeError, AssertionError) as error:  # no driver, no such GPU, a build without CUDA
            raise EngineNotReady(f"{self._options.device} cannot be used: {str(error)[:200]}") from error
