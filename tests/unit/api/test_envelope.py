from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator

import pytest

from fakes.house import House, build, request
from muybridge.settings import Settings

HEX = re.compile(r"[0-9a-f]{32}")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/models", 200),
        ("GET", "/v1/query/video_generation?task_id=1", 200),
        ("POST", "/v1/video_generation", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/v1/video_generation", 405),
        ("DELETE", "/v1/files/list", 405),
        ("OPTIONS", "/v1/video_generation", 200),
        ("GET", "/healthz", 200),
    ],
)
async def test_every_answer_has_a_trace_id_of_its_own(
    house: House, method: str, path: str, status: int
) -> None:
    first, second = [await house.client.request(method, path) for _ in range(2)]
    assert first.status_code == status
    assert HEX.fullmatch(first.headers["trace-id"])
    assert first.headers["trace-id"] != second.headers["trace-id"]
    assert first.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nowhere"), ("PUT", "/v1/video_generation"), ("GET", "/%00")]
)
async def test_even_a_wrong_path_or_method_has_a_base_resp(house: House, method: str, path: str) -> None:
    said = (await house.client.request(method, path)).json()["base_resp"]
    assert said["status_code"] == 2013
    assert said["status_msg"].startswith("invalid params, ")


async def test_a_preflight_is_allowed_from_anywhere(house: House) -> None:
    headers = {
        "Origin": "https://studio.example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,x-mine",
    }
    del house.client.headers["authorization"]
    response = await house.client.options("/v1/video_generation", headers=headers)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-methods"] == "GET, POST, OPTIONS"
    assert response.headers["access-control-allow-headers"] == "authorization,x-mine"


@pytest.fixture
async def small() -> AsyncIterator[House]:
    house = await build(Settings.load(api={"max_body_mib": 1}))
    async with house.client:
        yield house


async def test_a_body_that_declares_too_much_is_413(small: House) -> None:
    response = await small.client.post("/v1/video_generation", content=b"x" * (1 << 20) + b"x")
    assert response.status_code == 413
    assert response.json()["base_resp"]["status_msg"].startswith("invalid params, body: got more than 1 MiB")


async def test_a_body_that_goes_on_without_declaring_is_413_too(small: House) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 64 << 20:
            sent += 1 << 18
            yield b"x" * (1 << 18)

    response = await small.client.post("/v1/video_generation", content=endless())
    assert response.status_code == 413
    assert sent < 3 << 20


async def test_an_upload_that_goes_on_is_413_too(small: House) -> None:
    files = {"file": ("a.png", b"x" * (2 << 20), "image/png")}
    response = await small.client.post("/v1/files/upload", data={"purpose": "p"}, files=files)
    assert response.status_code == 413


@pytest.mark.parametrize("length", [b"-5", b"abc", b"9" * 5000])
async def test_a_declared_length_that_is_none_is_413_and_not_a_crash(small: House, length: bytes) -> None:
    headers = {b"content-length": length}
    response = await small.client.post("/v1/video_generation", content=b"{}", headers=headers)  # type: ignore[arg-type]
    assert response.status_code == 413


async def test_a_fault_of_ours_is_1000_and_tells_nothing_of_the_inside(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(house.tasks, "new_id", broken)
    response = await house.client.post("/v1/video_generation", json=request())
    assert response.status_code == 200
    said = {"status_code": 1000, "status_msg": "unknown error"}
    assert response.json() == {"task_id": "", "base_resp": said}
    assert HEX.fullmatch(response.headers["trace-id"])


async def test_the_trace_id_is_in_the_log_line(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    response = await house.client.get("/v1/models")
    assert response.headers["trace-id"] in capsys.readouterr().out


async def test_health_and_readiness_need_no_key(house: House) -> None:
    del house.client.headers["authorization"]
    assert (await house.client.get("/healthz")).status_code == 200
    ready = await house.client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "database": True, "orchestrator": True})
    house.orchestrator.away = True
    ready = await house.client.get("/readyz")
    assert (ready.status_code, ready.json()["orchestrator"]) == (503, False)


@pytest.mark.parametrize(
    "body",
    [b"", b"[", b"[" * 200_000, b'{"a":' * 200_000, b"\xff" * 100_000, b"null", b'"' + b"x" * 100_000 + b'"'],
)
@pytest.mark.parametrize("path", ["/v1/video_generation", "/v1/files/delete"])
async def test_garbage_is_2013_on_every_path_that_takes_json(house: House, path: str, body: bytes) -> None:
    response = await house.client.post(path, content=body)
    assert response.status_code == 200
    assert response.json()["base_resp"]["status_code"] == 2013


async def test_strict_is_an_opt_in() -> None:
    house = await build(Settings.load(api={"strict": True}))
    async with house.client:
        answer = await house.create(request(resolution="720P"))
    assert answer["base_resp"]["status_msg"].startswith("invalid params, resolution: got")
    assert json.dumps(answer).count("task_id") == 1
