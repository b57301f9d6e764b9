"""Whether things move, how much, and whether anything jumps.

Convention: amplitudes are pixels a frame at 320 wide; differences are levels (0 to 255).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from judge.faces import Floats, Frame

WIDE = 320
FROZEN = 0.02  # px a frame at 320 wide: below it nothing moves
AROUND = 5  # frames on either side that a difference is compared with


def _small(frame: Frame) -> Frame:
    height = round(frame.shape[0] * WIDE / frame.shape[1])
    return np.asarray(
        cv2.cvtColor(cv2.resize(frame, (WIDE, height), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    )


@dataclass(frozen=True)
class Motion:
    """Farneback's mean amplitude from frame to frame, px at 320 wide."""

    amplitude: Floats

    @property
    def mean(self) -> float:
        """The whole take's mean amplitude."""
        return float(self.amplitude.mean())

    @property
    def frozen(self) -> float:
        """The share of steps in which nothing moves."""
        return float((self.amplitude < FROZEN).mean())

    @property
    def longest_freeze(self) -> int:
        """The most steps in a row in which nothing moves."""
        longest = now = 0
        for still in self.amplitude < FROZEN:
            now = now + 1 if still else 0
            longest = max(longest, now)
        return longest


def flow(frames: list[Frame]) -> Motion:
    """Dense flow from each frame to the next."""
    small = [_small(f) for f in frames]
    found = []
    for one, two in pairwise(small):
        moved = cv2.calcOpticalFlowFarneback(one, two, None, 0.5, 3, 15, 3, 5, 1.2, 0)  # type: ignore[call-overload]
        found.append(float(np.linalg.norm(moved, axis=2).mean()))
    return Motion(np.array(found))


@dataclass(frozen=True)
class Spikes:
    """Steps that change far more than their neighbours: a jump cut, a flash, a dropped layer."""

    difference: Floats
    worst: float
    at: int
    count: int


def spikes(frames: list[Frame], jump: float = 3.0) -> Spikes:
    """Mean absolute difference of neighbouring frames, each over the median of those around it."""
    small = [_small(f).astype(np.float32) for f in frames]
    steps = np.array([float(np.abs(b - a).mean()) for a, b in pairwise(small)])
    ratio = np.empty_like(steps)
    for n in range(len(steps)):
        near = np.r_[steps[max(0, n - AROUND) : n], steps[n + 1 : n + 1 + AROUND]]
        # Half a level is what encoding alone changes; a still picture has no spikes.
        ratio[n] = steps[n] / max(float(np.median(near)) if near.size else steps[n], 0.5)
    return Spikes(steps, float(ratio.max()), int(ratio.argmax()) + 1, int((ratio > jump).sum()))


def growth(lengths: Floats, window: int = 10) -> float:
    """How much larger the subject is at its largest than at the start, as a factor."""
    window = max(1, min(window, len(lengths) // 4))
    calm = np.convolve(lengths, np.ones(window) / window, mode="valid")
    return float(calm.max() / calm[0])


def widening(widths: Floats, window: int = 15) -> float:
    """How much wider the mouth gets within the take, as a share: widest over usual narrowest, less 1.

    Means over 15 frames, and the 95th over the 10th percentile of them, so that jitter is no smile.
    """
    window = min(window, len(widths))
    calm = np.convolve(widths, np.ones(window) / window, mode="valid")
    narrow, wide = np.percentile(calm, (10, 95))
    return float(wide / narrow - 1)
