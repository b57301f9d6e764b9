from __future__ import annotations

import socket
from pathlib import Path

import pytest

from muybridge.cli import checks
from muybridge.cli.checks import Finding, Verdict
from muybridge.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A machine with nothing on it yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Settings.load(data=tmp_path / "data", weights=tmp_path / "weights", port=0)


def by_name(found: object) -> dict[str, Finding]:
    return {finding.name: finding for finding in found}  # type: ignore[attr-defined]


def test_this_python_is_fine(settings: Settings) -> None:
    assert by_name(checks.python(settings))["python"].verdict is Verdict.FINE


def test_a_python_that_is_too_old_is_broken_and_says_what_to_do(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "LEAST_PYTHON", (4, 0))
    found = by_name(checks.python(settings))["python"]
    assert found.verdict is Verdict.BROKEN
    assert "make setup" in found.advice


def test_folders_that_do_not_exist_yet_are_fine_where_they_can_be_made(settings: Settings) -> None:
    found = by_name(checks.folders(settings))
    assert {finding.verdict for finding in found.values()} == {Verdict.FINE}
    assert not settings.data.exists()


def test_a_data_folder_that_is_a_file_is_broken_and_names_the_variable(settings: Settings) -> None:
    settings.data.write_text("not a folder")
    found = by_name(checks.folders(settings))["data folder"]
    assert found.verdict is Verdict.BROKEN
    assert "MUYBRIDGE_DATA" in found.advice


def test_a_full_disk_is_broken(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LEAST_DISK", 1 << 60)
    assert by_name(checks.folders(settings))["data folder"].verdict is Verdict.BROKEN


def test_too_little_memory_is_broken(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LEAST_MEMORY", 1 << 60)
    assert by_name(checks.memory(settings))["memory"].verdict is Verdict.BROKEN


def test_h264_is_really_written_and_read(settings: Settings) -> None:
    found = by_name(checks.video(settings))["video"]
    assert found.verdict is Verdict.FINE
    assert found.seen.startswith("h264 yuv420p")


def test_without_core_weights_it_is_broken_and_without_samples_it_is_not(settings: Settings) -> None:
    found = by_name(checks.weights(settings))
    assert found["weights: core"].verdict is Verdict.BROKEN
    assert found["weights: core"].advice == "muybridge weights pull core"
    assert found["weights: samples"].verdict is Verdict.NOTE


def test_a_damaged_weight_is_told_apart_from_a_missing_one(settings: Settings) -> None:
    settings.weights.mkdir()
    (settings.weights / "u2netp.onnx").write_bytes(b"half of it")
    assert "1 damaged" in by_name(checks.weights(settings))["weights: core"].seen


def test_the_engine_that_serves_is_broken_without_weights_and_says_what_to_pull(settings: Settings) -> None:
    found = by_name(checks.engines(settings))
    assert found["engine: puppet"].verdict is Verdict.BROKEN
    assert "weights pull core" in found["engine: puppet"].advice
    assert found["engine: slate"].verdict is Verdict.FINE


@pytest.mark.slow
def test_a_temporal_of_our_own_comes_up_and_goes(settings: Settings) -> None:
    assert by_name(checks.temporal(settings))["temporal"].verdict is Verdict.FINE


def test_a_temporal_that_does_not_answer_is_broken(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
    elsewhere = settings.temporal.model_copy(update={"address": address})
    found = by_name(checks.temporal(settings.model_copy(update={"temporal": elsewhere})))["temporal"]
    assert (found.verdict, found.seen) == (Verdict.BROKEN, f"{address} does not answer")


def test_a_port_that_is_taken_is_a_note_with_a_way_out(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = settings.model_copy(update={"port": taken.getsockname()[1]})
        found = by_name(checks.port(busy))["port"]
    assert found.verdict is Verdict.NOTE
    assert "--port" in found.advice
    assert by_name(checks.port(settings))["port"].verdict is Verdict.FINE


def test_a_machine_without_an_index_is_told_that_only_pulling_needs_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    found = by_name(checks.index(settings))["package index"]
    assert found.verdict is Verdict.NOTE
    assert "only needed to pull weights" in found.advice


def test_every_check_that_the_doctor_makes_is_in_its_list() -> None:
    named = {check.__name__ for check in checks.ALL}
    assert named >= {
        "python",
        "memory",
        "folders",
        "video",
        "weights",
        "engines",
        "temporal",
        "port",
        "index",
    }
