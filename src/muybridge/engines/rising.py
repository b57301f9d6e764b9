"""Progress that never falls back, for engines that begin a stage of their work again."""

from __future__ import annotations

from muybridge.ports.engine import Progress


class Rising:
    """Passes progress on, and holds the highest fraction where a lower one is told."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._most = progress, 0.0

    def __call__(self, fraction: float, stage: str) -> None:
        """As `Progress`."""
        self._most = max(self._most, fraction)
        self._progress(self._most, stage)
