"""An upstream on loopback, an engine that passes on to it, and an order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fakes.upstream import Upstream
from muybridge.domain.storyboard import Storyboard
from muybridge.engines.hailuo import HailuoEngine
from muybridge.media.writer import Writer
from muybridge.ports.engine import Order
from muybridge.testing.engine_contract import NoWeights, patterned_picture
from muybridge.units import WIRE_RATE, Size

Open = Callable[..., HailuoEngine]
Ordered = Callable[..., Order]


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "theirs.mp4"
    with Writer(path, Size(480, 270), WIRE_RATE, preset="ultrafast") as writer:
        for level in range(25):
            writer.write(np.full((270, 480, 3), level * 9, np.uint8))
    return path


@pytest.fixture
def upstream(video: Path, tmp_path: Path) -> Iterator[Upstream]:
    server = Upstream(video)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def opened(upstream: Upstream, tmp_path: Path) -> Iterator[Open]:
    """An engine that passes on to the upstream, over one cache folder."""
    engines: list[HailuoEngine] = []

    def opened(**options: Any) -> HailuoEngine:
        facts = {"base_url": upstream.url, "key": upstream.house.key.secret, "poll_seconds": 0.05}
        engines.append(HailuoEngine(NoWeights(), tmp_path / "cache" / "hailuo", facts | options))
        return engines[-1]

    yield opened
    for engine in engines:
        engine.unload()


@pytest.fixture
def order(tmp_path: Path) -> Ordered:
    picture = patterned_picture(tmp_path / "reference.png")

    def ordered(prompt: str = "fine", **changes: Any) -> Order:
        (tmp_path / "out").mkdir(exist_ok=True)
        return Order(picture, Storyboard(prompt), tmp_path / "out" / "take.mp4", **changes)

    return ordered
