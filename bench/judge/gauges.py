"""The measures of one short take as series over its frames, for acts.py to judge.

Limits: the face is where YuNet sees it; where it does not, only the body's measures are there.
Convention: BGR frames; see acts.py for the units.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from judge import border, eyes, motion, mouth
from judge.acts import Series
from judge.faces import (
    LEFT_EYE,
    RIGHT_EYE,
    FaceFinder,
    Floats,
    Frame,
    Likeness,
    Seen,
    eye_distance,
    interpolated,
)

LIPS = (1.3, 2.0), (0.6, 1.4)  # rows and columns of the upright face, in eye distances
BROWS = (0.05, 0.45), (0.25, 1.75)
SOFT = 1.2  # px of blur at which the detector takes line drawings for faces


COMPARED = 3  # every third frame's face is compared with the reference's
EDGES = 8  # every eighth frame's borders are looked at


@dataclass(frozen=True)
class Gauged:
    """A take's series, its likeness to the reference, its faults, and where its face is.

    `likeness` is empty without a face; `face` is x, y and the eye distance in the first frame, px.
    """

    series: Series
    likeness: Floats
    spikes: int
    border: str
    amplitude: float
    frozen: float
    face: tuple[float, float, float] | None = None


class Gauge:
    """The judge's two models, opened once."""

    def __init__(self, detector: Path, recognizer: Path) -> None:
        self._finder, self._likeness = FaceFinder(detector), Likeness(recognizer)

    def read(self, frames: list[Frame], reference: Frame, drawn: bool, body: bool) -> Gauged:
        """What there is to measure in a take; `body`: how it goes about and whether edges show, too.

        Likeness is for photographs alone: the network knows no drawings. Cost: 0.6 s for 25 frames.
        """
        moved = motion.flow(frames[::2])
        flow = np.repeat(moved.amplitude / 2, 2)
        series: Series = {"flow": np.append(np.zeros(len(frames) - len(flow)), flow)}
        series["change"] = _changes(frames)
        series |= _body(frames) if body else {}
        track = self._track(frames, drawn)
        strip = max(border.dead_strip(f) for f in frames[::EDGES])
        edges, cosines, place = f"strip {strip} px" if strip else "", np.empty(0), None
        hers = self._finder.find(softened(reference, drawn))
        if hers is not None and sum(seen is not None for seen in track) > len(frames) / 2:
            points = interpolated(track)
            place = (*points[0].mean(axis=0).tolist(), float(eye_distance(points[:1])[0]))
            series |= _face(frames, track)
            if not drawn:
                cosines = self._cosines(frames, track, reference, hers)
            if body:
                found = border.border(frames, track, reference, hers, every=EDGES)
                edges = edges if found.clean else f"{found.worst.side} {found.worst.length:.2f}"
        jumps = motion.spikes(frames).count
        return Gauged(series, cosines, jumps, edges, moved.mean / 2, moved.frozen, place)

    def _track(self, frames: list[Frame], drawn: bool) -> list[Seen | None]:
        """The face of each frame, looked for first where it was last."""
        track: list[Seen | None] = []
        last: Seen | None = None
        for frame in frames:
            seen = None if last is None else self._near(softened(frame, drawn), last)
            seen = seen or self._finder.find(softened(frame, drawn))
            track.append(seen)
            last = seen or last
        return track

    def _near(self, frame: Frame, last: Seen) -> Seen | None:
        x, y, wide, tall = last.box
        left, top = max(int(x - wide), 0), max(int(y - tall), 0)
        seen = self._finder.find(
            np.ascontiguousarray(frame[top : int(y + 2 * tall), left : int(x + 2 * wide)])
        )
        if seen is None:
            return None
        row = seen.row.copy()
        row[[0, *range(4, 14, 2)]] += left
        row[[1, *range(5, 14, 2)]] += top
        return Seen(row, row[4:14].reshape(5, 2))

    def _cosines(self, frames: list[Frame], track: list[Seen | None], reference: Frame, hers: Seen) -> Floats:
        own = self._likeness.features(reference, hers)
        return np.array(
            [
                float(self._likeness.features(frames[n], seen) @ own)
                for n, seen in enumerate(track)
                if seen is not None and n % COMPARED == 0
            ]
        )


def softened(frame: Frame, drawn: bool) -> Frame:
    """What is shown to the detector, which takes line drawings for faces when they are softened."""
    if not drawn:
        return frame
    scale = min(320 / max(frame.shape[:2]), 1.0)
    small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return cv2.resize(cv2.GaussianBlur(small, (0, 0), SOFT), (frame.shape[1], frame.shape[0]))


def _changes(frames: list[Frame]) -> Floats:
    """Each frame's mean difference from the first one, in levels."""
    grey = [
        cv2.GaussianBlur(cv2.cvtColor(f, cv2.COLOR_BGR2GRAY), (0, 0), 1.5).astype(np.float32) for f in frames
    ]
    return np.array([float(np.abs(g - grey[0]).mean()) for g in grey])


def _body(frames: list[Frame]) -> Series:
    """The similarity of all that moves in the middle of the frame, summed from frame to frame."""
    height, width = frames[0].shape[:2]
    middle = np.array([width / 2, 0.6 * height])
    whole = np.eye(3)
    found = [(0.0, 0.0, 0.0, 1.0)]
    grey = [cv2.GaussianBlur(cv2.cvtColor(f, cv2.COLOR_BGR2GRAY), (0, 0), 1.0) for f in frames]
    for one, two in pairwise(grey):
        step = _step(one, two)
        if step is not None:
            whole = np.vstack([step, [0, 0, 1]]) @ whole
        there = whole[:2, :2] @ middle + whole[:2, 2] - middle
        turn = float(np.degrees(np.arctan2(whole[1, 0], whole[0, 0])))
        found.append((there[0] / height, there[1] / height, turn, float(np.hypot(whole[0, 0], whole[1, 0]))))
    columns = np.array(found).T
    return dict(zip(("body x", "body y", "body roll", "size"), columns, strict=True))


def _step(one: Frame, two: Frame) -> Floats | None:
    # what moves is the subject: the ground stands still behind it and is left out
    width = one.shape[1]
    moving = cv2.GaussianBlur(cv2.absdiff(one, two).astype(np.float32), (0, 0), 9)
    mask = (moving > max(0.35 * float(moving.max()), 0.6)).astype(np.uint8) * 255
    mask[:, : width // 8] = mask[:, -width // 8 :] = 0
    points = cv2.goodFeaturesToTrack(one, 200, 0.005, 6, mask=cv2.dilate(mask, np.ones((9, 9), np.uint8)))
    if points is None or len(points) < 8:
        return None
    there, ok, _ = cv2.calcOpticalFlowPyrLK(one, two, points, None, winSize=(25, 25), maxLevel=4)  # type: ignore[call-overload]
    good = ok.ravel().astype(bool)
    if good.sum() < 8:
        return None
    fit, _ = cv2.estimateAffinePartial2D(points[good], there[good], ransacReprojThreshold=1.5)
    return None if fit is None else np.asarray(fit, np.float64)


def _face(frames: list[Frame], track: list[Seen | None]) -> Series:
    raw = np.stack([t.points if t else np.full((5, 2), np.nan) for t in track])
    points = interpolated(track)
    # the calm track runs late by a frame or two, which a quick act would not survive
    points = np.where(np.isnan(raw), points, raw)
    iod = float(np.median(eye_distance(points)))
    middle = (points[:, LEFT_EYE] + points[:, RIGHT_EYE]) / 2
    along = points[:, LEFT_EYE] - points[:, RIGHT_EYE]
    calm = points.mean(axis=1)  # all five: their noise is smaller than two's
    series: Series = {
        "x": (calm[:, 0] - calm[0, 0]) / iod,
        "y": (calm[:, 1] - calm[0, 1]) / iod,
        "roll": np.degrees(np.arctan2(along[:, 1], along[:, 0])),
        "mouth": mouth.widths(frames, points, frames[0], points[0]),
    }
    pupils = []
    for name, which in (("right eye", RIGHT_EYE), ("left eye", LEFT_EYE)):
        patches = [eyes.patch(f, p, which) for f, p in zip(frames, points, strict=True)]
        height = eyes.openness(patches).height
        series[name] = height / max(float(np.median(height[:3])), 1e-3)
        pupils.append([_pupil(patch) for patch in patches])
    nose = (points[:, 2, 0] - middle[:, 0]) / iod
    series["pupils"] = np.array(pupils).mean(0)
    series["nose"] = nose
    series["lips"], series["brows"] = _moved(frames, points)
    return series


def _pupil(patch: Frame) -> float:
    """Where the dark of the eye lies across its patch, in eye distances."""
    light = cv2.GaussianBlur(patch, (0, 0), 2.0).astype(np.float64)[12:-12]
    dark = np.maximum(np.percentile(light, 25) - light, 0)
    across = (np.arange(light.shape[1]) - light.shape[1] / 2) / eyes.PIXELS
    return float((dark.sum(0) * across).sum() / max(float(dark.sum()), 1e-6))


def _moved(frames: list[Frame], points: Floats) -> tuple[Floats, Floats]:
    """How far lips and brows go against the rest of the face, in hundredths of the eye distance."""
    dense = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    first = mouth.upright(frames[0], points[0])
    found = []
    for frame, at in zip(frames, points, strict=True):
        flow = np.linalg.norm(mouth.own_motion(dense.calc(first, mouth.upright(frame, at), None)), axis=2)
        found.append([float(np.percentile(_part(flow, *part), 85)) for part in (LIPS, BROWS)])
    lips, brows = np.array(found).T * 100 / mouth.PIXELS
    return lips, brows


def _part(flow: Floats, rows: tuple[float, float], columns: tuple[float, float]) -> Floats:
    (top, bottom), (left, right) = (
        [round(share * mouth.PIXELS) for share in pair] for pair in (rows, columns)
    )
    return flow[top:bottom, left:right]
