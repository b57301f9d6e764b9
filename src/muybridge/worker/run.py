"""A worker's life: it polls its queues until it is stopped, then finishes or hands back what it has."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from temporalio.client import Client
from temporalio.worker import Worker

from muybridge.adapters.temporal.names import CONTROL, generate_queue
from muybridge.units import Seconds
from muybridge.worker.control import ControlActivities
from muybridge.worker.engines import GenerateActivity
from muybridge.worker.workflows import NotifyWorkflow, TaskWorkflow

log = structlog.get_logger()

_SECOND = timedelta(seconds=1)
_MOST_LIGHT_WORK = 50
_LAST_WORD = Seconds(1.0)  # for a take that has just ended to reach its row


@dataclass(frozen=True, slots=True)
class Chore:
    """Something done at start and again and again: its name, how often, and what."""

    name: str
    every: Seconds
    do: Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Duty:
    """What one worker process does: the light work with its chores, the engines, or both."""

    control: ControlActivities | None = None
    chores: tuple[Chore, ...] = ()
    engines: Mapping[str, GenerateActivity] = field(default_factory=dict)
    on_polling: Callable[[], None] = lambda: None


async def serve(client: Client, duty: Duty, stop: asyncio.Event, grace: Seconds) -> None:
    """Poll until `stop` is set; running work then has `grace` seconds before it is handed back."""
    workers = [_engine_worker(client, name, act, grace) for name, act in duty.engines.items()]
    if duty.control:
        workers.append(_control_worker(client, duty.control))
    async with AsyncExitStack() as stack:
        running = [asyncio.create_task(worker.run()) for worker in workers]
        for chore in duty.chores:
            task = asyncio.create_task(_again_and_again(chore))
            stack.callback(task.cancel)
        duty.on_polling()
        log.info("polling", engines=list(duty.engines), control=duty.control is not None)
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([stopping, *running], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        busy = any(act.busy for act in duty.engines.values())
        # engines first: a take that ends in its grace is still published by the control worker
        for worker, task in zip(workers, running, strict=True):
            if worker is workers[-1] and busy:
                await asyncio.sleep(_LAST_WORD)
            await worker.shutdown()
            await task  # raises what ended a worker that nobody stopped


def _control_worker(client: Client, control: ControlActivities) -> Worker:
    return Worker(
        client,
        task_queue=CONTROL,
        workflows=[TaskWorkflow, NotifyWorkflow],
        activities=[
            control.prepare,
            control.begun,
            control.again,
            control.publish,
            control.failed,
            control.deliver,
        ],
        max_concurrent_activities=_MOST_LIGHT_WORK,
        sticky_queue_schedule_to_start_timeout=_SECOND,  # a dead worker's cache is soon given up
        max_heartbeat_throttle_interval=_SECOND,
        graceful_shutdown_timeout=timedelta(seconds=10),
    )


def _engine_worker(client: Client, engine: str, activity: GenerateActivity, grace: Seconds) -> Worker:
    return Worker(
        client,
        task_queue=generate_queue(engine),
        activities=[activity.generate],
        max_concurrent_activities=1,  # one take has the whole machine; more machines, more workers
        max_heartbeat_throttle_interval=_SECOND,  # or progress is stale and cancelling slow
        default_heartbeat_throttle_interval=_SECOND,
        graceful_shutdown_timeout=timedelta(seconds=grace),
    )


async def _again_and_again(chore: Chore) -> None:
    while True:
        try:
            log.debug("chore", name=chore.name, found=str(await chore.do()))
        except Exception as error:  # a chore that fails is tried the next time round
            log.warning("chore failed", name=chore.name, why=str(error)[:300])
        await asyncio.sleep(chore.every * random.uniform(0.8, 1.2))
