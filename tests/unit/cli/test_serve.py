"""What `muybridge serve` refuses before it starts anything."""

import subprocess
import sys
from pathlib import Path

import pytest

SERVE = [sys.executable, "-c", "from muybridge.cli.main import main; main()", "serve", "--port", "0"]


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--tls-cert", "nowhere.pem"], "nowhere.pem with no key of its own (No such file"),
        (["--tls-key", "key.pem"], "--tls-cert: got nothing beside --tls-key"),
        (["--tls-cert", "words.txt", "--tls-key", "words.txt"], "a certificate and its key in PEM"),
    ],
)
def test_tls_that_cannot_be_had_is_said_in_one_line_and_nothing_is_started(
    tmp_path: Path, flags: list[str], said: str
) -> None:
    (tmp_path / "words.txt").write_text("no certificate\n")
    data = tmp_path / "data"
    ended = subprocess.run(
        [*SERVE, "--data", str(data), *flags],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (data / "run").exists()
