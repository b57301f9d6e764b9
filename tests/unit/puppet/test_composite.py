"""The layers' way into the frame: one resample, its blur, and `over`."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faces import Array, Person, portrait
from muybridge.puppet.camera import REST, View
from muybridge.puppet.composite import LEAST_BLUR, SHUTTER, covered, motion_blur, over, source_map
from muybridge.puppet.rig.controls import Pose
from muybridge.puppet.rig.lattice import Lattice, remap
from muybridge.puppet.rig.rig import Rig
from muybridge.puppet.rig.sprite import cut_out
from muybridge.units import Size

QUICK = settings(max_examples=30, deadline=None)
SIZE = (96, 64)  # of the sprite below: width, height
ALL = (0, 0, *SIZE)
AS_IS = np.array([[1, 0, 0], [0, 1, 0]], np.float32)
FULL = np.ones(2, np.float32)
LATTICE = Lattice(*SIZE, step=6.0)
coverages = st.integers(0, 255)


def noise(height: int, width: int, channels: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8)


SPRITE = noise(SIZE[1], SIZE[0], 4)


def still() -> Array:
    return np.zeros((*LATTICE.shape, 2), np.float32)


def placed(to_frame: Array, region: tuple[int, int, int, int], moved: Array | None = None) -> Array:
    source = source_map(LATTICE, still() if moved is None else moved, to_frame, region, FULL)
    return np.asarray(remap(SPRITE, source, cv2.BORDER_CONSTANT))


def shift(dx: float, dy: float) -> Array:
    return np.array([[1, 0, dx], [0, 1, dy]], np.float32)


def apart(one: Array, two: Array) -> int:
    return int(np.abs(one.astype(int) - two.astype(int)).max())


def test_a_still_lattice_and_a_camera_at_rest_give_the_sprite_back() -> None:
    assert apart(placed(AS_IS, ALL), SPRITE) <= 1


def test_a_rig_at_rest_and_a_camera_at_rest_give_the_whole_cut_out_back() -> None:
    rig = Rig(cut_out(portrait(Person(160, 160, (80, 62), 26)), 1.0))
    level, (width, height) = rig.pyramid.level(0), rig.sprite.size
    pixels = level.rgba.copy()
    level.paint(Pose(), pixels)
    to_frame = REST.project(1.0, Size(width, height))
    source = source_map(rig.lattice, rig.displacement(Pose()), to_frame, (0, 0, width, height), level.scale)
    assert apart(remap(pixels, source, cv2.BORDER_CONSTANT), rig.sprite.rgba) <= 1


@QUICK
@given(st.integers(-30, 30), st.integers(-20, 20))
def test_a_pan_by_whole_pixels_is_an_exact_shift(dx: int, dy: int) -> None:
    to_frame = View(pan=-dx, tilt=-dy).project(1.0, Size(*SIZE))
    wanted = cv2.warpAffine(SPRITE, shift(dx, dy), SIZE, flags=cv2.INTER_NEAREST)
    assert (placed(to_frame, ALL) == wanted).all()


@QUICK
@given(st.integers(0, 60), st.integers(0, 40), st.integers(2, 36), st.integers(2, 24))
def test_a_part_of_the_frame_is_the_same_as_in_the_whole(x: int, y: int, width: int, height: int) -> None:
    turned = np.array([[0.9, 0.1, 3.3], [-0.1, 0.95, 4.7]], np.float32)
    part = source_map(LATTICE, still(), turned, (x, y, x + width, y + height), FULL)
    whole = source_map(LATTICE, still(), turned, ALL, FULL)[y : y + height, x : x + width]
    np.testing.assert_allclose(part, whole, atol=2e-3)


def test_a_smaller_level_is_read_at_the_same_places() -> None:
    half = source_map(LATTICE, still(), AS_IS, ALL, np.array([0.5, 0.5], np.float32))
    full = source_map(LATTICE, still(), AS_IS, ALL, FULL)
    np.testing.assert_allclose((half + 0.5) * 2 - 0.5, full, atol=1e-3)


@QUICK
@given(st.floats(-20, 20), st.floats(0.4, 1.6), st.floats(-40, 40), st.floats(-30, 30), st.floats(0, 6))
def test_what_is_covered_holds_every_pixel_of_the_subject(
    degrees: float, scale: float, dx: float, dy: float, stir: float
) -> None:
    turn = scale * np.array(
        [[np.cos(a := np.deg2rad(degrees)), -np.sin(a)], [np.sin(a), np.cos(a)]], np.float32
    )
    to_frame = np.column_stack([turn, (dx + 20, dy + 20)]).astype(np.float32)
    wave = stir * np.sin(LATTICE.nodes()[..., ::-1] / 15)
    seen = placed(to_frame, (0, 0, 140, 110), wave.astype(np.float32))[..., 3] > 0
    box = np.array([0, 0, SIZE[0] - 1, SIZE[1] - 1], np.float32)
    region = covered(box, to_frame, margin=stir * scale + 1, size=(140, 110))
    if region is None:
        assert not seen.any()
    else:
        x0, y0, x1, y1 = region
        assert 0 <= x0 < x1 <= 140
        assert 0 <= y0 < y1 <= 110
        seen[y0:y1, x0:x1] = False
        assert not seen.any()


@pytest.mark.parametrize("away", [(500, 0), (-500, 0), (0, 500), (0, -500)])
def test_a_subject_that_has_left_the_frame_covers_nothing(away: tuple[int, int]) -> None:
    assert covered(np.array([0, 0, 95, 63], np.float32), shift(*away), 9, (140, 110)) is None


def laid(layer: Array, ground: Array) -> Array:
    frame = ground.copy()
    over(layer, frame, (0, 0, ground.shape[1], ground.shape[0]))
    return frame


def reference(layer: Array, ground: Array) -> Array:
    """Porter and Duff's `over`, on premultiplied floats."""
    cover = layer[..., 3:].astype(float) / 255
    return np.asarray(layer[..., :3] * cover + ground * (1 - cover))


def with_cover(layer: Array, cover: int) -> Array:
    return np.dstack([layer[..., :3], np.full(layer.shape[:2], cover, np.uint8)])


def test_an_opaque_layer_hides_the_ground_exactly() -> None:
    layer = with_cover(noise(24, 40, 3, 1), 255)
    assert (laid(layer, noise(24, 40, 3, 2)) == layer[..., :3]).all()


def test_a_clear_layer_leaves_the_ground_exactly() -> None:
    ground = noise(24, 40, 3, 2)
    assert (laid(with_cover(noise(24, 40, 3, 1), 0), ground) == ground).all()


@QUICK
@given(st.integers(0, 99))
def test_a_layer_is_blended_as_on_paper(seed: int) -> None:
    layer, ground = noise(24, 40, 4, seed), noise(24, 40, 3, seed + 100)
    assert np.abs(laid(layer, ground) - reference(layer, ground)).max() <= 1


@QUICK
@given(st.integers(0, 99))
def test_layers_may_be_joined_in_any_order(seed: int) -> None:
    top, middle = noise(24, 40, 4, seed), noise(24, 40, 4, seed + 100)
    ground = noise(24, 40, 3, seed + 200)
    a, b = top[..., 3:] / 255.0, middle[..., 3:] / 255.0
    cover = a + b * (1 - a)
    colour = (top[..., :3] * a + middle[..., :3] * b * (1 - a)) / np.maximum(cover, 1e-9)
    joined = np.rint(np.dstack([colour, cover * 255])).astype(np.uint8)
    assert apart(laid(top, laid(middle, ground)), laid(joined, ground)) <= 2


def test_nothing_outside_a_layer_s_region_is_touched() -> None:
    ground = noise(40, 60, 3)
    frame = ground.copy()
    over(with_cover(noise(10, 20, 3, 4), 200), frame, (5, 7, 25, 17))
    frame[7:17, 5:25] = ground[7:17, 5:25]
    assert (frame == ground).all()


def spot() -> Array:
    layer = np.zeros((81, 121, 4), np.uint8)
    cv2.circle(layer, (60, 40), 9, (200, 120, 60, 255), -1)
    return layer


@pytest.mark.parametrize("angle", range(0, 360, 45))
def test_a_motion_below_the_threshold_blurs_nothing(angle: int) -> None:
    far = 0.99 * LEAST_BLUR / SHUTTER
    travel = (far * np.cos(np.deg2rad(angle)), far * np.sin(np.deg2rad(angle)))
    assert (motion_blur(spot(), travel) == spot()).all()


@QUICK
@given(st.floats(2.6, 40), st.floats(0, 360))
def test_a_motion_blur_keeps_all_light_and_its_middle(far: float, degrees: float) -> None:
    travel = (far * np.cos(np.deg2rad(degrees)), far * np.sin(np.deg2rad(degrees)))
    sharp, blurred = spot().astype(float), motion_blur(spot(), travel).astype(float)
    np.testing.assert_allclose(blurred.sum((0, 1)), sharp.sum((0, 1)), rtol=0.01)
    y, x = np.mgrid[0:81, 0:121]
    cover = blurred[..., 3] / blurred[..., 3].sum()
    assert (cover * x).sum() == pytest.approx(60, abs=0.1)
    assert (cover * y).sum() == pytest.approx(40, abs=0.1)


@QUICK
@given(st.floats(4, 40), st.floats(0, 360))
def test_a_motion_blur_widens_along_the_travel_alone(far: float, degrees: float) -> None:
    along = np.array([np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))])
    across = np.array([-along[1], along[0]])

    def spread(layer: Array, axis: Array) -> float:
        y, x = np.mgrid[-40:41, -60:61]
        cover = layer[..., 3] / layer[..., 3].sum(dtype=float)
        return float((cover * (x * axis[0] + y * axis[1]) ** 2).sum())

    blurred = motion_blur(spot(), tuple(far * along))
    # a segment of length L spreads by L^2 / 12; few samples with both ends in spread a little more
    gained = spread(blurred, along) - spread(spot(), along)
    assert gained == pytest.approx((SHUTTER * far) ** 2 / 12, rel=0.35, abs=0.8)
    assert spread(blurred, across) - spread(spot(), across) < 0.6
