"""Following a model at work: progress from its own scheduler, and an end as soon as it is called off.

What raises in here goes through the pipeline, which so never decodes a half-made video. (A pipeline's
own `_interrupt` would: it skips the rest of the steps, and decodes and returns what there is.)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from muybridge.ports.engine import Progress

_DENOISING, _DECODING = 0.08, 0.90  # the share of a take that is done when each begins
_PULSE: Final = 0.25  # s between looks within a step; each look waits for the device


class Watch:
    """One run of a pipeline, told as progress.

    `synchronise` waits until the device has done what it was given: work is only queued when a
    scheduler returns, and progress that is told before would be a lie.
    """

    def __init__(self, progress: Progress, steps: int, synchronise: Callable[[], None]) -> None:
        self._progress, self._steps, self._synchronise = progress, steps, synchronise
        self._done = 0
        self._pieces, self._pieces_a_step = 0, 0
        self._looked = time.monotonic()

    @contextmanager
    def over(self, scheduler: Any, pieces: list[Any]) -> Iterator[None]:
        """Follow `scheduler.step`, and look in before each of `pieces`, modules at work within a step."""
        step = scheduler.step

        def stepped(*args: Any, **named: Any) -> Any:
            result = step(*args, **named)
            self._step_done()
            return result

        with ExitStack() as hooks:
            for piece in pieces:
                hooks.callback(piece.register_forward_pre_hook(self._before_piece).remove)
            scheduler.step = stepped
            hooks.callback(delattr, scheduler, "step")
            yield

    def _step_done(self) -> None:
        self._synchronise()
        self._looked = time.monotonic()
        self._done += 1
        self._pieces_a_step, self._pieces = max(self._pieces, 1), 0
        self._tell()

    def _before_piece(self, _module: Any, _given: Any) -> None:
        self._pieces += 1
        if time.monotonic() - self._looked < _PULSE:
            return
        self._synchronise()
        self._looked = time.monotonic()
        self._tell()

    def _tell(self) -> None:
        within = min(self._pieces / self._pieces_a_step, 1.0) if self._pieces_a_step else 0.0
        share = min((self._done + within) / self._steps, 1.0)
        stage = "decoding" if self._done >= self._steps else "denoising"
        self._progress(_DENOISING + (_DECODING - _DENOISING) * share, stage)
