"""What the documents name is there: files, make targets, commands, settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from muybridge import errors
from muybridge.cli.main import COMMANDS
from muybridge.settings import Settings

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
NOT_SETTINGS = {"MUYBRIDGE_CONFIG", "MUYBRIDGE_URL", "MUYBRIDGE_API_KEY"}  # read elsewhere


def settings_names() -> set[str]:
    found = set(NOT_SETTINGS)
    for name, field in Settings.model_fields.items():
        found.add(f"MUYBRIDGE_{name.upper()}")
        group = field.annotation
        for inner in getattr(group, "model_fields", {}):
            found.add(f"MUYBRIDGE_{name.upper()}_{inner.upper()}")
    return found


def test_there_are_pages_to_hold() -> None:
    assert len(PAGES) > 8


@EACH_PAGE
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    gone = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert gone == []


@EACH_PAGE
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(), re.MULTILINE))
    assert named <= TARGETS


@EACH_PAGE
def test_every_command_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"(?:^|[`/])muybridge ([a-z]+)\b", page.read_text(), re.MULTILINE))
    assert named <= set(COMMANDS)


@EACH_PAGE
def test_every_setting_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"\bMUYBRIDGE_[A-Z_]*[A-Z]\b", page.read_text()))
    assert named <= settings_names()


def test_both_readmes_run_the_same_commands() -> None:
    blocks = [
        re.sub(
            r'"prompt": ".*"',
            "",
            "".join(re.findall(r"```bash\n(.*?)```", (ROOT / name).read_text(), re.DOTALL)),
        )
        for name in ("README.md", "README.zh.md")
    ]
    assert blocks[0] == blocks[1]


def test_decisions_are_numbered_once_and_fit_a_screen() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [page.name.split("-")[0] for page in pages]
    assert len(numbers) == len(set(numbers))
    for page in pages:
        text = page.read_text()
        assert text.startswith(f"# {int(page.name[:4])}. "), page.name
        assert len(text.splitlines()) <= 60, page.name


def test_the_words_that_are_banned_are_in_the_glossary() -> None:
    import sizes

    glossary = (ROOT / "docs" / "glossary.md").read_text()
    never = glossary.split("## Never")[1]
    singular = {word.rstrip("s") if word not in ("utils",) else word for word in sizes.BANNED}
    assert all(word in never for word in singular if word != "util")


def test_the_error_tree_names_where_each_face_says_it() -> None:
    named = re.findall(r"`((?:api|cli|service)/\w+\.py)`", errors.__doc__ or "")
    assert named
    assert all((ROOT / "src" / "muybridge" / path).is_file() for path in named)


def test_every_page_can_be_found_from_the_map() -> None:
    named = set(LINK.findall((ROOT / "docs" / "README.md").read_text()))
    pages = {
        page.relative_to(ROOT / "docs")
        for page in (ROOT / "docs").glob("*/*")
        if page.parent.name != "decisions"
    }
    assert {str(page) for page in pages} <= named
