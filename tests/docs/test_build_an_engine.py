"""The page that builds an engine is done as it is written: installed by pip, tested, used."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from muybridge.testing.engine_contract import patterned_picture

PAGE = Path(__file__).parent.parent.parent / "docs" / "how-to" / "build-an-engine.md"
FILES = re.compile(r"^`(\S+)`[^\n]*:\n\n```\w+\n(.*?)```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the page's files, its package installed beside it."""
    folder = tmp_path_factory.mktemp("carousel")
    for name, text in FILES.findall(PAGE.read_text()):
        (folder / name).write_text(text)
    pip = ["-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target", "site", "."]
    done = run(folder, *pip)
    assert done.returncode == 0, done.stderr
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder / "site"),
        "MUYBRIDGE_DATA": str(folder / "data"),
        "MUYBRIDGE_ENGINE": "slate",
        "COLUMNS": "150",
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True,
        timeout=110, check=False,
    )  # fmt: skip


def muybridge(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(folder, "-c", "from muybridge.cli.main import main; main()", *arguments)


def test_the_whole_engine_is_under_70_lines_as_the_page_says() -> None:
    files = dict(FILES.findall(PAGE.read_text()))
    assert set(files) == {"pyproject.toml", "muybridge_carousel.py", "test_carousel.py"}
    lines = sum(len(text.splitlines()) for text in files.values())
    assert lines < 70
    assert f"{lines} lines together" in PAGE.read_text()


def test_it_passes_the_suite_that_every_engine_passes(built: Path) -> None:
    done = run(built, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_carousel.py")
    assert done.returncode == 0, done.stdout
    assert re.search(r"1\d passed", done.stdout)


def test_it_is_found_and_makes_a_video(built: Path) -> None:
    shown = muybridge(built, "engines", "carousel")
    assert "Turns the picture once around." in shown.stdout, shown.stderr
    patterned_picture(built / "me.png")
    made = muybridge(built, "generate", "me.png", "She smiles.", "--engine", "carousel", "-o", "out.mp4")
    assert made.returncode == 0, made.stderr
    assert "1280x720, 150 frames" in made.stdout


def test_the_pages_options_work(built: Path) -> None:
    (text,) = re.findall(r"## Options.*?```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    code = text.replace("class Carousel(Engine):", "class Carousel(muybridge_carousel.Carousel):")
    check = f"""
import muybridge_carousel
from pathlib import Path
from muybridge.ports.weights import WeightStore
{code}
from muybridge.engines.registry import construct
print(construct(Carousel, None, Path("mine"), {{"turns": 3}}).options)
try:
    construct(Carousel, None, Path("mine"), {{"turns": "many"}})
except Exception as error:
    print(error)
"""
    done = run(built, "-c", check)
    assert "turns=3" in done.stdout, done.stderr
    assert "engines.mine.turns" in done.stdout
    assert "many" not in done.stdout
