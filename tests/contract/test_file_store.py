"""One suite for every FileStore."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest

from fakes.file_store import FakeFileStore
from muybridge.adapters.file_store import SqlFileStore, open_objects
from muybridge.adapters.sql import Database
from muybridge.domain.stored_file import StoredFile
from muybridge.errors import NotFound
from muybridge.ports.file_store import FileStore, NewFile
from muybridge.units import Seconds

NOW = Seconds(1_763_800_000.5)
BYTES = bytes(range(256)) * 4000  # more than one piece


@pytest.fixture
def store(database: Database | None, tmp_path: Path) -> FileStore:
    if database is None:
        return FakeFileStore()
    return SqlFileStore(database, open_objects(str(tmp_path / "files")))


def new(file_id: str = "361721749176519", key_id: str = "k1", purpose: str = "video_generation") -> NewFile:
    return NewFile(file_id, key_id, purpose, "output.mp4")


async def whole(store: FileStore, file: StoredFile, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([piece async for piece in store.read(file, start, end)])


async def test_bytes_come_back_as_they_were_put(store: FileStore) -> None:
    file = await store.put(new(), BYTES, NOW)
    assert await whole(store, file) == BYTES
    assert (file.bytes, file.sha256) == (len(BYTES), hashlib.sha256(BYTES).hexdigest())
    assert await store.get(file.file_id) == file


async def test_a_file_on_disk_is_put_whole(store: FileStore, tmp_path: Path) -> None:
    source = tmp_path / "take.mp4"
    source.write_bytes(BYTES)
    file = await store.put(new(), source, NOW)
    assert await whole(store, file) == BYTES
    assert file.bytes == len(BYTES)


@pytest.mark.parametrize(("start", "end"), [(0, 1), (5, 300_000), (len(BYTES) - 1, None), (7, 7), (9, 10**9)])
async def test_a_range_is_exactly_that_range(store: FileStore, start: int, end: int | None) -> None:
    file = await store.put(new(), BYTES, NOW)
    assert await whole(store, file, start, end) == BYTES[start:end]


async def test_an_empty_file_is_a_file(store: FileStore) -> None:
    file = await store.put(new(), b"", NOW)
    assert await whole(store, file) == b""


async def test_putting_an_id_again_gives_the_first_row(store: FileStore) -> None:
    first = await store.put(new(), BYTES, NOW)
    assert await store.put(new(), BYTES, Seconds(NOW + 5)) == first
    assert len(await store.list()) == 1


async def test_two_tries_at_once_make_one_file(store: FileStore) -> None:
    files = await asyncio.gather(*(store.put(new(), BYTES, NOW) for _ in range(4)))
    assert len(set(files)) == 1
    assert await store.list() == [files[0]]


async def test_a_file_is_saved_to_disk_and_nothing_else_is_left_there(
    store: FileStore, tmp_path: Path
) -> None:
    file = await store.put(new(), BYTES, NOW)
    folder = tmp_path / "work"
    folder.mkdir()
    saved = await store.save(file, folder / "in.png")
    assert saved.read_bytes() == BYTES
    assert [path.name for path in folder.iterdir()] == ["in.png"]


async def test_files_are_listed_by_key_purpose_and_age_the_newest_first(store: FileStore) -> None:
    a = await store.put(new("100000000000001"), b"a", NOW)
    b = await store.put(new("100000000000002", purpose="subject_reference"), b"b", Seconds(NOW + 1))
    c = await store.put(new("100000000000003", key_id="k2"), b"c", Seconds(NOW + 2))
    assert list(await store.list()) == [c, b, a]
    assert list(await store.list("k1")) == [b, a]
    assert list(await store.list("k1", "video_generation")) == [a]
    assert list(await store.list(before=Seconds(NOW + 1))) == [a]


async def test_a_deleted_file_is_gone_row_and_bytes(store: FileStore) -> None:
    file = await store.put(new(), BYTES, NOW)
    assert await store.delete(file.file_id, NOW)
    assert not await store.delete(file.file_id, NOW)
    assert await store.get(file.file_id) is None
    assert await store.list() == []
    with pytest.raises(NotFound):
        await whole(store, file)


async def test_an_unknown_file_is_none(store: FileStore) -> None:
    assert await store.get("361721749176519") is None
    assert not await store.delete("361721749176519", NOW)
