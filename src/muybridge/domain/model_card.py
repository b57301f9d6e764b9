"""A ModelCard: what an engine serves under one wire model name, and what that needs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What one engine serves: its name, what it takes, what it needs and may be used for.

    `takes` names the wire's inputs it accepts ("subject_reference", "first_frame_image"). `needs`
    are weight files of the manifest, packages and devices. `limits` are whole sentences. `licence`
    is the model's, and `use` says in words what it allows where that is less than everything.
    `memory` and `device_memory` are the bytes a take holds at most, 0 where nobody has measured.
    """

    engine: str
    summary: str
    takes: tuple[str, ...] = ("subject_reference",)
    needs: tuple[str, ...] = ()
    licence: str = "Apache-2.0"
    limits: tuple[str, ...] = ()
    use: str = ""
    memory: int = 0
    device_memory: int = 0


@dataclass(frozen=True, slots=True)
class Health:
    """Whether an engine can work here and now; `missing` says what to do about it when not."""

    ready: bool
    missing: tuple[str, ...] = ()
