"""Videos are looked at: their facts, their frames, and all at one glance."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from muybridge.errors import InvalidInput
from muybridge.media.frames import read_frames
from muybridge.media.probe import probe
from muybridge.media.sheet import contact_sheet, timecode
from muybridge.media.writer import Writer
from muybridge.units import FrameRate, Size

SIZE = Size(320, 180)


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty grey frames, each 8 brighter than the last."""
    path = tmp_path_factory.mktemp("video") / "ramp.mp4"
    with Writer(path, SIZE, FrameRate(25)) as writer:
        for number in range(30):
            writer.write(np.full((180, 320, 3), number * 8, np.uint8))
    return path


def test_frames_are_read_in_order_and_only_the_wanted_ones(video: Path) -> None:
    assert [round(frame.mean() / 8) for frame in read_frames(video)] == list(range(30))
    assert [round(frame.mean() / 8) for frame in read_frames(video, {3, 17})] == [3, 17]


def test_a_contact_sheet_shows_first_to_last_evenly(video: Path, tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    numbers = contact_sheet(video, out, columns=4, rows=3, tile_width=160)
    assert numbers == (0, 3, 5, 8, 11, 13, 16, 18, 21, 24, 26, 29)
    sheet = np.asarray(Image.open(out))
    assert sheet.shape == (3 * 96 + 6, 4 * 166 + 6, 3)
    tops = [sheet[10 + place // 4 * 96, 10 + place % 4 * 166, 0] for place in range(12)]
    assert np.abs(np.array(tops, int) - np.array(numbers) * 8).max() <= 3
    assert sheet[6:96, 6:166].max() > 200  # the time, white on the black first frame
    assert [entry.name for entry in tmp_path.iterdir()] == ["sheet.png"]


def test_a_short_video_fills_as_many_places_as_it_has_frames(video: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.mp4"
    with Writer(short, SIZE, FrameRate(25)) as writer:
        for _ in range(2):
            writer.write(np.zeros((180, 320, 3), np.uint8))
    assert contact_sheet(short, tmp_path / "sheet.png") == (0, 1)
    assert contact_sheet(video, tmp_path / "one.png", columns=1, rows=1) == (0,)


@pytest.mark.parametrize("layout", [{"columns": 0}, {"rows": 21}, {"tile_width": 5000}])
def test_a_layout_out_of_bounds_is_refused_by_name(
    video: Path, tmp_path: Path, layout: dict[str, int]
) -> None:
    with pytest.raises(InvalidInput, match=next(iter(layout))):
        contact_sheet(video, tmp_path / "sheet.png", **layout)


def test_what_is_no_video_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("no video")
    for path in (text, tmp_path / "missing.mp4"):
        with pytest.raises(InvalidInput, match="video"):
            probe(path)
        with pytest.raises(InvalidInput, match="video"):
            list(read_frames(path))


def test_a_file_whose_index_comes_last_does_not_start_at_once(tmp_path: Path) -> None:
    path = tmp_path / "late.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((180, 320, 3), np.uint8), format="rgb24")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert not probe(path).faststart


def test_timecodes_are_exact_at_odd_rates() -> None:
    assert timecode(62, FrameRate(25)) == "0:02.48"
    assert timecode(1800, FrameRate(30000, 1001)) == "1:00.06"
