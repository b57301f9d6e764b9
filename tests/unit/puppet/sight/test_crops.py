"""Views and the way back."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.puppet.sight.crops import Square, Upright, crop, put_back, to_picture

WIDTH, HEIGHT = 256, 200
sides = st.floats(24, 400)
angles = st.floats(-3.1, 3.1)


def ramps() -> np.ndarray:
    """A picture whose red is its column and whose green is its row."""
    x, y = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    return np.stack([x, y, np.zeros_like(x)], axis=2).astype(np.uint8)


@given(sides, angles)
def test_a_crop_shows_what_lies_where_its_points_say(side: float, angle: float) -> None:
    view = Square(120, 100, side, angle)
    pixels = 32
    seen = crop(ramps(), view, pixels, replicate=True)
    columns, rows = np.meshgrid(np.arange(pixels) + 0.5, np.arange(pixels) + 0.5)
    places = to_picture(np.stack([columns, rows], axis=-1).astype(np.float32), view, pixels)
    inside = (places > 4).all(-1) & (places[..., 0] < WIDTH - 5) & (places[..., 1] < HEIGHT - 5)
    off = np.abs(seen[..., :2].astype(float) - places)[inside]
    # rounding, and the halving's means near a ramp's end
    assert off.size == 0 or off.max() < 1.1


@given(sides, sides)
def test_an_upright_view_stretches_its_rectangle_to_a_square(width: float, height: float) -> None:
    view = Upright(10, 20, width, height)
    corners = np.array([[0, 0], [64, 64]], np.float32)
    near, far = to_picture(corners, view, 64)
    assert near == pytest.approx([9.5, 19.5], abs=1e-3)
    assert far == pytest.approx([9.5 + width, 19.5 + height], abs=1e-3)


def test_depth_is_scaled_with_the_view_and_never_moved() -> None:
    points = np.array([[1, 2, 3], [4, 5, -6]], np.float32)
    assert to_picture(points, Square(50, 60, 512, 0.3), 256)[:, 2] == pytest.approx([6, -12])


def test_a_point_at_a_squares_middle_is_the_squares_centre_however_it_is_turned() -> None:
    for angle in np.linspace(-3, 3, 9):
        assert to_picture(np.array([[64, 64]], np.float32), Square(33, 44, 90, angle), 128)[
            0
        ] == pytest.approx([33, 44], abs=1e-4)


def test_outside_the_picture_is_black_or_its_border_as_asked() -> None:
    white = np.full((40, 40, 3), 255, np.uint8)
    far = Square(200, 200, 20)
    assert crop(white, far, 16, replicate=False).max() == 0
    assert crop(white, far, 16, replicate=True).min() == 255


def test_a_shrunk_crop_does_not_shimmer() -> None:
    checks = (np.indices((256, 256)).sum(axis=0) % 2 * 255).astype(np.uint8)
    seen = crop(np.dstack([checks] * 3), Square(127.5, 127.5, 256), 32, replicate=True)
    assert np.ptp(seen[1:-1, 1:-1].astype(int)) < 8


@given(angles)
def test_what_was_seen_is_laid_back_where_it_came_from(angle: float) -> None:
    picture = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.circle(picture, (130, 90), 30, 1, -1)
    view = Square(128, 100, 190, angle)
    seen = crop(np.dstack([picture * 255] * 3).astype(np.uint8), view, 128, replicate=True)[..., 0] / 255
    back = put_back(seen.astype(np.float32), view, WIDTH, HEIGHT)
    assert np.abs(back - picture).mean() < 0.01
