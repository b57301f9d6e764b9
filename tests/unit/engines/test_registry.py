"""Engines are found by entry point, and what cannot be opened says why."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from muybridge.engines import registry
from muybridge.engines.registry import open_engine
from muybridge.errors import EngineNotReady, InvalidInput

HERE = Path("nowhere")


class Weights:
    def path(self, name: str) -> Path:
        return HERE / name


class Toy:
    name = "toy"

    def __init__(self, weights: object, cache: Path) -> None:
        self.weights, self.cache = weights, cache


@pytest.fixture
def points(monkeypatch: pytest.MonkeyPatch) -> list[EntryPoint]:
    installed: list[EntryPoint] = []

    def found(*, group: str, name: str | None = None) -> list[EntryPoint]:
        return [point for point in installed if point.group == group and name in (None, point.name)]

    monkeypatch.setattr(registry, "entry_points", found)
    return installed


def point(name: str, value: str) -> EntryPoint:
    return EntryPoint(name, value, registry.GROUP)


def test_an_engine_of_somebody_else_enters_by_its_entry_point(
    points: list[EntryPoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    points.append(point("toy", "anywhere:Toy"))
    monkeypatch.setattr(EntryPoint, "load", lambda self: Toy)
    weights = Weights()
    toy = open_engine("toy", weights, Path("cache"))
    assert isinstance(toy, Toy)
    assert (toy.weights, toy.cache) == (weights, Path("cache/toy"))


def test_an_unknown_engine_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(InvalidInput, match=r"engine: got 'pupet'; allowed: .*puppet.*slate"):
        open_engine("pupet", Weights(), HERE)


@pytest.mark.parametrize("value", ["no_such_package.at_all:Engine", "muybridge.errors:NoSuchClass"])
def test_an_engine_that_cannot_be_loaded_says_why(points: list[EntryPoint], value: str) -> None:
    points.append(point("broken", value))
    with pytest.raises(EngineNotReady, match=r"engine broken .* cannot be loaded"):
        open_engine("broken", Weights(), HERE)


def test_two_engines_of_one_name_are_not_chosen_between(points: list[EntryPoint]) -> None:
    points += [point("toy", "a:A"), point("toy", "b:B")]
    with pytest.raises(EngineNotReady, match="several packages"):
        open_engine("toy", Weights(), HERE)
