"""The two workflows: one drives a task to its end, one tells its callback address.

Deterministic: they decide by what activities gave, and do nothing themselves. A change of their
course must keep recorded histories replaying (`tests/unit/worker/test_replay.py`).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from muybridge.adapters.temporal import names
    from muybridge.adapters.temporal.names import TaskOrder
    from muybridge.domain.take import Take, TakeOrder
    from muybridge.errors import MuybridgeError, TimedOut
    from muybridge.service.stand_in import stand_in
    from muybridge.worker.retries import Limits, Losses, error_of, loss_of

_MARGIN = 300.0  # s beyond an engine's own bound, which is the one that shall speak


@dataclass(frozen=True, slots=True)
class Prepared:
    """A prepared task: the take to be made, if any is wanted, the bounds it is made in, and its notes."""

    order: TakeOrder | None
    limits: Limits
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """After one try: the seconds until the next, or None where nothing is left to tell."""

    wait: float | None


@dataclass(frozen=True, slots=True)
class Publication:
    """A take to be published for a task."""

    task_id: str
    take: Take


@dataclass(frozen=True, slots=True)
class Setback:
    """A task that goes back to the queue, and why."""

    task_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ending:
    """A task that fails, and its error as `to_wire` gives it."""

    task_id: str
    error: dict[str, str]


def _bounds(seconds: float, attempts: int) -> dict[str, Any]:
    """A short activity on `control`: tried so often, each within so long, its life shown by heartbeat."""
    return {
        "task_queue": names.CONTROL,
        "start_to_close_timeout": timedelta(seconds=seconds),
        "heartbeat_timeout": timedelta(seconds=15),
        "retry_policy": RetryPolicy(
            initial_interval=timedelta(seconds=0.5),
            maximum_interval=timedelta(seconds=30),
            maximum_attempts=attempts,
        ),
    }


_ROW = _bounds(30, 100)  # about 50 minutes of a database that is away; the reconciler comes after that


@workflow.defn(name=names.TASK_WORKFLOW)
class TaskWorkflow:
    """Drives one task from its row to its end."""

    def __init__(self) -> None:
        self._lost = 0
        self._began = False

    @workflow.run
    async def run(self, order: TaskOrder) -> None:
        """Prepare, generate, publish; whatever stops that becomes the row's end."""
        try:
            await self._make(order.task_id)
        except (FailureError, MuybridgeError, asyncio.CancelledError) as error:
            ending = Ending(order.task_id, _told(error).to_wire())
            await workflow.execute_activity("failed", ending, **_ROW)

    @workflow.signal(name=names.BEGAN)
    def began(self, lost: int) -> None:
        """An engine is at work, after so many lost takes; older word is stale."""
        self._began = self._began or lost == self._lost

    async def _make(self, task_id: str) -> None:
        prepared: Prepared = await workflow.execute_activity(
            "prepare", task_id, result_type=Prepared, **_bounds(360, 5)
        )
        if prepared.order is None:
            return
        cast = _Cast(prepared.order, prepared.limits, prepared.notes)
        while True:
            take = await self._made(cast)
            try:
                publication = Publication(task_id, replace(take, notes=(*cast.notes, *take.notes)))
                await workflow.execute_activity("publish", publication, **_bounds(360, 40))
                return
            except ActivityError as failed:
                await self._go_on(task_id, failed, cast.losses)

    async def _made(self, cast: _Cast) -> Take:
        """A take by the first engine of the chain that makes one; each has its own tries."""
        while True:
            try:
                return await self._take(cast.order, cast.limits, cast.losses)
            except MuybridgeError as error:
                if not cast.replaced(error):
                    raise
                self._lost, self._began = self._lost + 1, False
                setback = Setback(cast.order.task_id, cast.notes[-1])
                await workflow.execute_activity("again", setback, **_ROW)

    async def _take(self, order: TakeOrder, limits: Limits, losses: Losses) -> Take:
        """The first take that is not lost."""
        while True:
            follow = asyncio.create_task(self._follow(order.task_id))
            try:
                take: Take = await workflow.execute_activity(
                    names.GENERATE,
                    args=[order, self._lost],
                    task_queue=names.generate_queue(order.engine),
                    result_type=Take,
                    schedule_to_start_timeout=timedelta(
                        seconds=limits.patience if order.stand_ins else limits.queue
                    ),
                    start_to_close_timeout=timedelta(seconds=limits.take + _MARGIN),
                    heartbeat_timeout=timedelta(seconds=limits.heartbeat),
                    retry_policy=RetryPolicy(maximum_attempts=1),  # tried again by cause, below
                )
                return take
            except ActivityError as failed:
                await self._settle(follow)
                await self._go_on(order.task_id, failed, losses)
            finally:
                await self._settle(follow)

    async def _follow(self, task_id: str) -> None:
        await workflow.wait_condition(lambda: self._began)
        await workflow.execute_activity("begun", task_id, **_ROW)

    async def _settle(self, follow: asyncio.Task[None]) -> None:
        """Let the row's move finish where it has begun, so that none comes late."""
        if not self._began:
            follow.cancel()
        await workflow.wait([follow])

    async def _go_on(self, task_id: str, failed: ActivityError, losses: Losses) -> None:
        """Wait for the next take, with the row in the queue again; raises where there is none."""
        if is_cancelled_exception(failed):
            raise failed
        loss = loss_of(failed)
        wait = losses.wait_after(loss.cause)
        if wait is None:
            raise loss.error
        self._lost, self._began = self._lost + 1, False
        await workflow.execute_activity("again", Setback(task_id, loss.reason), **_ROW)
        if wait:
            await workflow.sleep(timedelta(seconds=wait))


class _Cast:
    """Who makes the take: the order for the engine in turn, its lost takes, and who stood in for whom."""

    def __init__(self, order: TakeOrder, limits: Limits, notes: tuple[str, ...]) -> None:
        self.order, self.limits, self.notes = order, limits, notes
        self.losses = Losses(limits, stand_ins=bool(order.stand_ins))

    def replaced(self, error: MuybridgeError) -> bool:
        """Let the next engine stand in after this error; False where none may."""
        following = stand_in(self.order, error)
        if following is None:
            return False
        self.order, self.notes = following.order, (*self.notes, following.note)
        self.losses = Losses(self.limits, stand_ins=bool(self.order.stand_ins))
        return True


def _told(error: BaseException) -> MuybridgeError:
    """The error that a task's failed row shall carry."""
    if isinstance(error, MuybridgeError):
        return error
    if is_cancelled_exception(error):
        return MuybridgeError("the task was called off")
    if isinstance(error, ActivityError) and isinstance(error.cause, ApplicationError):
        return error_of(error.cause)
    return TimedOut()


@workflow.defn(name=names.NOTIFY_WORKFLOW)
class NotifyWorkflow:
    """Tells one task's callback address what is pending, in order, until nothing is."""

    def __init__(self) -> None:
        self._poked = False

    @workflow.run
    async def run(self, order: TaskOrder) -> None:
        """One try after the other; a poke cuts a wait short."""
        while True:
            self._poked = False
            told: Told = await workflow.execute_activity(
                "deliver", order.task_id, result_type=Told, **_bounds(150, 100)
            )
            if told.wait is None and not self._poked:
                return
            if told.wait:
                with suppress(TimeoutError):
                    await workflow.wait_condition(lambda: self._poked, timeout=timedelta(seconds=told.wait))

    @workflow.signal(name=names.POKE)
    def poke(self) -> None:
        """There is something more to tell, or somebody wants it told now."""
        self._poked = True
