"""The controls' limits, and the page that tells of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muybridge.puppet.rig.controls import LIMITS, Pose

ROOT = Path(__file__).parents[4]
PAGE = ROOT / "docs" / "reference" / "controls.md"
PUPPET = ROOT / "src" / "muybridge" / "puppet"


def rows() -> dict[str, list[str]]:
    """Each control of the page's table with its row: range, what it moves, drawn in, source."""
    told: dict[str, list[str]] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            assert len(cells) == 5, line
            told |= dict.fromkeys(re.findall(r"`(\w+)`", cells[0]), cells[1:])
    return told


def test_the_page_tells_of_every_control_and_of_no_other() -> None:
    assert list(rows()) == list(LIMITS)


@pytest.mark.parametrize("name", LIMITS)
def test_the_page_tells_a_control_s_true_range_and_where_it_is_drawn(name: str) -> None:
    reach, moves, module, source = rows()[name]
    assert reach == "{:g} to {:g}".format(*LIMITS[name])
    assert len(moves) > 5
    assert len(source) > 3
    drawn = (PUPPET / module.strip("`")).read_text(encoding="utf-8")
    assert name.split("_", maxsplit=1)[0] in drawn


@settings(deadline=None, max_examples=40)
@given(st.fixed_dictionaries({name: st.floats(-1e6, 1e6) for name in LIMITS}))
def test_any_pose_is_held_within_the_limits_and_one_within_is_left_alone(controls: dict[str, float]) -> None:
    held = Pose(**controls).bounded()
    assert all(low <= getattr(held, name) <= high for name, (low, high) in LIMITS.items())
    assert held.bounded() == held
    assert all(
        getattr(held, name) == value
        for name, value in controls.items()
        if LIMITS[name][0] <= value <= LIMITS[name][1]
    )
