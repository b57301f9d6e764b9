"""Set-up on machines that lack something: it says what, and what to do, and leaves nothing behind."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tree import ROOT

TOOLS = ("sh", "uname", "dirname", "sed", "mktemp", "rm", "tail", "touch")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout's set-up, and a PATH with next to nothing on it."""
    (tmp_path / "checkout" / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "venv.sh", tmp_path / "checkout" / "tools")
    shutil.copy(ROOT / "requirements.lock", tmp_path / "checkout")
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (tmp_path / "bin" / tool).symlink_to(found)
    return tmp_path


def python(machine: Path, script: str) -> None:
    """Put a python3 on the machine that does what this shell script does."""
    path = machine / "bin" / "python3"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def set_up(machine: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": str(machine / "bin"),
        "HOME": str(machine),
        "PIP_CONFIG_FILE": "/dev/null",
        **variables,
    }
    done = subprocess.run(
        [str(machine / "bin" / "sh"), "tools/venv.sh"],
        cwd=machine / "checkout",
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 1
    return done


def test_a_machine_without_python_is_told_how_to_get_one(machine: Path) -> None:
    said = set_up(machine).stderr
    assert "there is no python3 on this machine" in said
    assert "apt install python3 python3-venv" in said


def test_a_python_that_is_too_old_is_named_with_what_is_needed(machine: Path) -> None:
    python(machine, 'case "$1" in -V) echo Python 3.9.2;; *) exit 1;; esac')
    said = set_up(machine).stderr
    assert "python3 is Python 3.9.2, and Muybridge needs Python 3.11 or newer" in said
    assert "PYTHON=" in said


def test_a_python_without_its_venv_module_names_the_package_to_install(machine: Path) -> None:
    python(machine, f'case "$*" in *ensurepip*) exit 1;; esac\nexec "{sys.executable}" "$@"')
    said = set_up(machine).stderr
    assert "python3 has no ensurepip module" in said
    assert "apt install python3-venv" in said


def test_an_intel_mac_is_told_at_once(machine: Path) -> None:
    (machine / "bin" / "uname").unlink()
    (machine / "bin" / "uname").write_text(
        '#!/bin/sh\ncase "$1" in -s) echo Darwin;; *) echo x86_64;; esac\n'
    )
    (machine / "bin" / "uname").chmod(0o755)
    assert "Intel Macs are not served" in set_up(machine).stderr


@pytest.mark.slow
def test_a_machine_without_an_index_is_told_what_to_set(machine: Path) -> None:
    python(machine, f'exec "{sys.executable}" "$@"')
    said = set_up(machine, PIP_INDEX_URL="http://127.0.0.1:9/simple").stderr
    assert "the package index cannot be reached" in said
    assert "PIP_INDEX_URL" in said
    assert "HTTPS_PROXY" in said
