"""The bench for GPUs counts what the published figures count, and its small form runs here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.gpu

BENCH = Path(__file__).parent.parent.parent / "bench" / "gpu.py"


@pytest.mark.parametrize(
    ("name", "petaflop"),
    [("1.3B-480p", 0.462), ("1.3B-720p", 2.049), ("14B-480p", 2.179), ("14B-720p", 8.519)],
)
def test_a_forward_costs_what_the_models_size_says(name: str, petaflop: float) -> None:
    import gpu

    (case,) = (case for case in gpu.FULL if case.name == name)
    assert case.flops / 1e15 == pytest.approx(petaflop, rel=0.001)


def test_the_small_form_measures_tiny_models_on_the_cpu() -> None:
    words = [sys.executable, str(BENCH), "--small", "--rounds", "1", "--only", "96x160"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    row = done.stdout.splitlines()[-1]
    assert row.startswith("| tiny-96x160 |")
    assert "CPU, one thread" in done.stdout
