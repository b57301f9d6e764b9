"""Rehearsals: tasks that go as their prompt directs, so that an application can test every branch.

Off unless the operator turned them on; then a prompt that directs one is refused, never obeyed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from muybridge.domain.rehearsal import Script, directed, read_script
from muybridge.errors import (
    AllowanceUsedUp,
    EngineFailed,
    InputRefused,
    InvalidInput,
    MuybridgeError,
    OutputRefused,
    RateLimited,
    TimedOut,
)

_ERRORS: dict[int, Callable[[], MuybridgeError]] = {
    1000: lambda: EngineFailed("rehearsed: the engine failed"),
    1001: lambda: TimedOut("rehearsed: the engine took too long"),
    1002: lambda: RateLimited("rate limit: rehearsed"),
    1008: AllowanceUsedUp,
    1026: lambda: InputRefused("input new_sensitive: rehearsed"),
    1027: lambda: OutputRefused("output new_sensitive: rehearsed"),
    2013: lambda: InvalidInput("prompt", "a rehearsed mistake", "a prompt without it"),
}


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Whether prompts may direct how their tasks go."""

    on: bool = False

    def admit(self, prompt: str) -> None:
        """Let a prompt in.

        Raises: InvalidInput for a directive while off, or a wrong one; the error directed at create.
        """
        if directed(prompt) and not self.on:
            raise InvalidInput(
                "prompt",
                "a [[rehearse ...]] directive",
                "a prompt without one: rehearsals are off (MUYBRIDGE_REHEARSAL=1 turns them on)",
            )
        play(self.split(prompt)[0], "create")

    def split(self, prompt: str) -> tuple[Script | None, str]:
        """The script and the words of a prompt that was let in; while off, all are words."""
        return read_script(prompt) if self.on else (None, prompt)


OFF = Rehearsal()


def play(script: Script | None, stage: str) -> None:
    """Raise the error that the script directs at this stage, if it does."""
    if script is not None and script.at == stage:
        fail_as_rehearsed(script.fail)


def fail_as_rehearsed(code: int) -> None:
    """Raise the error of a code; 0 is none."""
    if code:
        raise _ERRORS[code]()
