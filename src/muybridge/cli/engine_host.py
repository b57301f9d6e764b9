"""The engine's side of `adapters.child`: one engine, alone in this process, job after job.

Standard output belongs to the lines of `adapters.lines`; anything else that is written there,
by Python or by native code, lands on standard error. Not for people to start.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import queue
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

from muybridge.adapters import lines, tether
from muybridge.adapters.lines import Line
from muybridge.errors import Cancelled, EngineCrashed, EngineFailed, MuybridgeError
from muybridge.ports.engine import Engine, Order
from muybridge.units import Seconds

_PROGRESS_EVERY = Seconds(0.1)


class _Door:
    """The two pipes to the server, taken off standard input and output."""

    def __init__(self) -> None:
        self._in = os.fdopen(os.dup(0), "rb")
        self._out = os.dup(1)
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123  # only its descriptor is wanted
            os.dup2(nothing.fileno(), 0)
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        self.jobs: queue.Queue[Line] = queue.Queue()
        self.called_off = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def say(self, line: Line) -> None:
        left = memoryview(lines.pack(line))
        while left:
            left = left[os.write(self._out, left) :]

    def _listen(self) -> None:
        for raw in self._in:
            line = lines.unpack(raw)
            if line and line.says == "cancel":
                self.called_off = line.job
            elif line:
                self.jobs.put(line)
        os._exit(0)  # the server has gone


class _Reporter:
    """One job's progress: at most ten lines a second, and the word that it was called off."""

    def __init__(self, door: _Door, job: int) -> None:
        self._door, self._job = door, job
        self._said_at, self._stage = 0.0, ""

    def __call__(self, fraction: float, stage: str) -> None:
        if self._door.called_off == self._job:
            raise Cancelled
        now = time.monotonic()
        if stage != self._stage or now - self._said_at >= _PROGRESS_EVERY:
            self._said_at, self._stage = now, stage
            self._door.say(Line(self._job, "progress", [round(min(max(fraction, 0.0), 1.0), 4), stage]))


def _answer(engine: Engine, line: Line, progress: _Reporter) -> Any:
    match line.says:
        case "hello":
            return None
        case "card":
            return lines.plain(engine.card())
        case "health":
            return lines.plain(engine.health())
        case "load":
            return getattr(engine, "load", lambda: None)()  # an engine may do without
        case "look":
            return lines.plain(engine.look(Path(line.value)))
        case "generate":
            return lines.plain(engine.generate(lines.build(Order, line.value), progress))
        case unknown:
            raise EngineFailed(f"the engine process was asked to {unknown}, which it cannot")


def _work(door: _Door, engine: Engine) -> None:
    while True:
        line = door.jobs.get()
        try:
            answer = Line(line.job, "done", _answer(engine, line, _Reporter(door, line.job)))
        except Cancelled:
            answer = Line(line.job, "cancelled")
        except EngineCrashed:
            traceback.print_exc()
            os._exit(70)  # the engine says that this process is of no more use; another one is started
        except MuybridgeError as error:
            answer = Line(line.job, "failed", error.to_wire())
        except Exception as error:  # whatever an engine raises is a failed take, and said so
            traceback.print_exc()
            failed = EngineFailed(f"{engine.name} failed: {type(error).__name__}: {error}"[:500])
            answer = Line(line.job, "failed", failed.to_wire())
        door.say(answer)


def _be_modest() -> None:
    # engines draw on threads of their own; BLAS's would only spin beside them, at ten times the cost
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # a render must not starve the API beside it, and goes first where memory runs out
    with contextlib.suppress(OSError):
        os.nice(5)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")


def _load(name: str, weights: Path, cache: Path) -> Engine | MuybridgeError:
    try:
        from muybridge import bootstrap
        from muybridge.settings import Settings

        return bootstrap.engine(name, weights=weights, cache=cache, engines=Settings.load().engines)
    except MuybridgeError as error:
        return error
    except Exception as error:
        traceback.print_exc()
        return EngineFailed(f"{name} cannot be loaded: {type(error).__name__}: {error}"[:500])


def main(arguments: list[str]) -> None:
    """Serve one engine's jobs: ENGINE WEIGHTS_FOLDER CACHE_FOLDER PARENT_PID."""
    name, weights, cache, parent = arguments
    tether.die_with(int(parent))
    door = _Door()
    faulthandler.enable()
    _be_modest()
    engine = _load(name, Path(weights), Path(cache))
    if isinstance(engine, MuybridgeError):
        door.say(Line(door.jobs.get().job, "failed", engine.to_wire()))
    else:
        _work(door, engine)


if __name__ == "__main__":
    main(sys.argv[1:])
