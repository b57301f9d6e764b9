from __future__ import annotations

from collections.abc import Callable

import pytest

from muybridge.domain.storyboard import Storyboard

Board = Callable[..., Storyboard]


@pytest.mark.parametrize(
    ("prompt", "place", "hour", "season", "weather"),
    [
        ("She smiles on the beach at sunset", "beach", "sunset", "", ""),
        ("夕阳下的沙滩上，她微笑", "beach", "sunset", "", ""),
        ("Snow falls in the forest", "forest", "", "winter", "snow"),
        ("森林里飘着雪花", "forest", "", "winter", "snow"),
        ("Snow in summer", "", "", "summer", "snow"),
        ("Fireflies at dawn", "", "dawn", "", "fireflies"),
        ("萤火虫", "", "night", "", "fireflies"),
        ("A street in the rain", "rain_street", "", "", "rain"),
        ("A city street, rain", "rain_street", "", "", "rain"),
        ("She smiles", "", "", "", ""),
    ],
)
def test_where_and_when_it_plays_is_read(
    board: Board, prompt: str, place: str, hour: str, season: str, weather: str
) -> None:
    setting = board(prompt).setting
    assert (setting.place, setting.hour, setting.season, setting.weather) == (place, hour, season, weather)


@pytest.mark.parametrize(
    "prompt",
    [
        "She is not at the beach",
        "不在海边",
        "no beach",
        "A beach hat",
        "沙滩帽",
        "at this stage she smiles",
        "On the beach, but not the beach",
        "Her eyes shine like stars",
        "她的眼睛像星星一样闪亮",
        "A mountain of paperwork makes him sigh",
        "She waves to the crowd",
    ],
)
def test_a_place_that_is_refused_or_only_part_of_a_name_is_not_shown(board: Board, prompt: str) -> None:
    assert board(prompt).setting.place == ""


@pytest.mark.parametrize("prompt", ["It does not rain, no fog", "不要下雨，也没有雾", "without rain or fog"])
def test_weather_that_is_refused_stays_away(board: Board, prompt: str) -> None:
    planned = board(prompt)
    assert planned.setting.weather == ""
    assert planned.unheard == ()


def test_a_chinese_negation_before_a_place_is_about_what_is_done_there(board: Board) -> None:
    planned = board("不要在海边跳舞")
    assert planned.setting.place == "beach"
    assert not any(beat.action == "dance" for beat in planned.beats)


@pytest.mark.parametrize(
    ("prompt", "place", "note"),
    [
        ("She smiles by the river", "sea", '"river" cannot be shown as such; the nearest is sea.'),
        ("他在办公室里点头", "library", '"办公室里" cannot be shown as such; the nearest is library.'),
    ],
)
def test_an_unknown_place_gets_the_nearest_and_a_note(
    board: Board, prompt: str, place: str, note: str
) -> None:
    planned = board(prompt)
    assert planned.setting.place == place
    assert note in planned.notes


def test_of_two_places_the_first_is_shown_and_a_note_names_the_other(board: Board) -> None:
    planned = board("From the desert to the beach")
    assert planned.setting.place == "desert"
    assert "A scene has one place, here desert; left out: beach." in planned.notes


def test_a_place_named_in_passing_yields_to_one_that_is_said(board: Board) -> None:
    assert board("Under the stars on the beach").setting.place == "beach"
    assert board("Under the stars").setting.place == "starry_sky"


@pytest.mark.parametrize(
    ("prompt", "styles", "light"),
    [
        ("Cinematic, warm light", ("cinematic",), ("warm",)),
        ("电影感，暖色调，复古风", ("cinematic", "vintage"), ("warm",)),
        ("Black and white, film noir", ("black_and_white", "noir"), ()),
        ("a dreamy smile", (), ()),
        ("not black and white", (), ()),
    ],
)
def test_styles_and_light_are_read_in_order(
    board: Board, prompt: str, styles: tuple[str, ...], light: tuple[str, ...]
) -> None:
    look = board(prompt, optimize=False).look
    assert (look.styles, look.light) == (styles, light)


def test_the_words_a_setting_came_from_are_quoted(board: Board) -> None:
    assert board("She smiles on the Beach at night.").setting.words == "Beach, at night"


def test_an_adjective_of_scenery_is_not_the_manner_of_an_action(board: Board) -> None:
    smile = next(beat for beat in board("She smiles in the deep forest").beats if beat.action == "smile")
    assert smile.intensity == 1.0


@pytest.mark.parametrize(
    ("prompt", "acted"),
    [
        ("Petals dance in the breeze", []),
        ("She smiles as lanterns sway above her", ["smile"]),
        ("She smiles and dances in the rain", ["smile", "dance"]),
        ("The girl in the snow dances", ["dance"]),
    ],
)
def test_what_scenery_does_by_itself_nobody_acts(
    acts: Callable[[str], list[str]], prompt: str, acted: list[str]
) -> None:
    assert acts(prompt) == acted


def test_standing_still_lasts_until_something_is_asked_for(acts: Callable[[str], list[str]]) -> None:
    assert acts("He stands perfectly still. Suddenly he turns his head to the left.") == ["turn left"]
