"""The one writer of videos: frames in, an H.264 mp4 that starts at once and says what made it.

yuv420p, BT.709 limited range, faststart. The file appears whole under its name or not at all. Equal
frames give equal bytes for one release of the encoder, on any number of cores.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from queue import Empty, Full, Queue
from types import TracebackType
from typing import Final, Self

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from av.video.stream import VideoStream
from numpy.typing import NDArray

from muybridge.errors import EngineFailed
from muybridge.media.i420 import check_even, to_i420
from muybridge.media.mark import Mark
from muybridge.units import FrameRate, Size

Bytes = NDArray[np.uint8]

LABEL: Final = "AI-generated video, made by Muybridge"

_THREADS = 4  # fixed, for the thread count changes the bytes; 2 cores lose nothing by it
_OPENCVS_AVX512 = 256  # CPU_AVX512_SKX, which OpenCV's Python module does not name
_QUEUED = 8  # frames between renderer and encoder: 11 MB at 720p
_TICK = 0.2  # s between looks at the other side while waiting
_PATIENCE = 120.0  # s for one wait, after which the encoder counts as stuck


class Writer:
    """Writes one video; use it in a `with`, whose error or cancellation leaves nothing behind.

    Encoding runs in a thread of its own beside whoever renders; its errors come out of `write`
    or of the end of the `with`, as EngineFailed. `mark` is drawn on every frame.
    """

    def __init__(
        self, path: Path, size: Size, rate: FrameRate, *, preset: str = "veryfast", mark: Mark | None = None
    ) -> None:
        check_even(size)
        self.frames = 0
        self._path, self._part = path, path.with_name(path.name + ".part")
        self._size, self._mark = size, mark
        self._queue: Queue[Bytes | None] = Queue(_QUEUED)
        self._called_off = threading.Event()
        self._error: BaseException | None = None
        try:
            self._container, self._stream = _open(self._part, size, rate, preset)
        except (OSError, ValueError) as error:
            raise self._failed(error) from error
        self._thread = threading.Thread(target=self._encode, name="encoder", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def write(self, rgb: Bytes) -> None:
        """Add a frame; the array may be used again at once.

        Shapes: (H, W, 3) uint8 sRGB of the writer's size.
        Raises: EngineFailed where the encoder or the disk failed.
        """
        if rgb.shape != (self._size.height, self._size.width, 3) or rgb.dtype != np.uint8:
            raise ValueError(f"a frame is {self._size} uint8 RGB, not {rgb.shape} {rgb.dtype}")
        self._add(to_i420(rgb))

    def write_i420(self, planes: Bytes) -> None:
        """Add a frame already converted by `i420.to_i420`; the array is the writer's from here on.

        For renderers of several threads: conversion then runs in theirs, not behind a lock here.
        """
        if planes.shape != (self._size.height * 3 // 2, self._size.width) or planes.dtype != np.uint8:
            raise ValueError(f"planes of {self._size} are uint8 I420, not {planes.shape} {planes.dtype}")
        self._add(planes)

    def close(self) -> None:
        """Finish the file and put it under its name; raises EngineFailed, and then leaves nothing."""
        try:
            if self._thread.is_alive():
                self._put(None)
            self._join()
            self._check()
            if not self.frames:
                raise EngineFailed("a video was finished without a single frame")
            _sync(self._part)
            self._part.replace(self._path)
        except OSError as error:
            raise self._failed(error) from error
        finally:
            self.discard()

    def discard(self) -> None:
        """Stop and remove what was written so far; a finished video stays. Safe to call again."""
        self._called_off.set()
        self._thread.join(_PATIENCE)
        self._part.unlink(missing_ok=True)

    def _add(self, planes: Bytes) -> None:
        if self._mark is not None:
            self._mark.apply_i420(planes)
        self._put(planes)
        self.frames += 1

    def _put(self, planes: Bytes | None) -> None:
        deadline = time.monotonic() + _PATIENCE
        while True:
            self._check()
            try:
                return self._queue.put(planes, timeout=_TICK)
            except Full:
                if time.monotonic() > deadline:
                    raise self._failed(
                        TimeoutError(f"the encoder stood still for {_PATIENCE:.0f} s")
                    ) from None

    def _join(self) -> None:
        self._thread.join(_PATIENCE)
        if self._thread.is_alive():
            raise self._failed(TimeoutError(f"the encoder did not finish in {_PATIENCE:.0f} s"))

    def _check(self) -> None:
        if self._error is not None:
            raise self._failed(self._error) from self._error
        if self._called_off.is_set():
            raise self._failed(ValueError("the writer is closed"))

    def _failed(self, error: BaseException) -> EngineFailed:
        return EngineFailed(f"the video {self._path.name} could not be written: {error}")

    def _encode(self) -> None:
        try:
            with self._container:
                number = 0
                while (planes := self._next()) is not None:
                    frame = av.VideoFrame.from_numpy_buffer(planes, format="yuv420p")
                    frame.pts = number
                    self._container.mux(self._stream.encode(frame))
                    number += 1
                if not self._called_off.is_set():
                    self._container.mux(self._stream.encode(None))
        except BaseException as error:  # carried to whoever writes; a thread has nobody to raise to
            self._error = error

    def _next(self) -> Bytes | None:
        while not self._called_off.is_set():
            try:
                return self._queue.get(timeout=_TICK)
            except Empty:
                continue
        return None


def _open(path: Path, size: Size, rate: FrameRate, preset: str) -> tuple[OutputContainer, VideoStream]:
    container = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
    try:
        container.metadata.update(comment=LABEL, description=LABEL)
        options = {"preset": preset, "crf": "20", "threads": str(_THREADS), "x264-params": _x264()}
        stream = container.add_stream("libx264", rate=rate.as_fraction(), options=options)
        stream.width, stream.height, stream.pix_fmt = size.width, size.height, "yuv420p"
        codec = stream.codec_context
        codec.color_range, codec.colorspace = ColorRange.MPEG, Colorspace.ITU709
        codec.color_primaries, codec.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        container.start_encoding()  # opens the file and writes its head, so a bad path is known now
    except BaseException:
        container.close()
        path.unlink(missing_ok=True)
        raise
    return container, stream


def _x264() -> str:
    """The encoder's own parameters: frame threads, chroma at the centre, and no AVX-512.

    Slice threads, and AVX-512 code, make bytes that differ from run to run; AVX2 costs no time.
    """
    params = "sliced-threads=0:chromaloc=1"
    return params + ":asm=AVX2" if cv2.checkHardwareSupport(_OPENCVS_AVX512) else params


def _sync(path: Path) -> None:
    with path.open("rb+") as written:
        os.fsync(written.fileno())
