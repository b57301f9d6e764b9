"""Open weights through the diffusers library, on a GPU of one's own. Needs the extra `gpu`."""

from __future__ import annotations

from muybridge.engines.diffusers.engine import DiffusersEngine

__all__ = ["DiffusersEngine"]
