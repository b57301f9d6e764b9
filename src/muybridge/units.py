"""Small frozen values with units: sizes in pixels, rates in frames a second, times in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NewType

Seconds = NewType("Seconds", float)


@dataclass(frozen=True, slots=True)
class Size:
    """A picture's width and height in pixels, both positive."""

    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise ValueError(f"a size is positive in both directions, not {self.width}x{self.height}")

    @property
    def short_side(self) -> int:
        """The smaller of width and height, in pixels."""
        return min(self.width, self.height)

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width / self.height

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


@dataclass(frozen=True, slots=True)
class FrameRate:
    """Frames a second, exact: 25/1, 30000/1001."""

    frames: int
    seconds: int = 1

    def __post_init__(self) -> None:
        if self.frames < 1 or self.seconds < 1:
            raise ValueError(f"a frame rate is positive, not {self.frames}/{self.seconds}")

    def as_fraction(self) -> Fraction:
        """The rate as a fraction, in 1/s."""
        return Fraction(self.frames, self.seconds)

    def time_of(self, frame: int) -> Seconds:
        """When frame number `frame` (from 0) is shown."""
        return Seconds(frame * self.seconds / self.frames)

    def frames_in(self, duration: Seconds) -> int:
        """How many frames a stretch of time holds, rounded to the nearest."""
        return round(duration * self.frames / self.seconds)


WIRE_SIZE = Size(1280, 720)
WIRE_RATE = FrameRate(25)
WIRE_DURATION = Seconds(6.0)
