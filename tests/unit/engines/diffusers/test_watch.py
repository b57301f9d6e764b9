"""Progress follows the scheduler, after the device has done what it was given."""

from __future__ import annotations

from typing import Any

import pytest

from muybridge.engines.diffusers import watch as watching
from muybridge.engines.diffusers.watch import Watch
from muybridge.errors import Cancelled


class Scheduler:
    def step(self, noise: int, sample: int = 0) -> int:
        return noise + sample


class Piece:
    """A module, as far as a watch knows one."""

    def __init__(self) -> None:
        self.hooks: list[Any] = []

    def register_forward_pre_hook(self, hook: Any) -> Any:
        self.hooks.append(hook)

        class Handle:
            remove = staticmethod(lambda: self.hooks.remove(hook))

        return Handle

    def __call__(self) -> None:
        for hook in self.hooks:
            hook(self, ())


def test_each_step_is_told_once_the_device_is_done_with_it() -> None:
    said: list[object] = []
    scheduler = Scheduler()
    watch = Watch(
        lambda fraction, stage: said.append((round(fraction, 2), stage)), 2, lambda: said.append("wait")
    )
    with watch.over(scheduler, []):
        assert scheduler.step(1, sample=2) == 3
        assert scheduler.step(1) == 1
    assert said == ["wait", (0.49, "denoising"), "wait", (0.9, "decoding")]


def test_the_scheduler_and_the_pieces_are_left_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    def call_off(fraction: float, stage: str) -> None:
        raise Cancelled

    scheduler, piece = Scheduler(), Piece()
    with pytest.raises(Cancelled), Watch(call_off, 2, lambda: None).over(scheduler, [piece]):
        scheduler.step(1)
    assert "step" not in vars(scheduler)
    assert piece.hooks == []
    assert scheduler.step(4) == 4


def test_a_long_step_is_told_from_within_at_most_four_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(watching.time, "monotonic", lambda: now)
    told: list[float] = []
    scheduler, piece = Scheduler(), Piece()
    with Watch(lambda fraction, stage: told.append(fraction), 2, lambda: None).over(scheduler, [piece]):
        for _ in range(2):
            for _ in range(100):
                now += 0.1
                piece()
            scheduler.step(1)
    assert told == sorted(told)
    assert 60 <= len(told) <= 82  # 20 s of two steps, and the steps themselves
    assert told[-1] == 0.9
