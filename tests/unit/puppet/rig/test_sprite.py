"""The sprite at its sizes: cut out, enlarged without ringing, shrunk without moving."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faces import Array, Person, portrait
from muybridge.puppet.rig.anatomy import FaceFrame
from muybridge.puppet.rig.controls import Pose
from muybridge.puppet.rig.pyramid import MOST_LEVELS, Level, Pyramid
from muybridge.puppet.rig.sprite import MOST_PIXELS, cut_out, enlarge

QUICK = settings(max_examples=20, deadline=None)
HER = Person(160, 160, (80, 60), 26)


def edge(width: int = 60) -> Array:
    """Dark left, light right."""
    picture = np.full((40, width, 3), 60, np.uint8)
    picture[:, width // 2 :] = 200
    return picture


def test_a_sprite_at_its_picture_s_size_is_the_picture() -> None:
    sprite, seen = cut_out(portrait(HER), 1.0), portrait(HER)
    left = round(sprite.left)
    own = sprite.rgba[:160, left : left + 160]
    assert (own[..., :3] == seen.foreground).all()
    inside = seen.matte >= 0.02
    assert np.abs(own[..., 3] - np.rint(seen.matte * 255))[inside].max() <= 1
    np.testing.assert_allclose(sprite.points[:, :2], HER.points[:, :2] + [left, 0], atol=1e-3)


@pytest.mark.parametrize("closest", [0.5, 1.7, 2.5])
def test_a_larger_sprite_has_its_landmarks_at_their_places(closest: float) -> None:
    sprite = cut_out(portrait(HER), closest)
    assert sprite.scale == pytest.approx(closest)
    assert FaceFrame.of(sprite.points).iod == pytest.approx(26 * closest, rel=0.01)
    x, y = np.rint(sprite.points[468, :2]).astype(int)
    around = sprite.rgba[y - 1 : y + 2, x - 1 : x + 2, :3].astype(int)
    assert around.max(-1).min() < 60  # the pupil


def test_no_sprite_is_larger_than_the_memory_it_may_take() -> None:
    sprite = cut_out(portrait(HER), 40.0)
    assert sprite.size[0] * sprite.size[1] <= MOST_PIXELS * 1.02


@pytest.mark.parametrize("growth", [1.3, 2, 3])
def test_an_enlarged_edge_gains_no_bright_or_dark_rim(growth: float) -> None:
    large = enlarge(edge(), (round(60 * growth), round(40 * growth)))
    assert large.min() >= 60 - 9
    assert large.max() <= 200 + 9
    row = large[large.shape[0] // 2, :, 0].astype(int)
    assert np.diff(row).min() >= -17  # the slack it is let, both ways
    assert ((row > 90) & (row < 170)).sum() <= 1 + growth  # and stays an edge


@QUICK
@given(st.integers(0, 255), st.floats(0.4, 3))
def test_a_plain_picture_stays_plain_at_any_size(level: int, growth: float) -> None:
    size = (round(40 * growth), round(30 * growth))
    large = enlarge(np.full((30, 40, 3), level, np.uint8), size)
    assert large.shape == (size[1], size[0], 3)
    assert np.abs(large.astype(int) - level).max() <= 1


@QUICK
@given(st.floats(0.02, 3))
def test_a_subject_farther_off_is_never_sampled_from_a_larger_level(shrink: float) -> None:
    pyramid = Pyramid(np.zeros((40, 40, 4), np.uint8), None)
    here, farther = pyramid.index(shrink), pyramid.index(shrink * 0.8)
    assert 0 <= here <= farther <= MOST_LEVELS
    if shrink >= 1:
        assert here == 0
    elif here < MOST_LEVELS:  # no finer than is seen, and not half an octave coarser
        assert 2 ** (-here / 4) / shrink < 2**0.5
        assert 2 ** (-here / 4) / shrink > 0.85


@pytest.mark.parametrize("factor", [1.0, 0.7, 0.5, 0.3])
def test_every_level_shows_the_face_at_the_same_place(factor: float) -> None:
    sprite = cut_out(portrait(Person(240, 240, (119.5, 92), 60)), 1.0)
    level = Level(sprite.rgba, sprite.points, factor)
    green = level.rgba[..., 1].astype(int) - level.rgba[..., [0, 2]].max(-1)
    y, x = (green > 25).nonzero()
    middle = (np.array([x.mean(), y.mean()]) + 0.5) / level.scale - 0.5
    wanted = sprite.points[[468, 473], :2].mean(0)
    np.testing.assert_allclose(middle, wanted, atol=2.0)
    for side, eye in level.eyes.items():
        x0, y0, x1, y1 = eye.box
        iris = (sprite.points[468 if side == "right" else 473, :2] + 0.5) * level.scale - 0.5
        assert x0 < iris[0] < x1
        assert y0 < iris[1] < y1
    pixels = level.rgba.copy()
    level.paint(Pose(lid_right=1, lid_left=1), pixels)
    shut = pixels[..., 1].astype(int) - pixels[..., [0, 2]].max(-1)
    assert (shut > 25).sum() < 0.03 * len(y)


def test_a_level_is_made_once() -> None:
    pyramid = Pyramid(np.zeros((40, 40, 4), np.uint8), None)
    assert pyramid.level(3) is pyramid.level(3)
