"""What is POSTed to a task's callback address: the challenge first, then one event per change."""

from __future__ import annotations

import json
import secrets

from pydantic import ValidationError
from pydantic_core import from_json

from muybridge.domain.task import Task, TaskState
from muybridge.wire.answers import QueryAnswer
from muybridge.wire.shown import shown

WORDS = {
    TaskState.PREPARING: "processing",
    TaskState.QUEUEING: "processing",
    TaskState.PROCESSING: "processing",
    TaskState.SUCCESS: "success",
    TaskState.FAIL: "failed",
}


def fresh_challenge() -> str:
    """A value that a receiver cannot guess."""
    return secrets.token_urlsafe(24)


def challenge_body(challenge: str) -> bytes:
    """The JSON that carries a challenge."""
    return json.dumps({"challenge": challenge}).encode()


def wrong_echo(body: bytes, challenge: str) -> str | None:
    """What is wrong with a receiver's answer to the challenge, in words; None if nothing is."""
    try:
        answer = from_json(body)
    except ValueError:
        return "an answer that is not JSON"
    if not isinstance(answer, dict) or "challenge" not in answer:
        return "an answer without challenge"
    echoed = answer["challenge"]
    if not isinstance(echoed, str) or not secrets.compare_digest(echoed.encode(), challenge.encode()):
        return f"the wrong challenge {shown(echoed)}"
    return None


def event_body(task: Task) -> str:
    """The query answer's shape with the callback's lower-case status, as JSON."""
    return QueryAnswer.of(task).model_copy(update={"status": WORDS[task.state]}).model_dump_json()


def read_event(body: bytes | str) -> QueryAnswer | None:
    """An event as a receiver reads it; None where the body is none."""
    try:
        return QueryAnswer.model_validate_json(body)
    except ValidationError:
        return None
