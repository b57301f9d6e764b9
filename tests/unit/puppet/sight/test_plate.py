"""The ground behind the subject, without the subject."""

from __future__ import annotations

import sys

import cv2
import numpy as np
import pytest

import characters
from muybridge.puppet.sight import plate
from muybridge.puppet.sight.plate import backdrop, rebuilt_plate


@pytest.fixture(params=["patches", "drawn inward"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both fills: with the patch library, and as where it cannot be imported."""
    if request.param == "drawn inward":
        monkeypatch.setitem(sys.modules, "patchmatch", None)
    return str(request.param)


def wall_with_ball() -> tuple[np.ndarray, np.ndarray]:
    """A shaded wall with a red ball before it, and the ball's matte."""
    light = np.linspace(120, 200, 300)[None, :, None]
    rgb = np.broadcast_to(light * (0.9, 1.0, 1.05), (240, 300, 3)).astype(np.uint8).copy()
    matte = np.zeros((240, 300), np.float32)
    cv2.circle(matte, (150, 120), 60, 1, -1, cv2.LINE_AA)
    cv2.circle(rgb, (150, 120), 60, (210, 30, 30), -1, cv2.LINE_AA)
    return rgb, matte


def redness(rgb: np.ndarray) -> np.ndarray:
    return rgb[..., 0].astype(int) - rgb[..., 1:].max(axis=-1)


def test_no_ghost_of_the_subject_is_left(either_way: str) -> None:
    rgb, matte = wall_with_ball()
    assert redness(rgb).max() > 150
    assert redness(rebuilt_plate(rgb, matte)).max() < 20


def test_the_wall_goes_on_behind_it(either_way: str) -> None:
    rgb, matte = wall_with_ball()
    wall = np.linspace(120, 200, 300)[None, :, None] * np.array((0.9, 1.0, 1.05))
    soft = cv2.GaussianBlur(rebuilt_plate(rgb, matte), (0, 0), 3).astype(float)
    assert np.abs(soft - wall)[60:180, 90:210].mean() < 12


def test_away_from_the_subject_the_plate_is_the_picture(either_way: str) -> None:
    rgb, matte = wall_with_ball()
    away = cv2.dilate((matte > 0).astype(np.uint8), np.ones((31, 31))) == 0
    assert np.abs(rebuilt_plate(rgb, matte).astype(int) - rgb)[away].max() <= 1


def test_a_fringe_that_the_matte_missed_is_taken_out_too(either_way: str) -> None:
    rgb, matte = wall_with_ball()
    cv2.circle(rgb, (150, 120), 64, (210, 30, 30), -1)
    assert redness(rebuilt_plate(rgb, matte)).max() < 20


def test_patches_do_not_come_from_the_person_beside() -> None:
    rgb, matte = wall_with_ball()
    neighbour = np.zeros((240, 300), np.uint8)
    cv2.rectangle(neighbour, (200, 40), (290, 239), 1, -1)
    rgb[(neighbour > 0) & (matte == 0)] = (30, 200, 30)
    avoid = neighbour & (matte == 0)

    def green_inside(rebuilt: np.ndarray) -> float:
        green = rebuilt[..., 1].astype(int) - rebuilt[..., [0, 2]].max(axis=-1)
        return float((green[70:170, 100:190] > 40).mean())

    assert green_inside(rebuilt_plate(rgb, matte)) > 0.02, "she would be copied"
    assert green_inside(rebuilt_plate(rgb, matte, avoid)) == 0


@pytest.mark.parametrize("draw", [characters.person, characters.robot, characters.animal])
def test_a_drawn_character_vanishes_from_its_landscape(either_way: str, draw) -> None:
    drawing = draw(ground=characters.meadow)
    empty = characters.meadow(drawing.rgb.shape[1], drawing.rgb.shape[0])
    rebuilt = rebuilt_plate(drawing.rgb, drawing.cover)
    inside = drawing.cover > 0.5
    with_subject = np.abs(drawing.rgb.astype(int) - empty)[inside].mean()
    assert np.abs(rebuilt.astype(int) - empty)[inside].mean() < 0.4 * with_subject


def test_equal_pictures_are_rebuilt_equally() -> None:
    rgb, matte = wall_with_ball()
    assert np.array_equal(rebuilt_plate(rgb, matte), rebuilt_plate(rgb, matte))


def test_a_picture_without_a_subject_is_its_own_plate() -> None:
    rgb, _ = wall_with_ball()
    assert np.array_equal(rebuilt_plate(rgb, np.zeros((240, 300), np.float32)), rgb)


def test_a_subject_that_hides_everything_gets_a_plain_ground(either_way: str) -> None:
    rgb, _ = wall_with_ball()
    rebuilt = rebuilt_plate(rgb, np.ones((240, 300), np.float32))
    assert rebuilt.shape == rgb.shape
    assert redness(rebuilt).max() < 30


def test_the_patch_library_is_installed_where_the_tests_run() -> None:
    from patchmatch import patch_match

    assert patch_match.patchmatch_available


def test_the_made_ground_stands_out_from_dark_and_from_light_subjects() -> None:
    matte = np.ones((60, 80), np.float32)
    for shade in (20, 240):
        rgb = np.full((60, 80, 3), shade, np.uint8)
        assert abs(int(backdrop(rgb, matte)[25, 40].mean()) - shade) > 60


def test_almost_no_ground_to_copy_from_is_drawn_inward(monkeypatch: pytest.MonkeyPatch) -> None:
    called = []
    real = plate.drawn_inward
    monkeypatch.setattr(plate, "drawn_inward", lambda *given: called.append(1) or real(*given))
    rgb, matte = wall_with_ball()
    matte[:, 20:] = 1
    rebuilt_plate(rgb, matte)
    assert called
