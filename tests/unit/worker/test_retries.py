import pytest
from temporalio.exceptions import ActivityError, ApplicationError, RetryState, TimeoutType
from temporalio.exceptions import TimeoutError as Lapse

from muybridge import errors
from muybridge.worker.retries import Cause, Limits, Losses, loss_of


def failed(cause):
    error = ActivityError(
        "activity failed",
        scheduled_event_id=1,
        started_event_id=2,
        identity="1@here",
        activity_type="generate",
        activity_id="1",
        retry_state=RetryState.NON_RETRYABLE_FAILURE,
    )
    error.__cause__ = cause
    return error


def raised(error):
    return ApplicationError(error.message, error.to_wire(), type=type(error).__name__)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (errors.InvalidPicture("image", "a text", "a picture"), Cause.FINAL),
        (errors.InputRefused("no"), Cause.FINAL),
        (errors.EngineNotReady("no weights"), Cause.FINAL),
        (errors.EngineCrashed("SIGSEGV"), Cause.CRASHED),
        (errors.EngineFailed("no"), Cause.FAILED),
        (errors.TimedOut("slow"), Cause.TIMED_OUT),
        (errors.Unavailable("disk full"), Cause.UNAVAILABLE),
    ],
)
def test_an_error_of_ours_keeps_its_class_and_names_its_cause(error, cause):
    loss = loss_of(failed(raised(error)))
    assert (loss.cause, type(loss.error), loss.error.message) == (cause, type(error), error.message)


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (ApplicationError("x", type="WorkerDied"), Cause.WORKER_DIED),
        (ApplicationError("x", type="HandedBack"), Cause.HANDED_BACK),
        (Lapse("x", type=TimeoutType.HEARTBEAT, last_heartbeat_details=[]), Cause.WORKER_DIED),
        (Lapse("x", type=TimeoutType.START_TO_CLOSE, last_heartbeat_details=[]), Cause.TIMED_OUT),
        (Lapse("x", type=TimeoutType.SCHEDULE_TO_START, last_heartbeat_details=[]), Cause.FINAL),
    ],
)
def test_what_happened_to_the_worker_is_told_apart(cause, expected):
    assert loss_of(failed(cause)).cause is expected


def test_a_blunder_in_our_own_code_says_nothing_of_the_inside():
    loss = loss_of(failed(ApplicationError("KeyError: /secret/path", type="KeyError")))
    assert (loss.cause, loss.error.message) == (Cause.FAILED, "unknown error")


@pytest.mark.parametrize(
    ("cause", "takes"),
    [(Cause.FINAL, 1), (Cause.FAILED, 2), (Cause.CRASHED, 3), (Cause.TIMED_OUT, 2), (Cause.WORKER_DIED, 5)],
)
def test_each_cause_has_its_own_number_of_takes(cause, takes):
    losses = Losses(Limits(tries=3))
    waits = [losses.wait_after(cause) for _ in range(takes)]
    assert None not in waits[:-1]
    assert waits[-1] is None


def test_every_cause_comes_to_an_end_and_waits_are_bounded():
    for cause in Cause:
        losses = Losses(Limits(tries=20))
        waits = []
        while (wait := losses.wait_after(cause)) is not None:
            waits.append(wait)
            assert len(waits) < 200
        assert all(0 <= wait <= 60 for wait in waits)


def test_a_stopped_worker_does_not_use_up_a_tasks_tries():
    losses = Losses(Limits(tries=1))
    for _ in range(50):
        assert losses.wait_after(Cause.HANDED_BACK) == 0
    assert losses.wait_after(Cause.WORKER_DIED) == 0
