"""What drives a task from its row to its end, whatever happens to the machines in between.

Narrow on purpose: a row is the system of record, so nothing here answers how a task stands,
only how far a running take has come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TakeProgress:
    """How far a running take has come: `fraction` 0 to 1, and the stage's short English name."""

    fraction: float
    stage: str


@dataclass(frozen=True, slots=True)
class UnderWay:
    """The ids of the tasks being driven, and of those whose callbacks are being delivered."""

    tasks: frozenset[str]
    telling: frozenset[str]


class Orchestrator(Protocol):
    """Starts tasks and watches over them."""

    async def start(self, task_id: str, *, tenant: str = "") -> None:
        """Drive the task whose row is already written; a task that is under way stays as it is.

        `tenant` is the key's id: tenants get fair turns at a full engine.

        Raises:
            Unavailable: the task could not be handed over; its row stays, and is found again by
                the reconciler, so a caller may answer success.
        """
        ...

    async def tell(self, task_id: str) -> None:
        """Deliver the task's pending callback events, in order; one that is being retried, now.

        Raises:
            Unavailable: it could not be handed over; the reconciler finds the events again.
        """
        ...

    async def cancel(self, task_id: str) -> None:
        """Call the task off; one that is not under way is left alone."""
        ...

    async def progress(self, task_id: str) -> TakeProgress | None:
        """How far the task's take has come, or None while no take is running.

        Cost: one call to the orchestrator; for somebody who watches, never for pollers.
        """
        ...

    async def under_way(self) -> UnderWay:
        """All that is being driven just now, a moment stale at most; raises Unavailable."""
        ...

    async def staffed(self, engine: str) -> bool:
        """Whether a worker waits for takes of this engine, or did in the last minutes; raises Unavailable."""
        ...

    async def healthy(self) -> bool:
        """Whether tasks can be handed over just now; answers within 2 s, never raises."""
        ...
