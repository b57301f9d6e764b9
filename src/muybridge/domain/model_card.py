"""A ModelCard: what an engine serves under one wire model name, and what that needs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What one engine serves: its name, what it takes, what it needs and may be used for.

    `takes` names the wire's inputs it accepts ("subject_reference", "first_frame_image").
    """

    engine: str
    summary: str
    takes: tuple[str, ...] = ("subject_reference",)
    needs: tuple[str, ...] = ()
    licence: str = "Apache-2.0"


@dataclass(frozen=True, slots=True)
class Health:
    """Whether an engine can work here and now; `missing` says what to do about it when not."""

    ready: bool
    missing: tuple[str, ...] = ()
