"""The event stream of one task, as server-sent events: each change, and a comment in every silence."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from muybridge.api.openapi import parameter
from muybridge.api.parts import Parts
from muybridge.errors import InvalidInput
from muybridge.service.watch import Sight
from muybridge.units import Seconds
from muybridge.wire.answers import Answer, ProgressAnswer
from muybridge.wire.shown import shown

_LONGEST = Seconds(3600.0)
_TASK_ID = parameter("task_id", "path", "as create gave it")
_WITHIN = parameter("within", "query", f"end after so many seconds, {_LONGEST:g} at most", required=False)
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}  # the latter for nginx, which would wait


def routes(parts: Parts) -> APIRouter:
    """The route that streams one task's progress."""
    router = APIRouter(tags=["video"])

    @router.get(
        "/v1/video_generation/{task_id}/events",
        summary="Watch a task",
        responses={200: {"model": Answer, "content": {"text/event-stream": {"schema": {"type": "string"}}}}},
        openapi_extra={"parameters": [_TASK_ID, _WITHIN]},
    )
    async def events(request: Request) -> Response:
        """Tell each change of state, stage and fraction until the task ends."""
        key = await parts.owner(request)
        within = _seconds(request.query_params.get("within"))
        sights = await parts.watch(key, request.path_params["task_id"], within)
        return StreamingResponse(_lines(sights), media_type="text/event-stream", headers=_HEADERS)

    return router


async def _lines(sights: AsyncIterator[Sight | None]) -> AsyncIterator[str]:
    async for sight in sights:
        if sight is None:
            yield ": still here\n\n"
            continue
        told = ProgressAnswer.seen(sight.task, sight.stage, sight.fraction, sight.seconds_left)
        yield f"data: {told.model_dump_json()}\n\n"


def _seconds(given: str | None) -> Seconds:
    if given is None:
        return _LONGEST
    try:
        seconds = float(given)
    except ValueError:
        seconds = math.nan
    if not seconds > 0:
        raise InvalidInput("within", shown(given), f"seconds above 0, {_LONGEST:g} at most")
    return Seconds(min(seconds, _LONGEST))
