"""What was ordered upstream, on disk before anybody waits for it, so that no retry pays twice.

One small file an order, named by a digest of all that makes the order what it is. Limits: known to
this machine alone; a worker elsewhere that takes the same task orders again, unless the folder is
shared or the upstream honours the Idempotency-Key that goes with every order.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from muybridge.errors import Unavailable

_KEPT: Final = 9 * 86_400.0  # s; longer than any task lives
_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One order: when it was sent (Unix seconds), and the upstream's task id; empty while none came back.

    `failed` counts the earlier ones that failed upstream: the next is a new order.
    """

    sent_at: float
    task_id: str = ""
    failed: int = 0

    @property
    def doubtful(self) -> bool:
        """Whether it was sent and what came of it is not known."""
        return self.sent_at > 0 and not self.task_id


class Ledger:
    """A folder of entries."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, digest: str) -> Entry | None:
        """The entry of an order, or None where it was never sent."""
        try:
            parts = json.loads(self._path(digest).read_text(encoding="utf-8"))
            return Entry(float(parts["sent_at"]), str(parts["task_id"]), int(parts["failed"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            return Entry(time.time())  # it was sent, and what came of it is lost

    def write(self, digest: str, entry: Entry) -> None:
        """Keep an entry; it is on the disk when this returns. Raises Unavailable where it cannot be."""
        path = self._path(digest)
        part = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with part.open("w", encoding="utf-8") as file:
                json.dump(asdict(entry), file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            raise Unavailable(f"an upstream order cannot be written down: {error}") from error

    def drop(self, digest: str) -> None:
        """Forget an order that was never taken."""
        self._path(digest).unlink(missing_ok=True)

    def fail(self, digest: str) -> None:
        """Note that an order failed upstream, so that the next try sends a new one."""
        entry = self.find(digest)
        self.write(digest, Entry(0.0, failed=entry.failed + 1 if entry else 1))

    def sent_today(self) -> int:
        """How many orders were sent since midnight, UTC; old ones are forgotten on the way."""
        now, count = time.time(), 0
        for path in self._folder.glob("*.json"):
            with contextlib.suppress(OSError):
                at = path.stat().st_mtime
                if now - at > _KEPT:
                    path.unlink()
                count += at >= now - now % _DAY
        return count

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}.json"
