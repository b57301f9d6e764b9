"""The API in this process, over fakes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from fakes.house import House, build
from muybridge.settings import Settings


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    built = await build(settings)
    async with built.client:
        yield built
