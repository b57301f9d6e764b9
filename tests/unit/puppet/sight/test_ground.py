"""Plain grounds, as drawings have."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

import characters
from muybridge.puppet.sight.ground import plain_ground

KINDS = [characters.person, characters.robot, characters.animal]


@pytest.mark.parametrize("draw", KINDS)
def test_a_drawing_on_paper_is_told_from_it_to_about_a_pixel(draw) -> None:
    drawing = draw(ground=characters.paper)
    cover = plain_ground(drawing.rgb, drawing.cover)
    assert np.abs(cover - drawing.cover).mean() < 0.005


@pytest.mark.parametrize("draw", KINDS)
def test_a_drawing_in_a_landscape_has_no_plain_ground(draw) -> None:
    drawing = draw(ground=characters.meadow)
    assert plain_ground(drawing.rgb, drawing.cover) is None


def test_white_clothes_within_a_line_stay_whole() -> None:
    rgb = np.full((300, 300, 3), 250, np.uint8)
    cv2.circle(rgb, (150, 150), 80, (20, 20, 20), 4)
    cover = plain_ground(rgb, np.zeros((300, 300), np.float32))
    assert cover[150, 150] == 1
    assert cover[20, 20] == 0


def test_a_light_subject_that_the_flood_runs_into_is_left_to_the_networks() -> None:
    rgb = np.full((300, 300, 3), 250, np.uint8)
    cv2.circle(rgb, (150, 150), 80, (246, 247, 247), -1)
    cv2.circle(rgb, (150, 120), 20, (30, 30, 30), -1)
    seen = np.zeros((300, 300), np.float32)
    cv2.circle(seen, (150, 150), 80, 1, -1)
    assert plain_ground(rgb, seen) is None


def test_a_picture_of_one_colour_has_a_ground_and_nobody_on_it() -> None:
    assert plain_ground(np.full((200, 200, 3), 128, np.uint8), np.zeros((200, 200), np.float32)) is None
