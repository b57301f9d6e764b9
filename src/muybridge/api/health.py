"""Liveness and readiness, for whoever starts and watches the server."""

from __future__ import annotations

import json

from fastapi import APIRouter, Request, Response

from muybridge.api.parts import Parts


def routes(parts: Parts) -> APIRouter:
    """The routes /healthz and /readyz."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz", summary="Is the process alive?")
    async def healthz(_: Request) -> Response:
        """Say yes; whoever hears it knows."""
        return Response('{"alive":true}', media_type="application/json")

    @router.get("/readyz", summary="Would a request be taken now?", responses={503: {}})
    async def readyz(_: Request) -> Response:
        """Say which parts answer: 200 where all do, 503 otherwise."""
        found = await parts.ready()
        ready = all(found.values())
        body = json.dumps({"ready": ready, **found})
        return Response(body, 200 if ready else 503, media_type="application/json")

    return router
