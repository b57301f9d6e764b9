"""What every engine promises, asked of those that are built in and need no device."""

from __future__ import annotations

from pathlib import Path

import pytest

from muybridge.adapters.weights import CachedWeights
from muybridge.engines.registry import names, open_engine
from muybridge.ports.engine import Engine
from muybridge.settings import Settings
from muybridge.testing.engine_contract import EngineContract, NoWeights


class TestSlate(EngineContract):
    steps = 25

    @pytest.fixture
    def engine(self, tmp_path: Path) -> Engine:
        return open_engine("slate", NoWeights(), tmp_path / "engines")


@pytest.mark.weights
@pytest.mark.slow
class TestPuppet(EngineContract):
    steps = 25

    @pytest.fixture
    def engine(self, weights: CachedWeights, tmp_path_factory: pytest.TempPathFactory) -> Engine:
        # portraits are kept from test to test, as they are from take to take
        return open_engine("puppet", weights, tmp_path_factory.getbasetemp() / "engines")

    @pytest.fixture
    def picture(self) -> Path:
        return Settings.load().weights / "astronaut.png"


def test_every_built_in_engine_is_found_by_name() -> None:
    assert {"puppet", "slate"} <= set(names())
