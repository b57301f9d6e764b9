"""One task and everything its way to an end needs, on fakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from fakes.clock import FakeClock
from fakes.fetcher import FakeFetcher
from fakes.file_store import FakeFileStore
from fakes.key_store import FakeKeyStore
from fakes.orchestrator import FakeOrchestrator
from fakes.task_store import FakeTaskStore
from muybridge.adapters.take_store import ObjectTakeStore
from muybridge.domain.task import Task
from muybridge.units import Seconds

TASK = "107000000000001"


@dataclass
class Stage:
    scratch: Path
    tasks: FakeTaskStore = field(default_factory=FakeTaskStore)
    files: FakeFileStore = field(default_factory=FakeFileStore)
    keys: FakeKeyStore = field(default_factory=FakeKeyStore)
    fetcher: FakeFetcher = field(default_factory=FakeFetcher)
    orchestrator: FakeOrchestrator = field(default_factory=FakeOrchestrator)
    clock: FakeClock = field(default_factory=FakeClock)
    objects: MemoryStore = field(default_factory=MemoryStore)

    @property
    def takes(self) -> ObjectTakeStore:
        return ObjectTakeStore(self.objects)

    async def accept(self, reference: str = "https://pictures.example/her.png", **changes: object) -> Task:
        now = Seconds(self.clock.now())
        task_id = str(changes.pop("task_id", TASK))
        return await self.tasks.add(
            Task(task_id, "key-1", "S2V-01", "She smiles.", reference, now, now, **changes)  # type: ignore[arg-type]
        )

    async def take(self, task_id: str = TASK, content: bytes = b"a video") -> str:
        video = self.scratch / "made.mp4"
        video.write_bytes(content)
        return await self.takes.keep(task_id, video)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)
