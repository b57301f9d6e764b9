"""Videos back to frames, by the same colour rules that the writer follows."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from muybridge.errors import InvalidInput

Bytes = NDArray[np.uint8]


def read_frames(path: Path, wanted: Container[int] | None = None) -> Iterator[Bytes]:
    """Yield a video's frames in order, or only those whose number (from 0) is `wanted`.

    Shapes: (H, W, 3) uint8 sRGB. Raises: InvalidInput where the file is no video.
    Cost: decoding 3 ms a frame at 1280x720, converting a wanted one 3 ms more.
    """
    reformatter = VideoReformatter()
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            for number, frame in enumerate(container.decode(stream)):
                if wanted is None or number in wanted:
                    yield _rgb(frame, reformatter)
    except (OSError, ValueError, IndexError) as error:
        raise InvalidInput("video", f"{path.name} ({error})", "a readable video file") from error


def _rgb(frame: av.VideoFrame, reformatter: VideoReformatter) -> Bytes:
    shown = reformatter.reformat(
        frame,
        format="rgb24",
        src_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
        interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT,
    )
    return cast(Bytes, shown.to_ndarray())
