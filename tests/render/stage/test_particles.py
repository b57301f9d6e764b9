"""What floats and falls: pure in time, within bounds, in front and behind."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muybridge.puppet.camera import REST, View
from muybridge.puppet.stage.particles import KINDS, make
from muybridge.puppet.stage.particles.traffic import Traffic
from muybridge.puppet.stage.particles.volume import AIR, Drift, Volume
from muybridge.units import Size

SIZE = Size(320, 180)


def drawn(kind: str, t: float, view: View = REST, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    behind = np.full((90, 160, 4), 60, np.uint8)
    before = np.full((180, 320, 3), 60, np.uint8)
    group = make(kind, SIZE, seed)
    group.draw_behind(behind, view, t, 0.5)
    group.draw_before(before, view, t)
    return behind, before


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_drawn_behind_the_subject_and_before_it(kind: str) -> None:
    times = np.arange(0, 4, 0.4)
    assert any((drawn(kind, t)[0] != 60).any() for t in times)
    assert any((drawn(kind, t)[1] != 60).any() for t in times)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_looks_the_same_at_the_same_time_and_moves_on(kind: str) -> None:
    for first, again, later in zip(drawn(kind, 1.6), drawn(kind, 1.6), drawn(kind, 2.4), strict=True):
        np.testing.assert_array_equal(first, again)
        assert (first != later).any()


@given(
    t=st.floats(0, 60),
    view=st.builds(View, x=st.floats(-90, 90), z=st.floats(-0.5, 0.5), pan=st.floats(-200, 200)),
    fall=st.floats(-4, 4),
)
@settings(max_examples=50, deadline=None)
def test_particles_stay_about_the_frame_wherever_the_camera_looks(t: float, view: View, fall: float) -> None:
    places = Volume(50, (0.6, 5.0), Drift(fall, 0.2, 0.05), SIZE, 9).places(view, t)
    air = AIR * SIZE.short_side + 1
    assert (places >= -air).all()
    assert (places <= np.array([SIZE.width, SIZE.height]) + air).all()


def test_near_particles_fall_faster_and_all_of_them_down() -> None:
    volume = Volume(200, (0.6, 5.0), Drift(0.2, spread=0.0), SIZE, 2)
    step = volume.places(REST, 0.51) - volume.places(REST, 0.5)
    stayed = step[:, 1] > -10  # the others came back at the top
    assert stayed.mean() > 0.9
    assert (step[stayed, 1] > 0).all()
    near = volume.depth < 1
    assert step[stayed & near, 1].min() > step[stayed & ~near, 1].max()


def test_particles_move_smoothly() -> None:
    volume = Volume(40, (0.6, 5.0), Drift(0.1, 0.05, 0.04), SIZE, 4)
    steps = np.diff([volume.places(REST, i / 25) for i in range(25)], axis=0)
    stayed = np.abs(steps).max((0, 2)) < 20
    assert np.abs(np.diff(steps[:, stayed], axis=0)).max() < 0.6


def test_the_camera_passes_near_particles_faster() -> None:
    volume = Volume(80, (0.6, 5.0), Drift(0.1), SIZE, 5)
    shift = volume.places(View(x=4.0), 1.0)[:, 0] - volume.places(REST, 1.0)[:, 0]
    stayed = np.abs(shift) < 50
    np.testing.assert_allclose(shift[stayed], -4.0 / volume.depth[stayed], atol=0.01)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        make("meteors", SIZE, 1)


def test_dim_light_dims_snow() -> None:
    day, night = np.zeros((180, 320, 3), np.uint8), np.zeros((180, 320, 3), np.uint8)
    make("snow", SIZE, 1).draw_before(day, REST, 1.0)
    make("snow", SIZE, 1, (0.4, 0.4, 0.5)).draw_before(night, REST, 1.0)
    assert night.max() < 0.7 * day.max()


def test_cars_pass_with_white_lamps_coming_and_red_ones_going() -> None:
    light = np.zeros((90, 160, 4), np.uint8)
    traffic = Traffic(SIZE, (0.0, 0.0), 3, 6)
    for t in np.arange(0, 12, 1.5):
        traffic.draw_behind(light, REST, t, 0.5)
    red = (light[..., 0] > 60) & (light[..., 2] < 30)
    white = light[..., 2] > 60
    assert red.any()
    assert white.any()
    assert np.nonzero(red)[1].mean() != pytest.approx(np.nonzero(white)[1].mean(), abs=4)
    before = np.zeros((180, 320, 3), np.uint8)
    traffic.draw_before(before, REST, 1.0)
    assert not before.any()
