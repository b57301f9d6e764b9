"""Anchors, parts and the joining of answers; the network itself is met in test_samples."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from muybridge.puppet.sight.crops import Square
from muybridge.puppet.sight.detect import ANCHORS, PIXELS, Detection, detect_in, distinct, parts, same_place

BLANK = np.zeros((200, 300, 3), np.uint8)


def told(anchor: int, size: float = 40.0, logit: float = 4.0):
    """A network that answers with one box, centred on one anchor."""

    def net(_given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        raw = np.zeros((896, 16), np.float32)
        raw[anchor, 2:4] = size
        raw[anchor, 4:] = np.arange(12)
        logits = np.full(896, -9, np.float32)
        logits[anchor] = logit
        return raw.ravel(), logits

    return net


def found(x: float, y: float, size: float, score: float = 0.9) -> Detection:
    return Detection((x, y, size, size), np.zeros((6, 2), np.float32), score)


def test_the_anchors_are_two_a_cell_on_the_fine_grid_and_six_on_the_coarse() -> None:
    assert ANCHORS.shape == (896, 2)
    assert ANCHORS[0].tolist() == ANCHORS[1].tolist() == [0.5 / 16, 0.5 / 16]
    assert ANCHORS[2].tolist() == [1.5 / 16, 0.5 / 16]
    assert ANCHORS[512:518].tolist() == [[0.0625, 0.0625]] * 6
    assert ANCHORS[-1].tolist() == [0.9375, 0.9375]


def test_a_box_lands_in_the_picture_where_its_anchor_lies_in_the_square() -> None:
    (seen,) = detect_in(BLANK, Square(149.5, 99.5, 256), told(0))
    x, y, width, height = seen.box
    # the anchor of half a cell: 4 of 128 pixels, of 2 picture pixels each, from the square's edge
    assert (x + width / 2, y + height / 2) == (149.5 - 128 + 8, 99.5 - 128 + 8)
    assert (width, height) == (80, 80)
    assert seen.keypoints.shape == (6, 2)


def test_nothing_sure_is_nothing_found() -> None:
    assert detect_in(BLANK, Square(100, 100, PIXELS), told(7, logit=-0.1)) == []


def test_answers_about_one_face_are_blended_and_those_about_two_are_not() -> None:
    def net(_given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        raw = np.zeros((896, 16), np.float32)
        raw[:, 2:4] = 20
        logits = np.full(896, -9, np.float32)
        logits[[0, 1, 3, 500]] = 3
        return raw.ravel(), logits

    boxes = detect_in(BLANK, Square(63.5, 63.5, PIXELS), net)
    assert len(boxes) == 2


def test_absurd_logits_and_empty_boxes_do_no_harm() -> None:
    (seen,) = detect_in(BLANK, Square(100, 100, 64), told(3, size=0.0, logit=1e9))
    assert seen.box[2:] == (0, 0)
    assert seen.score == 1.0


@given(st.integers(20, 400), st.integers(20, 400), st.integers(2, 7))
def test_the_parts_cover_every_pixel(width: int, height: int, split: int) -> None:
    hit = np.zeros((height, width), bool)
    for part in parts(np.zeros((height, width, 3), np.uint8), split):
        left, top = part.x - part.side / 2, part.y - part.side / 2
        hit[max(0, round(top)) : round(top + part.side), max(0, round(left)) : round(left + part.side)] = True
    assert hit.all()


def test_of_two_answers_for_one_face_the_surer_is_kept() -> None:
    kept = distinct([found(10, 10, 50, 0.6), found(14, 12, 50, 0.9), found(200, 10, 50, 0.7)])
    assert [one.score for one in kept] == [0.9, 0.7]


def test_a_small_box_inside_a_large_one_is_the_same_place_and_a_neighbour_is_not() -> None:
    assert same_place((0, 0, 100, 100), (30, 30, 20, 20))
    assert not same_place((0, 0, 100, 100), (90, 0, 100, 100))
    assert not same_place((0, 0, 10, 10), (50, 50, 10, 10))
