"""The pass-through over real HTTP, against our own server, in good weather and bad."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import structlog
from starlette.responses import Response

from fakes.upstream import Upstream
from muybridge.domain.storyboard import Storyboard
from muybridge.engines.hailuo import HailuoEngine
from muybridge.errors import (
    Cancelled,
    EngineFailed,
    EngineNotReady,
    InputRefused,
    InvalidInput,
    OutputRefused,
    TimedOut,
    Unavailable,
)
from muybridge.media.writer import Writer
from muybridge.ports.engine import Order
from muybridge.testing.engine_contract import EngineContract, NoWeights, patterned_picture, silent
from muybridge.units import WIRE_RATE, Size

CREATE = "/v1/video_generation"
QUERY = "/v1/query/video_generation"
RETRIEVE = "/v1/files/retrieve"
Open = Callable[..., HailuoEngine]
Ordered = Callable[..., Order]


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "theirs.mp4"
    with Writer(path, Size(480, 270), WIRE_RATE, preset="ultrafast") as writer:
        for level in range(25):
            writer.write(np.full((270, 480, 3), level * 9, np.uint8))
    return path


@pytest.fixture
def upstream(video: Path, tmp_path: Path) -> Iterator[Upstream]:
    server = Upstream(video)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def opened(upstream: Upstream, tmp_path: Path) -> Iterator[Open]:
    """An engine that passes on to the upstream, over one cache folder."""
    engines: list[HailuoEngine] = []

    def opened(**options: Any) -> HailuoEngine:
        facts = {"base_url": upstream.url, "key": upstream.house.key.secret, "poll_seconds": 0.05}
        engines.append(HailuoEngine(NoWeights(), tmp_path / "cache" / "hailuo", facts | options))
        return engines[-1]

    yield opened
    for engine in engines:
        engine.unload()


@pytest.fixture
def order(tmp_path: Path) -> Ordered:
    picture = patterned_picture(tmp_path / "reference.png")

    def ordered(prompt: str = "fine", **changes: Any) -> Order:
        (tmp_path / "out").mkdir(exist_ok=True)
        return Order(picture, Storyboard(prompt), tmp_path / "out" / "take.mp4", **changes)

    return ordered


class TestPassThrough(EngineContract):
    draws = False
    steps = 4

    @pytest.fixture
    def engine(self, opened: Open) -> HailuoEngine:
        return opened()


def test_the_video_is_copied_byte_for_byte_and_says_who_made_it(
    opened: Open, order: Ordered, upstream: Upstream, video: Path
) -> None:
    made = opened().generate(order("fine 女孩微笑", mark="AI-made", optimize=False), silent)
    assert made.path.read_bytes() == video.read_bytes()
    (task,) = upstream.house.tasks.tasks.values()
    assert made.notes == (f"Made by {upstream.url} (task {task.task_id}).",)
    assert (task.prompt, task.prompt_optimizer, task.aigc_watermark) == ("fine 女孩微笑", False, True)


@pytest.mark.parametrize(
    ("prompt", "kind", "said"),
    [
        ("refused", InputRefused, "input new_sensitive: no"),
        ("withheld", OutputRefused, "output new_sensitive"),
        ("failed", EngineFailed, "the upstream failed: no luck"),
    ],
)
def test_what_the_upstream_refuses_is_refused_here_for_the_same_reason(
    opened: Open, order: Ordered, prompt: str, kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        opened().generate(order(prompt), silent)
    assert not order().out.exists()


def test_a_failed_task_is_ordered_anew_by_the_next_try(
    opened: Open, order: Ordered, upstream: Upstream
) -> None:
    for _ in range(2):
        with pytest.raises(EngineFailed):
            opened().generate(order("failed"), silent)
    assert len(upstream.house.tasks.tasks) == 2


def creates(upstream: Upstream) -> int:
    return upstream.asked.count(("POST", CREATE))


def test_a_take_called_off_while_waiting_is_taken_up_again_and_paid_once(
    opened: Open, order: Ordered, upstream: Upstream
) -> None:
    def call_off(fraction: float, stage: str) -> None:
        if stage == "waiting upstream":
            raise Cancelled

    with pytest.raises(Cancelled):
        opened().generate(order("slow"), call_off)
    made = opened().generate(order("slow"), silent)  # another engine over the same folder, as after a restart
    assert made.frames == 25
    assert creates(upstream) == 1
    assert len(upstream.house.tasks.tasks) == 1


def test_a_finished_take_that_was_lost_here_is_fetched_again_and_not_paid_again(
    opened: Open, order: Ordered, upstream: Upstream
) -> None:
    for _ in range(2):
        opened().generate(order(), silent).path.unlink()
    assert creates(upstream) == 1


def test_another_task_with_the_same_words_is_another_order(
    opened: Open, order: Ordered, upstream: Upstream
) -> None:
    for seed in (1, 2):
        opened().generate(order(seed=seed), silent)
    assert creates(upstream) == 2


def test_an_upstream_that_dies_and_comes_back_is_waited_for(
    opened: Open, order: Ordered, upstream: Upstream
) -> None:
    died: list[float] = []

    def kill_it_once(fraction: float, stage: str) -> None:
        if stage == "waiting upstream" and not died:
            died.append(time.monotonic())
            upstream.stop()
        elif died and len(died) == 1 and time.monotonic() - died[0] > 0.6:
            died.append(0)
            upstream.start()

    engine = opened()
    order_ = order("stuck")

    def progress(fraction: float, stage: str) -> None:
        kill_it_once(fraction, stage)
        if len(died) == 2 and upstream.house.tasks.tasks:
            import asyncio

            died.append(0)
            asyncio.run(upstream.finish(next(iter(upstream.house.tasks.tasks))))

    assert engine.generate(order_, progress).frames == 25
    assert creates(upstream) == 1


def test_an_upstream_that_stays_away_is_given_up_and_its_task_taken_up_later(
    opened: Open, order: Ordered, upstream: Upstream
) -> None:
    def kill_it(fraction: float, stage: str) -> None:
        if stage == "waiting upstream" and upstream._thread and upstream._thread.is_alive():
            upstream.stop()

    with pytest.raises(Unavailable, match=r"cannot be reached \(ConnectError\), for 0.4 s"):
        opened(lost_seconds=0.4).generate(order("slow"), kill_it)
    upstream.start()
    import asyncio

    asyncio.run(upstream.finish(next(iter(upstream.house.tasks.tasks))))
    assert opened().generate(order("slow"), silent).frames == 25
    assert creates(upstream) == 1


def test_an_upstream_that_cannot_be_reached_has_not_been_paid(
    opened: Open, order: Ordered, upstream: Upstream
) -> None:
    upstream.stop()
    with pytest.raises(Unavailable, match="cannot be reached"):
        opened().generate(order(), silent)
    upstream.start()
    assert opened().generate(order(), silent).notes[1:] == ()  # nobody need fear that it was asked twice


def test_an_answer_that_is_lost_makes_the_next_try_ask_by_the_same_key_and_pay_once(
    opened: Open, order: Ordered, upstream: Upstream
) -> None:
    class Lost(Response):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            async def nowhere(message: Any) -> None:
                pass

            await upstream.house.app(scope, receive, nowhere)  # the order is taken
            await Response("<html>gateway</html>", 502)(scope, receive, send)

    upstream.mishap = lambda method, path: Lost() if path == CREATE else None
    with pytest.raises(Unavailable, match="502"):
        opened().generate(order(), silent)
    upstream.mishap = lambda method, path: None
    made = opened().generate(order(), silent)
    assert made.notes[1] == "The upstream may have been asked twice: its first answer was lost."
    assert len(upstream.house.tasks.tasks) == 1


@pytest.mark.parametrize(
    "raw", [b"", b"<html>", b"[]", b'{"base_resp": 7}', b'{"base_resp": {"status_code": 0}}', b"\xff" * 50]
)
def test_garbage_while_waiting_is_no_answer_and_is_asked_again(
    opened: Open, order: Ordered, upstream: Upstream, raw: bytes
) -> None:
    left = [raw, raw]
    upstream.mishap = lambda method, path: Response(left.pop()) if path == QUERY and left else None
    assert opened().generate(order(), silent).frames == 25
    assert not left


def test_garbage_for_ever_is_given_up(opened: Open, order: Ordered, upstream: Upstream) -> None:
    upstream.mishap = lambda method, path: Response("?") if path == QUERY else None
    with pytest.raises(Unavailable, match=r"what is no answer, for 0.2 s"):
        opened(lost_seconds=0.2).generate(order(), silent)


def test_garbage_to_an_order_is_no_order(opened: Open, order: Ordered, upstream: Upstream) -> None:
    upstream.mishap = lambda method, path: Response("not found", 404) if path == CREATE else None
    with pytest.raises(EngineNotReady, match=r"404 .* is base_url right\?"):
        opened().generate(order(), silent)


def test_an_answer_without_end_is_cut_short(opened: Open, order: Ordered, upstream: Upstream) -> None:
    upstream.mishap = lambda method, path: Response(b" " * 3_000_000) if path == CREATE else None
    with pytest.raises(EngineFailed, match="longer than 1 MiB"):
        opened().generate(order(), silent)


def test_a_download_address_that_expired_is_asked_for_again(
    opened: Open, order: Ordered, upstream: Upstream
) -> None:
    def late(method: str, path: str) -> None:
        if path.startswith("/files/") and upstream.asked.count((method, path)) == 1:
            upstream.house.clock.time += 7200  # longer than any link lives

    upstream.mishap = late
    assert opened().generate(order(), silent).frames == 25
    assert upstream.asked.count(("GET", RETRIEVE)) == 2


def test_a_video_that_breaks_off_or_is_none_is_loaded_again_and_never_kept(
    opened: Open, order: Ordered, upstream: Upstream
) -> None:
    upstream.mishap = lambda method, path: Response(b"not a video") if path.startswith("/files/") else None
    with pytest.raises(Unavailable, match="cannot be had"):
        opened().generate(order(), silent)
    assert not list(order().out.parent.iterdir())
    assert upstream.asked.count(("GET", RETRIEVE)) == 4
    upstream.mishap = lambda method, path: None
    assert opened().generate(order(), silent).frames == 25
    assert creates(upstream) == 1


def test_a_key_that_the_upstream_does_not_take_is_this_servers_trouble(opened: Open, order: Ordered) -> None:
    with pytest.raises(EngineNotReady, match="does not take this server's key"):
        opened(key="mby_wrong").generate(order(), silent)


def test_a_picture_that_the_upstream_finds_wrong_is_the_senders(
    opened: Open, order: Ordered, upstream: Upstream
) -> None:
    body = '{"base_resp":{"status_code":2013,"status_msg":"invalid params, picture is too plain"}}'
    upstream.mishap = lambda method, path: Response(body) if path == CREATE else None
    with pytest.raises(InvalidInput) as refused:
        opened().generate(order(), silent)
    assert refused.value.message == "invalid params, picture is too plain"


def test_a_busy_upstream_is_tried_again_later(opened: Open, order: Ordered, upstream: Upstream) -> None:
    body = '{"base_resp":{"status_code":1002,"status_msg":"rate limit"}}'
    upstream.mishap = lambda method, path: Response(body) if path == CREATE else None
    with pytest.raises(Unavailable, match="the upstream is busy: rate limit"):
        opened().generate(order(), silent)


def test_a_task_that_never_ends_is_given_up_in_time(opened: Open, order: Ordered) -> None:
    with pytest.raises(TimedOut, match=r"not done after 0\.3 s"):
        opened(patience_seconds=0.3).generate(order("stuck"), silent)


def test_a_task_that_the_upstream_forgot_is_ordered_anew(
    opened: Open, order: Ordered, upstream: Upstream
) -> None:
    with pytest.raises(TimedOut):
        opened(patience_seconds=0.2).generate(order("stuck"), silent)
    upstream.house.tasks.tasks.clear()
    upstream.house.tasks.promises.clear()
    with pytest.raises(EngineFailed, match="does not know its own task any more"):
        opened().generate(order("stuck"), silent)
    with pytest.raises(TimedOut):
        opened(patience_seconds=0.2).generate(order("stuck"), silent)
    assert creates(upstream) == 2


def test_the_days_bound_is_kept_and_a_retry_is_no_new_video(
    opened: Open, order: Ordered, upstream: Upstream
) -> None:
    engine = opened(per_day=1)
    engine.generate(order(seed=1), silent)
    engine.generate(order(seed=1), silent)
    with pytest.raises(EngineNotReady, match="today's 1 videos from the upstream are used up"):
        engine.generate(order(seed=2), silent)


def test_the_upstream_tells_by_callback_and_is_hardly_polled(
    opened: Open, order: Ordered, upstream: Upstream
) -> None:
    import socket

    import httpx

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"

    async def challenged(url: str, body: bytes, *_: Any) -> Any:
        from muybridge.ports.fetcher import Reply

        async with httpx.AsyncClient(trust_env=False) as http:
            reply = await http.post(url, content=body)
        return Reply(reply.status_code, reply.content)

    upstream.house.fetcher.post = challenged  # type: ignore[method-assign]
    engine = opened(callback_url=address, listen=f"127.0.0.1:{port}", poll_seconds=5)
    began = time.monotonic()
    assert engine.generate(order("slow"), silent).frames == 25
    assert time.monotonic() - began < 10
    assert upstream.asked.count(("GET", QUERY)) <= 4
    for body in ("[]", "", '{"task_id": "1", "status": "success"}', "not json"):
        assert httpx.post(address, content=body, trust_env=False).json() == {"status": "success"}


def test_the_key_is_in_one_header_and_in_no_log_no_error_and_no_picture_of_the_options(
    opened: Open, order: Ordered, upstream: Upstream, caplog: pytest.LogCaptureFixture
) -> None:
    secret = upstream.house.key.secret
    said: list[Any] = []
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as logs:
        engine = opened()
        engine.generate(order(), silent)
        upstream.stop()
        with pytest.raises(Unavailable) as lost:
            opened().generate(order(seed=9), silent)
        upstream.start()
        said += [caplog.text, logs, str(lost.value), repr(engine._options), engine.card(), engine.health()]
    assert secret not in repr(said)
    sent = [headers for headers in upstream.headers if secret in repr(headers)]
    assert all(headers["authorization"] == f"Bearer {secret}" for headers in sent)
    downloads = [
        h for (_, path), h in zip(upstream.asked, upstream.headers, strict=True) if path.startswith("/files/")
    ]
    assert downloads
    assert all("authorization" not in headers for headers in downloads)


def test_without_a_key_it_says_where_to_set_one(opened: Open, order: Ordered, tmp_path: Path) -> None:
    assert opened(key="").health().missing == ("no key is set: engines.hailuo.key or .key_file",)
    with pytest.raises(EngineNotReady, match="no key is set"):
        opened(key="").generate(order(), silent)
    file = tmp_path / "key"
    file.write_text("mby_from_a_file\n")
    assert opened(key="", key_file=file).health().ready


def test_a_wrong_option_is_named_and_its_value_is_not(opened: Open) -> None:
    for options, named in (
        ({"base_url": "ftp://x"}, r"engines\.hailuo\.base_url"),
        ({"key": 12}, r"engines\.hailuo\.key"),
        ({"listen": "nowhere"}, r"engines\.hailuo\.listen"),
        ({"secret": "mby_abc"}, "unknown option"),
    ):
        with pytest.raises(InvalidInput, match=named) as wrong:
            opened(**options)
        assert "mby_abc" not in str(wrong.value)
