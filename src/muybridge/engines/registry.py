"""Which engines there are: the entry points of the group `muybridge.engines`, ours among them.

An engine of somebody else's enters by the same door: a package that names its class there.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import cast

from muybridge.errors import EngineNotReady, InvalidInput
from muybridge.ports.engine import Engine
from muybridge.ports.weights import WeightStore

GROUP = "muybridge.engines"


def names() -> tuple[str, ...]:
    """The names of all engines installed, in order; loads none of them."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


def open_engine(name: str, weights: WeightStore, cache: Path) -> Engine:
    """Construct the engine of that name, which gets the folder `cache / name` for its own.

    Raises: InvalidInput naming the engines there are; EngineNotReady where this one cannot be loaded.
    """
    point = _point(name)
    try:
        return cast(Engine, point.load()(weights, cache / name))
    except (ImportError, AttributeError) as error:
        raise EngineNotReady(f"the engine {name} ({point.value}) cannot be loaded: {error}") from error


def _point(name: str) -> EntryPoint:
    found = tuple(entry_points(group=GROUP, name=name))
    if not found:
        raise InvalidInput("engine", repr(name), ", ".join(names()))
    if len(found) > 1:
        packages = ", ".join(sorted(point.dist.name if point.dist else "?" for point in found))
        raise EngineNotReady(f"several packages bring an engine named {name}: {packages}; remove all but one")
    return found[0]
