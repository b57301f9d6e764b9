"""`muybridge engines`: which engines are here, what they serve, and what is missing to make them ready.

Limits: each engine's own word, of this machine and this moment; nothing is loaded or fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from muybridge import bootstrap
from muybridge.domain.model_card import Health, ModelCard
from muybridge.engines import registry
from muybridge.errors import InvalidInput, MuybridgeError
from muybridge.settings import Settings

GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Seen:
    """One engine: its name, the wire models whose chains name it, its card and its health."""

    name: str
    serves: tuple[str, ...]
    card: ModelCard
    health: Health


def engines(
    name: Annotated[str, typer.Argument(help="One engine, in full.", show_default="all of them")] = "",
) -> None:
    """Show the engines that are here, what is ready, and what is missing to make it ready."""
    settings = Settings.load()
    seen = tuple(look(settings))
    if not name:
        _table(seen)
        return
    found = [one for one in seen if one.name == name]
    if not found:
        raise InvalidInput("NAME", repr(name), ", ".join(one.name for one in seen))
    _in_full(found[0])


def look(settings: Settings) -> Iterator[Seen]:
    """Every engine that is installed or named in the settings, once."""
    for name in dict.fromkeys((*registry.names(), *settings.engines, *settings.wanted)):
        serves = tuple(model for model, chain in settings.chains.items() if name in chain.engines)
        try:
            engine = bootstrap.engine(
                name, weights=settings.weights, cache=settings.cache, engines=settings.engines
            )
            yield Seen(name, serves, engine.card(), engine.health())
        except MuybridgeError as error:
            card = ModelCard(name, "cannot be loaded", licence="")
            yield Seen(name, serves, card, Health(ready=False, missing=(error.message,)))


def _table(seen: tuple[Seen, ...]) -> None:
    table = Table(box=None, header_style="bold")
    for heading in ("engine", "ready", "serves", "GPU memory", "licence", "what it is"):
        table.add_column(heading, overflow="fold")
    for one in seen:
        ready = "[green]yes[/]" if one.health.ready else "[yellow]no[/]"
        needs, licence = _memory(one.card.device_memory), one.card.licence
        row = (one.name, ready, ", ".join(one.serves), needs, escape(licence), escape(one.card.summary))
        table.add_row(*row)
    console = Console()
    console.print(table)
    for one in seen:
        for line in one.health.missing:
            console.print(f"\n{one.name} is not ready: {line}", highlight=False, markup=False)


def _in_full(one: Seen) -> None:
    card = one.card
    lines = {
        "what it is": card.summary,
        "serves": ", ".join(one.serves) or "no wire model; see MUYBRIDGE_ENGINE and [models]",
        "takes": ", ".join(card.takes),
        "needs": ", ".join(card.needs) or "nothing",
        "memory": _memory(card.memory) or "not measured",
        "GPU memory": _memory(card.device_memory) or "none",
        "licence": card.licence,
        "may be used for": card.use or "anything its licence allows",
        "limits": "\n".join(card.limits) or "see its page",
        "ready": "yes" if one.health.ready else "no",
        "missing": "\n".join(one.health.missing) or "nothing",
    }
    table = Table(box=None, show_header=False, title=one.name, title_justify="left")
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for what, value in lines.items():
        table.add_row(what, escape(value))
    Console().print(table)


def _memory(count: int) -> str:
    return f"{count / GIB:.1f} GiB" if count else ""
