"""Unmixing front and back, on mixtures whose parts are known."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from muybridge.puppet.sight.foreground import front_and_back

HEIGHT, WIDTH = 160, 200


def cloth(seed: int, base: tuple[float, float, float], grain: float, height: int, width: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.normal(size=(height, width, 3)).astype(np.float32), (0, 0), grain)
    return np.clip(np.array(base, np.float32) + 0.05 * noise / noise.std(), 0, 1)


def hairy_disc(height: int = HEIGHT, width: int = WIDTH, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.normal(size=(height, width)).astype(np.float32), (0, 0), 1.2)
    y, x = np.mgrid[0:height, 0:width]
    depth = 0.3 * height - np.hypot(x - width / 2, y - height / 2)
    return np.clip(0.5 + (depth + 5 * noise / noise.std()) / 12, 0, 1).astype(np.float32)


def mixture(height: int = HEIGHT, width: int = WIDTH) -> tuple[np.ndarray, ...]:
    matte = hairy_disc(height, width)
    front = cloth(1, (0.4, 0.26, 0.16), 3, height, width)
    back = cloth(2, (0.7, 0.76, 0.84), 12, height, width)
    mixed = matte[..., None] * front + (1 - matte[..., None]) * back
    return np.rint(mixed * 255).astype(np.uint8), matte, front, back


def test_front_and_back_are_found_several_times_better_than_taking_the_picture_for_either() -> None:
    rgb, matte, front, back = mixture()
    found_front, found_back = (part / 255 for part in front_and_back(rgb, matte))
    edge = (matte > 0.02) & (matte < 0.98)
    naive = np.abs(rgb / 255 - front)[edge].mean()
    assert np.abs(found_front - front)[edge].mean() < naive / 6
    assert np.abs(found_back - back)[edge].mean() < np.abs(rgb / 255 - back)[edge].mean() / 6


def test_mixed_again_they_are_the_picture() -> None:
    rgb, matte, _, _ = mixture()
    front, back = front_and_back(rgb, matte)
    again = matte[..., None] * front + (1 - matte[..., None]) * back
    assert np.abs(again - rgb).max() < 6
    assert np.abs(again - rgb).mean() < 0.8


def test_a_picture_larger_than_what_is_solved_is_explained_as_well() -> None:
    rgb, matte, front, _ = mixture(900, 1100)
    found, back = front_and_back(rgb, matte)
    edge = (matte > 0.02) & (matte < 0.98)
    assert np.abs(found / 255 - front)[edge].mean() < np.abs(rgb / 255 - front)[edge].mean() / 4
    assert np.abs(matte[..., None] * found + (1 - matte[..., None]) * back - rgb).mean() < 0.8


def test_where_all_is_subject_the_front_is_the_picture_to_the_last_bit() -> None:
    rgb, matte, _, _ = mixture()
    front, _ = front_and_back(rgb, matte)
    assert np.array_equal(front[matte > 0.995], rgb[matte > 0.995])


def test_beyond_the_edge_the_front_goes_on_in_the_subjects_colour() -> None:
    rgb = np.full((200, 200, 3), (40, 90, 200), np.uint8)
    cv2.circle(rgb, (100, 100), 40, (220, 120, 30), -1)
    matte = np.zeros((200, 200), np.float32)
    cv2.circle(matte, (100, 100), 40, 1, -1)
    front, back = front_and_back(rgb, matte)
    ring = np.zeros((200, 200), np.uint8)
    cv2.circle(ring, (100, 100), 88, 1, -1)
    ring[matte > 0] = 0
    # 48 pixels out and 30 in
    assert np.abs(front[ring > 0].astype(int) - (220, 120, 30)).max() < 30
    assert np.abs(back[95:105, 95:105].astype(int) - (40, 90, 200)).max() < 30


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**31), st.sampled_from([0.0, 0.5, 1.0, None]))
def test_any_size_and_any_matte_gives_colours_of_that_size(
    height: int, width: int, seed: int, level: float | None
) -> None:
    rng = np.random.default_rng(seed)
    rgb = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    matte = rng.random((height, width), dtype=np.float32)
    if level is not None:
        matte[:] = level
    for part in front_and_back(rgb, matte):
        assert part.shape == rgb.shape
        assert part.dtype == np.uint8
