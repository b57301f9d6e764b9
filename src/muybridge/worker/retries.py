"""Whether a lost take is tried again, and after what wait, by the cause it was lost of.

Pure and deterministic: it runs inside workflows, which are replayed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from temporalio.exceptions import ActivityError, ApplicationError, TimeoutType
from temporalio.exceptions import TimeoutError as Lapse

from muybridge.adapters.temporal import names
from muybridge.errors import EngineCrashed, EngineFailed, MuybridgeError, TimedOut, Unavailable
from muybridge.units import Seconds

_MOST_HAND_BACKS = 100
_MOST_UNAVAILABLE, _FEW_UNAVAILABLE = 20, 3
_FIRST_WAIT, _LONGEST_WAIT = Seconds(1.0), Seconds(60.0)


class Cause(StrEnum):
    """Why a take was lost."""

    FINAL = "final"  # the request, the picture or the set-up is wrong: another try is the same
    CRASHED = "the engine's process died"
    FAILED = "the engine failed"
    TIMED_OUT = "the engine took too long"
    UNAVAILABLE = "a store was away"
    WORKER_DIED = "the worker died"
    HANDED_BACK = "the worker was stopped"


@dataclass(frozen=True, slots=True)
class Limits:
    """A task's bounds, settled when it was prepared; times in seconds.

    `tries` bounds crashes; `queue` is the longest wait for a worker to take the task, and `patience`
    the longest wait for one engine's where another can stand in.
    """

    tries: int = 3
    take: Seconds = Seconds(1800.0)
    heartbeat: Seconds = Seconds(30.0)
    queue: Seconds = Seconds(86_400.0)
    patience: Seconds = Seconds(600.0)


@dataclass(frozen=True, slots=True)
class Loss:
    """One lost take: why, and the error that ends the task where no further one is tried."""

    cause: Cause
    error: MuybridgeError

    @property
    def reason(self) -> str:
        """What the task's timeline says of it."""
        ours = self.cause in (Cause.WORKER_DIED, Cause.HANDED_BACK)
        return self.cause.value if ours else self.error.message


class Losses:
    """Counts one task's lost takes by one engine; it has fewer chances where another can stand in."""

    def __init__(self, limits: Limits, *, stand_ins: bool = False) -> None:
        self._most = {
            Cause.FINAL: 0,
            Cause.CRASHED: limits.tries - 1,
            Cause.FAILED: min(limits.tries, 2) - 1,
            Cause.TIMED_OUT: min(limits.tries, 2) - 1,
            Cause.UNAVAILABLE: _FEW_UNAVAILABLE if stand_ins else _MOST_UNAVAILABLE,
            Cause.WORKER_DIED: limits.tries + 1,
            Cause.HANDED_BACK: _MOST_HAND_BACKS,
        }
        self._seen: Counter[Cause] = Counter()

    def wait_after(self, cause: Cause) -> Seconds | None:
        """The wait before the next take, or None where there shall be none."""
        self._seen[cause] += 1
        count = self._seen[cause]
        if count > self._most[cause]:
            return None
        if cause in (Cause.WORKER_DIED, Cause.HANDED_BACK):
            return Seconds(0.0)  # it was not this task's doing, and another worker may be free
        return Seconds(min(_FIRST_WAIT * 2.0 ** (count - 1), _LONGEST_WAIT))


def loss_of(failed: ActivityError) -> Loss:
    """What a failed generate activity means."""
    match failed.cause:
        case ApplicationError(type=names.HANDED_BACK):
            return Loss(Cause.HANDED_BACK, Unavailable("the worker was stopped too often"))
        case ApplicationError(type=names.WORKER_DIED) | Lapse(type=TimeoutType.HEARTBEAT):
            error = EngineCrashed("every worker that took this task died of it")
            return Loss(Cause.WORKER_DIED, error)
        case Lapse(type=TimeoutType.SCHEDULE_TO_START):
            return Loss(Cause.FINAL, TimedOut("no worker took the task in time"))
        case Lapse():
            return Loss(Cause.TIMED_OUT, TimedOut("the take was not made in time"))
        case ApplicationError() as raised:
            return _loss_by(error_of(raised))
        case _:
            return Loss(Cause.FAILED, EngineFailed())


def error_of(raised: ApplicationError) -> MuybridgeError:
    """The error that an activity of ours raised; one that is not ours says nothing of the inside."""
    parts = raised.details[0] if raised.details else None
    return MuybridgeError.from_wire(parts) if isinstance(parts, dict) else MuybridgeError()


def _loss_by(error: MuybridgeError) -> Loss:
    for kind, cause in (
        (EngineCrashed, Cause.CRASHED),
        (EngineFailed, Cause.FAILED),
        (TimedOut, Cause.TIMED_OUT),
        (Unavailable, Cause.UNAVAILABLE),
    ):
        if isinstance(error, kind):
            return Loss(cause, error)
    unknown = type(error) is MuybridgeError  # a blunder of ours, which may be gone the next time
    return Loss(Cause.FAILED if unknown else Cause.FINAL, error)
