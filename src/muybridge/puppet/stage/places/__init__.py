"""Every place by name, and how one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from muybridge.errors import InvalidInput
from muybridge.puppet.stage.places.beach import beach, open_sea
from muybridge.puppet.stage.places.cafe import cafe
from muybridge.puppet.stage.places.city import city_street, rain_street
from muybridge.puppet.stage.places.fields import desert, meadow, snow_field
from muybridge.puppet.stage.places.forest import forest
from muybridge.puppet.stage.places.garden import garden, park
from muybridge.puppet.stage.places.halls import library, stage
from muybridge.puppet.stage.places.heavens import sky_place, space, starry_sky
from muybridge.puppet.stage.places.home import fireplace, living_room
from muybridge.puppet.stage.places.nights import neon_alley, rooftop
from muybridge.puppet.stage.places.peaks import lake, mountains
from muybridge.puppet.stage.places.studio import PAPERS, studio
from muybridge.puppet.stage.places.subway import subway
from muybridge.puppet.stage.places.temple import temple
from muybridge.puppet.stage.places.underwater import underwater
from muybridge.puppet.stage.scene import Scene
from muybridge.puppet.stage.setting import HOUR_NAMES, SEASONS, Painting, Setting
from muybridge.puppet.stage.weather import WEATHERS, with_weather

OUTSIDE = ("rain", "snow", "fog")


@dataclass(frozen=True)
class Place:
    """A place that can be painted, and what suits it: hours, weathers, seasons.

    Other hours and weathers are painted too, as well as they can be; these are the ones worth asking for.
    """

    paint: Callable[[Setting], Painting]
    hours: tuple[str, ...] = HOUR_NAMES
    weathers: tuple[str, ...] = ()
    seasons: tuple[str, ...] = ()


PLACES: dict[str, Place] = {
    "beach": Place(beach, weathers=(*OUTSIDE, "petals")),
    "sea": Place(open_sea, weathers=OUTSIDE),
    "city_street": Place(city_street, weathers=(*OUTSIDE, "leaves"), seasons=SEASONS),
    "rain_street": Place(rain_street, weathers=("rain",)),
    "forest": Place(forest, weathers=(*OUTSIDE, "leaves", "fireflies", "dust"), seasons=SEASONS),
    "meadow": Place(meadow, weathers=(*OUTSIDE, "petals", "fireflies"), seasons=SEASONS),
    "snow_field": Place(snow_field, weathers=("snow", "fog")),
    "mountains": Place(mountains, weathers=OUTSIDE, seasons=SEASONS),
    "lake": Place(lake, weathers=OUTSIDE, seasons=SEASONS),
    "park": Place(park, weathers=(*OUTSIDE, "leaves"), seasons=SEASONS),
    "desert": Place(desert, weathers=("dust",)),
    "cafe": Place(cafe, weathers=("rain", "snow", "dust")),
    "living_room": Place(living_room, weathers=("rain", "snow", "dust", "confetti")),
    "fireplace": Place(fireplace, ("night",), ("sparks", "dust")),
    "sky": Place(sky_place, weathers=("rain", "snow", "petals")),
    "starry_sky": Place(starry_sky, ("night",), ("fireflies", "snow")),
    "space": Place(space, ("night",), ("dust",)),
    "garden": Place(garden, weathers=(*OUTSIDE, "petals", "fireflies"), seasons=SEASONS),
    "temple": Place(temple, weathers=(*OUTSIDE, "leaves", "petals"), seasons=SEASONS),
    "library": Place(library, weathers=("dust", "rain", "snow")),
    "stage": Place(stage, ("night",), ("confetti", "dust", "sparks", "bubbles")),
    "subway": Place(subway, ("day",), ("dust",)),
    "underwater": Place(underwater, weathers=("bubbles",)),
    "neon_alley": Place(neon_alley, ("night",), ("rain", "fog", "snow")),
    "rooftop": Place(rooftop, weathers=OUTSIDE, seasons=SEASONS),
    **{name: Place(studio(name), ("day",), ("confetti", "petals", "bubbles", "snow")) for name in PAPERS},
}


def paint(place: str, setting: Setting) -> Scene:
    """A place as a scene. Raises: InvalidInput for what is not known."""
    _check("place", place, tuple(sorted(PLACES)))
    _check("hour", setting.hour, HOUR_NAMES)
    if setting.season is not None:
        _check("season", setting.season, SEASONS)
    if setting.weather is not None:
        _check("weather", setting.weather, WEATHERS)
    return with_weather(PLACES[place].paint(setting), setting, place)


def _check(field: str, got: str, allowed: tuple[str, ...]) -> None:
    if got not in allowed:
        raise InvalidInput(field, repr(got), ", ".join(allowed))
