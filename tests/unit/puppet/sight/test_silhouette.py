"""One subject, whole, without its neighbours."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from characters import face_at
from muybridge.puppet.sight.silhouette import face_mask, outline, silhouette_of

SIZE = 400
FACE = face_at(160, 60, 80, 100)


def figure(x: int = 200) -> np.ndarray:
    """Head and shoulders, down to the lower edge."""
    cover = np.zeros((SIZE, SIZE), np.float32)
    cv2.ellipse(cover, (x, 110), (55, 75), 0, 0, 360, 1, -1)
    cv2.rectangle(cover, (x - 90, 200), (x + 90, SIZE), 1, -1)
    cv2.rectangle(cover, (x - 25, 160), (x + 25, 210), 1, -1)
    return cover


def room() -> np.ndarray:
    return np.full((SIZE, SIZE, 3), (90, 120, 150), np.uint8)


def test_islands_are_left_to_the_background() -> None:
    cover = figure()
    cv2.circle(cover, (350, 60), 30, 1, -1)
    shape = silhouette_of(room(), cover, (FACE,))
    assert shape.found
    assert shape.solid[60, 350] == 0
    assert shape.cover[60, 350] == 0
    assert shape.solid[300, 200] == 1


def test_the_piece_with_the_face_is_kept_though_another_is_larger() -> None:
    cover = np.zeros((SIZE, SIZE), np.float32)
    cv2.ellipse(cover, (200, 110), (50, 60), 0, 0, 360, 1, -1)
    cv2.rectangle(cover, (0, 260), (SIZE, SIZE), 1, -1)
    shape = silhouette_of(room(), cover, (FACE,))
    assert shape.solid[110, 200] == 1
    assert shape.solid[350, 200] == 0


def test_without_a_face_the_largest_piece_near_the_middle_is_kept() -> None:
    cover = np.zeros((SIZE, SIZE), np.float32)
    cv2.circle(cover, (210, 200), 60, 1, -1)
    cv2.circle(cover, (30, 30), 64, 1, -1)
    solid = silhouette_of(room(), cover, ()).solid
    assert solid[200, 210] == 1
    assert solid[30, 30] == 0


def test_a_face_that_the_networks_half_missed_is_whole() -> None:
    cover = figure()
    cover[80:120, 190:215] = 0  # glasses that mirror a window
    cover[60:70, 150:250] = 0
    shape = silhouette_of(room(), cover, (FACE,))
    assert shape.solid[face_mask(FACE, cover.shape) > 0].all()
    assert shape.cover[100, 200] > 0.9


def test_a_small_hole_in_the_body_is_filled() -> None:
    cover = figure()
    cv2.circle(cover, (200, 300), 6, 0, -1)
    assert silhouette_of(room(), cover, (FACE,)).solid[300, 200] == 1


@pytest.mark.parametrize(("colour", "open_"), [((90, 120, 150), True), ((230, 230, 235), False)])
def test_a_large_hole_stays_open_only_where_it_shows_the_background(
    colour: tuple[int, int, int], open_: bool
) -> None:
    cover, rgb = figure(), room()
    rgb[cover > 0] = (220, 210, 220)
    cv2.circle(cover, (230, 300), 26, 0, -1)
    cv2.circle(rgb, (230, 300), 26, colour, -1)
    assert silhouette_of(rgb, cover, (FACE,)).solid[300, 230] == (0 if open_ else 1)


def test_of_two_people_side_by_side_only_the_first_face_is_cut_out() -> None:
    rgb = room()
    left, right = figure(120), figure(285)
    rgb[left > 0] = (200, 60, 60)
    rgb[right > 0] = (60, 60, 200)
    faces = (face_at(80, 60, 80, 100), face_at(245, 60, 80, 100))
    solid = silhouette_of(rgb, np.maximum(left, right), faces).solid
    assert solid[300, 100] == 1
    assert solid[110, 285] == 0
    assert solid[320, 330] == 0


@pytest.mark.parametrize("level", [0.0, 0.3, 1.0])
def test_networks_that_see_nothing_or_everything_are_replaced_by_an_outline(level: float) -> None:
    shape = silhouette_of(room(), np.full((SIZE, SIZE), level, np.float32), (FACE,))
    assert not shape.found
    assert 0.1 < shape.solid.mean() < 0.9


def test_networks_that_miss_the_face_are_not_believed() -> None:
    cover = np.zeros((SIZE, SIZE), np.float32)
    cover[300:] = 1
    assert not silhouette_of(room(), cover, (FACE,)).found


def test_the_made_up_outline_holds_the_face_and_leaves_ground_on_both_sides() -> None:
    shape = outline((SIZE, SIZE), FACE)
    assert shape.solid[face_mask(FACE, (SIZE, SIZE)) > 0].all()
    assert shape.cover[20, 20] < 0.01
    assert shape.cover[20, SIZE - 20] < 0.01
    assert shape.cover[SIZE - 1, 200] > 0.9


def test_half_believed_things_that_enter_from_the_side_are_not_hers() -> None:
    cover = figure()
    cover[220:, :105] = np.maximum(cover[220:, :105], 0.7)
    shape = silhouette_of(room(), cover, (FACE,))
    assert shape.cover[300, 50] < 0.1
    assert shape.solid[300, 150] == 1


def test_deep_inside_doubt_is_taken_away() -> None:
    cover = figure()
    cover[300:340, 180:220] = 0.6
    assert silhouette_of(room(), cover, (FACE,)).cover[320, 200] > 0.95
