"""Submit: a create request becomes a task, or is refused before anything of it is kept."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

import structlog

from muybridge.domain.key import Key
from muybridge.domain.model_card import ModelCard
from muybridge.domain.stored_file import Purpose
from muybridge.domain.task import Task
from muybridge.errors import InvalidInput, MuybridgeError, NotFound, Unavailable
from muybridge.media.intake import MAX_BYTES
from muybridge.ports.clock import Clock
from muybridge.ports.fetcher import Fetcher
from muybridge.ports.file_store import FileStore, NewFile
from muybridge.ports.orchestrator import Orchestrator
from muybridge.ports.task_store import Once, TaskStore
from muybridge.service.challenge import FIELD as CALLBACK
from muybridge.service.challenge import challenge
from muybridge.service.judge import judge
from muybridge.service.rehearse import OFF, Rehearsal
from muybridge.units import Seconds
from muybridge.wire.models import FIRST_FRAME, SUBJECT, form_of, picture_field
from muybridge.wire.pictures import PictureFile, PictureUrl, read_source
from muybridge.wire.requests import CreateRequest
from muybridge.wire.shown import shown

log = structlog.get_logger()

_LONGEST_ONCE = 255
_LARGE = 1 << 18  # characters from which decoding would keep other requests waiting


@dataclass(frozen=True, slots=True)
class Stores:
    """Where a request's parts are kept."""

    tasks: TaskStore
    files: FileStore


@dataclass(frozen=True, slots=True)
class Rules:
    """How long a callback's challenge may take, and whether prompts may direct rehearsals."""

    challenge_within: Seconds = Seconds(3.0)
    rehearsal: Rehearsal = OFF


class Submit:
    """Takes create requests; `offer` maps each served model's wire name to its engine's card."""

    def __init__(
        self,
        stores: Stores,
        fetcher: Fetcher,
        orchestrator: Orchestrator,
        clock: Clock,
        offer: Mapping[str, ModelCard],
        rules: Rules = Rules(),
    ) -> None:
        self._tasks, self._files = stores.tasks, stores.files
        self._fetcher = fetcher
        self._orchestrator = orchestrator
        self._clock = clock
        self.offer = {name: _by_its_name(name, card) for name, card in offer.items()}
        self._rules = rules
        self._closed = False

    def close(self) -> None:
        """Take no more tasks: the server is stopping."""
        self._closed = True

    async def __call__(self, key: Key, request: CreateRequest, once_name: str | None = None) -> Task:
        """The task made of a request, or the one already made under its idempotency key.

        Raises: InvalidInput, RateLimited, AllowanceUsedUp, Unavailable; then nothing was kept.
        """
        if self._closed:
            raise Unavailable("the server is stopping")
        once = await _once(once_name, request)
        if once is not None and (earlier := await self._tasks.promised(key.key_id, once)):
            return earlier
        field, text = self._picture_of(request)
        self._rules.rehearsal.admit(request.prompt)
        await self._tasks.room(key.key_id, key.terms, self._clock.now())
        picture = await self._look(key, text, field)
        if request.callback_url:
            await self._fetcher.vet(request.callback_url, CALLBACK)
            await challenge(self._fetcher, request.callback_url, self._rules.challenge_within)
        return await self._keep(key, request, picture, once)

    def _picture_of(self, request: CreateRequest) -> tuple[str, str]:
        """The picture that the model takes: its field's name, and the text that came in it."""
        card = self.offer.get(request.model)
        if card is None:
            raise InvalidInput("model", shown(request.model), "one of " + ", ".join(self.offer))
        form, field = form_of(request.model), picture_field(request.model)
        if form == SUBJECT and request.subject_reference:
            return field, request.subject_reference[0].image[0]
        if form == FIRST_FRAME and request.first_frame_image:
            return field, request.first_frame_image
        sent = [name for name in (SUBJECT, FIRST_FRAME) if getattr(request, name)]
        got = f"nothing ({sent[0]} is not taken by {request.model})" if sent else "nothing"
        raise InvalidInput(form, got, f"required by {request.model}")

    async def _look(self, key: Key, text: str, field: str) -> str | bytes:
        """The reference to keep: a URL, the id of a file that is there, or bytes that are a picture."""
        beside = len(text) > _LARGE
        source = await asyncio.to_thread(read_source, text, field) if beside else read_source(text, field)
        if isinstance(source, PictureUrl):
            await self._fetcher.vet(source.url, field)
            return source.url
        if isinstance(source, PictureFile):
            await judge(await self._uploaded(key, source.file_id, field), field)
            return source.file_id
        await judge(source.raw, field)
        return source.raw

    async def _uploaded(self, key: Key, file_id: str, field: str) -> bytes:
        file = await self._files.get(file_id)
        if file is None or file.key_id != key.key_id:
            raise NotFound(field, shown(file_id), "the file_id of an uploaded picture of this key")
        return b"".join([piece async for piece in self._files.read(file, 0, MAX_BYTES + 1)])

    async def _keep(self, key: Key, request: CreateRequest, picture: str | bytes, once: Once | None) -> Task:
        now = self._clock.now()
        kept = picture if isinstance(picture, str) else await self._keep_picture(key, picture, now)
        task = Task(
            task_id=await self._tasks.new_id(),
            key_id=key.key_id,
            model=request.model,
            prompt=request.prompt,
            reference=kept,
            created_at=now,
            updated_at=now,
            prompt_optimizer=request.prompt_optimizer,
            aigc_watermark=request.aigc_watermark,
            callback_url=request.callback_url or None,
            seed=secrets.randbelow(2**31),
        )
        try:
            added = await self._tasks.add(task, key.terms, once)
        except MuybridgeError:
            await self._drop(kept, picture)
            raise
        if added.task_id != task.task_id:  # the same request came twice at once
            await self._drop(kept, picture)
        await self._start(added, key)
        return added

    async def _keep_picture(self, key: Key, raw: bytes, now: Seconds) -> str:
        new = NewFile(await self._tasks.new_id(), key.key_id, Purpose.REFERENCE, "reference")
        return (await self._files.put(new, raw, now)).file_id

    async def _drop(self, kept: str, picture: str | bytes) -> None:
        if isinstance(picture, bytes):
            await self._files.delete(kept, self._clock.now())

    async def _start(self, task: Task, key: Key) -> None:
        try:
            await self._orchestrator.start(task.task_id, tenant=key.key_id)
        except Unavailable as error:  # the row is there: the reconciler starts it
            log.warning("task waits for the orchestrator", task_id=task.task_id, why=error.message)
        log.info("task accepted", task_id=task.task_id, model=task.model, key=key.name)


def _by_its_name(name: str, card: ModelCard) -> ModelCard:
    """What an engine takes under a wire name, of all that it could."""
    return replace(card, takes=tuple(form for form in card.takes if form == form_of(name)))


async def _once(name: str | None, request: CreateRequest) -> Once | None:
    if name is None:
        return None
    if not name.isascii() or not name.isprintable() or not 0 < len(name) <= _LONGEST_ONCE:
        raise InvalidInput("Idempotency-Key", shown(name), f"1 to {_LONGEST_ONCE} printable ASCII characters")
    return await asyncio.to_thread(
        lambda: Once(name, hashlib.sha256(request.model_dump_json().encode()).hexdigest())
    )
