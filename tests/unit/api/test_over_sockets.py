"""The API behind real sockets: what only shows where bodies arrive piece by piece."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator

import httpx
import pytest

from fakes.house import House, build, request
from fakes.pictures import data_url, picture
from muybridge.api.door import Door
from muybridge.settings import Settings


@pytest.fixture
async def open_house() -> AsyncIterator[House]:
    settings = Settings.load(api={"max_body_mib": 8})
    house = await build(settings)
    listening = socket.create_server(("127.0.0.1", 0))
    door = Door(house.app, settings)
    answering = asyncio.create_task(door.serve([listening]))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    house.client = httpx.AsyncClient(base_url=url, headers=house.client.headers, timeout=20)
    yield house
    await house.client.aclose()
    door.shut()
    await answering


async def test_a_picture_of_megabytes_arrives_whole(open_house: House) -> None:
    raw = picture() + b"\0" * (5 << 20)  # what follows a picture's end is not looked at
    answer = await open_house.create(request(data_url(raw)))
    assert answer["base_resp"]["status_code"] == 0
    assert open_house.files.bytes[open_house.tasks.tasks[answer["task_id"]].reference] == raw


async def test_a_client_that_sends_too_much_hears_413_and_can_go_on(open_house: House) -> None:
    for body in (b"x" * (40 << 20), b"x" * (9 << 20)):
        response = await open_house.client.post("/v1/video_generation", content=body)
        assert response.status_code == 413
        assert response.json()["base_resp"]["status_code"] == 2013
    assert (await open_house.client.get("/v1/models")).json()["base_resp"]["status_code"] == 0


async def test_a_client_without_a_key_hears_so_however_much_it_sends(open_house: House) -> None:
    headers = {"authorization": "Bearer wrong"}
    body = b"x" * (7 << 20)
    response = await open_house.client.post("/v1/video_generation", content=body, headers=headers)
    assert response.json()["base_resp"]["status_code"] == 2049


async def test_a_body_that_dawdles_is_left_in_time(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("muybridge.api.bodies._WITHIN_S", 0.3)

    async def drip() -> AsyncIterator[bytes]:
        for piece in json.dumps(request()).encode()[:100].decode():
            yield piece.encode()
            await asyncio.sleep(0.05)

    response = await open_house.client.post("/v1/video_generation", content=drip())
    assert response.json()["base_resp"] == {"status_code": 1001, "status_msg": "request timeout"}


async def test_polls_are_answered_while_large_bodies_are_read(open_house: House) -> None:
    task_id = (await open_house.create(request()))["task_id"]
    raw = picture() + b"\0" * (5 << 20)
    body = json.dumps(request(data_url(raw))).encode()
    creates = [
        asyncio.create_task(open_house.client.post("/v1/video_generation", content=body)) for _ in range(3)
    ]
    polls = 0
    while not all(create.done() for create in creates):
        async with asyncio.timeout(5):
            assert (await open_house.query(task_id))["status"] == "Preparing"
        polls += 1
    assert polls > 1
    for create in creates:
        assert create.result().json()["base_resp"]["status_code"] == 0


async def test_a_range_of_a_large_file_comes_over_the_wire_exactly(open_house: House) -> None:
    raw = picture() + bytes(range(256)) * 4096
    files = {"file": ("me.png", raw, "image/png")}
    sent = await open_house.client.post("/v1/files/upload", data={"purpose": "character"}, files=files)
    path = f"/v1/files/retrieve_content?file_id={sent.json()['file']['file_id']}"
    part = await open_house.client.get(path, headers={"range": "bytes=1000-700000"})
    assert (part.status_code, part.content) == (206, raw[1000:700001])
