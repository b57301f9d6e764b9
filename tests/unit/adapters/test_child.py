import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from muybridge.adapters.child import Bounds, EngineProcess
from muybridge.domain.storyboard import Storyboard
from muybridge.domain.subject import SubjectKind
from muybridge.errors import EngineCrashed, EngineFailed, InputRefused, InvalidPicture, TimedOut
from muybridge.ports.engine import Order
from muybridge.units import Size

HERE = Path(__file__).parent
Start = Callable[..., EngineProcess]


@pytest.fixture
async def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Start]:
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    started: list[EngineProcess] = []

    def start(engine: str = "troubled_engine:TroubledEngine", **bounds: float) -> EngineProcess:
        process = EngineProcess(engine, weights=tmp_path, cache=tmp_path, bounds=Bounds(**bounds))  # type: ignore[arg-type]
        started.append(process)
        return process

    yield start
    for process in started:
        await process.close()
        assert process.pid is None
    assert [c for c in psutil.Process().children() if c.status() == psutil.STATUS_ZOMBIE] == []


@pytest.fixture
def order(tmp_path: Path) -> Callable[[str], Order]:
    return lambda prompt: Order(
        tmp_path / "in.png", Storyboard(prompt), tmp_path / "out.mp4", size=Size(64, 36)
    )


def quiet(fraction: float, stage: str) -> None:
    pass


async def gone(pid: int, within: float = 3.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        await asyncio.sleep(0.02)
    return False


async def test_a_take_comes_back_with_its_progress_in_order(start, order):
    seen: list[tuple[float, str]] = []
    made = await start().generate(order("work"), lambda f, s: seen.append((f, s)))
    assert (made.size, made.frames, made.notes) == (Size(64, 36), 150, ("take 1",))
    assert seen == sorted(seen)
    assert len(seen) >= 4
    assert {stage for _, stage in seen} == {"drawing"}


async def test_the_process_and_its_models_stay_for_the_next_take(start, order):
    process = start()
    first = await process.generate(order("work"), quiet)
    pid = process.pid
    second = await process.generate(order("work"), quiet)
    assert (first.notes, second.notes) == (("take 1",), ("take 2",))
    assert process.pid == pid


async def test_two_takes_asked_at_once_are_made_one_after_the_other(start, order):
    process = start()
    both = await asyncio.gather(*(process.generate(order("work"), quiet) for _ in range(2)))
    assert sorted(made.notes for made in both) == [("take 1",), ("take 2",)]


async def test_what_the_engine_sees_and_needs_crosses_whole(start, tmp_path):
    process = start()
    subject = await process.look(tmp_path / "in.png")
    assert (subject.kind, subject.notes) == (SubjectKind.FIGURE, ("Nobody is here.",))
    assert (await process.health()).missing == ("patience",)


async def test_an_error_crosses_as_its_own_class_with_its_details(start, order, tmp_path):
    process = start()
    with pytest.raises(InvalidPicture) as bad:
        await process.look(tmp_path / "in.txt")
    assert (bad.value.field, bad.value.allowed) == ("image[0]", "a picture")
    with pytest.raises(InputRefused, match="new_sensitive: no"):
        await process.generate(order("refuse"), quiet)


async def test_a_blunder_in_an_engine_is_a_failed_take_and_the_process_lives_on(start, order):
    process = start()
    with pytest.raises(EngineFailed, match="ZeroDivisionError: by zero"):
        await process.generate(order("blunder"), quiet)
    assert (await process.generate(order("work"), quiet)).notes == ("take 2",)


@pytest.mark.parametrize(
    ("prompt", "words"),
    [("segfault", "SIGSEGV.*native"), ("abort", "SIGABRT"), ("leave", "status 3")],
)
async def test_a_crash_names_its_cause_and_the_next_take_gets_a_new_process(start, order, prompt, words):
    process = start()
    with pytest.raises(EngineCrashed, match=words):
        await process.generate(order(prompt), quiet)
    assert (await process.generate(order("work"), quiet)).notes == ("take 1",)


async def test_the_end_of_its_standard_error_is_kept_in_the_log(start, order, capsys):
    with pytest.raises(EngineCrashed):
        await start().generate(order("segfault"), quiet)
    said = capsys.readouterr().out
    assert "about to read from nowhere" in said
    assert "_segfault" in said  # where it was, from faulthandler


async def test_noise_on_standard_output_neither_breaks_nor_forges_an_answer(start, order):
    assert (await start().generate(order("chatter"), quiet)).notes == ("take 1",)


async def test_a_blunder_of_whoever_watches_the_progress_is_theirs_and_hangs_nothing(start, order):
    def blunder(fraction: float, stage: str) -> None:
        raise LookupError("of mine")

    process = start()
    with pytest.raises(LookupError, match="of mine"):
        await process.generate(order("work"), blunder)
    assert (await process.generate(order("work"), quiet)).notes == ("take 2",)


async def test_a_cancelled_take_ends_within_a_second_and_keeps_its_process(start, order):
    process = start()
    under_way = asyncio.Event()
    take = asyncio.create_task(process.generate(order("dawdle"), lambda _f, _s: under_way.set()))
    await under_way.wait()
    pid, asked = process.pid, time.monotonic()
    take.cancel()
    with pytest.raises(asyncio.CancelledError):
        await take
    assert time.monotonic() - asked < 15
    assert process.pid == pid
    assert (await process.generate(order("work"), quiet)).notes == ("take 2",)


async def test_a_cancelled_take_that_does_not_listen_is_killed_within_a_second(start, order):
    process = start()
    await process.health()
    take = asyncio.create_task(process.generate(order("hang"), quiet))
    await asyncio.sleep(0.2)
    pid, asked = process.pid, time.monotonic()
    take.cancel()
    with pytest.raises(asyncio.CancelledError):
        await take
    assert time.monotonic() - asked < 15
    assert not psutil.pid_exists(pid)


async def test_a_take_beyond_its_time_is_ended_and_says_so(start, order):
    process = start(take=0.5)
    with pytest.raises(TimedOut, match=r"0\.5 s to generate"):
        await process.generate(order("hang"), quiet)
    assert process.pid is None


async def test_a_take_beyond_its_memory_is_ended_and_says_how_much(start, order):
    with pytest.raises(EngineCrashed, match="allowed are 300 MiB"):
        await start(memory=300 << 20).generate(order("swell"), quiet)


async def test_what_the_engine_started_itself_goes_with_it(start, order, tmp_path):
    process = start()
    under_way = asyncio.Event()
    take = asyncio.create_task(process.generate(order("breed"), lambda _f, _s: under_way.set()))
    await under_way.wait()
    take.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await take
    assert await gone(int((tmp_path / "sleeper.pid").read_text()))


async def test_a_process_killed_while_idle_is_replaced_without_an_error(start, order):
    process = start()
    await process.health()
    os.kill(process.pid, signal.SIGKILL)
    await asyncio.sleep(0.2)
    assert process.pid is None
    assert (await process.generate(order("work"), quiet)).notes == ("take 1",)


async def test_a_killed_take_says_sigkill(start, order):
    process = start()
    under_way = asyncio.Event()
    take = asyncio.create_task(process.generate(order("dawdle"), lambda _f, _s: under_way.set()))
    await under_way.wait()
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(EngineCrashed, match=r"SIGKILL.*memory"):
        await take


@pytest.mark.parametrize(
    ("engine", "words"),
    [
        ("troubled_engine:UnloadableEngine", "no such device"),
        ("troubled_engine:Nobody", "Nobody"),
        ("nowhere_at_all:Engine", "nowhere_at_all"),
    ],
)
async def test_an_engine_that_cannot_be_loaded_says_why(start, order, engine, words):
    with pytest.raises(Exception, match=words) as failed:
        await start(engine).generate(order("work"), quiet)
    assert type(failed.value).__module__ == "muybridge.errors"


async def test_the_process_dies_when_its_parent_is_killed(tmp_path):
    script = f"""
import asyncio, pathlib
from muybridge.adapters.child import EngineProcess
from muybridge.ports.engine import Order
from muybridge.domain.storyboard import Storyboard
async def main():
    here = pathlib.Path({str(tmp_path)!r})
    process = EngineProcess("troubled_engine:TroubledEngine", weights=here, cache=here)
    await process.health()
    print(process.pid, flush=True)
    await process.generate(Order(here / "in.png", Storyboard("hang"), here / "out.mp4"), print)
asyncio.run(main())
"""
    parent = subprocess.Popen(  # noqa: ASYNC220  # its output is read before anything else runs
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(HERE)},
    )
    with parent:
        child = int(parent.stdout.readline())
        assert psutil.pid_exists(child)
        await asyncio.sleep(0.2)
        parent.kill()
    assert await gone(child)
