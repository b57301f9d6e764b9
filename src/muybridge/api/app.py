"""The HTTP face as one ASGI app, made of parts that already stand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException

from muybridge.api import files, health, video
from muybridge.api.answers import on_error, on_http_error
from muybridge.api.envelope import Envelope
from muybridge.api.openapi import describe
from muybridge.api.parts import Parts
from muybridge.api.poll import Poll
from muybridge.errors import MuybridgeError
from muybridge.settings import Settings

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_ABOUT = "One picture of a character and one sentence in, a video of that very character out."


def make_app(parts: Parts, settings: Settings, lifespan: Lifespan | None = None) -> FastAPI:
    """The API over `parts`; `lifespan` may open and close what they stand on."""
    app = FastAPI(
        title="Muybridge", version="1", description=_ABOUT, lifespan=lifespan, redirect_slashes=False
    )
    app.add_middleware(Poll, parts=parts)
    app.add_middleware(Envelope, max_body=settings.api.max_body_mib << 20)
    app.add_exception_handler(MuybridgeError, on_error)
    app.add_exception_handler(HTTPException, on_http_error)
    for router in (video.routes(parts, settings), files.routes(parts, settings), health.routes(parts)):
        app.include_router(router)

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the page
    return app
