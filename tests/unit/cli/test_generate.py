"""The command as a person runs it, with the slate, which needs no weights."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from muybridge.media.probe import probe

COMMAND = [sys.executable, "-c", "from muybridge.cli.main import main; main()", "generate"]
PROMPT = "A girl nods, then dissolves into a swarm of bees."


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture large enough for the contract."""
    path = tmp_path / "her.png"
    cv2.imwrite(str(path), np.full((400, 400, 3), (90, 140, 200), np.uint8))
    return path


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.slow
def test_a_video_and_its_sheet_are_made_and_said(picture: Path, tmp_path: Path) -> None:
    done = run(
        picture, PROMPT, "-o", "her.mp4", "--sheet", "her.sheet.png", "--engine", "slate", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    facts = probe(tmp_path / "her.mp4")
    assert (str(facts.size), facts.frames, facts.faststart) == ("1280x720", 150, True)
    assert cv2.imread(str(tmp_path / "her.sheet.png")) is not None
    lines = done.stdout.splitlines()
    assert any("nod" in line for line in lines)
    assert any(line.startswith("Not understood: ") and "bees" in line for line in lines)
    assert str(tmp_path / "her.mp4") in done.stdout


@pytest.mark.slow
def test_ctrl_c_ends_it_and_its_engine_and_leaves_no_file(picture: Path, tmp_path: Path) -> None:
    command = [*COMMAND, str(picture), PROMPT, "-o", "her.mp4", "--engine", "slate"]
    running = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    us = psutil.Process(running.pid)
    deadline = time.monotonic() + 30
    while not (engines := us.children()) and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=20)
    assert running.returncode == 130
    _, alive = psutil.wait_procs(engines, timeout=5)
    assert engines
    assert not alive
    assert not list(tmp_path.glob("her.mp4*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("her.png", "x" * 2001), "PROMPT: got 2001 characters"),
        (("her.png", "", "-o", "her.avi"), "--out: got a name ending in .avi"),
        (("her.png", "", "-o", "nowhere/her.mp4"), "which is no folder to write in"),
        (("her.png", "", "--sheet", "her.jpg"), "--sheet: got a name ending in .jpg"),
        ((".", ""), "PICTURE: got a folder"),
        (("her.png", "", "--engine", "nobody"), "engine: got 'nobody'"),
        (("text.png", "", "--engine", "slate"), "PICTURE: got"),
    ],
)
def test_what_cannot_be_made_is_said_by_its_argument(
    arguments: tuple[str, ...], said: str, picture: Path, tmp_path: Path
) -> None:
    (tmp_path / "text.png").write_text("this is no picture")
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "allowed: " in done.stderr
    assert "Traceback" not in done.stderr


def edited(folder: Path, text: str) -> Path:
    """A storyboard as somebody left it."""
    path = folder / "board.json"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.slow
def test_an_edited_storyboard_is_acted_as_it_is(picture: Path, tmp_path: Path) -> None:
    beat = '{"action": "clap", "start": 0.5, "end": 1.5, "words": "mine"}'
    board = edited(tmp_path, f'{{"prompt": "mine", "duration": 2.0, "beats": [{beat}]}}')
    done = run(picture, "--storyboard", board, "-o", "her.mp4", "--engine", "slate", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert probe(tmp_path / "her.mp4").frames == 50
    assert "clap" in done.stdout


@pytest.mark.parametrize(
    ("text", "also", "told"),
    [
        ('{"prompt": "x", "beatz": []}', (), "storyboard.beatz"),
        ("not JSON", (), "storyboard"),
        ('{"prompt": "x"}', ("She nods",), "either the one or the other"),
    ],
)
def test_a_storyboard_that_cannot_be_acted_is_refused_by_its_place(
    picture: Path, tmp_path: Path, text: str, also: tuple[str, ...], told: str
) -> None:
    done = run(picture, *also, "--storyboard", edited(tmp_path, text), cwd=tmp_path)
    assert done.returncode != 0
    assert told in done.stderr
