"""Where model files lie on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class WeightStore(Protocol):
    """Finds model files and samples by their manifest name."""

    def path(self, name: str) -> Path:
        """The checked file on disk; raises WeightsMissing, saying how to pull it."""
        ...
