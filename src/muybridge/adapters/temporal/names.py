"""The names that clients and workers of one namespace must agree on."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass

CONTROL = "control"  # the task queue of light work, which writes the rows
TASK_WORKFLOW = "task"  # its id is the task's
NOTIFY_WORKFLOW = "notify"
GENERATE = "generate"  # the activity whose heartbeat carries a take's progress
POKE = "poke"  # the signal that there is something to tell
WORKER_DIED = "WorkerDied"  # how an activity ends whose worker is known to be dead
HANDED_BACK = "HandedBack"  # how a take ends whose worker was stopped before it was made
BEGAN = "began"  # the signal that an engine is at work

_NOTIFY = "notify-"


def generate_queue(engine: str) -> str:
    """The task queue on which workers that have this engine wait."""
    return f"generate.{engine}"


def notify_id(task_id: str) -> str:
    """The id of the workflow that tells a task's callback address."""
    return _NOTIFY + task_id


def task_of_notify(workflow_id: str) -> str:
    """The task whose callback address that workflow tells."""
    return workflow_id.removeprefix(_NOTIFY)


def worker_identity(kept_by: str = "") -> str:
    """How this worker process signs its work; one that a server keeps names it, so that it can tell."""
    return f"{kept_by or socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True, slots=True)
class TaskOrder:
    """What a task's workflow starts from: the row has all the rest."""

    task_id: str
