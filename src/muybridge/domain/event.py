"""Events: what is to be told to a task's callback address, and how telling it went."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from muybridge.domain.task import TaskState
from muybridge.units import Seconds


class EventState(StrEnum):
    """Where one event stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Event:
    """One callback to be made: `number` counts from 1 within its task; `body` is the JSON to send.

    `event_id` goes into the `webhook-id` header and stays the same over every try and re-send.
    """

    event_id: str
    task_id: str
    number: int
    body: str
    created_at: Seconds
    state: EventState = EventState.PENDING
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver an event; `status` is the HTTP status, 0 where none came back."""

    event_id: str
    at: Seconds
    delivered: bool
    status: int
    note: str


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of a task's timeline: the state it went to, when, and why."""

    state: TaskState
    at: Seconds
    reason: str
