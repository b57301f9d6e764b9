"""The pass-through engine: orders the take from another server of the wire, waits, copies its file.

Limits: no seed and no storyboard reach the upstream, only picture and words; what it makes is not the
same twice. A task that was called off here goes on there, and is taken up again by the next try.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import structlog

from muybridge.domain.model_card import Health, ModelCard
from muybridge.domain.subject import Subject, SubjectKind
from muybridge.domain.task import TaskState
from muybridge.engines.hailuo.callbacks import Callbacks
from muybridge.engines.hailuo.ledger import Entry, Ledger
from muybridge.engines.hailuo.options import HailuoOptions
from muybridge.engines.hailuo.upstream import NotSent, Upstream, Wish, meant
from muybridge.engines.options import read_options
from muybridge.engines.rising import Rising
from muybridge.errors import EngineFailed, EngineNotReady, InvalidInput, MuybridgeError, TimedOut, Unavailable
from muybridge.media.intake import Picture, read_picture_file
from muybridge.media.probe import probe
from muybridge.ports.engine import Engine, Made, Order, Progress
from muybridge.ports.weights import WeightStore
from muybridge.wire.answers import QueryAnswer
from muybridge.wire.codes import error_of

log = structlog.get_logger()

FIELD: Final = "subject_reference[0].image[0]"
_ORDERED, _MADE, _HERE = 0.05, 0.9, 0.99  # the share of a take that is done by then
_TICK: Final = 0.25  # s between looks whether the take is called off
_LINKS: Final = 4  # fresh addresses asked for one video
_LONGEST_WAIT: Final = 30.0  # s between queries while the upstream does not answer
_ASKED_TWICE: Final = "The upstream may have been asked twice: its first answer was lost."
_WITH_CALLBACKS: Final = 12  # times rarer than without is polled


class HailuoEngine(Engine):
    """Makes takes by having them made elsewhere; `cache` keeps what was ordered."""

    name = "hailuo"

    def __init__(
        self, weights: WeightStore, cache: Path, options: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        self._options = read_options(HailuoOptions, options, cache.name)
        self._called, self._ledger = cache.name, Ledger(cache / "ordered")
        self._upstream: Upstream | None = None
        self._callbacks: Callbacks | None = None

    def card(self) -> ModelCard:
        """What it serves: whatever the upstream does."""
        return ModelCard(
            engine=self.name,
            summary=f"Hands the request on to {self._options.base_url} and keeps a copy of its video.",
            needs=("an account with the upstream",),
            licence="the upstream's terms",
            limits=("Picture and words leave this machine.", "The same seed does not give the same video."),
            use="What the upstream's terms allow.",
        )

    def health(self) -> Health:
        """Ready where a key is set; whether the upstream takes it shows at the first take."""
        if self._options.secret():
            return Health(ready=True)
        return Health(False, (f"no key is set: engines.{self._called}.key or .key_file",))

    def unload(self) -> None:
        """Let go of the connections and the door for callbacks."""
        if self._upstream:
            self._upstream.close()
        if self._callbacks:
            self._callbacks.close()
        self._upstream = self._callbacks = None

    def look(self, picture: Path) -> Subject:
        """The picture's size and hash: who is in it is the upstream's to see. Raises InvalidPicture."""
        seen = read_picture_file(picture, field=FIELD)
        return Subject(seen.sha256, seen.size, SubjectKind.PORTRAIT)

    def generate(self, order: Order, progress: Progress) -> Made:
        """Order the take, wait for it, and copy its file.

        Raises: InvalidPicture; InputRefused, OutputRefused, InvalidInput as the upstream says;
        EngineNotReady for its key, its account or the day's bound; Unavailable, TimedOut, EngineFailed.
        """
        progress = Rising(progress)
        progress(0.0, "looking")
        picture = read_picture_file(order.picture, field=FIELD)
        upstream = self._connected()
        digest = self._digest(picture, order)
        task_id, notes = self._ordered(upstream, digest, order, picture)
        progress(_ORDERED, "ordered")
        done = self._awaited(upstream, task_id, digest, progress)
        self._fetched(upstream, done, order.out, progress)
        facts = probe(order.out)
        progress(1.0, "done")
        made_by = f"Made by {self._options.base_url} (task {task_id})."
        return Made(order.out, facts.size, facts.frames, (made_by, *notes))

    def _connected(self) -> Upstream:
        health = self.health()
        if not health.ready:
            raise EngineNotReady("; ".join(health.missing))
        if self._upstream is None:
            if self._options.callback_url:
                self._callbacks = Callbacks(self._options.listen)
            self._upstream = Upstream(self._options)
        return self._upstream

    def _digest(self, picture: Picture, order: Order) -> str:
        """What makes the order this one: the seed is every task's own, and stays over its tries."""
        asked = (self._options.base_url, self._options.model, picture.sha256, order.storyboard.prompt)
        return hashlib.sha256(repr((*asked, order.seed, order.mark, order.optimize)).encode()).hexdigest()

    def _ordered(
        self, upstream: Upstream, digest: str, order: Order, picture: Picture
    ) -> tuple[str, tuple[str, ...]]:
        """The upstream's task id: of an earlier try where there was one, or of a new order."""
        entry = self._ledger.find(digest)
        if entry and entry.task_id:
            log.info("an upstream order is taken up again", upstream_task=entry.task_id)
            return entry.task_id, ()
        bound = self._options.per_day
        if bound and entry is None and self._ledger.sent_today() >= bound:
            raise EngineNotReady(f"today's {bound} videos from the upstream are used up")
        wish = Wish(
            order.picture.read_bytes(),
            picture.format,
            order.storyboard.prompt,
            order.optimize,
            bool(order.mark),
        )
        failed = entry.failed if entry else 0
        self._ledger.write(digest, Entry(time.time(), failed=failed))
        try:
            task_id = upstream.create(wish, f"{digest}-{failed}")
        except NotSent as error:
            self._ledger.drop(digest)
            raise Unavailable(error.message) from None
        except Unavailable:
            raise  # whether the order arrived is not known, so the entry stays
        except MuybridgeError:
            self._ledger.drop(digest)
            raise
        self._ledger.write(digest, Entry(time.time(), task_id, failed))
        return task_id, (_ASKED_TWICE,) if entry and entry.doubtful else ()

    def _awaited(self, upstream: Upstream, task_id: str, digest: str, progress: Progress) -> QueryAnswer:
        """The answer of a task that succeeded."""
        began = heard = time.monotonic()
        wait = self._options.poll_seconds * (_WITH_CALLBACKS if self._callbacks else 1)
        failures = 0
        while True:
            try:
                answer = upstream.query(task_id)
            except Unavailable as error:
                failures += 1
                if time.monotonic() - heard > self._options.lost_seconds:
                    raise Unavailable(f"{error.message}, for {self._options.lost_seconds:g} s") from None
            except InvalidInput:
                self._ledger.fail(digest)
                raise EngineFailed("the upstream does not know its own task any more") from None
            else:
                heard, failures = time.monotonic(), 0
                if self._finished(answer, digest):
                    return answer
            if time.monotonic() - began > self._options.patience_seconds:
                raise TimedOut(f"the upstream was not done after {self._options.patience_seconds:g} s")
            pause = min(wait * 2**failures, max(wait, _LONGEST_WAIT)) if failures else wait
            self._sleep(task_id, pause, began, progress)

    def _finished(self, answer: QueryAnswer, digest: str) -> bool:
        """Whether the task succeeded; raises what it failed of."""
        if answer.status == TaskState.SUCCESS and answer.file_id:
            return True
        if answer.status == TaskState.FAIL:
            self._ledger.fail(digest)
            raise meant(error_of(answer.base_resp) or MuybridgeError("it gave no reason"))
        return False

    def _sleep(self, task_id: str, seconds: float, began: float, progress: Progress) -> None:
        """Wait for the next look, or until the upstream calls; progress nears its end and never is there."""
        told = self._callbacks.told(task_id) if self._callbacks else None
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            waited = time.monotonic() - began
            progress(_ORDERED + (_MADE - _ORDERED) * waited / (waited + 120), "waiting upstream")
            if told is None:
                time.sleep(min(left, _TICK))
            elif told.wait(min(left, _TICK)):
                told.clear()
                return

    def _fetched(self, upstream: Upstream, done: QueryAnswer, out: Path, progress: Progress) -> None:
        """Copy the video; an address that has expired or broke off is asked for again."""
        part = out.with_name(out.name + ".part")
        try:
            for tries in range(1, _LINKS + 1):
                try:
                    progress(_MADE, "downloading")
                    url = upstream.link(done.file_id)
                    upstream.download(
                        url,
                        part,
                        lambda share: progress(_MADE + (_HERE - _MADE) * min(share, 1.0), "downloading"),
                    )
                    probe(part)
                    break
                except (Unavailable, InvalidInput) as error:
                    if tries == _LINKS:
                        raise Unavailable(f"the upstream's video cannot be had: {error.message}") from None
                    self._sleep(
                        done.task_id, min(2.0 ** (tries - 1), self._options.poll_seconds), 0.0, progress
                    )
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
            if self._callbacks:
                self._callbacks.forget(done.task_id)
