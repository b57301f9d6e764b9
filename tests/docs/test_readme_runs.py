"""What the READMEs and the examples say is run against a real server, with the slate as its engine."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from muybridge.media.probe import probe
from running import RunningServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

ROOT = Path(__file__).parent.parent.parent
RUNS = re.compile(r"<!-- runs -->\n```bash\n(.*?)```", re.DOTALL)
RUNS_PYTHON = re.compile(r"<!-- runs -->\n```python\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    server = RunningServer(tmp_path_factory.mktemp("live") / "data", MUYBRIDGE_ENGINE="slate").start()
    yield server
    server.end()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    cv2.imwrite(str(tmp_path / "me.jpg"), np.full((400, 400, 3), (90, 140, 200), np.uint8))
    return tmp_path


def run(command: list[str], folder: Path, within: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=within, check=False)


def bash(script: str, folder: Path, **variables: str) -> str:
    given = "".join(f"{name}='{value}'\n" for name, value in variables.items())
    done = run(["bash", "-euo", "pipefail", "-c", given + script], folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_the_readmes_commands_lead_from_a_picture_to_a_video(
    readme: str, live: RunningServer, folder: Path
) -> None:
    create, query, files = RUNS.findall((ROOT / readme).read_text())
    create = create.replace("http://127.0.0.1:8000", live.url).replace("the-key-that-was-printed", live.key)
    assert live.key in create
    task_id = json.loads(bash(create, folder))["task_id"]
    told = {"status": ""}
    deadline = time.monotonic() + 120
    while told["status"] != "Success" and time.monotonic() < deadline:
        time.sleep(0.3)
        told = json.loads(bash(query, folder, BASE=live.url, KEY=live.key, TASK_ID=task_id))
        assert told["status"] != "Fail", told
    retrieve, download = files.strip().splitlines()
    said = bash(retrieve, folder, BASE=live.url, KEY=live.key, FILE_ID=told["file_id"])
    bash(download, folder, DOWNLOAD_URL=json.loads(said)["file"]["download_url"])
    assert probe(folder / "video.mp4").frames == 150


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_the_readmes_python_leads_from_a_picture_to_a_video(
    readme: str, live: RunningServer, folder: Path
) -> None:
    (program,) = RUNS_PYTHON.findall((ROOT / readme).read_text())
    program = program.replace("http://127.0.0.1:8000", live.url).replace("the-key-that-was-printed", live.key)
    done = run([sys.executable, "-c", program], folder, within=120)
    assert done.returncode == 0, done.stderr
    assert probe(folder / "me.mp4").frames == 150


def test_the_python_example_makes_a_video(live: RunningServer, folder: Path) -> None:
    program = ROOT / "examples" / "request.py"
    arguments = [live.url, live.key, "me.jpg", "She nods.", "out.mp4"]
    done = run([sys.executable, str(program), *arguments], folder, within=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("out.mp4: ")
    assert "1280x720" in done.stdout
    assert probe(folder / "out.mp4").frames == 150


def test_the_python_example_says_what_the_server_said(live: RunningServer, folder: Path) -> None:
    program = ROOT / "examples" / "request.py"
    arguments = [live.url, "no-key-of-ours", "me.jpg", "She nods.", "out.mp4"]
    done = run([sys.executable, str(program), *arguments], folder, within=60)
    assert done.returncode == 1
    assert done.stderr.strip() == "2049: invalid api key"
