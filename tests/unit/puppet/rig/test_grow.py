"""A subject grown past the edges at which the photo cut it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faces import Array, Person, portrait
from muybridge.puppet.rig.grow import Grown, grow

QUICK = settings(max_examples=15, deadline=None)
WHOLE = Person(240, 240, (119.5, 80), 24, shoulders=2.4, foot=5.5)
# iod of 40 and shoulders 3.4 wide: the trunk runs off at both sides and at the bottom
CUT = Person(240, 240, (119.5, 92), 40, shoulders=3.4)
people = st.builds(
    Person,
    width=st.integers(100, 200),
    height=st.integers(100, 200),
    at=st.tuples(st.floats(30, 170), st.floats(20, 140)),
    iod=st.floats(12, 40),
    shoulders=st.floats(1.6, 3.6),
    foot=st.sampled_from([4.5, 99.0]),
)


def grown(person: Person) -> Grown:
    seen = portrait(person)
    return grow(seen.foreground, seen.matte)


def part(whole: Grown, person: Person) -> tuple[Array, Array]:
    """The picture's own part of what was grown: colour and matte."""
    own = np.s_[: person.height, whole.left : whole.left + person.width]
    return whole.colour[own], whole.matte[own]


def test_a_subject_that_is_not_cut_is_given_back() -> None:
    seen, whole = portrait(WHOLE), grown(WHOLE)
    assert (whole.colour == seen.foreground).all()
    assert (whole.matte == seen.matte).all()
    assert whole.left == 0


@QUICK
@given(people)
def test_growing_leaves_the_picture_s_own_part_as_it_is(person: Person) -> None:
    seen = portrait(person)
    colour, matte = part(grown(person), person)
    assert (colour == seen.foreground).all()
    assert (matte == seen.matte)[:, 3:-3].all()
    assert (matte >= seen.matte).all()


def test_a_matte_that_fades_at_the_border_leaves_no_seam() -> None:
    seen = portrait(CUT)
    faded = seen.matte.copy()
    faded[:, [0, -1]] *= 0.5
    whole = grow(seen.foreground, faded)
    across = whole.matte[CUT.height - 10, whole.left - 9 : whole.left + CUT.width + 9]
    assert across.min() > 0.95


@QUICK
@given(people)
def test_what_is_grown_at_a_side_fades_outward_to_nothing(person: Person) -> None:
    whole = grown(person)
    left, right = whole.matte[:, : whole.left][:, ::-1], whole.matte[:, whole.left + person.width :]
    for outside in (left, right):
        if outside.shape[1]:
            assert (np.diff(outside, axis=1) <= 1e-6).all()
            assert outside[:, -1].max() < 0.35
    assert whole.matte.min() >= 0
    assert whole.matte.max() < 1 + 1e-5


@QUICK
@given(people)
def test_no_side_of_what_was_grown_is_a_cut(person: Person) -> None:
    whole = grown(person)
    for side in (whole.matte[:, 0], whole.matte[:, -1]):
        assert (side > 0.35).mean() < 0.05


def test_a_cut_shoulder_goes_on_where_it_was_going() -> None:
    whole = grown(CUT)
    assert whole.left > 50
    inside, outside = whole.matte[:, whole.left], whole.matte[:, whole.left - 4]
    tops = [int((column > 0.5).argmax()) for column in (inside, outside)]
    # down along the shoulder's slope, within a few rows
    assert 0 <= tops[1] - tops[0] < 14


def test_what_is_grown_wears_the_cloth_beside_it() -> None:
    whole, seen = grown(CUT), portrait(CUT)
    row = CUT.height - 12
    beside = whole.colour[row, whole.left - 6].astype(int)
    assert np.abs(beside - seen.foreground[row, 3]).max() < 20


def test_a_trunk_cut_at_the_bottom_goes_on_downward() -> None:
    whole = grown(CUT)
    assert whole.matte.shape[0] > 1.15 * CUT.height
    below = whole.matte[CUT.height :, whole.left + 60 : whole.left + 180]
    assert below.min() > 0.9
    cloth = whole.colour[CUT.height :, whole.left + 60 : whole.left + 180].astype(int)
    assert np.abs(cloth - whole.colour[CUT.height - 2, whole.left + 120].astype(int)).max() < 70


@pytest.mark.parametrize("person", [CUT, Person(240, 240, (60, 92), 40), Person(200, 260, (150, 90), 40)])
def test_a_mirrored_subject_grows_mirrored(person: Person) -> None:
    seen = portrait(person)
    one = grow(seen.foreground, seen.matte)
    two = grow(np.ascontiguousarray(seen.foreground[:, ::-1]), np.ascontiguousarray(seen.matte[:, ::-1]))
    np.testing.assert_allclose(two.matte[:, ::-1], one.matte, atol=1e-4)
    assert one.matte.shape[1] - person.width - one.left == two.left
    unlike = np.abs(two.colour[:, ::-1].astype(int) - one.colour)[: person.height]
    assert unlike.mean() < 1
    assert np.quantile(unlike, 0.99) <= 6


def test_a_drawing_goes_on_downward_in_its_last_rows_own_flat_colours() -> None:
    colour = np.full((50, 40, 3), (210, 60, 58), np.uint8)
    colour[:, 10] = (30, 28, 30)
    grown = grow(colour, np.ones((50, 40), np.float32), drawn=True)
    below = grown.colour[50:, grown.left : grown.left + 40]
    assert len(below) > 0
    assert np.array_equal(below, np.repeat(colour[-1:], len(below), 0))
