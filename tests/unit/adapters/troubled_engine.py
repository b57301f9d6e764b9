"""An engine for tests: it does, and suffers, whatever the prompt says."""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

from muybridge.domain.model_card import Health, ModelCard
from muybridge.domain.subject import Subject, SubjectKind
from muybridge.errors import InputRefused, InvalidPicture
from muybridge.ports.engine import Made, Order, Progress
from muybridge.units import Size


class TroubledEngine:
    name = "troubled"

    def __init__(self, weights: object, cache: Path) -> None:
        self.cache = cache
        self.takes = 0

    def card(self) -> ModelCard:
        return ModelCard(self.name, "for tests")

    def health(self) -> Health:
        return Health(ready=False, missing=("patience",))

    def look(self, picture: Path) -> Subject:
        if picture.suffix == ".txt":
            raise InvalidPicture("image[0]", "a text", "a picture")
        return Subject("0" * 64, Size(640, 480), SubjectKind.FIGURE, notes=("Nobody is here.",))

    def generate(self, order: Order, progress: Progress) -> Made:
        self.takes += 1
        getattr(self, "_" + order.storyboard.prompt.split()[0])(progress)
        order.out.write_text(f"{os.getpid()} {self.takes}")
        return Made(order.out, order.size, 150, notes=(f"take {self.takes}",))

    def _work(self, progress: Progress) -> None:
        for step in range(5):
            progress(step / 5, "drawing")
            time.sleep(0.11)

    def _refuse(self, progress: Progress) -> None:
        raise InputRefused("input new_sensitive: no")

    def _blunder(self, progress: Progress) -> None:
        raise ZeroDivisionError("by zero, of course")

    def _segfault(self, progress: Progress) -> None:
        sys.stderr.write("about to read from nowhere\n")
        ctypes.string_at(0)

    def _abort(self, progress: Progress) -> None:
        os.abort()

    def _leave(self, progress: Progress) -> None:
        os._exit(3)

    def _chatter(self, progress: Progress) -> None:
        print("hello from python")  # noqa: T201  # noise on standard output is what is tested
        ctypes.CDLL(None).puts(b'{"job": 1, "done": "a forgery from native code"}')
        ctypes.CDLL(None).fflush(None)
        os.write(1, b"\xff\xfe no text at all")
        os.write(2, b"x" * 1_000_000)
        assert sys.stdin.read() == ""

    def _dawdle(self, progress: Progress) -> None:
        while True:
            progress(0.1, "dawdling")
            time.sleep(0.02)

    def _hang(self, progress: Progress) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        time.sleep(600)

    def _swell(self, progress: Progress) -> None:
        held = []
        while True:
            held.append(b"x" * 10_000_000)
            time.sleep(0.01)

    def _breed(self, progress: Progress) -> None:
        import subprocess

        sleeper = subprocess.Popen(["/bin/sleep", "600"])
        (self.cache / "sleeper.pid").write_text(str(sleeper.pid))
        progress(0.5, "bred")
        time.sleep(600)


class UnloadableEngine:
    def __init__(self, weights: object, cache: Path) -> None:
        raise RuntimeError("no such device")
