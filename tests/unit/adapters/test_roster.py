"""Engines that share a GPU take turns on it, and make room for each other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from fakes.engines import SPEC
from muybridge.adapters.child import EngineProcess
from muybridge.adapters.roster import Roster
from muybridge.domain.storyboard import Storyboard
from muybridge.errors import InputRefused
from muybridge.ports.engine import Order

TESTS = Path(__file__).parents[2]


@pytest.fixture
async def start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[[], EngineProcess]]:
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    started: list[EngineProcess] = []

    def start() -> EngineProcess:
        started.append(EngineProcess(SPEC, weights=tmp_path, cache=tmp_path / str(len(started))))
        return started[-1]

    yield start
    for process in started:
        await process.close()


@pytest.fixture
def order(tmp_path: Path) -> Callable[[str], Order]:
    numbers = iter(range(100))
    return lambda prompt: Order(tmp_path / "in.png", Storyboard(prompt), tmp_path / f"{next(numbers)}.mp4")


def quiet(fraction: float, stage: str) -> None:
    pass


async def test_one_engine_goes_when_another_needs_its_room_and_comes_back_when_asked(start, order) -> None:
    roster = Roster(room=100)
    first, second = start(), start()
    one, two = roster.cast(first, 60), roster.cast(second, 60)
    await one.generate(order("steady 0"), quiet)
    assert first.pid
    await two.generate(order("steady 0"), quiet)
    assert (first.pid, bool(second.pid)) == (None, True)
    await one.generate(order("steady 0"), quiet)
    assert (bool(first.pid), second.pid) == (True, None)


async def test_the_longest_unused_goes_first_and_only_as_many_as_must(start, order) -> None:
    roster = Roster(room=100)
    processes = [start() for _ in range(3)]
    engines = [roster.cast(process, 40) for process in processes]
    for engine in (engines[0], engines[1], engines[0], engines[2]):
        await engine.generate(order("steady 0"), quiet)
    assert [bool(process.pid) for process in processes] == [True, False, True]


async def test_engines_that_fit_together_stay(start, order) -> None:
    roster = Roster(room=100)
    processes = [start(), start()]
    for engine in [roster.cast(process, 50) for process in processes]:
        await engine.generate(order("steady 0"), quiet)
    assert all(process.pid for process in processes)


async def test_takes_wait_for_the_device_and_say_so(start, order) -> None:
    roster = Roster(room=None)
    one, two = roster.cast(start(), 1), roster.cast(start(), 1)
    told: list[tuple[str, str]] = []

    def teller(name: str):
        return lambda fraction, stage: told.append((name, stage))

    await asyncio.gather(
        one.generate(order("steady 0.5"), teller("one")), two.generate(order("steady 0.2"), teller("two"))
    )
    assert ("two", "waiting for the device") in told
    at_work = [name for name, stage in told if stage == "drawing"]
    assert at_work == sorted(at_work)  # never both at once


async def test_an_engine_that_needs_no_device_waits_for_nobody(start) -> None:
    process = start()
    assert Roster(room=100).cast(process, 0) is process


async def test_a_failed_take_gives_the_device_back(start, order) -> None:
    roster = Roster(room=100)
    one = roster.cast(start(), 60)
    with pytest.raises(InputRefused):
        await one.generate(order("refuse"), quiet)
    assert (await one.generate(order("steady 0"), quiet)).frames == 25


async def test_loading_takes_its_turn_too(start, order) -> None:
    roster = Roster(room=100)
    first, second = start(), start()
    one = roster.cast(first, 60)
    roster.cast(second, 60)
    await one.generate(order("steady 0"), quiet)
    await roster.load(second)
    assert (first.pid, bool(second.pid)) == (None, True)
