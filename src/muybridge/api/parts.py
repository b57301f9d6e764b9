"""What the HTTP face is made of: the use cases it calls and how it should behave."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request

from muybridge.domain.key import Key
from muybridge.service.cancel import Cancel
from muybridge.service.files import Files
from muybridge.service.keys import Keyring
from muybridge.service.query import Query
from muybridge.service.submit import Submit
from muybridge.service.watch import Watch

Ready = Callable[[], Awaitable[dict[str, bool]]]


@dataclass(frozen=True, slots=True)
class Parts:
    """The use cases, already standing on their stores."""

    keyring: Keyring
    submit: Submit
    query: Query
    cancel: Cancel
    watch: Watch
    files: Files
    ready: Ready

    async def owner(self, request: Request) -> Key:
        """Whose request this is; raises NoKey or UnknownKey."""
        return await self.keyring.owner(request.headers.get("authorization"))
