"""One server for all killings of this folder; it is put back on its feet between them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from running import Receiver, RunningServer


@pytest.fixture(scope="package")
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    data = tmp_path_factory.mktemp("chaos") / "data"
    server = RunningServer(data, MUYBRIDGE_TEMPORAL_HEARTBEAT_SECONDS="4").start()
    yield server
    server.end()
