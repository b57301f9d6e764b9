"""Tasks in the database: the row that pollers read, its timeline, and the outbox of its events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Unpack

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from muybridge.adapters.event_rows import EventRows, queue
from muybridge.adapters.look_up import LookUp
from muybridge.adapters.sql import Database, take_turn
from muybridge.adapters.tables import files, promises, tasks, transitions
from muybridge.domain.event import Transition
from muybridge.domain.key import Terms
from muybridge.domain.task import Task, TaskState, may_follow
from muybridge.errors import AllowanceUsedUp, InvalidInput, NotFound, RateLimited
from muybridge.ports.task_store import Changes, IllegalMove, Once, TaskStore
from muybridge.units import Seconds
from muybridge.wire.ids import fresh_id

_ENDS = [state.value for state in TaskState if state.terminal]
_MINUTE = 60.0
_STATES = {state.value: state for state in TaskState}


def _task(row: Mapping[str, Any]) -> Task:
    values = dict(row)
    return Task(state=_STATES[values.pop("state")], notes=tuple(values.pop("notes")), **values)


_ROW = select(tasks).where(tasks.c.task_id == bindparam("task_id"))
_LOCKED = _ROW.with_for_update()
_BY_ID = LookUp(_ROW, _task)
# statements that stand ready: building one costs more than running it
_INSERT, _NOTE = insert(tasks), insert(transitions)
_LAST = select(func.coalesce(func.max(transitions.c.number), 0)).where(
    transitions.c.task_id == bindparam("task_id")
)
_TAKEN = LookUp(
    select(tasks.c.task_id.label("id"))
    .where(tasks.c.task_id == bindparam("id"))
    .union_all(select(files.c.file_id).where(files.c.file_id == bindparam("id"))),
    lambda row: row["id"],
)


class SqlTaskStore(EventRows, TaskStore):
    """Tasks as rows of `tasks`, `transitions`, `events`, `attempts` and `promises`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def new_id(self) -> str:
        """A fresh id; rows are never deleted, so what is there shows every id ever given."""
        while True:
            candidate = fresh_id()
            if await self._database.first(_TAKEN, {"id": candidate}) is None:
                return candidate

    async def room(self, key_id: str, terms: Terms, at: Seconds) -> None:
        """Say early that `add` would refuse."""
        for query, refusal in _limits(key_id, terms, at):
            if (await self._database.all(query))[0][0] >= refusal[0]:
                raise refusal[1]

    async def add(self, task: Task, terms: Terms | None = None, once: Once | None = None) -> Task:
        """Keep a new task, if the key's terms leave room for it."""

        def keep(connection: Connection) -> Task:
            # creates of one key take turns, so that two cannot both be the last that is allowed
            take_turn(connection, task.key_id)
            if once is not None and (earlier := _promised(connection, task.key_id, once)):
                return earlier
            if (there := _locked(connection, task.task_id)) is not None:
                return there
            for query, (most, refusal) in _limits(task.key_id, terms or Terms(), task.created_at):
                if connection.execute(query).scalar_one() >= most:
                    raise refusal
            connection.execute(_INSERT, _values(task))
            _note(connection, task.task_id, task.state, task.created_at, "accepted")
            if once is not None:
                promise = {"name": once.name, "digest": once.digest, "task_id": task.task_id}
                connection.execute(insert(promises).values(key_id=task.key_id, **promise))
            return task

        return await self._database.write(keep)

    async def promised(self, key_id: str, once: Once) -> Task | None:
        """The task already added under this idempotency key."""
        query = select(promises).where(promises.c.key_id == key_id, promises.c.name == once.name)
        rows = await self._database.all(query)
        return await self.get(_kept_promise(rows[0], once)) if rows else None

    async def get(self, task_id: str) -> Task | None:
        """The task, or None."""
        return await self._database.first(_BY_ID, {"task_id": task_id})

    async def move(
        self, task_id: str, state: TaskState, at: Seconds, reason: str = "", **changes: Unpack[Changes]
    ) -> Task:
        """Bring a task to `state`: row, timeline and callback event together."""

        def step(connection: Connection) -> Task:
            task = _locked(connection, task_id)
            if task is None:
                raise NotFound("task_id", task_id[:40], "the id of a task")
            after = _moved(task, state, at, changes)
            if after is task:
                return task
            connection.execute(update(tasks).where(tasks.c.task_id == task_id).values(**_values(after)))
            if after.state is not task.state:
                _note(connection, task_id, state, at, reason)
                queue(connection, after)
            return after

        return await self._database.write(step)

    async def unfinished(self, limit: int = 10_000) -> Sequence[Task]:
        """Tasks not yet at an end, the oldest first."""
        query = select(tasks).where(tasks.c.state.not_in(_ENDS)).order_by(tasks.c.created_at).limit(limit)
        return [_task(row._asdict()) for row in await self._database.all(query)]

    async def recent(
        self, key_id: str | None, limit: int = 50, state: TaskState | None = None
    ) -> Sequence[Task]:
        """The latest tasks of one key or of all, the newest first."""
        query = select(tasks).order_by(tasks.c.created_at.desc()).limit(limit)
        if key_id is not None:
            query = query.where(tasks.c.key_id == key_id)
        if state is not None:
            query = query.where(tasks.c.state == state.value)
        return [_task(row._asdict()) for row in await self._database.all(query)]

    async def timeline(self, task_id: str) -> Sequence[Transition]:
        """Every state the task has been in, in order."""
        query = select(transitions).where(transitions.c.task_id == task_id).order_by(transitions.c.number)
        rows = await self._database.all(query)
        return [Transition(TaskState(row.state), row.at, row.reason) for row in rows]


def _moved(task: Task, state: TaskState, at: Seconds, changes: Changes) -> Task:
    """The task after the move; the very same object where the move changes nothing."""
    if task.state is state and state.terminal:
        return task  # the first end stands
    if not may_follow(task.state, state):
        raise IllegalMove(f"task {task.task_id} is {task.state}, which {state} does not follow")
    after = replace(task, state=state, **changes)
    return task if after == task else replace(after, updated_at=at)


def _limits(key_id: str, terms: Terms, at: Seconds) -> list[tuple[Any, tuple[int, Exception]]]:
    """For each limit in force: how to count, the most, and the refusal."""
    mine = select(func.count()).select_from(tasks).where(tasks.c.key_id == key_id)
    limits: list[tuple[Any, tuple[int, Exception]]] = []
    if terms.allowance is not None:
        paid = mine.where(tasks.c.state != TaskState.FAIL.value)
        limits.append((paid, (terms.allowance, AllowanceUsedUp())))
    if terms.in_flight is not None:
        text = f"rate limit: at most {terms.in_flight} tasks of this key in flight"
        limits.append((mine.where(tasks.c.state.not_in(_ENDS)), (terms.in_flight, RateLimited(text))))
    if terms.rate is not None:
        text = f"rate limit: at most {terms.rate} tasks a minute with this key"
        limits.append((mine.where(tasks.c.created_at > at - _MINUTE), (terms.rate, RateLimited(text))))
    return limits


def _promised(connection: Connection, key_id: str, once: Once) -> Task | None:
    query = select(promises).where(promises.c.key_id == key_id, promises.c.name == once.name)
    row = connection.execute(query).first()
    return _locked(connection, _kept_promise(row, once)) if row else None


def _kept_promise(row: Row[Any], once: Once) -> str:
    if row.digest != once.digest:
        raise InvalidInput(
            "Idempotency-Key", f'"{once.name}", used before for another request', "one key per request"
        )
    task_id: str = row.task_id
    return task_id


def _locked(connection: Connection, task_id: str) -> Task | None:
    row = connection.execute(_LOCKED, {"task_id": task_id}).first()
    return _task(row._asdict()) if row else None


def _note(connection: Connection, task_id: str, state: TaskState, at: Seconds, reason: str) -> None:
    number = connection.execute(_LAST, {"task_id": task_id}).scalar_one() + 1
    values = {"task_id": task_id, "number": number, "state": state, "at": at, "reason": reason[:500]}
    connection.execute(_NOTE, values)


def _values(task: Task) -> dict[str, Any]:
    return asdict(task) | {"notes": list(task.notes)}
