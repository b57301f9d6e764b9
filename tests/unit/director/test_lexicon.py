from __future__ import annotations

import copy
from pathlib import Path

import pytest

import understanding
from muybridge.director.words import _read, build, words
from muybridge.domain.storyboard import Action, CameraKind, Direction, ShotSize
from muybridge.puppet.grade import GRADES
from muybridge.puppet.stage.places import PLACES
from muybridge.puppet.stage.setting import HOUR_NAMES, SEASONS
from muybridge.puppet.stage.weather import WEATHERS

TABLES = _read()
WITHIN = {"face", "any", "truck", "pan", "orbit", ""}  # names that become others before they are beats


def test_a_table_with_a_key_nobody_knows_is_refused_by_name() -> None:
    tables = copy.deepcopy(TABLES)
    tables["act"].append({"does": "nod", "intensty": 2.0, "en": ["yup~"]})
    with pytest.raises(ValueError, match=r"\[\[act\]\] knows no \['intensty'\]"):
        build(tables)


def test_a_phrase_with_a_class_nobody_wrote_is_refused_by_name() -> None:
    tables = copy.deepcopy(TABLES)
    tables["act"].append({"does": "nod", "en": ["nod~ <noggin>"]})
    with pytest.raises(ValueError, match="names no class"):
        build(tables)


def test_a_contributors_phrase_works_without_code() -> None:
    tables = copy.deepcopy(TABLES)
    tables["act"].append({"does": "nod", "en": ["yup~"]})
    assert build(tables).edges("yupping") == (("yup~", "ing"),)


@pytest.mark.parametrize("row", TABLES["act"], ids=lambda row: str(row["does"]))
def test_every_act_is_an_action_of_the_storyboard(row: dict[str, object]) -> None:
    does = [row["does"]] if isinstance(row["does"], str) else row["does"]
    names = [name.removeprefix("not ").split() for name in does]  # type: ignore[union-attr]
    turned = dict(row.get("turns_into", {})).values()  # type: ignore[call-overload]
    for name in (*(one[0] for one in names), *turned):
        assert name in {*Action} | WITHIN
    assert {one[1] for one in names if len(one) > 1} <= {*Direction}


@pytest.mark.parametrize("row", TABLES["camera"], ids=lambda row: str(row["does"]))
def test_every_camera_row_is_a_move_of_the_storyboard(row: dict[str, object]) -> None:
    turned = dict(row.get("turns_into", {})).values()  # type: ignore[call-overload]
    assert {row["does"], *turned} <= {*CameraKind} | WITHIN


def test_every_shot_is_a_size_of_the_storyboard() -> None:
    assert {row["is"] for row in TABLES["shot"]} == {*ShotSize} - {"auto"}


TARGETS = {"place": set(PLACES), "hour": set(HOUR_NAMES), "season": set(SEASONS), "weather": set(WEATHERS),
           "style": set(GRADES), "light": set(GRADES)}  # fmt: skip


@pytest.mark.parametrize("table", TARGETS)
def test_what_scenery_stands_for_can_be_shown(table: str) -> None:
    assert {row["is"] for row in TABLES[table]} <= TARGETS[table]
    for row in TABLES[table]:
        for sort, name in row.get("implies", {}).items():
            assert name in TARGETS[sort]


@pytest.mark.parametrize("table", ["place", "hour", "season", "weather"])
def test_everything_that_can_be_shown_has_words_in_both_languages(table: str) -> None:
    for language in ("en", "zh"):
        assert {row["is"] for row in TABLES[table] if row.get(language)} >= TARGETS[table]


def test_every_grade_but_the_hours_own_has_words() -> None:
    named = {row["is"] for table in ("style", "light") for row in TABLES[table]}
    assert named == set(GRADES) - set(HOUR_NAMES)


def test_chinese_phrases_are_written_in_simplified_characters() -> None:
    from muybridge.director.words import traditional

    phrases = [
        phrase
        for table in ("act", "camera", "manner", *TARGETS)
        for row in TABLES[table]
        for phrase in row.get("zh", ())
    ]
    assert not [phrase for phrase in phrases if set(phrase) & set(traditional())]


def test_the_lexicon_is_read_once() -> None:
    assert words() is words()


@pytest.mark.parametrize(
    "name",
    [
        "first_set.toml",
        "second_set.toml",
        "third_set.toml",
        "fourth_set.toml",
        "fifth_set.toml",
        "sixth_set.toml",
    ],
)
def test_the_prompt_sets_are_understood_as_well_as_the_bench_claims(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(__file__).parents[3]
    tallies = understanding.run([root / "bench" / "prompts" / name], misses=True)
    told = capsys.readouterr().out
    for (kind, language), tally in tallies.items():
        assert min(tally.recall, tally.precision) >= 0.95, f"{kind} {language}\n{told}"
