"""Whether the photo's own edges show in a take: a straight step where its sides come to lie.

The reference's five face points and a frame's give the similarity that carries the photo into the
frame. Along each of its four sides a band 0.8 eye distances to either hand is looked at, up to
eight degrees askew, for the longest straight run in which the picture steps the same way. The
same band of the reference itself tells how straight its content is without any cut.
Limits: needs a face in both; scenes with architecture just there have such lines of their own.
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


def cuts(frame: Frame, corners: Floats, iod: float) -> list[Cut]:
    """The longest straight step near each side of the quadrangle `corners` (4, 2), clockwise from top left.

    `iod` is the eye distance in this frame, px.
    """
    scale = WIDE / frame.shape[1]
    small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (0, 0), 0.8).astype(np.float32)
    found = []
    for n, side in enumerate(SIDES):
        ends = corners[[n, (n + 1) % 4]] * scale
        longest = max(_straight_run(grey, ends, BAND * iod * scale, angle) for angle in ASKEW)
        found.append(Cut(side, longest / grey.shape[0]))
    return found


def _straight_run(grey: Floats, ends: Floats, band: float, angle: float) -> int:
    """The longest run along the line through `ends`, turned by `angle` about its middle, px."""
    length = float(np.linalg.norm(ends[1] - ends[0]))
    along = (ends[1] - ends[0]) / length
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    along = turn @ along
    across = np.array([-along[1], along[0]])
    t = np.arange(-length / 2, length / 2)[:, None, None]
    s = np.arange(-band, band + 1)[None, :, None]
    at = (ends.mean(axis=0) + t * along + s * across).astype(np.float32)
    strip = cv2.remap(grey, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=np.nan)
    step = strip[:, 4:] - strip[:, :-4]  # a NaN is outside the frame, and compares False
    return max(longest_runs(step > STEP), longest_runs(step < -STEP))


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
        return self.strip == 0 and self.worst.length <= max(0.15, 1.25 * self.own)


def border(
    frames: list[Frame], track: list[Seen | None], reference: Frame, face: Seen, every: int = 15
) -> Border:
    """Every 15th frame's cuts, each against the reference's own line along the same side."""
    height, width = reference.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    iod = float(np.linalg.norm(face.points[1] - face.points[0]))
    content = {cut.side: cut.length * height for cut in cuts(reference, corners, iod)}
    worst, at, its_own = Cut("none", 0.0), 0, 0.0
    for n in range(0, len(frames), every):
        seen = track[n]
        if seen is None:
            continue
        fit = placed(face, seen)
        zoom = float(np.hypot(fit[0, 0], fit[1, 0]))
        for cut in cuts(frames[n], corners @ fit[:, :2].T + fit[:, 2], iod * zoom):
            own = content[cut.side] * zoom / frames[n].shape[0]
            if cut.length - own > worst.length - its_own:
                worst, at, its_own = cut, n, own
    return Border(worst, at, its_own, max(dead_strip(f) for f in frames[::every]))
