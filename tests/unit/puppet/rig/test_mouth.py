"""The mouth of a drawn face: closed lips in one colour, and what shows when they part."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faces import SKIN, Array, Person, portrait
from muybridge.puppet.rig.mouth import Mouth

QUICK = settings(max_examples=25, deadline=None)
HER = Person(280, 300, (140, 96), 80)
TILTS = (0.0, 20.0, -20.0)


@cache
def mouth(tilt: float = 0.0) -> Mouth:
    seen = portrait(replace(HER, tilt=tilt))
    return Mouth(seen.foreground, seen.faces[0].points)


@cache
def open_mouth() -> Mouth:
    """A mouth that the picture shows open, white between its lips."""
    person, points = HER, HER.points
    seen = portrait(person)
    lower = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308]
    points[lower[1:-1], 1] += 0.10 * person.iod
    rgb = seen.foreground.copy()
    upper = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308]
    # up to the corners, where a mouth is dark
    between = np.vstack([points[upper[2:-2], :2], points[lower[2:-2][::-1], :2]])
    cv2.fillPoly(rgb, [np.rint(between * 16).astype(np.int32)], (240, 240, 240), cv2.LINE_8, 4)
    return Mouth(rgb, points)


def shown(patch: Array) -> Array:
    """Where own teeth show: paler than skin. Shapes: (h, w) bool."""
    return (patch[..., 2].astype(int) > SKIN[2] + 12) & (patch[..., 0] > 150)


def made(patch: Array) -> Array:
    """Where made teeth show: neither skin's nor lips' tint, and light. Shapes: (h, w) bool."""
    red, leaf, blue = (patch[..., k].astype(int) for k in range(3))
    return (leaf > 110) & (red - blue < 62)


@pytest.mark.parametrize("tilt", TILTS)
def test_a_mouth_at_rest_is_the_picture_s_own(tilt: float) -> None:
    one = mouth(tilt)
    x0, y0, x1, y1 = one.box
    assert (one.draw(0.0) == portrait(replace(HER, tilt=tilt)).foreground[y0:y1, x0:x1]).all()
    assert not one.shows_inside


@pytest.mark.parametrize("tilt", TILTS)
def test_a_jaw_that_drops_opens_a_gap_that_only_grows(tilt: float) -> None:
    gaps = [
        float((np.abs(mouth(tilt).draw(j).astype(int) - mouth(tilt).rest).max(-1) > 30).sum())
        for j in np.linspace(0, 1, 9)
    ]
    assert (np.diff(gaps) >= -3).all()
    assert gaps[-1] > 400


def test_teeth_hang_from_the_upper_lip_of_an_opened_mouth() -> None:
    one = mouth()
    wide = one.draw(1.0)
    teeth = np.argwhere(made(wide) & ~made(one.rest))
    gap = np.argwhere(np.abs(wide.astype(int) - one.rest).max(-1) > 60)
    assert len(teeth) > 60
    assert teeth[:, 0].mean() < gap[:, 0].mean()


def test_a_bite_shows_teeth_without_the_jaw() -> None:
    assert (made(mouth().draw(0.0, 1.0)) & ~made(mouth().rest)).sum() > 30


def test_teeth_are_no_paler_than_the_light_on_the_skin_allows() -> None:
    dim = portrait(HER)
    shaded = Mouth((dim.foreground * 0.5).astype(np.uint8), dim.faces[0].points)
    assert int(shaded.draw(1.0).max()) < 0.62 * 255


def test_a_picture_s_own_teeth_stay_where_they_are_when_the_jaw_drops() -> None:
    one = open_mouth()
    assert one.shows_inside
    before, after = shown(one.rest), shown(one.draw(0.6))
    assert before.sum() > 60
    assert (before & after).sum() > 0.6 * before.sum()


def test_an_open_mouth_pressed_shut_hides_its_teeth() -> None:
    one = open_mouth()
    assert shown(one.rest).sum() > 60
    assert shown(one.draw(-1.0)).sum() < 0.01 * shown(one.rest).sum()


@pytest.mark.parametrize("tilt", TILTS)
@QUICK
@given(jaw=st.floats(-1, 1), bite=st.floats(0, 1))
def test_the_rim_of_the_mouth_s_patch_never_changes(tilt: float, jaw: float, bite: float) -> None:
    one = mouth(tilt)
    drawn, rim = one.draw(jaw, bite), np.ones(one.rest.shape[:2], bool)
    rim[2:-2, 2:-2] = False
    assert drawn.shape == one.rest.shape
    assert np.abs(drawn.astype(int) - one.rest)[rim].max() <= 1


def test_a_symmetric_mouth_opens_symmetrically() -> None:
    one = mouth()
    wide, (x0, _, x1, _) = one.draw(1.0).astype(int), one.box
    across = 2 * (140 - x0) - np.arange(x1 - x0)
    both = (across >= 0) & (across < x1 - x0)
    assert both.mean() > 0.9
    unlike = np.abs(wide[:, both] - wide[:, across[both]])
    assert np.quantile(unlike, 0.99) < 25
    assert unlike.mean() < 1
