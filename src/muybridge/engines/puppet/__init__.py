"""The built-in engine: the puppet, acting from one picture on a plain CPU."""

from __future__ import annotations

from muybridge.engines.puppet.engine import PuppetEngine

__all__ = ["PuppetEngine"]
