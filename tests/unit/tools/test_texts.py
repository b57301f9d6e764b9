from __future__ import annotations

import pytest

import texts
from tree import ROOT, files, sources


def faults(line: str, name: str = "docs/page.md") -> list[str]:
    return list(texts.faults_in(f"first\n{line}\n", name))


# Put together here, so that this file itself holds none of them.
HOST = "py" + "pi.org"
HOME = "/".join(["", "home", "ann", "muybridge"])
ROOTS = ["/".join(["", name, "x"]) for name in ("root", "work", "tmp")]
KEY = "-----BEGIN RSA PRIVATE " + "KEY-----"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (f"pip install -i https://{HOST}/simple x", "registry"),
        (f"cache = '{HOME}'", "one machine"),
        *[(f"cd {path}", "one machine") for path in ROOTS],
        (KEY, "secret"),
        ("token = sk" + "-" + "a1" * 16, "secret"),
    ],
)
def test_what_no_file_may_hold_is_found_with_its_line(line: str, what: str) -> None:
    (fault,) = faults(line)
    assert fault.startswith("docs/page.md:2: ")
    assert what in fault


@pytest.mark.parametrize(
    "line",
    [
        "see docs/work/plan.md",
        "https://example.org/root/x",
        "--data $HOME/root/x",
        "network/tmp/x",
        "sk-short",
    ],
)
def test_what_only_looks_alike_is_not(line: str) -> None:
    assert faults(line) == []


def test_an_unfinished_piece_of_code_is_found_outside_the_tests() -> None:
    line = "# TO" + "DO: later"
    assert faults(line, "src/muybridge/media/writer.py")
    assert faults(line, "tests/unit/test_units.py") == []


def test_the_tree_is_the_project_without_what_git_ignores() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in files()}
    assert "tools/tree.py" in names
    assert not any(name.startswith((".venv/", "out/")) for name in names)
    assert all(path.suffix == ".py" for path in sources())
