"""The camera's path, read off the background, and how smooth it is.

The subject is left out by its face box, grown to head, shoulders and all below. What is left is
tracked from frame to frame and a similarity (shift, turn, scale) fitted; the step is where that
takes the four quarter points of the frame. An even move has even steps, so what counts is
the standard deviation of the change from step to step, in pixels of the frame as it is.
Limits: a background without any texture gives no path; its own motion (waves, snow) counts as path.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from judge.faces import Floats, Frame, Seen

LEAST_POINTS = 12


@dataclass(frozen=True)
class Path:
    """Steps of the frame's quarter points, (steps, 4, 2) px, NaN where tracking found too little."""

    steps: Floats

    @property
    def tracked(self) -> float:
        """The share of steps that could be measured."""
        return float(np.isfinite(self.steps[:, 0, 0]).mean())

    @property
    def step_change_std(self) -> float:
        """The standard deviation, per axis, of the change from step to step, px; NaN without a path."""
        change = np.diff(self.steps, axis=0)
        change = change[np.isfinite(change).all(axis=(1, 2))]
        return float(np.sqrt((change**2).mean())) if len(change) else float("nan")

    @property
    def travel(self) -> float:
        """The mean step, px a frame."""
        length = np.linalg.norm(self.steps, axis=2)
        return float(np.nanmean(length)) if np.isfinite(length).any() else float("nan")


def background(shape: tuple[int, ...], face: Seen | None) -> Frame:
    """255 where the background is: all but the subject, guessed from the face's box."""
    height, width = shape[:2]
    mask = np.full((height, width), 255, np.uint8)
    if face is not None:
        x, y, w, h = face.box
        for top, reach in ((y - 0.7 * h, 1.2 * w), (y + h, 2.2 * w)):  # head and hair, then shoulders
            left, right = (int(np.clip(x + w / 2 + side * reach, 0, width)) for side in (-1, 1))
            mask[int(np.clip(top, 0, height)) :, left:right] = 0
    return mask


def path(frames: list[Frame], track: list[Seen | None]) -> Path:
    """The background's motion from each frame to the next."""
    height, width = frames[0].shape[:2]
    quarters = np.array([(x * width, y * height) for x in (0.25, 0.75) for y in (0.25, 0.75)])
    grey = [cv2.GaussianBlur(cv2.cvtColor(f, cv2.COLOR_BGR2GRAY), (0, 0), 1.5) for f in frames]
    steps = np.full((len(frames) - 1, 4, 2), np.nan)
    for n in range(len(frames) - 1):
        moved = _similarity(grey[n], grey[n + 1], background(frames[n].shape, track[n]))
        if moved is not None:
            steps[n] = quarters @ moved[:, :2].T + moved[:, 2] - quarters
    return Path(steps)


def _similarity(one: Frame, two: Frame, mask: Frame) -> Floats | None:
    points = cv2.goodFeaturesToTrack(one, 300, 0.002, 12, mask=mask, blockSize=9)
    if points is None or len(points) < LEAST_POINTS:
        return None
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 40, 0.003)
    there, ok, _ = cv2.calcOpticalFlowPyrLK(one, two, points, None, winSize=(31, 31), criteria=stop)  # type: ignore[call-overload]
    back, ok_back, _ = cv2.calcOpticalFlowPyrLK(two, one, there, None, winSize=(31, 31), criteria=stop)  # type: ignore[call-overload]
    good = (ok & ok_back).ravel().astype(bool) & (np.linalg.norm(back - points, axis=2).ravel() < 0.5)
    if good.sum() < LEAST_POINTS:
        return None
    fit, _ = cv2.estimateAffinePartial2D(points[good], there[good], ransacReprojThreshold=0.7, maxIters=500)
    return None if fit is None else np.asarray(fit, np.float64)
