"""Callback events and the tries to deliver them, as rows: the task store's second half."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from muybridge.adapters.sql import Database
from muybridge.adapters.tables import attempts, events
from muybridge.domain.event import Attempt, Event, EventState
from muybridge.domain.task import Task
from muybridge.errors import NotFound
from muybridge.wire.callback import event_body


def queue(connection: Connection, task: Task) -> None:
    """Append the event of a task that has just changed, unless its word has been queued already."""
    if not task.callback_url:
        return
    of_task = select(func.max(events.c.number)).where(events.c.task_id == task.task_id)
    last = connection.execute(of_task).scalar_one() or 0
    if last and not task.state.terminal:
        return  # Queueing and Processing are both told as "processing"
    connection.execute(
        insert(events).values(
            event_id=f"msg_{task.task_id}_{last + 1}",
            task_id=task.task_id,
            number=last + 1,
            body=event_body(task),
            created_at=task.updated_at,
            state=EventState.PENDING,
            attempts=0,
        )
    )


class EventRows:
    """The verbs over `events` and `attempts`."""

    _database: Database

    async def events(
        self, task_id: str | None = None, state: EventState | None = None, limit: int = 1000
    ) -> Sequence[Event]:
        """Callback events of one task or of all, in order of task and number."""
        query: Select[Any] = select(events).order_by(events.c.task_id, events.c.number).limit(limit)
        if task_id is not None:
            query = query.where(events.c.task_id == task_id)
        if state is not None:
            query = query.where(events.c.state == state)
        return [_event(row) for row in await self._database.all(query)]

    async def attempts(self, event_id: str) -> Sequence[Attempt]:
        """Every try to deliver one event, in order."""
        columns = [column for column in attempts.c if column.name != "number"]
        query = select(*columns).where(attempts.c.event_id == event_id).order_by(attempts.c.number)
        return [Attempt(**row._mapping) for row in await self._database.all(query)]

    async def record_attempt(self, attempt: Attempt) -> None:
        """Keep how a try went; a delivered one ends the event."""

        def record(connection: Connection) -> None:
            number = _locked(connection, attempt.event_id).attempts + 1
            connection.execute(
                insert(attempts).values(
                    event_id=attempt.event_id,
                    number=number,
                    at=attempt.at,
                    delivered=attempt.delivered,
                    status=attempt.status,
                    note=attempt.note,
                )
            )
            values: dict[str, object] = {"attempts": number}
            if attempt.delivered:
                values["state"] = EventState.DELIVERED
            _change(connection, attempt.event_id, values)

        await self._database.write(record)

    async def mark_event(self, event_id: str, state: EventState) -> None:
        """Give an event up, or make it pending again."""

        def mark(connection: Connection) -> None:
            _locked(connection, event_id)
            _change(connection, event_id, {"state": state})

        await self._database.write(mark)


def _locked(connection: Connection, event_id: str) -> Row[Any]:
    query = select(events).where(events.c.event_id == event_id).with_for_update()
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("event_id", event_id[:60], "the id of an event, see `muybridge callbacks list`")
    return row


def _change(connection: Connection, event_id: str, values: dict[str, object]) -> None:
    connection.execute(update(events).where(events.c.event_id == event_id).values(**values))


def _event(row: Row[Any]) -> Event:
    values = dict(row._mapping)
    return Event(state=EventState(values.pop("state")), **values)
