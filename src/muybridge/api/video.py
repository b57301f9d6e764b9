"""Create, query, and the list of models."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response

from muybridge.api.answers import CANCEL, CREATE, QUERY, answer
from muybridge.api.bodies import parse, read_body
from muybridge.api.openapi import body_of, parameter
from muybridge.api.parts import Parts
from muybridge.api.poll import how_it_stands
from muybridge.settings import Settings
from muybridge.wire.answers import CancelAnswer, CreateAnswer, ModelListAnswer, ModelObject, QueryAnswer
from muybridge.wire.requests import CancelRequest, CreateRequest

_ONCE = parameter("Idempotency-Key", "header", "the same key and body give the same task", required=False)


def routes(parts: Parts, settings: Settings) -> APIRouter:
    """The routes under /v1 that make and watch videos."""
    router = APIRouter(tags=["video"])
    read_create = partial(CreateRequest.read, strict=settings.api.strict)

    @router.post(
        CREATE,
        summary="Create a video",
        responses={200: {"model": CreateAnswer}},
        openapi_extra=body_of(CreateRequest) | {"parameters": [_ONCE]},
    )
    async def create(request: Request) -> Response:
        """Take one request: a picture of a character and a sentence."""
        key = await parts.owner(request)
        wanted = await parse(await read_body(request), read_create)
        task = await parts.submit(key, wanted, request.headers.get("idempotency-key"))
        return answer(CreateAnswer(task_id=task.task_id))

    @router.get(
        QUERY,
        summary="Ask how a task stands",
        responses={200: {"model": QueryAnswer}},
        openapi_extra={"parameters": [parameter("task_id", "query", "as create gave it")]},
    )
    async def query(request: Request) -> Response:
        """Answer at once, from the task's row."""  # Poll does, before it comes to this: here it is described
        return Response(await how_it_stands(parts, request.scope), media_type="application/json")

    @router.post(
        CANCEL,
        summary="Cancel a task",
        responses={200: {"model": CancelAnswer}},
        openapi_extra=body_of(CancelRequest),
    )
    async def cancel(request: Request) -> Response:
        """End a task that is no longer wanted; one that has ended stays as it ended."""
        key = await parts.owner(request)
        wanted = await parse(await read_body(request), CancelRequest.read)
        task = await parts.cancel(key, str(wanted.task_id))
        return answer(CancelAnswer(task_id=task.task_id, status=task.state.value))

    @router.get("/v1/models", summary="List the models", responses={200: {"model": ModelListAnswer}})
    async def models(request: Request) -> Response:
        """Tell which models are served, by which engine, and what each takes."""
        await parts.owner(request)
        offer = parts.submit.offer.items()
        return answer(ModelListAnswer(data=[ModelObject.of(name, card) for name, card in offer]))

    return router
