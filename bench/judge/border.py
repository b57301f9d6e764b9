"""Whether the photo's own edges show in a take: a straight step where its sides come to lie.

The reference's five face points and a frame's give the similarity that carries the photo into the
frame. Along each of its four sides a band 0.8 eye distances to either hand is looked at, up to
eight degrees askew, for the longest straight run in which the picture steps the same way. What
stands at the same place in the frame when the subject has moved is scenery, and left out. The same
band of the reference itself tells how straight its content is without any cut.
Limits: needs a face in both; architecture behind a subject that never moves passes for a cut.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from judge.faces import Floats, Frame, Seen

BAND = 0.8  # eye distances to either hand of a side
ASKEW = np.radians(np.arange(-8.0, 8.1, 2.0))
STEP = 12.0  # levels over 4 px
GAP = 3  # px in which a run may pause
MOVED = 8.0  # px (of 480) from which the subject has moved, so that what stays is scenery
WIDE = 480
SIDES = ("top", "right", "bottom", "left")


@dataclass(frozen=True)
class Cut:
    """The longest straight step along one side of the photo; `length` in frame heights."""

    side: str
    length: float


def placed(reference: Seen, frame: Seen) -> Floats:
    """The similarity (2, 3) that carries the reference's pixels into the frame's."""
    fit, _ = cv2.estimateAffinePartial2D(reference.points, frame.points, method=cv2.LMEDS)
    if fit is None:
        raise ValueError("the face points lie on one spot")
    return np.asarray(fit, np.float64)


def straight_step(frame: Frame, ends: Floats, iod: float, later: Frame | None = None) -> float:
    """The longest straight step near the line through `ends` (2, 2), in frame heights.

    `iod` is the eye distance in this frame, px; `later` a frame in which the subject is elsewhere.
    """
    grey, then = _small(frame), None if later is None else _small(later)
    scale = WIDE / frame.shape[1]
    bands = (_band(ends * scale, BAND * iod * scale, angle) for angle in ASKEW)
    return max(_straight_run(grey, then, band) for band in bands) / grey.shape[0]


def _small(frame: Frame) -> Floats:
    scale = WIDE / frame.shape[1]
    small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (0, 0), 0.8).astype(np.float32)


def _band(ends: Floats, reach: float, angle: float) -> Floats:
    """Where to look, (along, across, 2), around the line through `ends` turned about its middle."""
    length = float(np.linalg.norm(ends[1] - ends[0]))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    along = turn @ (ends[1] - ends[0]) / length
    across = np.array([-along[1], along[0]])
    t = np.arange(-length / 2, length / 2)[:, None, None]
    s = np.arange(-reach, reach + 1)[None, :, None]
    return np.asarray(ends.mean(axis=0) + t * along + s * across, np.float32)


def _straight_run(grey: Floats, then: Floats | None, band: Floats) -> int:
    """The longest run of a step down the band, less what is a step at that place `then` too, px."""
    step = _steps(grey, band)
    rising, falling = step > STEP, step < -STEP
    if then is not None:
        stays = _steps(then, band)
        rising &= ~_grown(stays > STEP)
        falling &= ~_grown(stays < -STEP)
    return max(longest_runs(rising), longest_runs(falling))


def _steps(grey: Floats, band: Floats) -> Floats:
    """The difference across 4 px; NaN, which compares False, where the band leaves the frame."""
    strip = cv2.remap(grey, band, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=np.nan)
    return strip[:, 4:] - strip[:, :-4]


def _grown(flags: np.ndarray) -> np.ndarray:
    return cv2.dilate(flags.astype(np.uint8), np.ones((3, 7), np.uint8)).astype(bool)


def longest_runs(flags: np.ndarray) -> int:
    """The longest run of True down any column, pauses of up to GAP rows forgiven."""
    run = np.zeros(flags.shape[1], np.int64)
    pause = np.zeros_like(run)
    longest = 0
    for row in flags:
        pause = np.where(row, 0, pause + 1)
        run = np.where(pause > GAP, 0, run + row)
        longest = max(longest, int(run.max(initial=0)))
    return longest


def dead_strip(frame: Frame) -> int:
    """The thickest strip of one flat colour along any side of the frame, px; 0 where there is none.

    A strip is dead when its rows hold one value and the picture begins with a step behind it.
    """
    light = frame.astype(np.float32).mean(axis=2)
    thickest = 0
    for rows in (light, light[::-1], light.T, light.T[::-1]):
        flat = rows.std(axis=1) < 0.75
        depth = int(np.argmin(flat)) if not flat.all() else 0
        if 0 < depth < len(rows) // 3 and float(np.abs(rows[depth] - rows[depth - 1]).mean()) > STEP:
            thickest = max(thickest, depth)
    return thickest


@dataclass(frozen=True)
class Border:
    """The worst of a take: its longest cut and where, the reference's own there, the dead strip in px."""

    worst: Cut
    frame: int
    own: float
    strip: int

    @property
    def clean(self) -> bool:
        """No straight step that the reference has not itself, and no dead strip."""
        return self.strip == 0 and self.worst.length <= max(0.20, self.own + 0.15)


def border(
    frames: list[Frame], track: list[Seen | None], reference: Frame, face: Seen, every: int = 15
) -> Border:
    """Every 15th frame's cuts, each against the reference's own line along the same side."""
    height, width = reference.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    iod = float(np.linalg.norm(face.points[1] - face.points[0]))
    fits = {n: placed(face, seen) for n in range(0, len(frames), every) if (seen := track[n]) is not None}
    worst, at, its_own = Cut("none", 0.0), 0, 0.0
    for k, side in enumerate(SIDES):
        ends = corners[[k, (k + 1) % 4]]
        content = straight_step(reference, ends, iod) * height
        lies = {n: ends @ fit[:, :2].T + fit[:, 2] for n, fit in fits.items()}
        for n, fit in fits.items():
            zoom = float(np.hypot(fit[0, 0], fit[1, 0]))
            length = straight_step(frames[n], lies[n], iod * zoom, _elsewhere(frames, lies, n))
            own = content * zoom / frames[n].shape[0]
            if length - own > worst.length - its_own:
                worst, at, its_own = Cut(side, length), n, own
    return Border(worst, at, its_own, max(dead_strip(f) for f in frames[::every]))


def _elsewhere(frames: list[Frame], lies: dict[int, Floats], n: int) -> Frame | None:
    """The frame in which the side lies furthest across from where it lies in frame `n`, if far enough."""
    along = lies[n][1] - lies[n][0]
    across = np.array([-along[1], along[0]]) / np.linalg.norm(along)
    far = {m: float(np.abs((there - lies[n]) @ across).min()) for m, there in lies.items()}
    furthest = max(far, key=lambda m: far[m])
    return frames[furthest] if far[furthest] * WIDE / frames[n].shape[1] > MOVED else None
