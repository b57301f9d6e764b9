"""What durability costs, and how soon a task goes on when a part of the server is killed.

    python bench/durability.py [--tasks 20]

A real server on loopback with an engine that makes a tiny video at once, or takes two seconds
about it: the times are the server's own. Each kill is `kill -9` a second into a take.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from running import RunningServer  # it lies beside the tests

TAKE_S = 2.0


def spread(seconds: list[float]) -> str:
    """Median and worst."""
    return f"{statistics.median(seconds):6.2f} s   worst {max(seconds):6.2f} s   of {len(seconds)}"


def timed(what: Callable[[], object]) -> float:
    began = time.monotonic()
    what()
    return time.monotonic() - began


def starts(folder: Path, times: int) -> tuple[list[float], list[float]]:
    """From the command to ready, and from SIGTERM to gone, each on a folder that has been used."""
    server = RunningServer(folder / "starts")
    up, down = [], []
    for _ in range(times):
        up.append(timed(server.start))
        down.append(timed(server.stop))
    return up, down


def overhead(server: RunningServer, tasks: int) -> list[float]:
    """From create to Success with an engine that takes no time, one task after the other."""
    server.until(server.create("steady 0"), "Success")  # the first finds everything cold
    return [
        timed(lambda: server.until(server.create("steady 0"), "Success", pause=0.005)) for _ in range(tasks)
    ]


def interrupted(server: RunningServer, part: str) -> tuple[float, int]:
    """How much later than undisturbed a task succeeds whose `part` was killed, and its takes."""
    began = time.monotonic()
    task_id = server.create(f"steady {TAKE_S}")
    server.until(task_id, "Processing")
    time.sleep(TAKE_S / 2)
    if part == "everything":
        server.kill_everything()
    else:
        server.kill(part)
    if part in ("serve", "everything"):
        server.start()
    server.until(task_id, "Success", pause=0.01)
    return time.monotonic() - began - TAKE_S, server.starts(task_id)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=20)
    tasks = parser.parse_args().tasks
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at start")
    with tempfile.TemporaryDirectory() as folder:
        up, down = starts(Path(folder), 5)
        print(f"serve to ready              {spread(up)}")
        print(f"SIGTERM to gone, idle       {spread(down)}")
        server = RunningServer(Path(folder) / "data").start()
        try:
            print(f"create to Success, no-op    {spread(overhead(server, tasks))}")
            for part in ("engine", "temporal", "worker", "serve", "everything"):
                later, takes = interrupted(server, part)
                print(f"{part + ' killed':27} {later:6.2f} s later than undisturbed, takes: {takes}")
        finally:
            server.end()


if __name__ == "__main__":
    main()
