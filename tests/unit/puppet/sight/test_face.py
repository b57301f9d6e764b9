"""Which of several faces acts."""

from __future__ import annotations

import numpy as np
import pytest

from characters import face_at
from muybridge.puppet.sight.coverage import around_body, roll_of
from muybridge.puppet.sight.crops import Square, Upright
from muybridge.puppet.sight.face import prominence

PICTURE = np.zeros((1000, 1600, 3), np.uint8)


def test_the_larger_of_two_faces_is_more_prominent() -> None:
    assert prominence(face_at(300, 300, 200, 250), 1600, 1000) > prominence(
        face_at(700, 300, 120, 150), 1600, 1000
    )


def test_of_two_equal_faces_the_one_in_the_middle_is_more_prominent() -> None:
    assert prominence(face_at(750, 400, 100, 120), 1600, 1000) > prominence(
        face_at(20, 20, 100, 120), 1600, 1000
    )


def test_a_small_face_in_a_large_picture_is_looked_at_with_its_whole_body() -> None:
    view = around_body(PICTURE, face_at(800, 200, 40, 50), 0.0)
    assert isinstance(view, Upright)
    assert view.left < 700
    assert view.left + view.width > 940
    assert view.top + view.height > 600


def test_a_portraits_body_is_the_whole_picture() -> None:
    assert around_body(PICTURE, face_at(600, 200, 400, 500), 0.0) is None


def test_a_tilted_bodys_view_is_turned_and_lies_below_the_face() -> None:
    view = around_body(PICTURE, face_at(800, 400, 40, 50), np.pi / 2)
    assert isinstance(view, Square)
    # lying with the feet to the left: turned a quarter clockwise, down is left
    assert view.x < 700
    assert view.y == pytest.approx(425)


def test_a_level_face_has_no_roll() -> None:
    assert roll_of(face_at(0, 0, 100, 120)) == pytest.approx(0)
