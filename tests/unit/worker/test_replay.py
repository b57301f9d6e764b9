"""Workflows recorded by earlier versions must replay: tasks live on over an upgrade.

Where a workflow's course changes on purpose, use `workflow.patched`, and add histories of the new
course: `MUYBRIDGE_RECORD=1 pytest tests/unit/worker/test_replay.py` writes those of the day.
"""

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from muybridge.adapters.temporal.names import notify_id
from muybridge.ports.fetcher import Reply
from muybridge.worker.workflows import NotifyWorkflow, TaskWorkflow

HISTORIES = Path(__file__).parent / "histories"
HOOK = "https://app.example/hook"


def replayer():
    return Replayer(workflows=[TaskWorkflow, NotifyWorkflow], data_converter=pydantic_data_converter)


@pytest.mark.parametrize("name", sorted(path.stem for path in HISTORIES.glob("*.json")))
async def test_a_workflow_recorded_earlier_replays(name):
    history = WorkflowHistory.from_json(name, (HISTORIES / f"{name}.json").read_text())
    await replayer().replay_workflow(history)


def test_every_course_was_recorded_at_least_once():
    courses = {path.stem.partition(".")[2] for path in HISTORIES.glob("*.json")}
    assert courses >= {"success", "crash", "refused", "told"}


async def test_what_runs_today_replays_today(works):
    replies = iter([500, 200, 200])
    works.fetcher.receivers[HOOK] = lambda _body: Reply(next(replies, 200), b"")
    client = works.orchestrator._client
    async with works.worker():
        plain = await works.accept("steady 0.1", callback_url=HOOK)
        crashed, refused = await works.accept("crash once"), await works.accept("refuse")
        for task_id in (plain, crashed, refused):
            await works.end(task_id)
        ids = {"success": plain, "crash": crashed, "refused": refused, "told": notify_id(plain)}
        for course, workflow_id in ids.items():
            handle = client.get_workflow_handle(workflow_id)
            await handle.result()
            history = await handle.fetch_history()
            await replayer().replay_workflow(history)
            if os.environ.get("MUYBRIDGE_RECORD"):
                keep(course, history)


def keep(course, history):
    """Write a history without anything of the machine it ran on."""
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    text = json.dumps(nameless(json.loads(history.to_json())), indent=1)
    (HISTORIES / f"{day}.{course}.json").write_text(text + "\n")


def nameless(value):
    """Without what names a machine: identities, the queues named after them, and stack traces."""
    if isinstance(value, list):
        return [nameless(item) for item in value]
    if isinstance(value, dict):
        return {key: "" if key == "stackTrace" else nameless(item) for key, item in value.items()}
    return re.sub(r"\d+@[\w.-]+", "1@somewhere", value) if isinstance(value, str) else value
