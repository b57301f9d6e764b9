"""Judging a picture's bytes beside the event loop, a bounded number at once."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from muybridge.errors import TimedOut
from muybridge.media.intake import check_picture

_AT_ONCE = 2  # each may take 600 MB while it lasts
_WITHIN_S = 60.0
_threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="judge")


async def judge(raw: bytes, field: str) -> None:
    """Return if the bytes are a picture that can be used.

    Raises: InvalidPicture naming `field`; TimedOut where too many others wait.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_WITHIN_S):
            await loop.run_in_executor(_threads, _read, raw, field)
    except TimeoutError:
        raise TimedOut(f"{field} could not be looked at within {_WITHIN_S:g} s") from None


def _read(raw: bytes, field: str) -> None:
    check_picture(raw, field=field)
