from __future__ import annotations

from collections.abc import Callable

import pytest

from muybridge.director import plan
from muybridge.domain.storyboard import Beat, Storyboard
from planned import PORTRAIT

Written = Callable[[str], list[Beat]]


@pytest.fixture
def board() -> Callable[..., Storyboard]:
    """Plan a prompt for a portrait."""

    def planned(prompt: str, **options: object) -> Storyboard:
        return plan(prompt, PORTRAIT, **options)  # type: ignore[arg-type]

    return planned


@pytest.fixture
def written(board: Callable[..., Storyboard]) -> Written:
    """The beats of a prompt that somebody wrote, in order of time."""
    return lambda prompt: [beat for beat in board(prompt).beats if beat.words]


@pytest.fixture
def acts(written: Written) -> Callable[[str], list[str]]:
    """What somebody wrote, as "action direction", without "any"."""
    return lambda prompt: [
        beat.action.value if beat.direction == "any" else f"{beat.action} {beat.direction}"
        for beat in written(prompt)
    ]
