"""A Task, its states, and the one table of transitions between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from muybridge.units import Seconds


class TaskState(StrEnum):
    """Where a task stands, in the wire's own words."""

    PREPARING = "Preparing"
    QUEUEING = "Queueing"
    PROCESSING = "Processing"
    SUCCESS = "Success"
    FAIL = "Fail"

    @property
    def terminal(self) -> bool:
        """True where nothing follows: Success and Fail."""
        return self in (TaskState.SUCCESS, TaskState.FAIL)


TRANSITIONS: dict[TaskState, frozenset[TaskState]] = {
    TaskState.PREPARING: frozenset({TaskState.QUEUEING, TaskState.PROCESSING, TaskState.FAIL}),
    TaskState.QUEUEING: frozenset({TaskState.PROCESSING, TaskState.FAIL}),
    TaskState.PROCESSING: frozenset({TaskState.QUEUEING, TaskState.SUCCESS, TaskState.FAIL}),
    TaskState.SUCCESS: frozenset(),
    TaskState.FAIL: frozenset(),
}


def may_follow(now: TaskState, then: TaskState) -> bool:
    """Whether a task may go from `now` to `then`; staying is always allowed while not terminal."""
    return then in TRANSITIONS[now] or (now is then and not now.terminal)


@dataclass(frozen=True, slots=True)
class Task:
    """One accepted request, from create to its end; the row that pollers read.

    Times are Unix seconds. `reference` is the file id of the stored picture, or the URL it is
    to be fetched from. `status_code` is 0 until the task fails.
    """

    task_id: str
    key_id: str
    model: str
    prompt: str
    reference: str
    created_at: Seconds
    updated_at: Seconds
    state: TaskState = TaskState.PREPARING
    prompt_optimizer: bool = True
    aigc_watermark: bool = False
    callback_url: str | None = None
    seed: int = 0
    file_id: str = ""
    width: int = 0
    height: int = 0
    status_code: int = 0
    status_msg: str = "success"
    notes: tuple[str, ...] = ()
