"""The files that belong to the project: tracked by git, or new and not ignored."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {".git", ".venv", "out", "dist", "build", "node_modules"}


def files() -> list[Path]:
    """Every file of the project, sorted; from an unpacked archive without git, all but build folders."""
    asked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 (git from the PATH)
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if asked.returncode == 0:
        found = [ROOT / name for name in asked.stdout.decode().split("\0") if name]
    else:
        found = [p for p in ROOT.rglob("*") if not NOT_OURS & set(p.relative_to(ROOT).parts)]
    return sorted(path for path in set(found) if path.is_file())


def sources(ending: str = ".py") -> list[Path]:
    """The project's files of one ending."""
    return [path for path in files() if path.suffix == ending]
