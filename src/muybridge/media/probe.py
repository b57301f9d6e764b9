"""What a video file says it is: size, rate, length, coding, colour, and whether it starts at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av

from muybridge.errors import InvalidInput
from muybridge.units import FrameRate, Seconds, Size

_BOX_LIMIT = 64  # top-level boxes looked at; an mp4 of ours has five


@dataclass(frozen=True, slots=True)
class Probe:
    """One video file's facts.

    `colours` are matrix, range, primaries and transfer as ITU-T H.273 numbers them (BT.709 limited:
    1, 1, 1, 1). `faststart` is True where the index comes before the pictures.
    """

    size: Size
    rate: FrameRate
    frames: int
    duration: Seconds
    codec: str
    pix_fmt: str
    colours: tuple[int, int, int, int]
    faststart: bool
    comment: str


def probe(path: Path) -> Probe:
    """Read a video's facts without decoding it; raises InvalidInput where it is none."""
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            codec, rate = stream.codec_context, stream.average_rate
            if rate is None or stream.duration is None or stream.time_base is None:
                raise ValueError("no rate or length")
            frames = stream.frames or sum(1 for packet in container.demux(stream) if packet.size)
            return Probe(
                size=Size(codec.width, codec.height),
                rate=FrameRate(rate.numerator, rate.denominator),
                frames=frames,
                duration=Seconds(float(stream.duration * stream.time_base)),
                codec=codec.name,
                pix_fmt=codec.pix_fmt or "",
                colours=(codec.colorspace, codec.color_range, codec.color_primaries, codec.color_trc),
                faststart=_starts_at_once(path),
                comment=container.metadata.get("comment", ""),
            )
    except (OSError, ValueError, IndexError) as error:
        raise InvalidInput("video", f"{path.name} ({error})", "a readable video file") from error


def _starts_at_once(path: Path) -> bool:
    order = [kind for kind in _boxes(path) if kind in (b"moov", b"mdat")]
    return order[:1] == [b"moov"]


def _boxes(path: Path) -> Iterator[bytes]:
    """The kinds of the top-level boxes in order. Source: ISO/IEC 14496-12, 4.2."""
    with path.open("rb") as source:
        for _ in range(_BOX_LIMIT):
            head = source.read(8)
            if len(head) < 8:
                return
            length, header = int.from_bytes(head[:4], "big"), 8
            if length == 1:
                length, header = int.from_bytes(source.read(8), "big"), 16
            yield head[4:]
            if length < header:  # 0 means: to the end of the file
                return
            source.seek(length - header, 1)
