"""Makes takes in a fresh process and times them: cold, with nothing warm, then warm, as a server does.

Run by itself it is that process: it prints a line of JSON for each take. Cold counts from
the start of the interpreter to the finished mp4, with an empty portrait cache; weights are there.
Limits: memory is sampled every 50 ms over the process and its children; a shorter peak is missed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from judge.video import Cost

LONGEST = 600.0  # s, for both takes


@dataclass(frozen=True)
class Timed:
    """Two takes of one order: what each took, peak memory in bytes, what was acted otherwise."""

    cold: Cost
    warm: Cost
    memory: int
    video: Path
    notes: tuple[str, ...]
    unheard: tuple[str, ...]


def timed(engine: str, picture: Path, prompt: str, video: Path) -> Timed:
    """Make the take twice in one fresh process; raises RuntimeError with what it said if it fails."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as cache:
        child = subprocess.Popen(
            [sys.executable, "-m", "judge.running", engine, str(picture), prompt, str(video), cache],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        timer = threading.Timer(LONGEST, child.kill)
        timer.start()
        try:
            with _peak(child.pid) as peak:
                first = child.stdout.readline() if child.stdout else ""
                cold = time.perf_counter() - started
                rest, said = child.communicate()
        finally:
            timer.cancel()
            child.kill()
    if child.returncode != 0:
        raise RuntimeError(f"{engine} ended with status {child.returncode}:\n{said[-2000:]}")
    told, again = json.loads(first), json.loads(rest)
    costs = Cost(cold, told["cpu"]), Cost(again["wall"], again["cpu"] - told["cpu"])
    return Timed(*costs, peak[0], video, tuple(told["notes"]), tuple(told["unheard"]))


@contextmanager
def _peak(pid: int) -> Iterator[list[int]]:
    """The most resident memory of a process and its children, in bytes, in a list of one."""
    peak, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            try:
                process = psutil.Process(pid)
                family = [process, *process.children(recursive=True)]
                peak[0] = max(peak[0], sum(member.memory_info().rss for member in family))
            except psutil.Error:
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def _work(engine_name: str, picture: Path, prompt: str, video: Path, cache: Path) -> None:
    from muybridge import bootstrap
    from muybridge.director import plan
    from muybridge.ports.engine import Order
    from muybridge.settings import Settings

    engine = bootstrap.engine(engine_name, weights=Settings.load().weights, cache=cache)
    for _ in range(2):
        started = time.perf_counter()
        storyboard = plan(prompt, engine.look(picture), optimize=True, seed=0)
        made = engine.generate(Order(picture, storyboard, video), lambda _share, _stage: None)
        wall = time.perf_counter() - started
        told = {
            "wall": wall,
            "cpu": time.process_time(),
            "notes": [*storyboard.notes, *made.notes],
            "unheard": storyboard.unheard,
        }
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    _work(sys.argv[1], Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]), Path(sys.argv[5]))
