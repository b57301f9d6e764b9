"""The heavy activity, on `generate.ENGINE`: it has an engine and the object store, no database."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.service import RPCError

from muybridge.adapters.temporal import names
from muybridge.domain.take import Take, TakeOrder
from muybridge.ports.orchestrator import TakeProgress
from muybridge.service.generate import Generate
from muybridge.worker.crossing import crossing


class GenerateActivity:
    """Makes takes with one engine."""

    def __init__(self, generate: Generate, client: Client) -> None:
        self._generate, self._client = generate, client
        self._takes = 0

    @property
    def busy(self) -> bool:
        """Whether a take is being made."""
        return self._takes > 0

    @activity.defn(name=names.GENERATE)
    async def generate(self, order: TakeOrder, lost: int) -> Take:
        """Make one take, its progress in the heartbeats; ended within a second when called off."""
        progress = TakeProgress(0.0, "starting")

        def on_progress(fraction: float, stage: str) -> None:
            nonlocal progress
            progress = TakeProgress(fraction, stage)

        self._takes += 1
        word = asyncio.create_task(self._say_that_it_began(lost))
        try:
            async with crossing(lambda: progress):
                return await self._generate.generate(order, on_progress)
        except asyncio.CancelledError:
            if activity.is_worker_shutdown():
                raise ApplicationError(
                    "the worker was stopped", type=names.HANDED_BACK, category=ApplicationErrorCategory.BENIGN
                ) from None
            raise
        finally:
            self._takes -= 1
            word.cancel()

    async def _say_that_it_began(self, lost: int) -> None:
        info = activity.info()
        handle = self._client.get_workflow_handle(info.workflow_id or "", run_id=info.workflow_run_id)
        with suppress(RPCError, RuntimeError):  # the row says Queueing a while longer, no more
            await handle.signal(names.BEGAN, lost, rpc_timeout=timedelta(seconds=10))
