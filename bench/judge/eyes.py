"""How far each eye is open, without any model of an eye.

An aligned patch around each eye (0.60 by 0.40 eye distances, upright along the eye line) is looked
at as luminance. Where the eye is open, iris, pupil and lashes stand as one dark column from lid
to lid; where it is closed, only the lash line is dark. The openness is the height of the darkest
column in eye distances, and beside it stands the patch's range of luminance (white of the eye to
pupil) in levels.
Limits: eye distances from about 30 px; lids darker than the iris (heavy make-up) hide a closing.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from judge.faces import LEFT_EYE, RIGHT_EYE, Floats, Frame

ACROSS, DOWN = 0.60, 0.40  # the patch, in eye distances
PIXELS = 160  # of the patch, to one eye distance
MIDDLE = 0.17  # columns and rows this near the eye's centre (in eye distances) may hold the pupil
COLUMN = 9  # px wide: a column is a mean over this much, so that one lash or spark decides nothing
DARK = 0.45  # of the way from skin to pupil

LOST, KEPT, WINK_FRAMES = 0.75, 0.85, 6


@dataclass(frozen=True)
class Openness:
    """One eye over a take: `height` in eye distances and `reach` in levels, both by frame."""

    height: Floats
    reach: Floats

    @property
    def share(self) -> Floats:
        """The height as a share of the eye's own usual height, the take's 70th percentile."""
        usual = float(np.percentile(self.height, 70))
        return self.height / usual if usual > 0 else self.height


def patch(frame: Frame, points: Floats, which: int) -> Frame:
    """One eye's luminance, upright along the eye line, 96 by 64 px; `points` are the face's five."""
    along = points[LEFT_EYE] - points[RIGHT_EYE]
    step = along / PIXELS
    down = np.array([-step[1], step[0]])
    width, height = round(ACROSS * PIXELS), round(DOWN * PIXELS)
    corner = points[which] - step * (width - 1) / 2 - down * (height - 1) / 2
    back = np.column_stack([step, down, corner])
    grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpAffine(grey, back, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    )


def openness(patches: list[Frame]) -> Openness:
    """How open one eye is in each aligned patch of a take.

    A pixel's darkness runs from 0 at its frame's skin (the patch's upper quartile) to 1 at the
    take's usual depth below it, so that a lash line alone does not count as a pupil.
    """
    lights = [cv2.GaussianBlur(p, (0, 0), 1.5).astype(np.float64) for p in patches]
    low, skin, high = np.percentile(np.stack(lights), (0.5, 75, 99.5), axis=(1, 2))
    depth = max(float(np.percentile(skin - low, 70)), 1.0)
    height = [_tallest((s - light) / depth) for light, s in zip(lights, skin, strict=True)]
    return Openness(np.array(height), high - low)


def _tallest(dark: Floats) -> float:
    """The height of the darkest column near the middle, in eye distances."""
    middle = round(MIDDLE * PIXELS)
    columns = cv2.blur(dark, (COLUMN, 1))
    rows, across = (side // 2 for side in columns.shape)
    near = columns[rows - middle : rows + middle, across - middle : across + middle]
    darkest = near.sum(axis=0, where=near >= DARK)
    x = int(darkest.argmax())
    peak = rows - middle + int(near[:, x].argmax())
    return _run(columns[:, across - middle + x], peak) / PIXELS


def _run(column: Floats, peak: int) -> float:
    """How many rows around `peak` are dark in one run, its ends placed between rows."""
    if column[peak] < DARK:
        return 0.0
    up = down = peak
    while up > 0 and column[up - 1] >= DARK:
        up -= 1
    while down < len(column) - 1 and column[down + 1] >= DARK:
        down += 1
    above = (column[up] - DARK) / (column[up] - column[up - 1]) if up > 0 else 0.0
    below = (column[down] - DARK) / (column[down] - column[down + 1]) if down < len(column) - 1 else 0.0
    return float(down - up + above + below)


@dataclass(frozen=True)
class Wink:
    """The longest stretch in which one eye alone is closed, and how far each is open in it."""

    eye: str
    start: int
    frames: int
    winking: float
    other: float

    @property
    def holds(self) -> bool:
        """Whether it is long enough to be seen as a wink."""
        return self.frames >= WINK_FRAMES


def find_wink(right: Openness, left: Openness) -> Wink | None:
    """The longest run of frames where one eye has lost a quarter and the other keeps 85 %."""
    best: Wink | None = None
    for eye, one, two in (("right", right.share, left.share), ("left", left.share, right.share)):
        alone = (one <= LOST) & (two >= KEPT)
        for start, stop in runs(alone):
            if best is None or stop - start > best.frames:
                seen = slice(start, stop)
                best = Wink(eye, start, stop - start, float(one[seen].min()), float(two[seen].min()))
    return best


def runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """The stretches of True, as (start, stop)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
