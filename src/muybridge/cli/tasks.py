"""`muybridge tasks`: what an operator sees and does of every key's tasks, over the data folder.

A server that runs on the folder is told at once; without one, the next start takes it up.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from muybridge import bootstrap
from muybridge.domain.event import Attempt, Event, Transition
from muybridge.domain.task import Task, TaskState
from muybridge.errors import NotFound
from muybridge.ports.orchestrator import Orchestrator
from muybridge.ports.task_store import TaskStore
from muybridge.service.cancel import Cancel
from muybridge.service.retry import Retry
from muybridge.settings import Settings
from muybridge.wire.ids import read_id

app = typer.Typer(help="Every key's tasks: list, show, cancel, retry.", no_args_is_help=True)

Done = TypeVar("Done")
Data = Annotated[Path | None, typer.Option(help="The server's data folder.")]
Which = Annotated[str, typer.Argument(metavar="TASK", help="The task's id.")]
Work = Callable[[TaskStore, Orchestrator | None], Awaitable[Done]]


@app.command("list")
def list_command(
    state: Annotated[TaskState | None, typer.Option(help="Only tasks in this state.")] = None,
    key: Annotated[str | None, typer.Option(metavar="KEY_ID", help="Only this key's tasks.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 20,
    data: Data = None,
) -> None:
    """Show the latest tasks, the newest first."""
    found = _run(lambda tasks, _: tasks.recent(key, limit, state), data)
    table = Table(box=None, header_style="bold")
    for heading in ("task", "state", "made", "took, s", "model", "key", "says"):
        table.add_column(heading, overflow="fold", no_wrap=heading in {"task", "made"})
    for task in found:
        took = f"{task.updated_at - task.created_at:.1f}" if task.state.terminal else "-"
        says = f"{task.status_code}: {task.status_msg}" if task.state is TaskState.FAIL else task.prompt
        shown = (task.model, task.key_id, says[:60])
        table.add_row(task.task_id, task.state, _time(task.created_at), took, *map(escape, shown))
    # a pipe has no width of its own: one task, one line
    Console(width=None if sys.stdout.isatty() else 240).print(table)


@app.command("show")
def show_command(task: Which, data: Data = None) -> None:
    """Show one task: what was asked, its timeline with reasons, its notes and its callbacks."""

    async def look(tasks: TaskStore, _: Orchestrator | None) -> None:
        found = await _find(tasks, task)
        events = await tasks.events(found.task_id)
        tries = [await tasks.attempts(event.event_id) for event in events]
        lines = [*_asked(found), *_timeline(await tasks.timeline(found.task_id))]
        lines += [f"note      {note}" for note in found.notes]
        for event, tried in zip(events, tries, strict=True):
            lines += _callback(event, tried)
        typer.echo("\n".join(lines))

    _run(look, data)


@app.command("cancel")
def cancel_command(task: Which, data: Data = None) -> None:
    """End a task that is not wanted; one that has ended stays as it ended."""

    async def cancel(tasks: TaskStore, orchestrator: Orchestrator | None) -> str:
        found = await _find(tasks, task)
        after = await Cancel(tasks, orchestrator, bootstrap.clock()).end(found, "cancelled by the operator")
        if found.state.terminal:
            return f"Task {after.task_id} had ended before: {after.state}."
        return f"Task {after.task_id} is cancelled." if after.state is TaskState.FAIL else "It just ended."

    _run(cancel, data, at_the_end=typer.echo)


@app.command("retry")
def retry_command(task: Which, data: Data = None) -> None:
    """Make a failed task's request once more; print the new task's id on the last line."""

    async def retry(tasks: TaskStore, orchestrator: Orchestrator | None) -> str:
        found = await _find(tasks, task)
        again = await Retry(tasks, orchestrator, bootstrap.clock())(found)
        when = "It is under way." if orchestrator else "The next start of the server makes it."
        return f"A new task makes what {found.task_id} did not. {when}\n{again.task_id}"

    _run(retry, data, at_the_end=typer.echo)


def _run(work: Work[Done], data: Path | None, at_the_end: Callable[[Done], None] | None = None) -> Done:
    """Do the work on the stores; what has `at_the_end` to say also reaches a server that runs."""
    settings = Settings.load(data=data)

    async def on_the_stores() -> tuple[Done, bool]:
        async with bootstrap.stores(settings) as stores:
            orchestrator = await bootstrap.running_orchestrator(settings) if at_the_end else None
            return await work(stores.tasks, orchestrator), orchestrator is not None

    done, connected = asyncio.run(on_the_stores())
    if at_the_end:
        at_the_end(done)
    if connected:
        sys.stdout.flush()
        os._exit(0)  # the Temporal client's threads do not always survive an interpreter's end
    return done


async def _find(tasks: TaskStore, task_id: str) -> Task:
    found = await tasks.get(read_id(task_id, "TASK"))
    if found is None:
        raise NotFound("TASK", task_id[:40], "the id of a task, see `muybridge tasks list`")
    return found


def _asked(task: Task) -> list[str]:
    lines = [
        f"task      {task.task_id} of key {task.key_id}, model {task.model}",
        f"prompt    {task.prompt}",
        f"picture   {task.reference}",
        f"seed      {task.seed}",
        f"state     {task.state}",
    ]
    if task.state is TaskState.SUCCESS:
        lines.append(f"file      {task.file_id}, {task.width}x{task.height}")
    if task.state is TaskState.FAIL:
        lines.append(f"says      {task.status_code}: {task.status_msg}")
    return lines


def _timeline(steps: Sequence[Transition]) -> list[str]:
    lines = []
    for before, step in zip([None, *steps], steps, strict=False):
        later = "" if before is None else f" +{step.at - before.at:.1f} s"
        lines.append(f"{_time(step.at)}{later}  {step.state}: {step.reason}")
    return lines


def _callback(event: Event, tried: Sequence[Attempt]) -> list[str]:
    lines = [f"callback  {event.event_id} {event.state}: {event.body}"]
    for attempt in tried:
        went = "delivered" if attempt.delivered else "not delivered"
        lines.append(f"{_time(attempt.at)}  {went}, status {attempt.status} {attempt.note}".rstrip())
    return lines


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
