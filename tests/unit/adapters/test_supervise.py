import asyncio
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from muybridge.adapters import tether
from muybridge.adapters.supervise import Program, Supervised

SLEEP = "import time; time.sleep(600)"
SAY = "print('here', flush=True); "
SLEEPER = [sys.executable, "-c", SAY + SLEEP]
STUBBORN = [sys.executable, "-c", "import signal as s; s.signal(s.SIGTERM, s.SIG_IGN); " + SAY + SLEEP]
BABBLE = [sys.executable, "-c", "for n in range(120): print('x' * 65000)\n" + SAY + SLEEP]


@pytest.fixture
def program(tmp_path):
    def program(command, ready=None):
        async def said_here(_pid: int) -> bool:
            log = tmp_path / "part.log"
            return log.exists() and "here" in log.read_text()

        return Program(
            "part", command, tmp_path / "part.log", tmp_path / "run" / "part.pid", ready or said_here
        )

    return program


async def until(condition, within=5.0):
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110  # other processes have no events for us
            await asyncio.sleep(0.01)


async def test_a_part_is_up_once_it_says_so_and_its_pid_is_on_disk(program, tmp_path):
    part = Supervised(program(SLEEPER))
    assert await part.start(within=5)
    assert (tmp_path / "run" / "part.pid").read_text() == f"{part.pid}\n"
    await part.stop(within=5)
    assert part.pid is None
    assert not (tmp_path / "run" / "part.pid").exists()


async def test_a_killed_part_is_started_again_and_its_leavings_are_settled_again(program, tmp_path):
    settled = 0

    async def settle() -> None:
        nonlocal settled
        settled += 1
        if settled == 2:
            raise ConnectionError("not yet")

    part = Supervised(program(SLEEPER), settle=settle)
    await part.start(within=5)
    await until(lambda: settled == 1)
    first = part.pid
    os.kill(first, signal.SIGKILL)
    await until(lambda: not part.up)
    await until(lambda: part.up and settled == 3)
    assert part.pid != first
    assert (tmp_path / "run" / "part.pid").read_text() == f"{part.pid}\n"
    await part.stop(within=5)


async def test_a_part_that_dies_at_once_is_tried_ever_more_slowly(program):
    async def never(_pid: int) -> bool:
        return False

    part = Supervised(program([sys.executable, "-c", "print('oh no')"], ready=never))
    seen: set[int] = set()
    began = time.monotonic()
    starting = asyncio.create_task(part.start(within=3.5))
    while not starting.done():
        seen.add(part.pid)
        await asyncio.sleep(0.005)
    assert await starting is False
    assert 3 <= len(seen - {None}) <= 5  # after 0.2, 0.4, 0.8, 1.6 s
    assert time.monotonic() - began < 30
    await part.stop(within=1)


async def test_a_part_that_does_not_listen_is_killed_when_its_time_is_up(program):
    part = Supervised(program(STUBBORN))
    assert await part.start(within=5)
    pid, began = part.pid, time.monotonic()
    await part.stop(within=0.3)
    assert time.monotonic() - began < 15
    assert not psutil.pid_exists(pid)


async def test_the_log_of_a_talkative_part_stays_bounded(program, tmp_path):
    part = Supervised(program(BABBLE))
    assert await part.start(within=5)
    assert (tmp_path / "part.log.1").exists()
    assert sum(path.stat().st_size for path in tmp_path.glob("part.log*")) < 4_200_000
    await part.stop(within=5)


def test_a_tethered_program_dies_with_a_killed_parent():
    script = f"""
import subprocess, time
from muybridge.adapters import tether
child = subprocess.Popen(tether.command({SLEEPER!r}), stdin=subprocess.PIPE)
print(child.pid, flush=True); time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        child = psutil.Process(int(parent.stdout.readline()))
        assert parent.stdout.readline() == b"here\n"
        parent.kill()
    with pytest.raises(psutil.NoSuchProcess):
        child.wait(timeout=3)
        psutil.Process(child.pid)


def test_a_tethered_program_whose_parent_has_gone_already_never_starts():
    command = tether.command([sys.executable, "-c", "print('never')"])
    orphaned = [part if part != str(os.getpid()) else "1" for part in command]
    done = subprocess.run(orphaned, capture_output=True, timeout=10, check=False)
    assert (done.returncode, done.stdout) == (1, b"")


def test_what_a_dead_parent_left_running_is_ended_if_it_is_the_one(tmp_path):
    with subprocess.Popen([sys.executable, "-c", SLEEP, "the-mark"]) as survivor:
        file = tmp_path / "part.pid"
        file.write_text(f"{survivor.pid}\n")
        tether.end_survivor(file, "another mark")
        assert survivor.poll() is None
        tether.end_survivor(file, "the-mark")
        survivor.wait(timeout=5)
        assert not psutil.pid_exists(survivor.pid)
        tether.end_survivor(file, "the-mark")  # nothing is left to end
        tether.end_survivor(tmp_path / "none.pid", "the-mark")
