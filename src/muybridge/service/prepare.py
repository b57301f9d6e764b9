"""Prepare a task: load or fetch its reference, check it, and say what take is to be made."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from muybridge.domain.chain import Chain
from muybridge.domain.stored_file import Purpose, StoredFile
from muybridge.domain.take import TakeOrder
from muybridge.domain.task import Task, TaskState
from muybridge.errors import InvalidInput
from muybridge.media import intake
from muybridge.ports.clock import Clock
from muybridge.ports.fetcher import Fetcher
from muybridge.ports.file_store import FileStore, NewFile
from muybridge.ports.task_store import TaskStore
from muybridge.service.rehearse import OFF, Rehearsal, play
from muybridge.wire.models import FIRST_FRAME, form_of, picture_field


@dataclass(frozen=True, slots=True)
class Casting:
    """Which chain of engines acts for a model, what the visible mark says where one is asked for, and
    whether tasks may be rehearsed."""

    engines: dict[str, str]
    mark: str
    rehearsal: Rehearsal = OFF


class Prepare:
    """From a row to a take's order, however often it is asked."""

    def __init__(
        self, tasks: TaskStore, files: FileStore, fetcher: Fetcher, clock: Clock, casting: Casting
    ) -> None:
        self._tasks, self._files, self._fetcher = tasks, files, fetcher
        self._clock, self._casting = clock, casting

    async def prepare(self, task_id: str) -> TakeOrder | None:
        """Bring the task to Queueing; None where it has ended already or never was.

        Raises:
            InvalidPicture: the reference cannot be used as a picture.
            InvalidInput: its address is refused, its file is gone, or no engine serves the model.
            TimedOut, Unavailable: the reference could not be fetched; trying again may help.
        """
        task = await self._tasks.get(task_id)
        if task is None or task.state.terminal:
            return None
        cast = self._casting.engines.get(task.model)
        if cast is None:
            raise InvalidInput("model", f'"{task.model}"', ", ".join(sorted(self._casting.engines)))
        script, words = self._casting.rehearsal.split(task.prompt)
        play(script, "prepare")
        picture = await self._reference(task)
        await self._tasks.move(
            task_id,
            TaskState.QUEUEING,
            self._clock.now(),
            "the reference is ready",
            reference=picture.file_id,
            # the video's id is settled before any take is made, so that two takes are one file
            file_id=task.file_id or await self._tasks.new_id(),
        )
        chain = Chain.read(cast)
        return TakeOrder(
            task_id,
            chain.first,
            picture.file_id,
            words,
            task.prompt_optimizer,
            task.seed,
            self._casting.mark if task.aigc_watermark else "",
            chain.engines[1:],
            first_frame=form_of(task.model) == FIRST_FRAME,
            delay=script.delay if script else 0.0,
            fail_with=script.fail if script and script.at == "generate" else 0,
        )

    async def _reference(self, task: Task) -> StoredFile:
        field = picture_field(task.model)
        if task.reference.startswith(("http://", "https://")):
            raw = await self._fetcher.picture(task.reference, field)
            await asyncio.to_thread(intake.read_picture, raw, field=field)
            new = NewFile(await self._tasks.new_id(), task.key_id, Purpose.REFERENCE, "reference")
            return await self._files.put(new, raw, self._clock.now())
        file = await self._files.get(task.reference)
        if file is None:
            raise InvalidInput(field, "a picture that has been deleted", "a picture that is still kept")
        raw = b"".join([piece async for piece in self._files.read(file)])
        await asyncio.to_thread(intake.read_picture, raw, field=field)
        return file
