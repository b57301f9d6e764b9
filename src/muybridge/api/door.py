"""Where the API answers: uvicorn on a socket that is listening already."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from muybridge.settings import Settings

_LAST_ANSWERS = 10  # s for requests under way when the door is shut


class Door(uvicorn.Server):
    """Answers on one socket until it is shut; signals are the caller's business."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,  # whose word is believed is `api.base_url`'s question
                timeout_graceful_shutdown=_LAST_ANSWERS,
                ssl_certfile=settings.tls_cert,
                ssl_keyfile=settings.tls_key,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield

    def shut(self) -> None:
        """Take no more connections, answer what is under way, end."""
        self.should_exit = True
