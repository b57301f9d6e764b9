"""Both clients, by one suite: against our own API in this process, and against servers that misbehave."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from fakes.house import House, build
from fakes.pictures import picture
from muybridge.calls import Patience
from muybridge.client import AsyncClient, Client
from muybridge.domain.key import Terms
from muybridge.domain.task import TaskState
from muybridge.errors import (
    InvalidInput,
    MuybridgeError,
    NoKey,
    OutputRefused,
    RateLimited,
    TimedOut,
    Unavailable,
    UnknownKey,
)
from muybridge.ports.file_store import NewFile
from muybridge.settings import Settings

AT_ONCE = Patience(tries=3, first=0.001, longest=0.002)
VIDEO = b"mp4" * 1000
Handler = Callable[[httpx.Request], httpx.Response]
Use = Callable[..., Awaitable[Any]]


class Bridge(httpx.BaseTransport):
    """Carries a sync client's requests from its thread to the loop that serves them."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.loop = asyncio.get_running_loop()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def ask() -> httpx.Response:
            body = request.read()
            headers = [(k, v) for k, v in request.headers.raw if k.lower() != b"transfer-encoding"]
            asked = httpx.Request(request.method, request.url, headers=headers, content=body)
            answer = await self.inner.handle_async_request(asked)
            raw = await answer.aread()
            return httpx.Response(answer.status_code, headers=answer.headers.raw, content=raw)

        return asyncio.run_coroutine_threadsafe(ask(), self.loop).result(20)


@pytest.fixture(params=["sync", "async"])
def use(request: pytest.FixtureRequest) -> Use:
    """Open a client over a transport and call one method of it."""

    async def call(
        transport: httpx.AsyncBaseTransport | Handler, method: str, *words: Any, key: str = "k", **named: Any
    ) -> Any:
        if not isinstance(transport, httpx.AsyncBaseTransport):
            transport = httpx.MockTransport(transport)
        told: dict[str, Any] = {"url": "http://testserver", "key": key, "patience": AT_ONCE}
        if request.param == "async":
            async with AsyncClient(**told, transport=transport) as client:
                return await getattr(client, method)(*words, **named)
        bridge = Bridge(transport)

        def in_a_thread() -> Any:
            with Client(**told, transport=bridge) as client:
                return getattr(client, method)(*words, **named)

        return await asyncio.to_thread(in_a_thread)

    return call


@pytest.fixture
async def house() -> House:
    return await build(Settings())


def app_of(house: House) -> httpx.ASGITransport:
    return httpx.ASGITransport(house.app, raise_app_exceptions=False)


async def finish(house: House, task_id: str) -> None:
    file_id = await house.tasks.new_id()
    await house.files.put(
        NewFile(file_id, house.key.key.key_id, "video_generation", "output.mp4"), VIDEO, 1.0
    )  # type: ignore[arg-type]
    await house.tasks.move(task_id, TaskState.PROCESSING, house.clock.now())
    end = {"file_id": file_id, "width": 1280, "height": 720}
    await house.tasks.move(task_id, TaskState.SUCCESS, house.clock.now(), **end)  # type: ignore[arg-type]


def says(code: int = 0, **more: Any) -> httpx.Response:
    return httpx.Response(200, json={"base_resp": {"status_code": code, "status_msg": "m"}, **more})


async def test_a_video_is_made_awaited_and_downloaded(use: Use, house: House, tmp_path: Path) -> None:
    key, seen = house.key.secret, []
    (tmp_path / "her.png").write_bytes(picture())
    task_id = await use(
        app_of(house), "create", tmp_path / "her.png", "She winks.", key=key, aigc_watermark=True
    )
    assert house.tasks.tasks[task_id].aigc_watermark
    waiting = asyncio.create_task(
        use(
            app_of(house),
            "wait",
            task_id,
            key=key,
            every=0.01,
            watch=lambda answer: seen.append(answer.status),
        )
    )
    await asyncio.sleep(0.1)
    await finish(house, task_id)
    done = await waiting
    assert (seen[0], seen[-1], done.video_width) == ("Preparing", "Success", 1280)
    saved = await use(app_of(house), "download", done.file_id, tmp_path / "her.mp4", key=key)
    assert saved.read_bytes() == VIDEO
    assert sorted(path.name for path in tmp_path.iterdir()) == ["her.mp4", "her.png"]


async def test_files_are_uploaded_listed_described_and_deleted(
    use: Use, house: House, tmp_path: Path
) -> None:
    key = house.key.secret
    (tmp_path / "her.png").write_bytes(picture())
    file = await use(app_of(house), "upload", tmp_path / "her.png", key=key)
    assert [one.file_id for one in await use(app_of(house), "files", key=key)] == [file.file_id]
    assert (await use(app_of(house), "retrieve", file.file_id, key=key)).download_url
    task_id = await use(app_of(house), "create", str(file.file_id), key=key)
    assert house.tasks.tasks[task_id].reference == str(file.file_id)
    assert await use(app_of(house), "delete", file.file_id, key=key) == file.file_id
    assert await use(app_of(house), "files", "character", key=key) == []
    assert [model.id for model in await use(app_of(house), "models", key=key)] == ["S2V-01", "I2V-01"]


async def test_another_model_gets_its_first_frame(use: Use, house: House) -> None:
    task_id = await use(app_of(house), "create", picture(), key=house.key.secret, model="I2V-01")
    assert house.tasks.tasks[task_id].model == "I2V-01"


async def test_the_same_once_makes_one_task(use: Use, house: House) -> None:
    key, raw = house.key.secret, picture()
    ids = {await use(app_of(house), "create", raw, "She winks.", key=key, once="order-1") for _ in range(2)}
    assert len(ids) == len(house.tasks.tasks) == 1
    with pytest.raises(InvalidInput, match="Idempotency-Key"):
        await use(app_of(house), "create", raw, "She nods.", key=key, once="order-1")


async def test_errors_of_the_wire_are_raised_as_their_classes(use: Use, house: House) -> None:
    with pytest.raises(UnknownKey):
        await use(app_of(house), "files", key="wrong")
    with pytest.raises(InvalidInput) as wrong:
        await use(app_of(house), "create", picture(), "x" * 2001, key=house.key.secret)
    assert (wrong.value.field, wrong.value.got) == ("prompt", "2001 characters")
    limited = (await house.keys.create("limited", Terms(in_flight=1))).secret
    await use(app_of(house), "create", picture(), key=limited)
    with pytest.raises(RateLimited):
        await use(app_of(house), "create", picture(), key=limited)


async def test_a_failed_task_raises_its_own_error(use: Use, house: House) -> None:
    key = house.key.secret
    task_id = await use(app_of(house), "create", picture(), key=key)
    said = {"status_code": 1027, "status_msg": "output new_sensitive"}
    await house.tasks.move(task_id, TaskState.FAIL, house.clock.now(), **said)  # type: ignore[arg-type]
    assert (await use(app_of(house), "query", task_id, key=key)).base_resp.status_code == 1027
    with pytest.raises(OutputRefused):
        await use(app_of(house), "wait", task_id, key=key, every=0.01)


async def test_a_task_is_cancelled_and_whoever_waits_for_it_hears_so(use: Use, house: House) -> None:
    key = house.key.secret
    task_id = await use(app_of(house), "create", picture(), key=key)
    waiting = asyncio.create_task(use(app_of(house), "wait", task_id, key=key, every=0.01))
    assert await use(app_of(house), "cancel", task_id, key=key) == "Fail"
    with pytest.raises(MuybridgeError, match="cancelled"):
        await waiting
    with pytest.raises(InvalidInput, match="the id of a task of this key"):
        await use(app_of(house), "cancel", task_id, key=(await house.keys.create("other")).secret)


HEARD = {"task_id": "5", "status": "Processing", "file_id": "", "video_width": 0, "video_height": 0}


@pytest.mark.parametrize(
    ("stream", "polls"),
    [
        (httpx.Response(404, json={"detail": "Not Found"}), 1),
        (httpx.Response(502, text="data: {}"), 1),
        (httpx.ReadTimeout("silent"), 1),
        (httpx.RemoteProtocolError("cut"), 1),
        ("data: {}\n\n", 1),
        ("data: " + json.dumps(HEARD) + "\n\n", 1),
        (": still here\n\ndata: " + json.dumps({**HEARD, "status": "Success"}) + "\n\n", 0),
    ],
    ids=["none", "gateway", "silent", "cut", "nonsense", "left half way", "whole"],
)
async def test_waiting_listens_and_polls_where_that_fails(use: Use, stream: Any, polls: int) -> None:
    asked: list[str] = []

    def serve(request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer k"
        if request.url.path != "/v1/video_generation/5/events":
            asked.append(request.url.path)
            return says(**{**HEARD, "status": "Success"})
        if isinstance(stream, Exception):
            raise stream
        if isinstance(stream, str):
            return httpx.Response(200, text=stream, headers={"content-type": "text/event-stream"})
        return stream  # type: ignore[no-any-return]

    assert (await use(serve, "wait", "5", every=0.01)).status == "Success"
    assert asked == ["/v1/query/video_generation"] * polls


async def test_waiting_ends_in_time(use: Use, house: House) -> None:
    task_id = await use(app_of(house), "create", picture(), key=house.key.secret)
    with pytest.raises(TimedOut, match="still Preparing"):
        await use(app_of(house), "wait", task_id, key=house.key.secret, within=0.05, every=0.02)


class Flaky:
    """Fails a number of times in one way, then answers."""

    def __init__(self, failures: int, how: Exception | httpx.Response, then: httpx.Response) -> None:
        self.failures, self.how, self.then = failures, how, then
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if len(self.requests) > self.failures:
            return self.then
        if isinstance(self.how, Exception):
            raise self.how
        return self.how


FAILURES: list[Exception | httpx.Response] = [
    httpx.ConnectError("refused"),
    httpx.ReadTimeout("late"),
    httpx.RemoteProtocolError("cut"),
    httpx.Response(502, text="<html>bad gateway"),
    says(1002),
    says(1001),
]


@pytest.mark.parametrize("how", FAILURES)
async def test_a_create_is_repeated_under_one_idempotency_key(
    use: Use, how: Exception | httpx.Response
) -> None:
    flaky = Flaky(2, how, says(task_id="1"))
    assert await use(flaky, "create", b"x", "She winks.") == "1"
    assert len({request.headers["idempotency-key"] for request in flaky.requests}) == 1
    assert len({request.content for request in flaky.requests}) == 1


@pytest.mark.parametrize("how", FAILURES)
async def test_patience_ends(use: Use, how: Exception | httpx.Response) -> None:
    flaky = Flaky(99, how, says())
    with pytest.raises((Unavailable, TimedOut, RateLimited)):
        await use(flaky, "files")
    assert len(flaky.requests) == AT_ONCE.tries


@pytest.mark.parametrize(("method", "words"), [("delete", ["5"]), ("upload", [__file__])])
async def test_what_may_have_arrived_is_not_sent_again(use: Use, method: str, words: list[str]) -> None:
    late = Flaky(1, httpx.ReadTimeout("late"), says())
    with pytest.raises(TimedOut):
        await use(late, method, *words)
    assert len(late.requests) == 1
    refused = Flaky(1, httpx.ConnectError("refused"), says(2013))
    with pytest.raises(InvalidInput):
        await use(refused, method, *words)
    assert len(refused.requests) == 2


@pytest.mark.parametrize("code", [1000, 1004, 1008, 1026, 2013, 2049])
async def test_what_repeating_cannot_help_is_not_repeated(use: Use, code: int) -> None:
    flaky = Flaky(99, says(code), says())
    with pytest.raises(MuybridgeError) as error:
        await use(flaky, "create", b"x")
    assert (error.value.code, len(flaky.requests)) == (code, 1)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"files": []}', b'{"base_resp": 5}'])
async def test_what_is_not_this_api_is_told_so(use: Use, body: bytes) -> None:
    with pytest.raises(MuybridgeError, match="without base_resp"):
        await use(lambda _: httpx.Response(200, content=body), "files")


async def test_an_answer_of_the_wrong_shape_is_told_so(use: Use) -> None:
    with pytest.raises(MuybridgeError, match="an answer of"):
        await use(lambda _: says(files=5), "files")


async def test_a_download_that_breaks_off_leaves_nothing_and_is_tried_again(use: Use, tmp_path: Path) -> None:
    file = {"file_id": 1, "bytes": 1, "created_at": 1, "filename": "a", "purpose": "p"}
    asked: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.url.path == "/v1/files/retrieve":
            return says(file={**file, "download_url": "http://elsewhere/a"})
        return httpx.Response(500) if len(asked) < 4 else httpx.Response(200, content=VIDEO)

    saved = await use(serve, "download", 1, tmp_path / "a.mp4")
    assert saved.read_bytes() == VIDEO
    assert [request.headers.get("authorization") for request in asked] == ["Bearer k", None, "Bearer k", None]
    asked.clear()
    with pytest.raises(Unavailable):
        await use(
            lambda r: httpx.Response(500) if r.url.host == "elsewhere" else serve(r),
            "download",
            1,
            tmp_path / "b",
        )
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


async def test_a_folder_that_is_not_there_is_named(use: Use, tmp_path: Path) -> None:
    file = {
        "file_id": 1,
        "bytes": 1,
        "created_at": 1,
        "filename": "a",
        "purpose": "p",
        "download_url": "http://e/",
    }
    with pytest.raises(InvalidInput, match="invalid params, to: got"):
        await use(lambda _: says(file=file), "download", 1, tmp_path / "none" / "a.mp4")
    with pytest.raises(InvalidInput, match="invalid params, picture: got"):
        await use(lambda _: says(), "create", tmp_path / "none.png")


def test_a_client_needs_a_key_and_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MUYBRIDGE_API_KEY", raising=False)
    with pytest.raises(NoKey, match="MUYBRIDGE_API_KEY"):
        Client("http://testserver")
    with pytest.raises(InvalidInput, match="http://host:port"):
        Client("testserver", "k")


def test_a_client_takes_address_and_key_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUYBRIDGE_URL", "http://testserver/v1/")
    monkeypatch.setenv("MUYBRIDGE_API_KEY", "from-the-environment")
    asked: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return says(files=[])

    with Client(transport=httpx.MockTransport(serve)) as client:
        client.files()
    assert str(asked[0].url) == "http://testserver/v1/files/list"
    assert asked[0].headers["authorization"] == "Bearer from-the-environment"


def test_both_clients_have_the_same_calls() -> None:
    def calls(kind: type) -> dict[str, list[str]]:
        public = {name: member for name, member in vars(kind).items() if not name.startswith("_")}
        return {name: list(inspect.signature(member).parameters) for name, member in public.items()}

    sync, on_a_loop = calls(Client), calls(AsyncClient)
    assert sync.pop("close") == on_a_loop.pop("aclose")
    assert sync == on_a_loop


def test_a_create_sends_what_the_contract_names() -> None:
    sent: list[dict[str, Any]] = []

    def serve(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return says(task_id="1")

    with Client("http://testserver", "k", transport=httpx.MockTransport(serve)) as client:
        client.create("https://example.org/a.png", "女孩微笑", prompt_optimizer=False)
    assert sent == [
        {
            "model": "S2V-01",
            "prompt": "女孩微笑",
            "subject_reference": [{"type": "character", "image": ["https://example.org/a.png"]}],
            "prompt_optimizer": False,
        }
    ]
