"""Portraits on disk: kept whole, read back equal, never trusted blindly, never too many."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from characters import face_at
from muybridge.domain.subject import Box, Subject, SubjectKind
from muybridge.engines.puppet.portraits import ABANDONED, Portraits
from muybridge.puppet.portrait import Portrait
from muybridge.puppet.sight import UNASKED
from muybridge.units import Size
from sketched import face

SHA = "ab" * 32


def portrait(sha256: str = SHA, seed: int = 1) -> Portrait:
    rng = np.random.default_rng(seed)
    picture, foreground, plate = (rng.integers(0, 256, (30, 40, 3), dtype=np.uint8) for _ in range(3))
    subject = Subject(
        sha256,
        Size(80, 60),
        SubjectKind.PORTRAIT,
        (Box(1.25, 2.5, 1 / 3, 4),),
        ("2 faces were found.", "点头。"),
    )
    matte = rng.random((30, 40), dtype=np.float32)
    return Portrait(subject, picture, foreground, matte, plate, (face_at(1, 2, 10, 12), face_at(20, 2, 8, 9)))


class Looking:
    """A look that counts how often it was needed."""

    def __init__(self, sha256: str = SHA) -> None:
        self.times = 0
        self.sha256 = sha256

    def __call__(self) -> Portrait:
        self.times += 1
        return portrait(self.sha256)


def assert_same(one: Portrait, other: Portrait) -> None:
    assert one.subject == other.subject
    for name in ("picture", "foreground", "matte", "plate"):
        a, b = getattr(one, name), getattr(other, name)
        assert a.dtype == b.dtype
        assert np.array_equal(a, b)
    assert len(one.faces) == len(other.faces)
    for a, b in zip(one.faces, other.faces, strict=True):
        assert np.array_equal(a.points, b.points)
        assert (a.presence, a.box, a.blendshapes) == (b.presence, b.box, b.blendshapes)

    assert (one.drawn is None) == (other.drawn is None)
    if one.drawn is not None and other.drawn is not None:
        for name in ("points", "eyes", "mouth", "brows", "skin", "line"):
            assert np.array_equal(getattr(one.drawn, name), getattr(other.drawn, name), equal_nan=True)
        assert (one.drawn.box, one.drawn.thick) == (other.drawn.box, other.drawn.thick)


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.npz"))


def test_a_portrait_comes_back_from_disk_exactly_as_it_was_seen(tmp_path: Path) -> None:
    looking = Looking()
    first = Portraits(tmp_path).get(SHA, looking)
    again = Portraits(tmp_path).get(SHA, looking)
    assert looking.times == 1
    assert_same(first, again)


def drawn() -> Portrait:
    seen = face("girl")
    half = replace(seen, eyes=np.stack([seen.eyes[0], np.full_like(seen.eyes[1], np.nan)]))
    return replace(portrait(), faces=(), drawn=half)


def test_a_drawn_face_comes_back_too_and_what_was_not_found_of_it_stays_unfound(tmp_path: Path) -> None:
    first = Portraits(tmp_path).get(SHA, drawn)
    assert_same(first, Portraits(tmp_path).get(SHA, Looking()))


def test_a_drawn_face_of_another_shape_is_looked_at_anew(tmp_path: Path) -> None:
    odd = drawn()
    assert odd.drawn is not None
    Portraits(tmp_path).get(SHA, lambda: replace(odd, drawn=replace(odd.drawn, brows=np.zeros((3, 4)))))
    looking = Looking()
    Portraits(tmp_path).get(SHA, looking)
    assert looking.times == 1


def test_a_portrait_seen_without_the_drawn_faces_network_is_not_kept(tmp_path: Path) -> None:
    seen = portrait()
    seen = replace(seen, subject=replace(seen.subject, notes=(UNASKED,)))
    Portraits(tmp_path).get(SHA, lambda: seen)
    assert kept(tmp_path) == []


def test_the_last_portrait_stays_in_memory(tmp_path: Path) -> None:
    portraits, looking = Portraits(tmp_path), Looking()
    first = portraits.get(SHA, looking)
    for path in kept(tmp_path):
        path.unlink()
    assert portraits.get(SHA, looking) is first


def test_another_picture_is_another_portrait(tmp_path: Path) -> None:
    portraits, other = Portraits(tmp_path), Looking("cd" * 32)
    portraits.get(SHA, Looking())
    assert portraits.get(other.sha256, other).subject.picture_sha256 == other.sha256
    assert other.times == 1
    assert len(kept(tmp_path)) == 2


def cut(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def flipped(raw: bytes) -> bytes:
    at = len(raw) // 3
    return raw[:at] + bytes([raw[at] ^ 255]) + raw[at + 1 :]


@pytest.mark.parametrize(
    "spoil", [cut, flipped, lambda raw: b"", lambda raw: b"no portrait", lambda raw: raw[:-30]]
)
def test_a_damaged_file_is_looked_at_anew_and_replaced(tmp_path: Path, spoil) -> None:
    Portraits(tmp_path).get(SHA, Looking())
    (path,) = kept(tmp_path)
    path.write_bytes(spoil(path.read_bytes()))
    looking = Looking()
    assert_same(Portraits(tmp_path).get(SHA, looking), portrait())
    assert looking.times == 1
    assert_same(Portraits(tmp_path).get(SHA, looking), portrait())
    assert looking.times == 1


def test_a_file_with_a_pickle_in_it_is_never_opened_by_pickle(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return os.mkdir, (str(tmp_path / "sprung"),)

    Portraits(tmp_path).get(SHA, Looking())
    (path,) = kept(tmp_path)
    trap = np.empty(1, dtype=object)
    trap[0] = Trap()
    np.savez(path, told=trap)
    looking = Looking()
    Portraits(tmp_path).get(SHA, looking)
    assert looking.times == 1
    assert not (tmp_path / "sprung").exists()


def test_a_file_that_holds_another_pictures_portrait_is_not_believed(tmp_path: Path) -> None:
    Portraits(tmp_path).get(SHA, Looking())
    (path,) = kept(tmp_path)
    path.rename(path.with_name(path.name.replace(SHA, "cd" * 32)))
    looking = Looking("cd" * 32)
    assert Portraits(tmp_path).get("cd" * 32, looking).subject.picture_sha256 == "cd" * 32
    assert looking.times == 1


def test_the_longest_unused_go_when_there_are_too_many(tmp_path: Path) -> None:
    shas = [f"{number:02d}" * 32 for number in range(5)]
    Portraits(tmp_path).get(shas[0], Looking(shas[0]))
    one = kept(tmp_path)[0].stat().st_size
    portraits = Portraits(tmp_path, bound=3 * one + one // 2)
    for age, sha in enumerate(shas[:3]):
        portraits.get(sha, Looking(sha))
        path = next(tmp_path.glob(f"{sha}*"))
        os.utime(path, (1000 + age, 1000 + age))
    Portraits(tmp_path).get(shas[0], Looking(shas[0]))  # used again: now the youngest
    portraits.get(shas[3], Looking(shas[3]))
    assert [path.name[:64] for path in kept(tmp_path)] == [shas[0], shas[2], shas[3]]


def test_what_a_crashed_writer_left_is_swept_once_it_is_old(tmp_path: Path) -> None:
    old, young = tmp_path / "a.part", tmp_path / "b.part"
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    before = time.time() - ABANDONED - 60
    os.utime(old, (before, before))
    Portraits(tmp_path).get(SHA, Looking())
    assert not old.exists()
    assert young.exists()


def test_a_disk_that_takes_nothing_costs_only_the_look(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    looking = Looking()
    assert_same(Portraits(blocked / "portraits").get(SHA, looking), portrait())
    assert looking.times == 1


def test_several_at_once_all_get_the_portrait_and_leave_one_whole_file(tmp_path: Path) -> None:
    got: list[Portrait] = []
    start = threading.Barrier(6)

    def work() -> None:
        start.wait(10)
        for _ in range(5):
            got.append(Portraits(tmp_path).get(SHA, Looking()))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(got) == 30
    for one in got:
        assert_same(one, portrait())
    assert len(kept(tmp_path)) == 1
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("sha256", ["", "../../etc/passwd", "AB" * 32, "ab" * 31, "ab" * 32 + "/.."])
def test_a_hash_that_is_none_never_becomes_a_path(tmp_path: Path, sha256: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        Portraits(tmp_path).get(sha256, Looking())
