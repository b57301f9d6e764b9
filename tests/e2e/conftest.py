"""One server for all of this folder's conversations with it."""

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
    server = RunningServer(tmp_path_factory.mktemp("e2e") / "data", MUYBRIDGE_ENGINE="slate").start()
    yield server
    server.end()
