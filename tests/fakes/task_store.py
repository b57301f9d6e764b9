"""Tasks in memory, for tests of what stands above the store."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Unpack

from muybridge.domain.event import Attempt, Event, EventState, Transition
from muybridge.domain.key import Terms
from muybridge.domain.task import Task, TaskState, may_follow
from muybridge.errors import AllowanceUsedUp, InvalidInput, NotFound, RateLimited
from muybridge.ports.task_store import Changes, IllegalMove, Once, TaskStore
from muybridge.units import Seconds
from muybridge.wire.callback import event_body


class FakeTaskStore(TaskStore):
    def __init__(self) -> None:
        self.tasks: dict[str, Task] = {}
        self.timelines: dict[str, list[Transition]] = {}
        self.promises: dict[tuple[str, str], tuple[str, str]] = {}
        self.queued: dict[str, Event] = {}
        self.tried: dict[str, list[Attempt]] = {}
        self._ids = itertools.count(100_000_000_000_001)

    async def new_id(self) -> str:
        return str(next(self._ids))

    async def room(self, key_id: str, terms: Terms, at: Seconds) -> None:
        mine = [task for task in self.tasks.values() if task.key_id == key_id]
        if (
            terms.allowance is not None
            and sum(t.state is not TaskState.FAIL for t in mine) >= terms.allowance
        ):
            raise AllowanceUsedUp
        if terms.in_flight is not None and sum(not t.state.terminal for t in mine) >= terms.in_flight:
            raise RateLimited(f"rate limit: at most {terms.in_flight} tasks of this key in flight")
        if terms.rate is not None and sum(t.created_at > at - 60 for t in mine) >= terms.rate:
            raise RateLimited(f"rate limit: at most {terms.rate} tasks a minute with this key")

    async def add(self, task: Task, terms: Terms | None = None, once: Once | None = None) -> Task:
        if once is not None and (earlier := await self.promised(task.key_id, once)):
            return earlier
        if task.task_id in self.tasks:
            return self.tasks[task.task_id]
        await self.room(task.key_id, terms or Terms(), task.created_at)
        self.tasks[task.task_id] = task
        self.timelines[task.task_id] = [Transition(task.state, task.created_at, "accepted")]
        if once is not None:
            self.promises[task.key_id, once.name] = (once.digest, task.task_id)
        return task

    async def promised(self, key_id: str, once: Once) -> Task | None:
        digest, task_id = self.promises.get((key_id, once.name), ("", ""))
        if task_id and digest != once.digest:
            raise InvalidInput("Idempotency-Key", f'"{once.name}", used before', "one key per request")
        return self.tasks.get(task_id)

    async def get(self, task_id: str) -> Task | None:
        return self.tasks.get(task_id)

    async def move(
        self, task_id: str, state: TaskState, at: Seconds, reason: str = "", **changes: Unpack[Changes]
    ) -> Task:
        before = self.tasks.get(task_id)
        if before is None:
            raise NotFound("task_id", task_id, "the id of a task")
        if before.state is state and state.terminal:
            return before
        if not may_follow(before.state, state):
            raise IllegalMove(f"{before.state} to {state}")
        after = replace(before, state=state, **changes)
        if after == before:
            return before
        after = self.tasks[task_id] = replace(after, updated_at=at)
        if after.state is not before.state:
            self.timelines[task_id].append(Transition(state, at, reason))
            self._queue(after)
        return after

    def _queue(self, task: Task) -> None:
        number = sum(event.task_id == task.task_id for event in self.queued.values()) + 1
        if task.callback_url and (number == 1 or task.state.terminal):
            name = f"msg_{task.task_id}_{number}"
            self.queued[name] = Event(name, task.task_id, number, event_body(task), task.updated_at)

    async def unfinished(self, limit: int = 10_000) -> Sequence[Task]:
        open_ = [task for task in self.tasks.values() if not task.state.terminal]
        return sorted(open_, key=lambda task: task.created_at)[:limit]

    async def recent(
        self, key_id: str | None, limit: int = 50, state: TaskState | None = None
    ) -> Sequence[Task]:
        mine = [
            task
            for task in self.tasks.values()
            if key_id in (None, task.key_id) and state in (None, task.state)
        ]
        return sorted(mine, key=lambda task: -task.created_at)[:limit]

    async def timeline(self, task_id: str) -> Sequence[Transition]:
        return self.timelines.get(task_id, [])

    async def events(
        self, task_id: str | None = None, state: EventState | None = None, limit: int = 1000
    ) -> Sequence[Event]:
        found = [
            event
            for event in self.queued.values()
            if task_id in (None, event.task_id) and state in (None, event.state)
        ]
        return sorted(found, key=lambda event: (event.task_id, event.number))[:limit]

    async def attempts(self, event_id: str) -> Sequence[Attempt]:
        return self.tried.get(event_id, [])

    async def record_attempt(self, attempt: Attempt) -> None:
        event = self._event(attempt.event_id)
        self.tried.setdefault(attempt.event_id, []).append(attempt)
        state = EventState.DELIVERED if attempt.delivered else event.state
        self.queued[event.event_id] = replace(event, attempts=event.attempts + 1, state=state)

    async def mark_event(self, event_id: str, state: EventState) -> None:
        self.queued[event_id] = replace(self._event(event_id), state=state)

    def _event(self, event_id: str) -> Event:
        if event_id not in self.queued:
            raise NotFound("event_id", event_id, "the id of an event")
        return self.queued[event_id]
