"""Fine edges from rough shapes, on drawings whose truth is known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

import characters
from muybridge.puppet.sight.matte import fine_matte
from muybridge.puppet.sight.silhouette import Silhouette


def roughly(cover: np.ndarray, blur: float = 3.0, move: int = 0) -> Silhouette:
    soft = cv2.GaussianBlur(np.roll(cover, move, axis=1), (0, 0), blur)
    return Silhouette(soft, (soft > 0.5).astype(np.uint8))


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    return float(((a > 0.5) & (b > 0.5)).sum() / ((a > 0.5) | (b > 0.5)).sum())


@pytest.mark.parametrize("draw", [characters.person, characters.robot, characters.animal])
@pytest.mark.parametrize("move", [0, 2])
def test_a_blurred_and_shifted_shape_snaps_to_the_drawings_edge(draw, move: int) -> None:
    drawing = draw(ground=characters.meadow)
    rough = roughly(drawing.cover, move=move)
    fine = fine_matte(drawing.rgb, rough, None)
    assert fine.dtype == np.float32
    assert overlap(fine, drawing.cover) > 0.97
    assert np.abs(fine - drawing.cover).mean() < 0.5 * np.abs(rough.cover - drawing.cover).mean()


def test_a_small_subject_in_a_large_picture_is_cut_out_as_finely() -> None:
    drawing = characters.person(200, 200, characters.meadow)
    rgb = cv2.copyMakeBorder(drawing.rgb, 500, 300, 700, 400, cv2.BORDER_REPLICATE)
    cover = cv2.copyMakeBorder(drawing.cover, 500, 300, 700, 400, cv2.BORDER_CONSTANT, value=0)
    assert overlap(fine_matte(rgb, roughly(cover, 1.5), None), cover) > 0.95


def test_a_large_picture_is_solved_small_and_its_edges_are_still_its_own() -> None:
    drawing = characters.animal(1600, 1280, characters.meadow)
    fine = fine_matte(drawing.rgb, roughly(drawing.cover, 6), None)
    assert overlap(fine, drawing.cover) > 0.98


def test_far_from_the_subject_there_is_nothing_at_all() -> None:
    drawing = characters.person(ground=characters.meadow)
    fine = fine_matte(drawing.rgb, roughly(drawing.cover), None)
    away = cv2.dilate((drawing.cover > 0).astype(np.uint8), np.ones((41, 41))) == 0
    assert fine[away].max() == 0


def test_hair_comes_out_strand_by_strand() -> None:
    rng = np.random.default_rng(8)
    truth = np.zeros((1200, 1200), np.uint8)
    cv2.circle(truth, (600, 600), 300, 255, -1)
    for angle in rng.uniform(0, 2 * np.pi, 300):
        root = 600 + 290 * np.array([np.cos(angle), np.sin(angle)])
        tip = root + rng.uniform(20, 45) * np.array([np.cos(angle + 0.4), np.sin(angle + 0.4)])
        cv2.line(truth, root.astype(int).tolist(), tip.astype(int).tolist(), 255, 3, cv2.LINE_AA)
    truth = cv2.resize(truth, (400, 400), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    rgb = truth[..., None] * (70, 45, 30) + (1 - truth[..., None]) * (190, 200, 215)
    smooth = cv2.morphologyEx(truth, cv2.MORPH_OPEN, np.ones((9, 9)))
    rough = roughly(smooth, 3)
    fine = fine_matte(rgb.astype(np.uint8), rough, characters.face_at(120, 130, 160, 170))
    strands = (truth > 0.2) & (smooth < 0.1)
    near = cv2.dilate((smooth > 0.5).astype(np.uint8), np.ones((7, 7))) > 0
    assert np.corrcoef(fine[strands & near], truth[strands & near])[0, 1] > 0.8
    assert np.abs(fine - truth)[near].mean() < 0.6 * np.abs(rough.cover - truth)[near].mean()


def test_a_shape_without_any_edge_is_given_back_as_it_is() -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (90, 120, 3), dtype=np.uint8)
    for level in (0.0, 1.0):
        cover = np.full((90, 120), level, np.float32)
        fine = fine_matte(rgb, Silhouette(cover, (cover > 0.5).astype(np.uint8)), None)
        assert np.abs(fine - level).max() < 1e-3
