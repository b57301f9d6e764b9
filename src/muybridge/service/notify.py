"""Tell a task's callback address: its events in order, at least once, each tried for a day.

Every POST carries the three Standard Webhooks headers, so that a receiver can verify it with the
key's signing secret and drop what it has seen. Redirects are not followed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from standardwebhooks import Webhook

from muybridge.domain.event import Attempt, Event, EventState
from muybridge.domain.task import Task
from muybridge.errors import InvalidInput, MuybridgeError
from muybridge.ports.clock import Clock
from muybridge.ports.fetcher import Fetcher
from muybridge.ports.key_store import KeyStore
from muybridge.ports.task_store import TaskStore
from muybridge.service.rehearse import OFF, Rehearsal
from muybridge.units import Seconds

_LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one try may take, how the waits between tries grow, and when an event is given up."""

    attempt: Seconds = Seconds(10.0)
    first_wait: Seconds = Seconds(2.0)
    longest_wait: Seconds = Seconds(3600.0)
    give_up: Seconds = Seconds(86_400.0)


class Notify:
    """Delivers one event at a time, the oldest first."""

    def __init__(
        self,
        tasks: TaskStore,
        keys: KeyStore,
        fetcher: Fetcher,
        clock: Clock,
        patience: Patience,
        rehearsal: Rehearsal = OFF,
    ) -> None:
        self._tasks, self._keys, self._fetcher = tasks, keys, fetcher
        self._clock, self._patience = clock, patience
        self._rehearsal = rehearsal

    async def pending(self, task_id: str) -> bool:
        """Whether there is anything to tell about the task."""
        return bool(await self._tasks.events(task_id, EventState.PENDING, limit=1))

    async def next(self, task_id: str) -> Seconds | None:
        """Try the task's first pending event once; gives the wait until the next call.

        0 means there may be more to tell at once, None that nothing is left to tell.
        """
        pending = await self._tasks.events(task_id, EventState.PENDING, limit=1)
        task = await self._tasks.get(task_id)
        if not pending or task is None or not task.callback_url:
            return None
        event = pending[0]
        script, _ = self._rehearsal.split(task.prompt)
        attempt = await (self._rehearsed if script and script.flaky else self._post)(task, event)
        await self._tasks.record_attempt(attempt)
        if attempt.delivered:
            return Seconds(0.0)
        wait = backoff(event.attempts, self._patience)
        if self._clock.now() + wait > event.created_at + self._patience.give_up:
            await self._tasks.mark_event(event.event_id, EventState.GIVEN_UP)
            return Seconds(0.0)
        return wait

    async def _rehearsed(self, task: Task, event: Event) -> Attempt:
        """A try on a bad line: the first is lost on its way, of the second the answer; then all is well."""
        if event.attempts == 0:
            return Attempt(event.event_id, self._clock.now(), False, 0, "rehearsed: not sent")
        attempt = await self._post(task, event)
        if event.attempts > 1 or not attempt.delivered:
            return attempt
        return replace(attempt, delivered=False, note="rehearsed: the answer was lost")

    async def _post(self, task: Task, event: Event) -> Attempt:
        at, body = self._clock.now(), event.body.encode()
        headers = {"content-type": "application/json", **await self._signed(task.key_id, event, at)}
        url, within = task.callback_url or "", self._patience.attempt
        try:
            reply = await self._fetcher.post(url, body, headers, within, "callback_url")
        except InvalidInput as error:
            return Attempt(event.event_id, at, False, 0, f"refused: {error.got}"[:_LONGEST_NOTE])
        except MuybridgeError as error:
            return Attempt(event.event_id, at, False, 0, error.message[:_LONGEST_NOTE])
        delivered = 200 <= reply.status < 300
        said = "" if delivered else reply.body[:_LONGEST_NOTE].decode(errors="replace")
        return Attempt(event.event_id, at, delivered, reply.status, said)

    async def _signed(self, key_id: str, event: Event, at: Seconds) -> dict[str, str]:
        key = await self._keys.get(key_id)
        when = datetime.fromtimestamp(int(at), UTC)
        headers = {"webhook-id": event.event_id, "webhook-timestamp": str(int(at))}
        if key is not None and key.signing_secret:
            webhook = Webhook(key.signing_secret)
            headers["webhook-signature"] = webhook.sign(event.event_id, when, event.body)
        return headers


def backoff(attempts: int, patience: Patience) -> Seconds:
    """The wait after so many failed tries before this one: doubling, with full jitter above half."""
    most = min(patience.first_wait * 2.0 ** min(attempts, 60), patience.longest_wait)
    return Seconds(random.uniform(most / 2, most))
