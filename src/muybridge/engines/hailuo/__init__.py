"""Pass-through to the hosted service, or to any server of the same wire."""

from __future__ import annotations

from muybridge.engines.hailuo.engine import HailuoEngine

__all__ = ["HailuoEngine"]
