"""An orchestrator that only remembers what it was asked."""

from __future__ import annotations

from muybridge.errors import Unavailable
from muybridge.ports.orchestrator import Orchestrator, TakeProgress, UnderWay


class FakeOrchestrator(Orchestrator):
    def __init__(self) -> None:
        self.started: list[str] = []
        self.told: list[str] = []
        self.cancelled: list[str] = []
        self.said: dict[str, TakeProgress] = {}
        self.asked = 0
        self.driving = UnderWay(frozenset(), frozenset())
        self.away = False

    async def start(self, task_id: str, *, tenant: str = "") -> None:
        if self.away:
            raise Unavailable("the orchestrator does not answer")
        self.started.append(task_id)

    async def tell(self, task_id: str) -> None:
        if self.away:
            raise Unavailable("the orchestrator does not answer")
        self.told.append(task_id)

    async def under_way(self) -> UnderWay:
        if self.away:
            raise Unavailable("the orchestrator does not answer")
        return self.driving

    async def cancel(self, task_id: str) -> None:
        if self.away:
            raise Unavailable("the orchestrator does not answer")
        self.cancelled.append(task_id)

    async def progress(self, task_id: str) -> TakeProgress | None:
        self.asked += 1
        if self.away:
            raise Unavailable("the orchestrator does not answer")
        return self.said.get(task_id)

    async def staffed(self, engine: str) -> bool:
        return True

    async def healthy(self) -> bool:
        return not self.away
