"""The light activities, on `control`: they write the rows, and so need the database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from temporalio import activity

from muybridge.domain.take import TakeOrder
from muybridge.errors import MuybridgeError, Unavailable
from muybridge.ports.orchestrator import Orchestrator
from muybridge.service.finish import Follow
from muybridge.service.notify import Notify
from muybridge.service.prepare import Prepare
from muybridge.service.publish import Publish
from muybridge.service.stand_in import first_staffed
from muybridge.worker.crossing import crossing
from muybridge.worker.retries import Limits
from muybridge.worker.workflows import Ending, Prepared, Publication, Setback, Told

_COMING_UP = 2.0  # s


@dataclass(frozen=True, slots=True)
class UseCases:
    """What the control activities are thin over."""

    prepare: Prepare
    publish: Publish
    follow: Follow
    notify: Notify


class ControlActivities:
    """Each is one use case, and then the word to the callback address where something changed."""

    def __init__(self, use: UseCases, orchestrator: Orchestrator, limits: Limits) -> None:
        self._use, self._orchestrator, self._limits = use, orchestrator, limits

    @activity.defn(name="prepare")
    async def prepare(self, task_id: str) -> Prepared:
        """Bring the task to Queueing, and say what take is to be made."""
        async with self._step(task_id):
            order = await self._use.prepare.prepare(task_id)
            if order is None or not order.stand_ins:
                return Prepared(order, self._limits)
            cast, notes = first_staffed(order, await self._staffed(order))
            return Prepared(cast, self._limits, notes)

    async def _staffed(self, order: TakeOrder) -> set[str]:
        """The engines of the chain that somebody works with; who is just coming up is waited for a moment."""
        chain = (order.engine, *order.stand_ins)
        for wait in (_COMING_UP, 0.0):
            found = {engine for engine in chain if await self._orchestrator.staffed(engine)}
            if order.engine in found:
                break
            await asyncio.sleep(wait)
        return found

    @activity.defn(name="begun")
    async def begun(self, task_id: str) -> None:
        """Bring the task to Processing."""
        async with self._step(task_id):
            await self._use.follow.begun(task_id)

    @activity.defn(name="again")
    async def again(self, setback: Setback) -> None:
        """Bring the task back to Queueing."""
        async with self._step(setback.task_id):
            await self._use.follow.again(setback.task_id, setback.reason)

    @activity.defn(name="publish")
    async def publish(self, publication: Publication) -> None:
        """Bring the task to Success."""
        async with self._step(publication.task_id):
            await self._use.publish.publish(publication.task_id, publication.take)

    @activity.defn(name="failed")
    async def failed(self, ending: Ending) -> None:
        """Bring the task to Fail."""
        async with self._step(ending.task_id):
            await self._use.follow.failed(ending.task_id, MuybridgeError.from_wire(ending.error))

    @activity.defn(name="deliver")
    async def deliver(self, task_id: str) -> Told:
        """Try the first pending event once."""
        async with crossing():
            return Told(await self._use.notify.next(task_id))

    @asynccontextmanager
    async def _step(self, task_id: str) -> AsyncIterator[None]:
        async with crossing():
            yield
            if await self._use.notify.pending(task_id):
                with suppress(Unavailable):  # the reconciler finds the event
                    await self._orchestrator.tell(task_id)
