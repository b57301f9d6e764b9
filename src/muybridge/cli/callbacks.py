"""`muybridge callbacks`: what was told to callback addresses, and telling it again.

Works on the data folder, whether or not a server runs on it; what is to be sent again is sent by
the server, which looks for it every `limit.reconcile_seconds`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from muybridge import bootstrap
from muybridge.domain.event import Attempt, Event, EventState
from muybridge.ports.task_store import TaskStore
from muybridge.settings import Settings
from muybridge.wire.callback import read_event

app = typer.Typer(help="Callbacks: list the events and their tries, send one again.", no_args_is_help=True)

Done = TypeVar("Done")
Data = Annotated[Path | None, typer.Option(help="The server's data folder.")]
_MOST = 1000


@app.command("list")
def list_command(
    task: Annotated[str | None, typer.Option(metavar="TASK_ID", help="Of this task alone.")] = None,
    state: Annotated[EventState | None, typer.Option(help="In this state alone.")] = None,
    data: Data = None,
) -> None:
    """Show events in order: what they say, how they stand, and how the last try went."""

    async def look(tasks: TaskStore) -> list[tuple[Event, Attempt | None]]:
        found = await tasks.events(task, state, _MOST)
        tries = [await tasks.attempts(event.event_id) for event in found]
        return [(event, tried[-1] if tried else None) for event, tried in zip(found, tries, strict=True)]

    table = Table(box=None, header_style="bold")
    for heading in ("event", "says", "state", "tries", "last try", "answer"):
        table.add_column(heading, overflow="fold")
    for event, last in _run(look, data):
        said = read_event(event.body)
        how = (_when(last), _answer(last)) if last else ("-", "-")
        table.add_row(event.event_id, said.status if said else "-", event.state, str(event.attempts), *how)
    # a pipe has no width of its own: one event, one line
    Console(width=None if sys.stdout.isatty() else 200).print(table)


@app.command("resend")
def resend_command(
    event: Annotated[list[str], typer.Argument(metavar="EVENT...", help="As `list` names it.")],
    data: Data = None,
) -> None:
    """Have events sent again, under the ids that they had."""

    async def again(tasks: TaskStore) -> None:
        for name in event:
            await tasks.mark_event(name, EventState.PENDING)

    _run(again, data)
    soon = Settings.load(data=data).limit.reconcile_seconds
    for name in event:
        typer.echo(f"{name} is sent again within {soon:g} s where a server runs, or when one starts.")


def _run(work: Callable[[TaskStore], Awaitable[Done]], data: Path | None) -> Done:
    async def on_the_stores() -> Done:
        async with bootstrap.stores(Settings.load(data=data)) as stores:
            return await work(stores.tasks)

    return asyncio.run(on_the_stores())


def _when(tried: Attempt) -> str:
    return datetime.fromtimestamp(tried.at, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _answer(tried: Attempt) -> str:
    return " ".join([str(tried.status) if tried.status else "none", tried.note]).strip()
