"""Every place, painted small: what the renderer may count on, whatever is asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from muybridge.errors import InvalidInput
from muybridge.puppet.camera import REST, View
from muybridge.puppet.stage.places import PLACES
from muybridge.puppet.stage.plates import Light
from muybridge.puppet.stage.scene import Scene, build, names
from muybridge.puppet.stage.setting import HOUR_NAMES
from muybridge.puppet.stage.weather import WEATHERS
from muybridge.units import Size

SMALL = Size(192, 108)
STUDIOS = tuple(name for name in names() if name.startswith("studio_"))
KINDS_OF_PLACE = tuple(name for name in names() if name not in STUDIOS)
OUT_OF_DOORS = ("beach", "city_street", "desert", "forest", "meadow", "mountains", "rooftop", "snow_field")


def look(scene: Scene, view: View = REST, t: float = 0.4) -> np.ndarray:
    frame = scene.draw_behind(view, t)
    scene.draw_before(frame, view, t)
    return frame


def test_there_are_at_least_twenty_four_kinds_of_places() -> None:
    assert len(KINDS_OF_PLACE) >= 24


@pytest.mark.parametrize("place", KINDS_OF_PLACE)
def test_a_place_is_painted_at_every_hour(place: str) -> None:
    for hour in HOUR_NAMES:
        scene = build(place, size=SMALL, hour=hour, seed=3)
        frame = look(scene)
        assert frame.shape == (108, 192, 3)
        assert frame.dtype == np.uint8
        assert frame.std() > 3, f"{place} by {hour} is flat"
        assert 2 < frame.mean() < 252
        assert [p.depth for p in scene.plates if p.depth > 1]
        assert all(len(part) == 3 and min(part) >= 0 for part in (scene.light.key, scene.light.ambient))


@pytest.mark.parametrize("place", [*OUT_OF_DOORS, "cafe", "space", "studio_red"])
@pytest.mark.parametrize("size", [Size(108, 192), Size(128, 128), Size(145, 109)], ids=str)
def test_a_place_is_painted_in_every_shape_of_frame(place: str, size: Size) -> None:
    assert look(build(place, size=size)).shape == (size.height, size.width, 3)


@pytest.mark.parametrize("place", ["beach", "cafe", "city_street", "forest", "space", "underwater"])
def test_the_same_seed_paints_the_same_pixels_and_another_seed_others(place: str) -> None:
    first, again, other = (look(build(place, size=SMALL, hour="night", seed=seed)) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert (first != other).mean() > 0.02


@pytest.mark.parametrize("place", OUT_OF_DOORS)
def test_night_is_darker_than_day_and_lights_the_subject_less(place: str) -> None:
    day, night = (build(place, size=SMALL, hour=hour) for hour in ("day", "night"))
    assert look(night).mean() < 0.75 * look(day).mean()
    assert sum(night.light.key) + sum(night.light.ambient) < sum(day.light.key) + sum(day.light.ambient)


@pytest.mark.parametrize("place", ["forest", "garden", "meadow"])
def test_a_season_changes_the_leaves(place: str) -> None:
    summer, autumn = (
        look(build(place, size=SMALL, season=season))[40:].mean((0, 1)) for season in ("summer", "autumn")
    )
    assert autumn[0] / autumn[1] > 1.05 * summer[0] / summer[1]  # more red for each green


@pytest.mark.parametrize("weather", WEATHERS)
def test_every_weather_can_be_had_out_of_doors(weather: str) -> None:
    plain, changed = build("meadow", size=SMALL), build("meadow", size=SMALL, weather=weather)
    assert (look(plain) != look(changed)).mean() > 0.001
    assert changed.notes == ()


def test_rain_stays_outside_a_cafe_and_the_scene_says_so() -> None:
    scene = build("cafe", size=SMALL, weather="rain")
    assert "rain" in scene.notes[0]
    assert scene.particles == ()


@pytest.mark.parametrize(
    ("field", "asked"),
    [("place", {"place": "moonbase"}), ("hour", {"hour": "noon"}), ("season", {"season": "monsoon"}),
     ("weather", {"weather": "meteors"})],
)  # fmt: skip
def test_what_is_not_known_is_refused_by_name(field: str, asked: dict[str, str]) -> None:
    wanted = {"place": "beach", "hour": "day"} | asked
    with pytest.raises(InvalidInput) as refused:
        build(
            wanted["place"],
            size=SMALL,
            hour=wanted["hour"],
            season=wanted.get("season"),
            weather=wanted.get("weather"),
        )
    assert refused.value.field == field
    assert asked[field] in refused.value.got


def test_what_suits_a_place_can_be_asked_for() -> None:
    for place in PLACES.values():
        assert set(place.hours) <= set(HOUR_NAMES)
        assert set(place.weathers) <= set(WEATHERS)


@pytest.mark.parametrize("place", ["fireplace", "neon_alley"])
def test_firelight_and_neon_flicker_on_the_subject_too(place: str) -> None:
    scene = build(place, size=SMALL, hour="night")
    keys = {scene.light_at(t).key for t in np.arange(0, 6, 0.04)}
    assert len(keys) > 3
    assert replace(scene.light_at(0.3), key=(0, 0, 0), rim=(0, 0, 0)) == replace(
        scene.light, key=(0, 0, 0), rim=(0, 0, 0)
    )


def test_a_neutral_light_leaves_a_subject_as_it_is() -> None:
    light = Light()
    assert np.allclose(np.add(light.key, light.ambient), 1.0)
