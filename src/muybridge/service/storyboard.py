"""The storyboard of a take: written by an endpoint where one is set and able, else by the grammar."""

from __future__ import annotations

from dataclasses import replace

from muybridge import director
from muybridge.domain.storyboard import Storyboard
from muybridge.errors import MuybridgeError
from muybridge.ports.screenwriter import Ask, Screenwriter


async def storyboard(ask: Ask, writer: Screenwriter | None) -> Storyboard:
    """The storyboard that was asked for; a writer that fails is replaced, and a note says so."""
    if writer is None or not ask.prompt.strip():
        return _by_grammar(ask)
    try:
        return await writer.write(ask)
    except MuybridgeError as error:
        board = _by_grammar(ask)
        note = f"The storyboard endpoint was of no help ({error.message}); the built-in director planned."
        return replace(board, notes=(*board.notes, note))


def _by_grammar(ask: Ask) -> Storyboard:
    return director.plan(ask.prompt, ask.subject, optimize=ask.optimize, seed=ask.seed, duration=ask.duration)
