"""`muybridge engines` says what is here, what is ready, and what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from muybridge.cli.main import app_for
from muybridge.errors import InvalidInput


@pytest.fixture(autouse=True)
def set_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MUYBRIDGE_ENGINE", "vace-14b -> slate")
    monkeypatch.setenv("MUYBRIDGE_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setenv("MUYBRIDGE_MODELS", '{"S2V-01-live": "nowhere"}')
    monkeypatch.setenv("MUYBRIDGE_ENGINES", '{"vace-14b": {"engine": "diffusers", "device": "cpu"}}')
    monkeypatch.setenv("COLUMNS", "200")


def said(*arguments: str) -> str:
    return CliRunner().invoke(app_for(["engines"]), ["engines", *arguments], catch_exceptions=False).output


def test_every_engine_is_shown_with_what_it_serves_and_what_it_lacks() -> None:
    shown = said()
    rows: dict[str, str] = {}
    for line in filter(str.strip, shown.splitlines()):
        rows.setdefault(line.split()[0], line)
    assert "yes" in rows["slate"]
    assert "S2V-01" in rows["slate"]
    assert "no" in rows["vace-14b"].split()
    assert "S2V-01-live" in rows["nowhere"]
    assert "cannot be loaded" in rows["nowhere"]
    assert "vace-14b is not ready: no model is set: engines.vace-14b.model is a folder" in shown
    assert "puppet is not ready:" in shown
    assert "hailuo is not ready: no key is set" in shown
    assert "not installed" not in shown or "`pip install 'muybridge[gpu]'`" in shown


def test_one_engine_is_shown_in_full() -> None:
    shown = said("hailuo")
    assert "Picture and words leave this machine." in shown
    assert "the upstream's terms" in shown
    assert "puppet" not in shown.replace("MUYBRIDGE", "")


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidInput, match="NAME: got 'nobody'; allowed: comfyui, diffusers, hailuo"):
        said("nobody")
