from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from muybridge import bootstrap
from muybridge.cli.tasks import app
from muybridge.domain.event import Attempt
from muybridge.domain.task import Task, TaskState
from muybridge.errors import InvalidInput, NotFound
from muybridge.ports.task_store import TaskStore
from muybridge.settings import Settings
from muybridge.units import Seconds

NOW = Seconds(1_763_800_000.0)
A, B = "107000000000001", "107000000000002"


def run(folder: Path, *words: str) -> Result:
    result = CliRunner().invoke(app, [*words, "--data", str(folder)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def on(folder: Path, work: Callable[[TaskStore], Awaitable[Any]]) -> Any:
    async def there() -> Any:
        async with bootstrap.stores(Settings.load(data=folder)) as stores:
            return await work(stores.tasks)

    return asyncio.run(there())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two keys' tasks: one that failed with a story, one that waits."""

    async def fill(tasks: TaskStore) -> None:
        hook = "https://app.example/hook"
        first = Task(A, "k1", "S2V-01", "She [bold]winks.", "361000000000001", NOW, NOW, callback_url=hook)
        await tasks.add(first)
        await tasks.move(A, TaskState.QUEUEING, Seconds(NOW + 1), "the reference is ready")
        said = {"status_code": 1027, "status_msg": "output new_sensitive", "notes": ("One note.",)}
        await tasks.move(A, TaskState.FAIL, Seconds(NOW + 3.5), "refused", **said)  # type: ignore[arg-type]
        (event, _) = await tasks.events(A)
        await tasks.record_attempt(Attempt(event.event_id, Seconds(NOW + 2), False, 503, "busy"))
        await tasks.add(Task(B, "k2", "S2V-01", "He nods.", "361000000000002", NOW + 9, NOW + 9, seed=7))  # type: ignore[arg-type]

    on(tmp_path, fill)
    return tmp_path


def test_tasks_of_every_key_are_listed_the_newest_first(folder: Path) -> None:
    lines = run(folder, "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["task", B, A]
    assert "He nods." in lines[1]
    assert "1027: output new_sensitive" in lines[2]
    assert " 3.5 " in lines[2]


def test_a_list_can_be_of_one_state_and_of_one_key(folder: Path) -> None:
    assert A not in run(folder, "list", "--state", "Preparing").stdout
    assert B not in run(folder, "list", "--key", "k1").stdout
    assert run(folder, "list", "--limit", "1").stdout.count("S2V-01") == 1
    assert run(folder, "list", "--state", "Gone").exit_code == 2


def test_a_task_is_shown_with_times_reasons_notes_and_callbacks(folder: Path) -> None:
    shown = run(folder, "show", A).stdout
    for part in (
        "She [bold]winks.",
        "2025-11-22 08:26:40Z  Preparing: accepted",
        "+1.0 s  Queueing: the reference is ready",
        "+2.5 s  Fail: refused",
        "1027: output new_sensitive",
        "One note.",
        f"msg_{A}_1 pending",
        "not delivered, status 503 busy",
    ):
        assert part in shown, shown


def test_a_task_is_cancelled_once_and_says_by_whom(folder: Path) -> None:
    assert run(folder, "cancel", B).stdout == f"Task {B} is cancelled.\n"
    assert run(folder, "cancel", B).stdout == f"Task {B} had ended before: Fail.\n"
    timeline = on(folder, lambda tasks: tasks.timeline(B))
    assert [(step.state, step.reason) for step in timeline][1:] == [("Fail", "cancelled by the operator")]
    task = on(folder, lambda tasks: tasks.get(B))
    assert (task.status_code, task.status_msg) == (1000, "cancelled")


def test_a_failed_task_is_made_again_as_another(folder: Path) -> None:
    failed = on(folder, lambda tasks: tasks.get(A))
    task_id = run(folder, "retry", A).stdout.splitlines()[-1]
    again = on(folder, lambda tasks: tasks.get(task_id))
    assert on(folder, lambda tasks: tasks.get(A)) == failed
    assert again.task_id != A
    assert (again.state, again.status_code, again.notes) == (TaskState.PREPARING, 0, ())
    for kept in ("key_id", "prompt", "reference", "seed", "callback_url", "model"):
        assert getattr(again, kept) == getattr(failed, kept)
    assert len(on(folder, lambda tasks: tasks.unfinished())) == 2


def test_only_a_failed_task_is_made_again(folder: Path) -> None:
    with pytest.raises(InvalidInput, match="which is Preparing; allowed: a task that failed"):
        run(folder, "retry", B)


@pytest.mark.parametrize("command", ["show", "cancel", "retry"])
def test_a_task_that_is_not_there_is_told_so(folder: Path, command: str) -> None:
    with pytest.raises(NotFound, match="muybridge tasks list"):
        run(folder, command, "999999999999999")
    with pytest.raises(InvalidInput, match="TASK: got"):
        run(folder, command, "abc")
