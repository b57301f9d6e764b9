"""The colour line model against its definition, written out the slow way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muybridge.puppet.sight.guided import ColourLines, solve_matte

seeds = st.integers(0, 2**31)
EPSILON = 1e-3


def random_pair(seed: int, height: int = 9, width: int = 11) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return (
        rng.random((height, width, 3), dtype=np.float32),
        rng.random((height, width), dtype=np.float32),
    )


def levin(guide: np.ndarray, radius: int) -> np.ndarray:
    """The matting Laplacian, entry by entry, from Levin's formula (with the window's own variance)."""
    height, width = guide.shape[:2]
    number = np.arange(height * width).reshape(height, width)
    laplacian = np.zeros((height * width, height * width))
    for y in range(height):
        for x in range(width):
            rows = slice(max(0, y - radius), y + radius + 1)
            columns = slice(max(0, x - radius), x + radius + 1)
            mine = number[rows, columns].ravel()
            off = guide[rows, columns].reshape(-1, 3).astype(float)
            off = off - off.mean(axis=0)
            inverse = np.linalg.inv(off.T @ off / len(mine) + EPSILON * np.eye(3))
            laplacian[np.ix_(mine, mine)] += np.eye(len(mine)) - (1 + off @ inverse @ off.T) / len(mine)
    return laplacian


@settings(max_examples=15, deadline=None)
@given(seeds, st.integers(1, 3))
def test_the_laplacian_is_levins_at_the_borders_too(seed: int, radius: int) -> None:
    guide, matte = random_pair(seed)
    expected = (levin(guide, radius) @ matte.ravel().astype(float)).reshape(matte.shape)
    got = ColourLines(guide, radius, EPSILON).laplacian(matte)
    assert got.dtype == np.float32
    assert np.abs(got - expected).max() < 2e-3


@given(seeds)
def test_the_laplacian_is_symmetric_never_negative_and_blind_to_constants(seed: int) -> None:
    guide, a = random_pair(seed)
    b = random_pair(seed + 1)[1]
    lines = ColourLines(guide, 2, EPSILON)
    assert float((a * lines.laplacian(b)).sum()) == pytest.approx(
        float((b * lines.laplacian(a)).sum()), abs=1e-2
    )
    assert float((a * lines.laplacian(a)).sum()) > -1e-3
    assert np.abs(lines.laplacian(np.full_like(a, 0.7))).max() < 1e-3


@given(seeds)
def test_a_matte_that_is_linear_in_colour_passes_the_filter_unchanged(seed: int) -> None:
    guide, _ = random_pair(seed)
    matte = guide @ np.array([0.5, -0.3, 0.2], np.float32) + np.float32(0.4)
    assert np.abs(ColourLines(guide, 2, 1e-6).filter(matte) - matte).max() < 5e-3


def test_on_a_flat_guide_the_filter_is_a_mean_of_means() -> None:
    guide = np.full((21, 21, 3), 0.5, np.float32)
    matte = np.zeros((21, 21), np.float32)
    matte[10, 10] = 1
    filtered = ColourLines(guide, 2, EPSILON).filter(matte)
    assert filtered.sum() == pytest.approx(1, abs=1e-4)
    assert filtered[10, 10] == pytest.approx(25 / 625, abs=1e-5)


def test_the_filter_snaps_a_blurred_edge_to_the_pictures() -> None:
    guide = np.zeros((40, 40, 3), np.float32)
    guide[:, 20:] = (0.9, 0.5, 0.2)
    truth = (guide[..., 0] > 0.5).astype(np.float32)
    blurred = np.clip((np.arange(40) - 12) / 16, 0, 1).astype(np.float32)[None].repeat(40, axis=0)
    filtered = ColourLines(guide, 8, 1e-5).filter(blurred)
    near = np.s_[5:-5, 18:22]
    assert np.abs(filtered - truth)[near].mean() < 0.6 * np.abs(blurred - truth)[near].mean()


def test_solving_finds_the_hairs_between_two_colours_from_scribbles_at_both_sides() -> None:
    rng = np.random.default_rng(3)
    truth = np.clip(1.4 - np.arange(60) / 30, 0, 1)[None].repeat(48, axis=0)
    truth = np.clip(truth + 0.35 * rng.normal(size=truth.shape) * (truth > 0) * (truth < 1), 0, 1)
    front, back = np.array([0.5, 0.3, 0.15]), np.array([0.6, 0.75, 0.9])
    guide = (truth[..., None] * front + (1 - truth[..., None]) * back).astype(np.float32)
    trust = np.zeros(truth.shape, np.float32)
    trust[:, :8] = trust[:, -8:] = 1000
    start = np.full(truth.shape, 0.5, np.float32)
    start[:, :8], start[:, -8:] = 1, 0
    solved = solve_matte(ColourLines(guide, 2, 1e-5), start, trust, steps=200)
    assert np.abs(solved - truth).mean() < 0.03
    assert solved.min() >= 0
    assert solved.max() <= 1


@given(seeds)
@settings(max_examples=10)
def test_a_pinned_pixel_keeps_its_value(seed: int) -> None:
    guide, start = random_pair(seed, 16, 16)
    trust = np.full((16, 16), 1e5, np.float32)
    assert np.abs(solve_matte(ColourLines(guide, 1, EPSILON), start, trust) - start).max() < 1e-2


def test_a_picture_of_one_colour_and_no_trust_at_all_ends_without_a_fuss() -> None:
    flat = np.full((8, 8, 3), 0.3, np.float32)
    start = np.full((8, 8), 0.5, np.float32)
    solved = solve_matte(ColourLines(flat, 2, 1e-4), start, np.zeros((8, 8), np.float32))
    assert np.allclose(solved, 0.5, atol=1e-3)
