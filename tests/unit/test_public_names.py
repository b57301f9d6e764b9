from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import muybridge

# A name that is taken away here breaks somebody's program: say so in the changelog.
PUBLIC = {
    "Action", "AsyncClient", "Beat", "CameraMove", "Client", "Engine", "FrameRate", "Health", "Made",
    "ModelCard", "MuybridgeError", "Order", "Seconds", "Size", "Storyboard", "Subject", "__version__", "plan",
}  # fmt: skip


def test_the_public_names_are_these() -> None:
    assert set(muybridge.__all__) == PUBLIC
    assert set(dir(muybridge)) == PUBLIC


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_name_can_be_had_and_says_what_it_is(name: str) -> None:
    value = getattr(muybridge, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        assert (value.__doc__ or "").strip()
        assert value.__name__ == name


def test_a_name_that_is_not_public_is_refused_by_name() -> None:
    with pytest.raises(AttributeError, match="no public name 'Manager'"):
        _ = muybridge.Manager  # type: ignore[attr-defined]


def test_importing_the_package_loads_nothing() -> None:
    code = "import sys, muybridge; print(sorted(m for m in sys.modules if m.startswith('muybridge.')))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.strip() == "[]"
