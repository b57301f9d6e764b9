"""Make one take: look at the reference, plan the storyboard, have the engine act, keep the video.

Runs on a worker: it has the engine and the object store, and needs nothing else.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from muybridge.domain.storyboard import Storyboard
from muybridge.domain.take import Take, TakeOrder
from muybridge.errors import EngineFailed, InvalidInput
from muybridge.media import probe
from muybridge.ports.engine import Made, Order
from muybridge.ports.running_engine import OnProgress, RunningEngine
from muybridge.ports.screenwriter import Ask, Screenwriter
from muybridge.ports.take_store import TakeStore
from muybridge.service.storyboard import storyboard

_MOST_NOTES, _LONGEST_NOTE = 50, 300


class Generate:
    """From a take's order to a take in the object store."""

    def __init__(
        self, engine: RunningEngine, takes: TakeStore, scratch: Path, writer: Screenwriter | None = None
    ) -> None:
        self._engine, self._takes, self._scratch, self._writer = engine, takes, scratch, writer

    async def generate(self, order: TakeOrder, on_progress: OnProgress) -> Take:
        """Make the take and keep it; nothing is left on this machine's disk.

        Raises:
            MuybridgeError: what the engine or the object store said; `retryable` says the rest.
        """
        with _folder(self._scratch) as folder:
            picture = folder / "reference"
            await self._takes.fetch(order.picture, picture)
            on_progress(0.0, "looking")
            subject = await self._engine.look(picture)
            ask = Ask(order.prompt, subject, order.prompt_optimizer, order.seed)
            board = await storyboard(ask, self._writer)
            shot = Order(
                picture,
                board,
                folder / "take.mp4",
                seed=order.seed,
                mark=order.mark,
                optimize=order.prompt_optimizer,
            )
            made = await self._engine.generate(shot, on_progress)
            await asyncio.to_thread(_check, made)
            on_progress(1.0, "keeping")
            name = await self._takes.keep(order.task_id, made.path)
        notes = (*subject.notes, *board.notes, *unheard(board), *made.notes)
        return Take(name, made.size.width, made.size.height, tuple(_tidy(notes)))


def unheard(board: Storyboard) -> Iterator[str]:
    """One sentence for each piece of the prompt that nothing was made of."""
    return (f'Not understood, and left out: "{piece}".' for piece in board.unheard)


def _tidy(notes: Iterable[str]) -> list[str]:
    return [note[:_LONGEST_NOTE] for note in dict.fromkeys(notes)][:_MOST_NOTES]


def _check(made: Made) -> None:
    try:
        found = probe.probe(made.path)
    except InvalidInput as error:
        raise EngineFailed(f"the engine left no readable video: {error.got}") from error
    if found.size != made.size or found.frames < 1:
        raise EngineFailed(f"the engine said {made.size}, its video is {found.size}, {found.frames} frames")


@contextmanager
def _folder(parent: Path) -> Iterator[Path]:
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="take-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
