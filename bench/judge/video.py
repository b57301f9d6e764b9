"""Frames out of a video file, and what x264 alone costs on the same frames.

Limits: frames are held in memory, 2.8 MB each at 720p; short takes only.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from judge.faces import Frame


@dataclass(frozen=True)
class Film:
    """A decoded video: BGR frames and their rate in 1/s."""

    frames: list[Frame]
    rate: Fraction
    pixel_format: str
    codec: str


def read(path: Path) -> Film:
    """Every frame of a video's first stream; raises ValueError where there is none."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(stream)]
        if not frames:
            raise ValueError(f"{path} holds no frames")
        rate = Fraction(stream.average_rate or 25)
        return Film(frames, rate, str(stream.codec_context.pix_fmt), stream.codec_context.name)


def encode(frames: list[Frame], rate: Fraction, path: Path, options: dict[str, str]) -> None:
    """Write frames with libx264 and these options; BGR to yuv420p is part of it."""
    height, width = frames[0].shape[:2]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for pixels in frames:
            container.mux(
                stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="bgr24"))
            )
        container.mux(stream.encode())


@dataclass(frozen=True)
class Cost:
    """What something took: wall in s, and processor time in s, which a busy machine does not change much."""

    wall: float
    cpu: float


def floor(film: Film, scratch: Path, tries: int = 3) -> Cost:
    """What `libx264 -preset veryfast` alone takes over these frames: the median of a few tries."""
    costs = []
    for _ in range(tries):
        wall, cpu = time.perf_counter(), time.process_time()
        encode(film.frames, film.rate, scratch / "floor.mp4", {"preset": "veryfast"})
        costs.append((time.perf_counter() - wall, time.process_time() - cpu))
    return Cost(*(float(middle) for middle in np.median(costs, axis=0)))
