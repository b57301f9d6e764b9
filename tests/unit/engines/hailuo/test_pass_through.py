"""The pass-through over real HTTP, against our own server, in good weather."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog

from fakes.upstream import Upstream
from muybridge.engines.hailuo import HailuoEngine
from muybridge.errors import (
    Cancelled,
    EngineFailed,
    EngineNotReady,
    InputRefused,
    InvalidInput,
    OutputRefused,
    Unavailable,
)
from muybridge.ports.engine import Order
from muybridge.testing.engine_contract import EngineContract, silent

CREATE = "/v1/video_generation"
QUERY = "/v1/query/video_generation"
RETRIEVE = "/v1/files/retrieve"
Open = Callable[..., HailuoEngine]
Ordered = Callable[..., Order]


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
