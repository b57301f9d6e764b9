"""The border between our activities and Temporal: errors cross as kind and details, life as heartbeats."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from muybridge.errors import MuybridgeError
from muybridge.units import Seconds

_BEAT = Seconds(1.0)


@asynccontextmanager
async def crossing(said: Callable[[], object] | None = None) -> AsyncIterator[None]:
    """Heartbeat every second, with what `said` gives, and turn our errors into Temporal's."""
    beats = asyncio.create_task(_beat(said))
    try:
        yield
    except MuybridgeError as error:
        raise ApplicationError(
            error.message,
            error.to_wire(),
            type=type(error).__name__,
            non_retryable=not error.retryable,
            category=ApplicationErrorCategory.BENIGN,
        ) from error
    finally:
        beats.cancel()


async def _beat(said: Callable[[], object] | None) -> None:
    while True:
        if said is None:
            activity.heartbeat()
        else:
            activity.heartbeat(said())
        await asyncio.sleep(_BEAT)
