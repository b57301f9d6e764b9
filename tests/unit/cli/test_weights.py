"""`muybridge weights` as it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from muybridge.adapters.manifest import manifest
from muybridge.cli.weights import app
from muybridge.errors import InvalidInput


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MUYBRIDGE_WEIGHTS", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def test_the_list_names_every_file_with_its_licence() -> None:
    shown = CliRunner().invoke(app, ["list"])
    assert shown.exit_code == 0
    for weight in manifest():
        (line,) = [line for line in shown.output.splitlines() if weight.name in line]
        assert weight.licence in line and "missing" in line


def test_verify_fails_while_core_is_missing_or_a_file_is_damaged(folder: Path) -> None:
    (folder / "chelsea.png").write_bytes(b"not a cat")
    shown = CliRunner().invoke(app, ["verify"])
    assert shown.exit_code == 1
    assert "damaged  chelsea.png" in shown.output
    assert "missing  u2netp.onnx" in shown.output


def test_a_group_that_does_not_exist_is_refused_by_name() -> None:
    shown = CliRunner().invoke(app, ["pull", "hands"])
    assert isinstance(shown.exception, InvalidInput)
    assert "group: got 'hands'" in shown.exception.message
