from __future__ import annotations

import subprocess
import sys

import pytest

from muybridge import __version__
from muybridge.cli import main


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from muybridge.cli.main import main; main()", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_names_every_subcommand_and_loads_none() -> None:
    code = (
        "import sys; sys.argv = ['muybridge', '--help']\n"
        "from muybridge.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(*sorted(m for m in sys.modules if m.split('.')[0] in "
        "('numpy', 'cv2', 'av', 'temporalio', 'sqlalchemy', 'fastapi', 'pydantic')), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert all(name in done.stdout for name in main.COMMANDS)
    assert done.stderr.strip() == ""


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_subcommand_loads_and_explains_itself(name: str) -> None:
    done = run(name, "--help")
    assert done.returncode == 0, done.stderr
    assert "Usage: muybridge" in done.stdout


def test_the_version_is_the_packages() -> None:
    assert run("--version").stdout.strip() == f"muybridge {__version__}"


def test_a_picture_that_is_not_there_is_one_clear_text_and_status_2() -> None:
    done = run("generate", "nowhere.png", "A girl winks.")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "muybridge: PICTURE: got a path where no file is, nowhere.png",
        "  allowed: the path of a JPG, PNG or WebP file",
    ]
    assert done.stdout == ""


def test_an_unknown_subcommand_is_refused_by_name() -> None:
    done = run("animate")
    assert done.returncode == 2
    assert "animate" in done.stderr
