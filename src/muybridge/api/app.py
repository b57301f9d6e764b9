"""The HTTP face as one ASGI app, made of parts that already stand."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from muybridge.api import events, files, health, video
from muybridge.api.answers import on_error, on_fault, on_http_error
from muybridge.api.envelope import Envelope
from muybridge.api.openapi import describe
from muybridge.api.parts import Parts
from muybridge.api.poll import Poll
from muybridge.errors import MuybridgeError
from muybridge.settings import Settings

_ABOUT = "One picture of a character and one sentence in, a video of that very character out."


def make_app(parts: Parts, settings: Settings) -> ASGIApp:
    """The API over `parts`: what every request passes, the poll path, then everything else."""
    whole = make_pages(parts, settings)
    return Envelope(Poll(whole, parts), max_body=settings.api.max_body_mib << 20)


def make_pages(parts: Parts, settings: Settings) -> FastAPI:
    """The routes and their OpenAPI page, without what stands around them."""
    app = FastAPI(title="Muybridge", version="1", description=_ABOUT, redirect_slashes=False)
    app.add_exception_handler(MuybridgeError, on_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(Exception, on_fault)
    for router in (
        video.routes(parts, settings),
        events.routes(parts),
        files.routes(parts, settings),
        health.routes(parts),
    ):
        app.include_router(router)

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the page
    return app
