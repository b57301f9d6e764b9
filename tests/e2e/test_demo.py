"""`make demo`'s program, whole: a real server, a real receiver, the puppet, a real portrait."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from muybridge.media.probe import probe

DEMO = Path(__file__).parent.parent.parent / "examples" / "demo.py"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def demo(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(DEMO), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=380,
        check=False,
    )


@pytest.mark.weights
def test_the_demo_leaves_a_video_a_sheet_and_its_timeline(tmp_path: Path) -> None:
    done = demo(tmp_path)
    assert done.returncode == 0, done.stderr
    facts = probe(tmp_path / "out" / "demo" / "astronaut.mp4")
    assert (str(facts.size), facts.frames, facts.codec, facts.pix_fmt) == ("1280x720", 150, "h264", "yuv420p")
    assert cv2.imread(str(tmp_path / "out" / "demo" / "astronaut.png")) is not None
    told = [line for line in done.stdout.splitlines() if " s  " in line]
    said = [line.split(" s  ")[1].split() for line in told]
    assert said[1] == ["query", "Preparing"]
    assert ["callback", "processing"] in said
    assert ["callback", "success"] in said
    assert ["query", "Success"] in said
    times = [float(line.split(" s  ")[0]) for line in told]
    assert times == sorted(times)
    assert "out/demo/astronaut.mp4" in done.stdout


def test_the_demos_exit_status_tells_that_it_failed_and_why(tmp_path: Path) -> None:
    picture = tmp_path / "small.png"
    cv2.imwrite(str(picture), np.zeros((40, 40, 3), np.uint8))
    done = demo(tmp_path, "--picture", str(picture))
    assert done.returncode == 1
    assert "the demo failed: invalid params, subject_reference[0].image[0]" in done.stderr
