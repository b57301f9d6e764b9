"""A real server in a process of its own, for tests that speak to it over HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

MUYBRIDGE = [sys.executable, "-c", "from muybridge.cli.main import main; main()"]
START, STOP = 60.0, 45.0  # s


@dataclass(frozen=True)
class Live:
    """Where it answers, a key of it, and its data folder."""

    base_url: str
    key: str
    data: Path


@contextmanager
def server(data: Path, *options: str) -> Iterator[Live]:
    """`muybridge serve` on a free port, ready; ended, by force if need be, afterwards."""
    log = data.with_suffix(".log")
    environment = {**os.environ, "MUYBRIDGE_DATA": str(data)}
    with log.open("wb") as said:
        running = subprocess.Popen(
            [*MUYBRIDGE, "serve", "--port", "0", *options], stdout=said, stderr=said, env=environment
        )
    try:
        base_url = _ready(running, log)
        yield Live(base_url, new_key(environment), data)
    finally:
        running.terminate()
        try:
            running.wait(STOP)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def new_key(environment: dict[str, str]) -> str:
    """A new key, as the command's last line has it."""
    done = subprocess.run(
        [*MUYBRIDGE, "keys", "create", "test"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip().splitlines()[-1]


def _ready(running: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and running.poll() is None:
        for line in log.read_text(errors="replace").splitlines():
            if line.startswith("Base URL: "):
                base_url = line.removeprefix("Base URL: ").strip()
                if httpx.get(f"{base_url}/readyz", timeout=5).status_code == 200:
                    return base_url
        time.sleep(0.1)
    raise AssertionError(
        f"the server was not ready in {START:g} s:\n{log.read_text(errors='replace')[-3000:]}"
    )
