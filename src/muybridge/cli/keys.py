"""`muybridge keys`: API keys, made and shut in the data folder, whether or not a server runs on it."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from muybridge import bootstrap
from muybridge.domain.key import Key, Terms
from muybridge.errors import InvalidInput
from muybridge.service.keys import Keys, NewKey
from muybridge.settings import Settings
from muybridge.units import Seconds

app = typer.Typer(help="API keys: create, list, revoke, rotate.", no_args_is_help=True)

Done = TypeVar("Done")
Data = Annotated[Path | None, typer.Option(help="The server's data folder.")]
Which = Annotated[str, typer.Argument(metavar="KEY", help="The key's id, or its name where one has it.")]
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@app.command("create")
def create_command(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    allowance: Annotated[int | None, typer.Option(min=0, help="How many videos in all.")] = None,
    rate: Annotated[int | None, typer.Option(min=1, help="How many tasks in any minute.")] = None,
    in_flight: Annotated[int | None, typer.Option(min=1, help="How many unfinished tasks at once.")] = None,
    expires: Annotated[str | None, typer.Option(metavar="TIME", help="How long it works: 12h, 30d.")] = None,
    data: Data = None,
) -> None:
    """Make a key and print it, alone on the last line; it is never shown again."""
    terms, lifetime = Terms(allowance, rate, in_flight), _seconds(expires)
    made = _run(lambda keys: keys.create(name, terms, lifetime), data)
    _show(made, f"Key {made.key.name!r} was made, its id is {made.key.key_id}.")


@app.command("list")
def list_command(data: Data = None) -> None:
    """Show every key: its id, name, state and limits; never the key itself."""
    found = _run(lambda keys: keys.list(), data)
    table = Table(box=None, header_style="bold")
    for heading in ("id", "name", "state", "made", "allowance", "a minute", "in flight"):
        table.add_column(heading, overflow="fold")
    now = bootstrap.clock().now()
    for key in found:
        limits = (key.terms.allowance, key.terms.rate, key.terms.in_flight)
        shown = ["-" if limit is None else str(limit) for limit in limits]
        table.add_row(key.key_id, key.name, _state(key, now), _day(key.created_at), *shown)
    # a pipe has no width of its own: one key, one line
    Console(width=None if sys.stdout.isatty() else 200).print(table)


@app.command("revoke")
def revoke_command(key: Which, data: Data = None) -> None:
    """Shut a key for good; its tasks go on, and nobody sees them any more."""
    shut = _run(lambda keys: keys.revoke(key), data)
    typer.echo(f"Key {shut.name!r} ({shut.key_id}) is revoked.")


@app.command("rotate")
def rotate_command(key: Which, data: Data = None) -> None:
    """Replace a key by a new one with the same tasks, files and limits; print it on the last line."""
    rotated = _run(lambda keys: keys.rotate(key), data)
    _show(rotated, f"Key {rotated.key.name!r} ({rotated.key.key_id}) was replaced; the old one is shut.")


def _run(work: Callable[[Keys], Awaitable[Done]], data: Path | None) -> Done:
    async def on_the_stores() -> Done:
        async with bootstrap.stores(Settings.load(data=data)) as stores:
            return await work(Keys(stores.keys, bootstrap.clock()))

    return asyncio.run(on_the_stores())


def _show(made: NewKey, line: str) -> None:
    typer.echo(line)
    typer.echo(f"Its callbacks are signed with {made.key.signing_secret}")
    typer.echo("The key, shown only this once:")
    typer.echo(made.secret)


def _seconds(text: str | None) -> Seconds | None:
    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,6})([smhd])", text.strip())
    if match is None or not int(match[1]):
        raise InvalidInput("--expires", repr(text), "a number and its unit: 90s, 45m, 12h, 30d")
    return Seconds(int(match[1]) * _UNITS[match[2]])


def _state(key: Key, now: Seconds) -> str:
    if key.revoked_at is not None:
        return f"revoked {_day(key.revoked_at)}"
    if key.expires_at is None:
        return "works"
    return f"{'works until' if key.valid_at(now) else 'expired'} {_day(key.expires_at)}"


def _day(at: Seconds) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
