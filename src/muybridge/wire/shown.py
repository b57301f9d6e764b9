"""How a value that a stranger sent is shown back to them: short, in one line, never whole."""

from __future__ import annotations

_LONGEST = 60


def shown(value: object) -> str:
    """A few words for what came; containers by their size, long text by its start and length."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return str(value) if abs(value) < 1e18 else f"a number beyond {'-' if value < 0 else ''}1e18"
    if isinstance(value, str):
        cut = len(value) > _LONGEST
        return f"{_quoted(value[:_LONGEST])}... ({len(value)} characters)" if cut else _quoted(value)
    if isinstance(value, list | dict):
        return f"{'an array' if isinstance(value, list) else 'an object'} of {len(value)}"
    return type(value).__name__


def _quoted(text: str) -> str:
    return '"' + "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text) + '"'
