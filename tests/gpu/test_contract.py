"""The diffusers engine is held to what every engine promises."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from muybridge.engines.diffusers import DiffusersEngine
from muybridge.testing.engine_contract import EngineContract

pytestmark = [pytest.mark.gpu, pytest.mark.weights]


@pytest.fixture(scope="module")
def engine(open_tiny: Callable[..., DiffusersEngine]) -> DiffusersEngine:
    return open_tiny()


class TestDiffusers(EngineContract):
    steps = 25
