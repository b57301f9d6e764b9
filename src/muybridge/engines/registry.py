"""Which engines there are: the entry points of the group `muybridge.engines`, ours among them.

An engine of somebody else's enters by the same door: a package that names its class there.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, cast

from muybridge.errors import EngineNotReady, InvalidInput
from muybridge.ports.engine import Engine
from muybridge.ports.weights import WeightStore

GROUP = "muybridge.engines"


def names() -> tuple[str, ...]:
    """The names of all engines installed, in order; loads none of them."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


def open_engine(
    name: str,
    weights: WeightStore,
    cache: Path,
    options: Mapping[str, Any] | None = None,
    *,
    called: str = "",
) -> Engine:
    """Construct the engine of that name, which gets the folder `cache / called` for its own.

    `called` is the name that the operator gave it with these options; without, its own.

    Raises: InvalidInput naming the engines there are, or where an option is wrong; EngineNotReady
    where it cannot be loaded.
    """
    point = _point(name)
    try:
        kind = point.load()
    except (ImportError, AttributeError) as error:
        raise EngineNotReady(f"the engine {name} ({point.value}) cannot be loaded: {error}") from error
    return construct(kind, weights, cache / (called or name), options or {})


def construct(kind: Any, weights: WeightStore, folder: Path, options: Mapping[str, Any]) -> Engine:
    """An engine of this class; `options` go in only where there are some.

    Raises: InvalidInput where there are and the class takes none.
    """
    if not options:
        return cast(Engine, kind(weights, folder))
    if len(inspect.signature(kind).parameters) < 3:
        got = ", ".join(sorted(options))
        raise InvalidInput(f"engines.{folder.name}", got, "no options: this engine takes none")
    return cast(Engine, kind(weights, folder, options))


def _point(name: str) -> EntryPoint:
    found = tuple(entry_points(group=GROUP, name=name))
    if not found:
        raise InvalidInput("engine", repr(name), ", ".join(names()))
    if len(found) > 1:
        packages = ", ".join(sorted(point.dist.name if point.dist else "?" for point in found))
        raise EngineNotReady(f"several packages bring an engine named {name}: {packages}; remove all but one")
    return found[0]
