from __future__ import annotations

from typing import Any

import httpx
import pytest

from fakes.house import House, build, request
from fakes.pictures import picture
from muybridge.api.ranges import find_range
from muybridge.ports.file_store import NewFile
from muybridge.settings import Settings

VIDEO = bytes(range(256)) * 10
FILE_ID = "361721749176519"


async def keep(house: House, file_id: str = FILE_ID, purpose: str = "video_generation") -> None:
    new = NewFile(file_id, house.key.key.key_id, purpose, "output.mp4")
    await house.files.put(new, VIDEO, house.clock.now())


async def get(house: House, path: str, **headers: str) -> httpx.Response:
    return await house.client.get(path, headers=headers)


async def upload(
    house: House, raw: bytes, name: str = "me.png", purpose: str = "character"
) -> httpx.Response:
    files = {"file": (name, raw, "image/png")}
    return await house.client.post("/v1/files/upload", data={"purpose": purpose}, files=files)


def says(response: httpx.Response, code: int, *words: str, status: int = 200) -> None:
    said = response.json()["base_resp"]
    assert (response.status_code, said["status_code"]) == (status, code), said
    for word in words:
        assert word in said["status_msg"]


async def link(house: House) -> str:
    answer = (await get(house, f"/v1/files/retrieve?file_id={FILE_ID}")).json()
    return str(answer["file"]["download_url"])


async def test_a_file_is_described_with_an_integer_id_and_a_link(house: House) -> None:
    await keep(house)
    file = (await get(house, f"/v1/files/retrieve?file_id={FILE_ID}")).json()["file"]
    url = file.pop("download_url")
    assert file == {
        "file_id": 361721749176519,
        "bytes": 2560,
        "created_at": 1763800000,
        "filename": "output.mp4",
        "purpose": "video_generation",
    }
    assert url.startswith(f"http://testserver/files/{FILE_ID}/output.mp4?expires=")


async def test_a_link_needs_no_key_and_lives_an_hour(house: House) -> None:
    await keep(house)
    url = await link(house)
    del house.client.headers["authorization"]
    response = await get(house, url)
    assert (response.status_code, response.content) == (200, VIDEO)
    assert response.headers["content-type"] == "video/mp4"
    house.clock.time += 3599
    assert (await get(house, url)).status_code == 200
    house.clock.time += 1
    says(await get(house, url), 2013, "expires", status=403)


async def test_every_retrieve_gives_a_fresh_link(house: House) -> None:
    await keep(house)
    old = await link(house)
    house.clock.time += 3000
    fresh = await link(house)
    house.clock.time += 3000
    assert ((await get(house, old)).status_code, (await get(house, fresh)).status_code) == (403, 200)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("signature=", "signature=0"),
        ("expires=1", "expires=9"),
        (FILE_ID, "361721749176520"),
        ("?", "?x=1&y=%00#"),
    ],
)
async def test_a_link_that_was_changed_opens_nothing(house: House, old: str, new: str) -> None:
    await keep(house)
    await keep(house, "361721749176520")
    says(await get(house, (await link(house)).replace(old, new, 1)), 2013, "signature", status=403)


async def test_a_link_to_a_deleted_file_is_gone(house: House) -> None:
    await keep(house)
    url = await link(house)
    await house.client.post("/v1/files/delete", json={"file_id": int(FILE_ID)})
    assert (await get(house, url)).status_code == 404


@pytest.mark.parametrize(
    ("header", "part", "named"),
    [
        ("bytes=0-0", VIDEO[:1], "bytes 0-0/2560"),
        ("bytes=10-19", VIDEO[10:20], "bytes 10-19/2560"),
        ("bytes=2550-", VIDEO[2550:], "bytes 2550-2559/2560"),
        ("bytes=-5", VIDEO[-5:], "bytes 2555-2559/2560"),
        ("bytes=-9999", VIDEO, "bytes 0-2559/2560"),
        ("bytes=0-99999", VIDEO, "bytes 0-2559/2560"),
    ],
)
async def test_a_range_is_served_and_named(house: House, header: str, part: bytes, named: str) -> None:
    await keep(house)
    response = await get(house, f"/v1/files/retrieve_content?file_id={FILE_ID}", range=header)
    assert (response.status_code, response.content) == (206, part)
    assert response.headers["content-range"] == named
    assert response.headers["content-length"] == str(len(part))


@pytest.mark.parametrize(
    "header", ["bytes=5-4", "bytes=0-1,5-6", "bytes=a-b", "bytes=-", "lines=0-1", "bytes=0"]
)
async def test_what_is_not_one_range_is_answered_whole(house: House, header: str) -> None:
    await keep(house)
    response = await get(house, f"/v1/files/retrieve_content?file_id={FILE_ID}", range=header)
    assert (response.status_code, response.content) == (200, VIDEO)


@pytest.mark.parametrize("header", ["bytes=2560-", "bytes=-0", "bytes=99999-100000"])
async def test_a_range_beyond_the_end_is_416(house: House, header: str) -> None:
    await keep(house)
    response = await get(house, f"/v1/files/retrieve_content?file_id={FILE_ID}", range=header)
    assert (response.status_code, response.headers["content-range"]) == (416, "bytes */2560")


async def test_a_client_that_has_the_bytes_gets_none(house: House) -> None:
    await keep(house)
    path = f"/v1/files/retrieve_content?file_id={FILE_ID}"
    etag = (await get(house, path)).headers["etag"]
    again = await get(house, path, **{"if-none-match": f'"x", W/{etag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)


async def test_a_range_of_another_version_is_answered_whole(house: House) -> None:
    await keep(house)
    path = f"/v1/files/retrieve_content?file_id={FILE_ID}"
    response = await get(house, path, range="bytes=0-1", **{"if-range": '"other"'})
    assert (response.status_code, response.content) == (200, VIDEO)


async def test_a_head_of_a_link_tells_the_size_alone(house: House) -> None:
    await keep(house)
    response = await house.client.head(await link(house))
    assert (response.status_code, response.headers["content-length"], response.content) == (200, "2560", b"")


@pytest.mark.parametrize("query", ["", "?file_id=", "?file_id=abc", "?file_id=999999999999999"])
@pytest.mark.parametrize("call", ["retrieve", "retrieve_content"])
async def test_a_file_that_is_not_there_is_2013(house: House, call: str, query: str) -> None:
    says(await get(house, f"/v1/files/{call}{query}"), 2013, "invalid params, file_id: got")


async def test_a_key_neither_sees_lists_downloads_nor_deletes_anothers_file(house: House) -> None:
    await keep(house)
    house.client.headers.update(await house.other_key())
    for path in ("retrieve", "retrieve_content"):
        says(await get(house, f"/v1/files/{path}?file_id={FILE_ID}"), 2013, "the id of a file of this key")
    deleted = await house.client.post("/v1/files/delete", json={"file_id": int(FILE_ID)})
    says(deleted, 2013, "the id of a file of this key")
    assert (await get(house, "/v1/files/list")).json()["files"] == []
    assert FILE_ID in house.files.rows


async def test_files_are_listed_with_and_without_a_purpose(house: House) -> None:
    await keep(house)
    house.clock.time += 1
    await upload(house, picture())
    await house.create(request())  # its picture came inside the request: listed only when asked for
    every = (await get(house, "/v1/files/list")).json()
    assert [file["purpose"] for file in every["files"]] == ["character", "video_generation"]
    videos = (await get(house, "/v1/files/list?purpose=video_generation")).json()["files"]
    assert [file["file_id"] for file in videos] == [int(FILE_ID)]
    assert len((await get(house, "/v1/files/list?purpose=sent_reference")).json()["files"]) == 1
    assert (await get(house, "/v1/files/list?purpose=none")).json()["files"] == []


@pytest.mark.parametrize("file_id", [int(FILE_ID), FILE_ID])
async def test_a_file_is_deleted_by_its_id_in_either_form(house: House, file_id: Any) -> None:
    await keep(house)
    body = {"file_id": file_id, "purpose": "video_generation"}
    answer = await house.client.post("/v1/files/delete", json=body)
    assert answer.json() == {
        "file_id": int(FILE_ID),
        "base_resp": {"status_code": 0, "status_msg": "success"},
    }
    says(await get(house, f"/v1/files/retrieve?file_id={FILE_ID}"), 2013)


async def test_a_file_is_not_deleted_under_another_purpose(house: House) -> None:
    await keep(house)
    body = {"file_id": int(FILE_ID), "purpose": "voice_clone"}
    says(await house.client.post("/v1/files/delete", json=body), 2013, 'purpose: got "voice_clone"')
    assert FILE_ID in house.files.rows


async def test_an_upload_is_kept_and_described(house: House) -> None:
    file = (await upload(house, picture(), "..\\../etc/me|?.png")).json()["file"]
    assert (file["bytes"], file["purpose"], file["filename"]) == (len(picture()), "character", "me.png")
    assert house.files.bytes[str(file["file_id"])] == picture()


@pytest.mark.parametrize("raw", [b"", b"#!/bin/sh", picture()[:100], picture((300, 300))])
async def test_an_upload_that_is_no_picture_is_a_real_400(house: House, raw: bytes) -> None:
    says(await upload(house, raw), 2013, "invalid params, file: got", status=400)
    assert house.files.rows == {}


async def test_an_upload_that_is_not_multipart_is_a_real_400(house: House) -> None:
    says(await house.client.post("/v1/files/upload", json={"a": 1}), 2013, "multipart", status=400)
    headers = {"content-type": "multipart/form-data"}
    broken = await house.client.post("/v1/files/upload", content=b"x", headers=headers)
    says(broken, 2013, status=400)


async def test_an_upload_without_its_parts_says_which(house: House) -> None:
    files = {"file": ("me.png", picture(), "image/png")}
    says(await house.client.post("/v1/files/upload", files=files), 2013, "purpose: got nothing")
    parts = {"purpose": (None, "character"), "file": (None, "not a file")}
    says(await house.client.post("/v1/files/upload", files=parts), 2013, "file: got nothing")
    says(await upload(house, picture(), purpose=""), 2013, "purpose")


@pytest.mark.parametrize(
    ("given", "headers", "base"),
    [
        ({}, {"Host": "example.org:8443"}, "http://example.org:8443/files/"),
        ({}, {"Host": "[::1]:8000"}, "http://[::1]:8000/files/"),
        ({}, {"Host": 'evil"><script>'}, "http://testserver/files/"),
        ({}, {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.org"}, "http://testserver/files/"),
        (
            {"api": {"trusted_proxies": "127.0.0.0/8"}},
            {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "video.example.org, inner"},
            "https://video.example.org/files/",
        ),
        (
            {"api": {"trusted_proxies": "127.0.0.0/8"}},
            {"X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/video/"},
            "https://testserver/video/files/",
        ),
        (
            {"api": {"trusted_proxies": "10.0.0.0/8"}},
            {"X-Forwarded-Proto": "https"},
            "http://testserver/files/",
        ),
        ({"public_url": "https://v.example.org/api/"}, {"Host": "x"}, "https://v.example.org/api/files/"),
    ],
)
async def test_a_link_begins_with_what_the_client_sees(
    given: dict[str, Any], headers: dict[str, str], base: str
) -> None:
    house = await build(Settings.load(**given))
    await keep(house)
    response = await get(house, f"/v1/files/retrieve?file_id={FILE_ID}", **headers)
    assert response.json()["file"]["download_url"].startswith(base)
    await house.client.aclose()


def test_an_empty_file_has_no_range() -> None:
    assert find_range(None, 0) is None
    with pytest.raises(ValueError, match="bytes"):
        find_range("bytes=0-", 0)
