"""The orchestrator's real side: a workflow for each task, whose id is the task's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from temporalio.api.enums.v1 import PendingActivityState, TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.common import Priority, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from muybridge.adapters.temporal.names import (
    CONTROL,
    GENERATE,
    NOTIFY_WORKFLOW,
    POKE,
    TASK_WORKFLOW,
    WORKER_DIED,
    TaskOrder,
    generate_queue,
    notify_id,
    task_of_notify,
)
from muybridge.errors import Unavailable
from muybridge.ports.orchestrator import TakeProgress, UnderWay

_CALL = timedelta(seconds=5)
_RUNNING = "ExecutionStatus = 'Running'"


class TemporalOrchestrator:
    """Drives tasks by workflows on a Temporal server."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def start(self, task_id: str, *, tenant: str = "") -> None:
        """Start the task's workflow, where none is running."""
        async with _reachable():
            await self._client.start_workflow(
                TASK_WORKFLOW,
                TaskOrder(task_id),
                id=task_id,
                task_queue=CONTROL,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                task_timeout=timedelta(seconds=5),
                priority=Priority(fairness_key=tenant[:64] or None),
                rpc_timeout=_CALL,
            )

    async def tell(self, task_id: str) -> None:
        """Start the task's notify workflow, or poke the one that runs."""
        async with _reachable():
            await self._client.start_workflow(
                NOTIFY_WORKFLOW,
                TaskOrder(task_id),
                id=notify_id(task_id),
                task_queue=CONTROL,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                start_signal=POKE,
                task_timeout=timedelta(seconds=5),
                rpc_timeout=_CALL,
            )

    async def cancel(self, task_id: str) -> None:
        """Cancel the task's workflow, and with it the running take."""
        async with _reachable():
            await _unless_gone(self._client.get_workflow_handle(task_id).cancel(rpc_timeout=_CALL))

    async def progress(self, task_id: str) -> TakeProgress | None:
        """What the running take's last heartbeat said."""
        async with _reachable():
            found = await _unless_gone(self._client.get_workflow_handle(task_id).describe(rpc_timeout=_CALL))
        pending = found.raw_description.pending_activities if found else []
        beats = [each for each in pending if each.activity_type.name == GENERATE and each.heartbeat_details]
        if not beats:
            return None
        (said,) = await self._client.data_converter.decode(
            beats[0].heartbeat_details.payloads, [TakeProgress]
        )
        return said if isinstance(said, TakeProgress) else None

    async def under_way(self) -> UnderWay:
        """Every workflow that runs, from the server's visibility index."""
        tasks, telling = set(), set()
        async with _reachable():
            async for found in self._client.list_workflows(_RUNNING, rpc_timeout=_CALL):
                if found.workflow_type == TASK_WORKFLOW:
                    tasks.add(found.id)
                elif found.workflow_type == NOTIFY_WORKFLOW:
                    telling.add(task_of_notify(found.id))
        return UnderWay(frozenset(tasks), frozenset(telling))

    async def staffed(self, engine: str) -> bool:
        """Whether anybody polls the engine's queue; one that stopped counts for five minutes more."""
        asked = DescribeTaskQueueRequest(
            namespace=self._client.namespace,
            task_queue=TaskQueue(name=generate_queue(engine)),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
        )
        async with _reachable():
            found = await self._client.workflow_service.describe_task_queue(asked, timeout=_CALL)
        return bool(found.pollers)

    async def healthy(self) -> bool:
        """Whether the server answers."""
        try:
            return await asyncio.wait_for(self._client.service_client.check_health(), 2.0)
        except (RPCError, RuntimeError, TimeoutError):
            return False

    async def release(self, dead: Callable[[str], bool]) -> int:
        """Hand back at once what dead workers held, instead of after its time-outs.

        `dead` tells by a worker's identity; only who keeps the workers can know. Gives the number
        of activities handed back.
        """
        released = 0
        async with _reachable():
            async for found in self._client.list_workflows(_RUNNING, rpc_timeout=_CALL):
                handle = self._client.get_workflow_handle(found.id, run_id=found.run_id)
                description = await _unless_gone(handle.describe(rpc_timeout=_CALL))
                pending = description.raw_description.pending_activities if description else []
                for each in pending:
                    if dead(each.last_worker_identity):
                        released += await self._hand_back(handle, each)
        return released

    async def _hand_back(self, handle: WorkflowHandle[Any, Any], held: PendingActivityInfo) -> bool:
        if held.state != PendingActivityState.PENDING_ACTIVITY_STATE_STARTED:
            return False
        activity = self._client.get_async_activity_handle(
            workflow_id=handle.id, run_id=handle.run_id, activity_id=held.activity_id
        )
        with suppress(RPCError):  # it has ended meanwhile
            await activity.fail(ApplicationError("the worker died", type=WORKER_DIED), rpc_timeout=_CALL)
            return True
        return False


@asynccontextmanager
async def _reachable() -> AsyncIterator[None]:
    try:
        yield
    except (RPCError, RuntimeError) as error:  # the SDK raises RuntimeError for no connection
        raise Unavailable(f"the orchestrator cannot be reached: {error}") from error


async def _unless_gone(call: Awaitable[Any]) -> Any:
    try:
        return await call
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
