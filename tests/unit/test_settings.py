from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from muybridge.errors import InvalidInput
from muybridge.settings import Settings


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable and no file of the machine that runs the test."""
    import os

    for name in [name for name in os.environ if name.startswith("MUYBRIDGE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_the_defaults_serve_one_machine() -> None:
    settings = Settings.load()
    assert (settings.host, settings.port, settings.engine) == ("127.0.0.1", 8000, "puppet")
    assert settings.fetch.allow == ()
    assert settings.database == f"sqlite:///{settings.data / 'muybridge.db'}"
    assert settings.files == str(settings.data / "files")


def test_variables_reach_every_group(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MUYBRIDGE_DATA", str(tmp_path))
    monkeypatch.setenv("MUYBRIDGE_PUBLIC_URL", "https://v.example.org/")
    monkeypatch.setenv("MUYBRIDGE_FETCH_ALLOW", "127.0.0.0/8, ::1")
    monkeypatch.setenv("MUYBRIDGE_CALLBACK_GIVE_UP_HOURS", "2")
    monkeypatch.setenv("MUYBRIDGE_TEMPORAL_ADDRESS", "temporal:7233")
    settings = Settings.load()
    assert (settings.data, settings.public_url) == (tmp_path, "https://v.example.org")
    assert settings.fetch.allow == (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    assert (settings.callback.give_up_hours, settings.temporal.address) == (2.0, "temporal:7233")


def test_an_argument_is_stronger_than_a_variable_and_that_than_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "house.toml"
    file.write_text('port = 1\nhost = "a"\nengine = "slate"\n[api]\nstrict = true\n', encoding="utf-8")
    monkeypatch.setenv("MUYBRIDGE_CONFIG", str(file))
    monkeypatch.setenv("MUYBRIDGE_HOST", "b")
    monkeypatch.setenv("MUYBRIDGE_PORT", "2")
    settings = Settings.load(port=3, engine=None)
    assert (settings.port, settings.host, settings.engine, settings.api.strict) == (3, "b", "slate", True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MUYBRIDGE_PORT", "70000"),
        ("MUYBRIDGE_PORT", "http"),
        ("MUYBRIDGE_PUBLIC_URL", "v.example.org"),
        ("MUYBRIDGE_FETCH_ALLOW", "everything"),
        ("MUYBRIDGE_LOG_LEVEL", "loud"),
        ("MUYBRIDGE_API_MAX_BODY_MIB", "0"),
        ("MUYBRIDGE_TEMPORAL_ADRESS", "typo:1"),
    ],
)
def test_a_wrong_setting_is_named_with_what_came(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidInput) as wrong:
        Settings.load()
    assert wrong.value.field == name
    assert value in wrong.value.got


def test_a_file_that_is_named_and_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUYBRIDGE_CONFIG", "nowhere.toml")
    with pytest.raises(InvalidInput, match="MUYBRIDGE_CONFIG"):
        Settings.load()


@pytest.mark.parametrize("text", ["port = ", "colour = 'red'", "[api]\ncolour = 1"])
def test_a_file_that_says_nonsense_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "house.toml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("MUYBRIDGE_CONFIG", str(file))
    with pytest.raises(InvalidInput):
        Settings.load()


def test_settings_are_frozen_and_keep_their_secrets_to_themselves() -> None:
    settings = Settings.load(temporal={"api_key": "hunter2"})
    assert "hunter2" not in repr(settings)
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]
