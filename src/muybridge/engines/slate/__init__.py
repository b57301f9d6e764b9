"""The test card: a correct video of what was asked for, in well under a second, without weights."""

from __future__ import annotations

from muybridge.engines.slate.engine import SlateEngine

__all__ = ["SlateEngine"]
