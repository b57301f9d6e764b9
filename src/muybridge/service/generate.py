"""Make one take: look at the reference, plan the storyboard, have the engine act, keep the video.

Runs on a worker: it has the engine and the object store, and needs nothing else.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import sqrt
from pathlib import Path

from muybridge.domain.storyboard import CameraKind, Setting, ShotSize, Storyboard
from muybridge.domain.take import Take, TakeOrder
from muybridge.errors import EngineFailed, InvalidInput
from muybridge.media import probe
from muybridge.ports.engine import Made, Order
from muybridge.ports.running_engine import OnProgress, RunningEngine
from muybridge.ports.screenwriter import Ask, Screenwriter
from muybridge.ports.take_store import TakeStore
from muybridge.service.rehearse import fail_as_rehearsed
from muybridge.service.storyboard import storyboard
from muybridge.units import WIRE_SIZE, Size

_MOST_NOTES, _LONGEST_NOTE = 50, 300
FROM_REST = (CameraKind.STATIC, CameraKind.PUSH_IN, CameraKind.ZOOM_IN, CameraKind.HANDHELD)


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
            await asyncio.sleep(order.delay)
            fail_as_rehearsed(order.fail_with)
            subject = await self._engine.look(picture)
            ask = Ask(order.prompt, subject, order.prompt_optimizer, order.seed)
            board = await storyboard(ask, self._writer)
            if order.first_frame:
                board = on_its_own_ground(board)
            shot = Order(
                picture,
                board,
                folder / "take.mp4",
                seed=order.seed,
                size=shaped_as(subject.size) if order.first_frame else WIRE_SIZE,
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


def on_its_own_ground(board: Storyboard) -> Storyboard:
    """The same storyboard with the picture as its first frame, which no other place can be."""
    notes, named = board.notes, board.setting
    if named.place or named.hour or named.season:
        words = named.words or named.place or named.hour or named.season
        notes = (*notes, f'The picture is the first frame, so its own background stays: not "{words}".')
    setting = Setting(weather=named.weather, words=named.words if named.weather else "")
    # a move that nobody wrote must not begin away from the picture; one that was written may
    camera = tuple(
        move if move.words or move.kind in FROM_REST else replace(move, kind=CameraKind.PUSH_IN)
        for move in board.camera
    )
    return replace(board, first_frame=True, shot=ShotSize.AUTO, setting=setting, notes=notes, camera=camera)


def shaped_as(picture: Size) -> Size:
    """A frame of the picture's shape with as many pixels as any other video; both sides even."""
    height = sqrt(WIRE_SIZE.width * WIRE_SIZE.height / picture.aspect)
    return Size(2 * round(height * picture.aspect / 2), 2 * round(height / 2))


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
