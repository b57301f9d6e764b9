"""Clients that other people wrote, and one server with TLS that all of them are pointed at."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fakes.pictures import picture
from running import Receiver, RunningServer

ROOT = Path(__file__).parent.parent.parent
CLIENTS = ROOT / "out" / "conformance"


@dataclass(frozen=True)
class Clients:
    """Where they were installed."""

    node_modules: Path
    python: Path

    @property
    def mmx(self) -> str:
        return str(self.node_modules / ".bin" / "mmx")


@dataclass(frozen=True)
class Certificates:
    """A certificate for loopback, its key, and the authority that signed it."""

    certificate: Path
    key: Path
    authority: Path


@pytest.fixture(scope="session")
def clients() -> Clients:
    """Installed from the package registries, once; without them there is nothing to test, except in CI."""
    reason = "there is no node" if shutil.which("node") is None else ""
    if not reason:
        installed = subprocess.run(
            ["sh", str(ROOT / "tools" / "conformance.sh")],  # noqa: S607  # POSIX sh, wherever it is
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        reason = installed.stderr[-400:] if installed.returncode else ""
    if reason and os.environ.get("CI"):
        pytest.fail(f"the clients could not be installed: {reason}")
    if reason:
        pytest.skip(f"the clients could not be installed: {reason}")
    return Clients(CLIENTS / "node" / "node_modules", CLIENTS / "python" / "bin" / "python")


@pytest.fixture(scope="session")
def certificates(clients: Clients, tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    at = tmp_path_factory.mktemp("certificates")
    subprocess.run([str(clients.python), "-m", "trustme", "-q", "-d", str(at)], check=True, timeout=60)
    return Certificates(at / "server.pem", at / "server.key", at / "client.pem")


@pytest.fixture(scope="package")
def server(certificates: Certificates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    data = tmp_path_factory.mktemp("conformance") / "data"
    server = RunningServer(data, MUYBRIDGE_ENGINE="slate", MUYBRIDGE_CALLBACK_FIRST_WAIT_SECONDS="0.3")
    server.flags = ["--tls-cert", str(certificates.certificate), "--tls-key", str(certificates.key)]
    server.flags += ["--rehearsal"]
    server.trusts = ssl.create_default_context(cafile=str(certificates.authority))
    server.start()
    yield server
    server.end()


@pytest.fixture(scope="package")
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def her(tmp_path: Path) -> Path:
    """A picture on disk: a PNG under a name that says JPEG, as people have them."""
    path = tmp_path / "her.jpg"
    path.write_bytes(picture())
    return path
