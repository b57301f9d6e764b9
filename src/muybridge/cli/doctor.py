"""`muybridge doctor`: what works on this machine, and what to do about what does not."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from muybridge.cli import logs
from muybridge.cli.checks import ALL, Finding, Verdict
from muybridge.cli.gpu_check import gpu
from muybridge.settings import Settings

_SHOWN = {Verdict.FINE: "[green]fine[/]", Verdict.NOTE: "[yellow]note[/]", Verdict.BROKEN: "[red]broken[/]"}


def doctor() -> None:
    """Say what works on this machine; the exit status is 1 where something needed is broken."""
    settings = Settings.load()
    logs.set_up("error")
    found: list[Finding] = []
    with Console(stderr=True).status("looking") as status:
        for check in (*ALL, gpu):
            status.update(check.__name__)
            found += check(settings)
    table = Table(box=None, header_style="bold")
    for heading in ("", "what", "seen", "what to do"):
        table.add_column(heading, overflow="fold")
    for finding in found:
        said = (escape(part) for part in (finding.name, finding.seen, finding.advice))
        table.add_row(_SHOWN[finding.verdict], *said)
    Console().print(table)
    if any(finding.verdict is Verdict.BROKEN for finding in found):
        raise typer.Exit(1)
