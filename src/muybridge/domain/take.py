"""A Take: one attempt at a task's video, ordered, made, never edited."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TakeOrder:
    """All that a worker needs to make a take: it has neither the row nor the database.

    `picture` is the reference's file id; `mark` the text of the visible AI mark, or empty. `stand_ins`
    are the engines to ask, one after the other, where this one cannot make it. `first_frame` is whether the
    picture itself shall be the first frame. A rehearsal is `delay` seconds late, and fails with the code
    `fail_with` where that is not 0.
    """

    task_id: str
    engine: str
    picture: str
    prompt: str
    prompt_optimizer: bool = True
    seed: int = 0
    mark: str = ""
    stand_ins: tuple[str, ...] = ()
    first_frame: bool = False
    delay: float = 0.0
    fail_with: int = 0


@dataclass(frozen=True, slots=True)
class Take:
    """A finished take: its name in the object store, its size in pixels, and its notes.

    `notes` are whole sentences: what was not understood, and what was acted otherwise.
    """

    name: str
    width: int
    height: int
    notes: tuple[str, ...] = ()
