"""Where tasks, their timelines and their callback events are kept: the system of record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypedDict, Unpack

from muybridge.domain.event import Attempt, Event, EventState, Transition
from muybridge.domain.key import Terms
from muybridge.domain.task import Task, TaskState
from muybridge.units import Seconds


class IllegalMove(Exception):
    """A task was asked to go where its state table does not lead; says from where to where."""


class Changes(TypedDict, total=False):
    """What of a task's row may change together with its state."""

    reference: str
    file_id: str
    width: int
    height: int
    status_code: int
    status_msg: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Once:
    """An idempotency key as sent, and the digest of the request it stands for."""

    name: str
    digest: str


class TaskStore(Protocol):
    """Keeps tasks. Every method is one transaction: it happened whole, or not at all."""

    async def new_id(self) -> str:
        """A fresh id for a task or a file: 15 decimal digits, below 2^53, never given before."""
        ...

    async def room(self, key_id: str, terms: Terms, at: Seconds) -> None:
        """Say early that `add` would refuse; raises RateLimited or AllowanceUsedUp."""
        ...

    async def add(self, task: Task, terms: Terms | None = None, once: Once | None = None) -> Task:
        """Keep a new task, if the key's terms leave room for it; start its timeline.

        The same idempotency key and digest gives the task added first. Adding a task that is
        already there changes nothing.

        Raises: RateLimited, AllowanceUsedUp; InvalidInput where `once` was used for another request.
        """
        ...

    async def promised(self, key_id: str, once: Once) -> Task | None:
        """The task already added under this idempotency key; raises InvalidInput for another digest."""
        ...

    async def get(self, task_id: str) -> Task | None:
        """The task, or None; whose it is, is the caller's question."""
        ...

    async def move(
        self, task_id: str, state: TaskState, at: Seconds, reason: str = "", **changes: Unpack[Changes]
    ) -> Task:
        """Bring a task to `state`: row, timeline and callback event together.

        Repeating the move a task has made already changes nothing and gives the row as it is;
        the first end of a task stands. An event is queued where the callback's word changes
        (processing, success, failed) and the task has a callback address.

        Raises: NotFound; IllegalMove where the state table does not lead there.
        """
        ...

    async def unfinished(self, limit: int = 10_000) -> Sequence[Task]:
        """Tasks not yet at Success or Fail, the oldest first."""
        ...

    async def recent(
        self, key_id: str | None, limit: int = 50, state: TaskState | None = None
    ) -> Sequence[Task]:
        """The latest tasks of one key or of all, in one state or any, the newest first."""
        ...

    async def timeline(self, task_id: str) -> Sequence[Transition]:
        """Every state the task has been in, in order."""
        ...

    async def events(
        self, task_id: str | None = None, state: EventState | None = None, limit: int = 1000
    ) -> Sequence[Event]:
        """Callback events of one task or of all, in order of task and number."""
        ...

    async def attempts(self, event_id: str) -> Sequence[Attempt]:
        """Every try to deliver one event, in order."""
        ...

    async def record_attempt(self, attempt: Attempt) -> None:
        """Keep how a try went; a delivered one ends the event."""
        ...

    async def mark_event(self, event_id: str, state: EventState) -> None:
        """Give an event up, or make it pending again to be re-sent; raises NotFound."""
        ...
