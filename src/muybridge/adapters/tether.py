"""Child processes that do not outlive their parent.

On Linux the kernel does it, even where the parent was killed: `PR_SET_PDEATHSIG`, which stays
through `exec`. Elsewhere a small watcher stays between parent and program and ends the program
when the pipe from the parent closes; there a killed watcher leaves its program running.

A program that is not ours is started through this module:
`python -m muybridge.adapters.tether PARENT_PID PROGRAM ARGUMENT...`
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """Have this process killed when the process `parent`, which must be its parent, ends.

    Source: prctl(2). The signal follows the *thread* that started us, so parents start their
    children from their main thread.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before we could ask
        os._exit(1)


def command(program: list[str]) -> list[str]:
    """The command line that runs `program` tethered to this process."""
    return [sys.executable, "-P", "-m", __name__, str(os.getpid()), *program]


def end_survivor(pid_file: Path, mark: str) -> None:
    """End what a dead parent may have left: the process in `pid_file`, if its command has `mark` in it."""
    try:
        process = psutil.Process(int(pid_file.read_text(encoding="ascii")))
        if any(mark in word for word in process.cmdline()):
            process.kill()
            process.wait(timeout=5)
    except (OSError, ValueError, psutil.Error):
        return  # it has ended, as it should


def main(arguments: list[str]) -> int:
    """Become the program (Linux), or run it and end it when standard input closes."""
    parent, program = int(arguments[0]), arguments[1:]
    die_with(parent)
    if sys.platform == "linux":
        os.execv(program[0], program)  # noqa: S606  # an argument list of our own
    return _watch(program)


def _watch(program: list[str]) -> int:
    child = subprocess.Popen(program, stdin=subprocess.DEVNULL)

    def until_parent_ends() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 4096):
                pass
        child.kill()

    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    threading.Thread(target=until_parent_ends, daemon=True).start()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
