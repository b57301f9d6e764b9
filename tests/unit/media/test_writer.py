"""The writer makes one whole file or none, with the colours and the label it promises."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import av
import numpy as np
import pytest

from muybridge.errors import Cancelled, EngineFailed, InvalidInput
from muybridge.media.frames import read_frames
from muybridge.media.i420 import split_planes, to_i420
from muybridge.media.mark import ENGLISH, Mark
from muybridge.media.probe import probe
from muybridge.media.writer import LABEL, Writer
from muybridge.units import FrameRate, Size

SIZE, RATE = Size(320, 180), FrameRate(25)
COLOURS = [(r, g, b) for g in (255, 0) for r in (255, 0) for b in (255, 0)]


def bars(shift: int = 0) -> np.ndarray:
    """Eight colour bars of 40 pixels, moved to the right."""
    row = np.repeat(np.array(COLOURS, np.uint8), SIZE.width // 8, axis=0)
    return np.roll(np.tile(row, (SIZE.height, 1, 1)), shift, axis=1)


def write(path: Path, frames: int = 12, **options: object) -> Path:
    with Writer(path, SIZE, RATE, **options) as writer:
        for number in range(frames):
            writer.write(bars(number * 2))
    return path


def test_a_video_is_what_was_asked_for(tmp_path: Path) -> None:
    facts = probe(write(tmp_path / "take.mp4"))
    assert (facts.size, facts.rate, facts.frames, facts.duration) == (SIZE, RATE, 12, 12 / 25)
    assert (facts.codec, facts.pix_fmt) == ("h264", "yuv420p")
    assert facts.colours == (1, 1, 1, 1)  # BT.709, limited range
    assert facts.faststart
    assert facts.comment == LABEL


def test_colours_come_back_as_they_went_in(tmp_path: Path) -> None:
    frame = next(read_frames(write(tmp_path / "take.mp4")))
    middles = frame[SIZE.height // 2, 20::40].astype(int)
    assert np.abs(middles - COLOURS).max() <= 3


def test_equal_frames_give_equal_bytes(tmp_path: Path) -> None:
    assert len({write(tmp_path / "take.mp4").read_bytes() for _ in range(12)}) == 1


def test_nothing_lies_under_the_name_until_the_video_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "take.mp4"
    with Writer(path, SIZE, RATE) as writer:
        writer.write(bars())
        assert not path.exists()
    assert [entry.name for entry in tmp_path.iterdir()] == ["take.mp4"]


def test_an_array_may_be_used_again_after_it_was_written(tmp_path: Path) -> None:
    canvas = bars()
    with Writer(tmp_path / "take.mp4", SIZE, RATE) as writer:
        writer.write(canvas)
        canvas[:] = 0
    assert next(read_frames(tmp_path / "take.mp4"))[90, 20].min() > 250


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, Cancelled])
def test_a_cancelled_or_failed_take_leaves_nothing_and_keeps_what_was_there(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "take.mp4"
    path.write_bytes(b"the last good take")
    started = time.monotonic()
    with pytest.raises(error), Writer(path, SIZE, RATE) as writer:
        for number in range(30):
            writer.write(bars(number))
        raise error
    assert time.monotonic() - started < 5
    assert [entry.name for entry in tmp_path.iterdir()] == ["take.mp4"]
    assert path.read_bytes() == b"the last good take"
    assert not [thread for thread in threading.enumerate() if thread.name == "encoder"]


def test_a_failure_of_the_encoder_comes_out_of_the_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_full(self: av.container.OutputContainer, packets: object) -> None:
        raise OSError(28, "No space left on device")

    writer = Writer(tmp_path / "take.mp4", SIZE, RATE)
    monkeypatch.setattr(writer, "_container", _Failing(writer._container, disk_full))
    with pytest.raises(EngineFailed, match=r"take\.mp4 could not be written.*No space left"), writer:
        for number in range(200):
            writer.write(bars(number))
    assert not list(tmp_path.iterdir())


class _Failing:
    """A container whose disk is full; all else is the real one's."""

    def __init__(self, real: av.container.OutputContainer, mux: object) -> None:
        self._real, self._mux = real, mux

    def __enter__(self) -> _Failing:
        return self

    def __exit__(self, *ended: object) -> None:
        self._real.close()

    def mux(self, packets: object) -> None:
        self._mux(self, packets)


def test_a_folder_that_does_not_exist_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match=r"take\.mp4 could not be written"):
        Writer(tmp_path / "nowhere" / "take.mp4", SIZE, RATE)


def test_a_video_without_frames_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(EngineFailed, match="without a single frame"),
        Writer(tmp_path / "take.mp4", SIZE, RATE),
    ):
        pass
    assert not list(tmp_path.iterdir())


def test_an_odd_size_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="size: got 321x180; allowed: even"):
        Writer(tmp_path / "take.mp4", Size(321, 180), RATE)


def test_a_frame_of_another_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="320x180"), Writer(tmp_path / "take.mp4", SIZE, RATE) as writer:
        writer.write(np.zeros((180, 322, 3), np.uint8))


def test_a_closed_writer_takes_no_more_frames(tmp_path: Path) -> None:
    with Writer(tmp_path / "take.mp4", SIZE, RATE) as writer:
        writer.write(bars())
    with pytest.raises(EngineFailed, match="closed"):
        writer.write(bars())


def test_planes_converted_elsewhere_give_the_same_video(tmp_path: Path) -> None:
    with Writer(tmp_path / "planes.mp4", SIZE, RATE) as writer:
        for number in range(12):
            writer.write_i420(to_i420(bars(number * 2)))
    assert (tmp_path / "planes.mp4").read_bytes() == write(tmp_path / "rgb.mp4").read_bytes()


def test_the_mark_is_on_every_frame_and_not_on_the_callers_array(tmp_path: Path) -> None:
    canvas = np.zeros((SIZE.height, SIZE.width, 3), np.uint8)
    with Writer(tmp_path / "take.mp4", SIZE, RATE, mark=Mark(ENGLISH, SIZE)) as writer:
        for _ in range(5):
            writer.write(canvas)
    assert not canvas.any()
    for frame in read_frames(tmp_path / "take.mp4"):
        assert frame[150:, 200:].max() > 150
        assert frame[:100].max() < 10


def test_conversion_follows_bt_709() -> None:
    rng = np.random.default_rng(5)
    rgb = rng.integers(0, 256, (8, 8, 3), dtype=np.uint8)
    luma, blue, red = split_planes(to_i420(rgb))
    r, g, b = np.moveaxis(rgb / 255, 2, 0)
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b  # BT.709-6, item 3.2
    assert np.abs(luma - (16 + 219 * y)).max() <= 1
    for plane, chroma in ((blue, (b - y) / 1.8556), (red, (r - y) / 1.5748)):
        assert np.abs(plane - (128 + 224 * chroma.reshape(4, 2, 4, 2).mean((1, 3)))).max() <= 1.5


def test_encoding_overlaps_with_rendering(tmp_path: Path) -> None:
    """The renderer sleeps 10 ms a frame; an encoder in its thread would add its own time to that."""
    seen: list[int] = []
    with Writer(tmp_path / "take.mp4", SIZE, RATE) as writer:
        for number in range(20):
            writer.write(bars(number))
            seen.append(threading.active_count())
    assert max(seen) > threading.active_count()
