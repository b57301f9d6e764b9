"""Another rate for frames that a model or a camera made: the same moments, and motion between them.

Between two frames what moves is moved, by optical flow in both directions; where the two directions
contradict each other, and across a cut, the nearer frame stands. Limits: no sound; what appears from
behind something is taken from the frame that shows it, so fast thin things may smear.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Floats = NDArray[Any]  # float32; cv2's stubs widen it at every call

_CUT: Final = 48.0  # mean change of grey from which two frames are two scenes
_FLOW_SIDE: Final = 640  # px on the long side, at which motion is looked for
_DOUBT: Final = 0.06  # of the flow's own length, by which the two directions may differ, plus half a pixel
_WHOLE: Final = 1e-6  # of a frame


@dataclass(frozen=True, slots=True)
class Moment:
    """A time between two frames: the frame before, and the share of the way to the next."""

    frame: int
    share: float


def moments(frames: int, count: int) -> tuple[Moment, ...]:
    """Where `count` evenly spread frames fall among `frames`, first on first and last on last."""
    if frames < 1 or count < 1:
        raise ValueError(f"frames to retime are 1 at least, not {frames} to {count}")
    places = np.linspace(0.0, frames - 1, count) if count > 1 else np.zeros(1)
    found = []
    for place in places:
        frame = int(place + _WHOLE)
        share = float(place) - frame
        found.append(Moment(frame, share if share > _WHOLE and frame < frames - 1 else 0.0))
    return tuple(found)


def retimed(frames: Sequence[Bytes], count: int) -> Iterator[Bytes]:
    """`count` frames that show the same stretch of time as `frames`.

    Shapes: (H, W, 3) uint8 sRGB in and out. Cost: 0.1 s for a frame between two at 1280x720, on one core.
    """
    pair: _Pair | None = None
    for moment in moments(len(frames), count):
        if not moment.share:
            yield frames[moment.frame]
            continue
        if pair is None or pair.frame != moment.frame:
            pair = _Pair(moment.frame, frames[moment.frame], frames[moment.frame + 1])
        yield pair.between(moment.share)


class _Pair:
    """Two neighbouring frames and the motion from each to the other.

    Motion is found, turned and judged at a smaller size, in that size's pixels; only where pixels
    are read is it enlarged.
    """

    def __init__(self, frame: int, before: Bytes, after: Bytes) -> None:
        self.frame, self._before, self._after = frame, before, after
        height, width = before.shape[:2]
        scale = min(1.0, _FLOW_SIDE / max(height, width))
        small = (max(16, round(width * scale)), max(16, round(height * scale)))
        greys = [
            cv2.cvtColor(cv2.resize(picture, small, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
            for picture in (before, after)
        ]
        change = cv2.absdiff(greys[0], greys[1])
        self._cut = float(change.mean()) > _CUT
        self._still = not change.any()
        if self._cut or self._still:
            return
        self._onward, self._back = _flow(greys[0], greys[1]), _flow(greys[1], greys[0])

    def between(self, share: float) -> Bytes:
        """The picture `share` of the way from the first to the second."""
        near = self._before if share < 0.5 else self._after
        if self._cut or self._still:
            return near
        # Source: Jiang et al. 2018, Super SloMo, eq. 4: both motions seen from the moment between.
        rest = 1 - share
        to_before = -rest * share * self._onward + share * share * self._back
        to_after = rest * rest * self._onward - share * rest * self._back
        first, second = _read_along(self._before, to_before), _read_along(self._after, to_after)
        mixed = cv2.addWeighted(first, rest, second, share, 0.0)
        height, width = near.shape[:2]
        trust = cv2.resize(self._trust(to_before, to_after), (width, height))
        return np.asarray(cv2.blendLinear(mixed, near, trust, 1 - trust), np.uint8)

    def _trust(self, to_before: Floats, to_after: Floats) -> Floats:
        """1 where going there and back again ends where it began, 0 where it does not; smooth."""
        onward, back = _read_along(self._onward, to_before), _read_along(self._back, to_after)
        off = _length(onward + back)
        allowed = 0.5 + _DOUBT * (_length(onward) + _length(back))
        trust = np.clip(2.0 - off / allowed, 0.0, 1.0).astype(np.float32)
        return np.asarray(cv2.GaussianBlur(trust, (0, 0), 1.5))


def _read_along(picture: NDArray[Any], flow: Floats) -> Floats:
    """The picture read where each pixel's flow points to; the flow may be of a smaller size."""
    height, width = picture.shape[:2]
    rows, columns = flow.shape[:2]
    scale = np.array([width / columns, height / rows], np.float32)
    full = cv2.resize(flow, (width, height), interpolation=cv2.INTER_LINEAR) * scale
    places = full + _grid(width, height)
    found = cv2.remap(
        picture, places[..., 0], places[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(found)


@lru_cache(maxsize=2)
def _grid(width: int, height: int) -> Floats:
    """Each pixel's own place."""
    return np.stack(np.meshgrid(np.arange(width), np.arange(height)), 2).astype(np.float32)


def _length(flow: Floats) -> Floats:
    return np.asarray(np.hypot(flow[..., 0], flow[..., 1]))


def _flow(start: Floats, end: Floats) -> Floats:
    """Where each pixel of `start` is in `end`, relative to itself, in pixels."""
    searcher = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    flow = searcher.calc(start, end, None)  # type: ignore[call-overload]  # cv2's stub asks for a flow to start from
    return np.asarray(flow)
