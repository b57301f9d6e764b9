"""A rehearsal's script: how a task shall go, written into its prompt by who tests an application.

    [[rehearse fail=1027]]   [[rehearse fail=1000 at=generate delay=3]]   [[rehearse callback=flaky]]

The words around it are the prompt. Limits: one directive in a prompt; it is read only where
rehearsals are on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from muybridge.errors import InvalidInput
from muybridge.units import Seconds

LONGEST_DELAY = Seconds(600.0)
# at which stages a task can fail so, the first where none is named
STAGES: dict[int, tuple[str, ...]] = {
    1000: ("generate", "create"),
    1001: ("generate", "create"),
    1002: ("create",),
    1008: ("create",),
    1026: ("prepare", "generate", "create"),
    1027: ("publish",),
    2013: ("create", "prepare"),
}
_OPENS = re.compile(r"\[\[\s*rehearse\b", re.IGNORECASE)
_WHOLE = re.compile(r"\s*\[\[\s*rehearse\b([^\[\]]*)\]\]\s*", re.IGNORECASE)
_ALLOWED = (
    "one [[rehearse ...]] with any of fail=CODE ("
    + ", ".join(str(code) for code in STAGES)
    + f"), at=STAGE, delay=SECONDS (0 to {LONGEST_DELAY:g}), callback=flaky"
)


@dataclass(frozen=True, slots=True)
class Script:
    """How a task shall go: fail with a code at a stage, be `delay` seconds late, be told unreliably."""

    fail: int = 0
    at: str = ""
    delay: Seconds = Seconds(0.0)
    flaky: bool = False


def directed(prompt: str) -> bool:
    """Whether a prompt asks for a rehearsal, rightly or wrongly written."""
    return _OPENS.search(prompt) is not None


def read_script(prompt: str) -> tuple[Script | None, str]:
    """The script in a prompt and the words without it; raises InvalidInput where it is wrongly written."""
    if not directed(prompt):
        return None, prompt
    found = _WHOLE.findall(prompt)
    if len(found) != 1 or len(_OPENS.findall(prompt)) != 1:
        raise _wrong("more than one" if len(found) > 1 else "one that is not closed by ]]")
    asked: dict[str, str] = {}
    for word in found[0].replace(",", " ").replace(":", " ").split():
        name, _, value = word.partition("=")
        if name not in ("fail", "at", "delay", "callback") or name in asked or not value:
            raise _wrong(repr(word[:40]))
        asked[name] = value
    return _script(asked), _WHOLE.sub(" ", prompt).strip()


def _script(asked: dict[str, str]) -> Script:
    fail = asked.get("fail", "0")
    if "fail" in asked and (not fail.isdecimal() or int(fail) not in STAGES):
        raise _wrong(f"fail={fail[:20]}")
    stages = STAGES.get(int(fail), ("",))
    at = asked.get("at", stages[0])
    if at not in stages:
        where = ", ".join(stages) if fail != "0" else "together with fail=CODE"
        raise InvalidInput("prompt", f"a rehearsal with at={at[:20]}", f"at={where}, for fail={fail}")
    delay = asked.get("delay", "0")
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3})?", delay, re.ASCII) or float(delay) > LONGEST_DELAY:
        raise _wrong(f"delay={delay[:20]}")
    if asked.get("callback", "flaky") != "flaky":
        raise _wrong(f"callback={asked['callback'][:20]}")
    return Script(int(fail), at, Seconds(float(delay)), "callback" in asked)


def _wrong(what: str) -> InvalidInput:
    return InvalidInput("prompt", f"a rehearsal with {what}", _ALLOWED)
