from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from muybridge import bootstrap
from muybridge.cli.keys import app
from muybridge.errors import InvalidInput, NoKey, NotFound, UnknownKey
from muybridge.service.keys import Keyring
from muybridge.settings import Settings


def run(folder: Path, *words: str) -> Result:
    result = CliRunner().invoke(app, [*words, "--data", str(folder)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def key_of(result: Result) -> str:
    return str(result.stdout.rstrip("\n").splitlines()[-1])


def opens(folder: Path, key: str) -> str:
    """The name of the key that this secret opens."""

    async def ask() -> str:
        async with bootstrap.stores(Settings.load(data=folder)) as stores:
            return (await Keyring(stores.keys, bootstrap.clock()).owner(f"Bearer {key}")).name

    return asyncio.run(ask())


def test_a_made_key_stands_alone_on_the_last_line_and_opens(tmp_path: Path) -> None:
    made = run(tmp_path, "create", "studio 一")
    assert made.exit_code == 0
    assert re.fullmatch(r"mby_[A-Za-z0-9_-]{43}", key_of(made))
    assert opens(tmp_path, key_of(made)) == "studio 一"


def test_a_key_is_not_in_the_data_folder_in_clear(tmp_path: Path) -> None:
    key = key_of(run(tmp_path, "create", "mine"))
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert key.encode() not in path.read_bytes()
            assert path.stat().st_mode & 0o077 == 0


def test_a_list_shows_limits_and_states_and_no_secret(tmp_path: Path) -> None:
    key = key_of(run(tmp_path, "create", "mine", "--allowance", "7", "--in-flight", "2", "--expires", "30d"))
    run(tmp_path, "create", "other")
    run(tmp_path, "revoke", "other")
    shown = run(tmp_path, "list").stdout
    assert "mine" in shown
    assert "works until" in shown
    assert "revoked" in shown
    assert key not in shown
    assert "whsec_" not in shown


def test_a_revoked_key_opens_nothing(tmp_path: Path) -> None:
    key = key_of(run(tmp_path, "create", "mine"))
    run(tmp_path, "revoke", "mine")
    with pytest.raises(UnknownKey):
        opens(tmp_path, key)
    with pytest.raises(NotFound):
        run(tmp_path, "revoke", "mine")


def test_a_rotated_key_opens_with_the_new_secret_alone(tmp_path: Path) -> None:
    old = key_of(run(tmp_path, "create", "mine"))
    new = key_of(run(tmp_path, "rotate", "mine"))
    assert opens(tmp_path, new) == "mine"
    with pytest.raises(UnknownKey):
        opens(tmp_path, old)


def test_two_keys_of_one_name_are_told_apart_by_their_ids(tmp_path: Path) -> None:
    run(tmp_path, "create", "mine")
    second = run(tmp_path, "create", "mine")
    with pytest.raises(InvalidInput, match="the name of 2 keys"):
        run(tmp_path, "revoke", "mine")
    found = re.search(r"its id is (\w+)", second.stdout)
    assert found
    assert run(tmp_path, "revoke", found[1]).exit_code == 0


@pytest.mark.parametrize(
    "words", [["", "30d"], ["x" * 101, "30d"], ["a\x07b", "30d"], ["a", "soon"], ["a", "0d"]]
)
def test_a_name_or_time_that_cannot_be_is_refused(tmp_path: Path, words: list[str]) -> None:
    with pytest.raises(InvalidInput):
        run(tmp_path, "create", words[0], "--expires", words[1])


def test_nobody_is_let_in_without_a_key(tmp_path: Path) -> None:
    with pytest.raises(NoKey):
        opens(tmp_path, "")
