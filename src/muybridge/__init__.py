"""Muybridge: one picture of a character and one sentence in, a video of that character out."""

from __future__ import annotations

from importlib.metadata import version

__version__ = version("muybridge")

__all__ = ["__version__"]
