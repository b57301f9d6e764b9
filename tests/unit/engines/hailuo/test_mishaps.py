"""The pass-through when the upstream dies, lies, forgets or dawdles."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from starlette.responses import Response

from fakes.upstream import Upstream
from muybridge.engines.hailuo import HailuoEngine
from muybridge.errors import (
    EngineFailed,
    EngineNotReady,
    InvalidInput,
    TimedOut,
    Unavailable,
)
from muybridge.ports.engine import Order
from muybridge.testing.engine_contract import silent

CREATE = "/v1/video_generation"
QUERY = "/v1/query/video_generation"
RETRIEVE = "/v1/files/retrieve"
Open = Callable[..., HailuoEngine]
Ordered = Callable[..., Order]


def creates(upstream: Upstream) -> int:
    return upstream.asked.count(("POST", CREATE))


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
