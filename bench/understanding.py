"""Claim: what is written is what is planned. Prints precision and recall by kind and language.

    python bench/understanding.py [PROMPTS.toml ...] [--misses]

The facts of a prompt file are what a careful person expects (see the file's head). Precision
and recall of actions and camera count written beats only (those with words); `never` counts
every beat. Order, together, manner and at are shares of facts that hold. Prints times too.
"""

from __future__ import annotations

import argparse
import re
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from muybridge.director import plan
from muybridge.domain.storyboard import Beat, Storyboard
from muybridge.domain.subject import Subject, SubjectKind
from muybridge.units import Size

HERE = Path(__file__).parent
SUBJECT = Subject("0" * 64, Size(512, 512), SubjectKind.PORTRAIT)
KINDS = (
    "actions",
    "direction",
    "count",
    "order",
    "together",
    "manner",
    "at",
    "camera",
    "shot",
    "place",
    "hour",
    "weather",
    "season",
    "style",
    "never",
    "unheard",
    "heard",
)
SCENE = ("place", "hour", "weather", "season", "style")
PLAIN_SECONDS = {"blink": 0.3, "wink": 0.89, "nod": 0.8, "shake": 0.9, "run_closer": 3.3, "walk_closer": 4.0}


@dataclass
class Tally:
    """Facts that hold, facts that were expected, and what was found besides."""

    right: int = 0
    expected: int = 0
    found: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.right / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0


Tallies = dict[tuple[str, str], Tally]


def language(prompt: dict[str, object]) -> str:
    return str(prompt.get("lang") or ("zh" if re.search(r"[\u4e00-\u9fff]", str(prompt["text"])) else "en"))


def judge(prompt: dict[str, object], board: Storyboard) -> Iterator[tuple[str, int, int, int, str]]:
    """(kind, right, expected, found, what went wrong) for every kind of fact of one prompt."""
    written = [beat for beat in board.beats if beat.words]
    facts = {kind: list(prompt.get(kind, [])) for kind in KINDS if kind not in ("shot", *SCENE)}  # type: ignore[call-overload]
    allowed = set(prompt.get("allowed", []))  # type: ignore[call-overload]
    demanded = {fact.split()[0] for fact in facts["actions"]}
    judged = [beat for beat in written if str(beat.action) not in allowed - demanded]
    yield from _actions(facts["actions"], judged)
    cameras = [str(move.kind) for move in board.camera if move.words]
    right = sum((Counter(cameras) & Counter(facts["camera"])).values())
    right = right if cameras == facts["camera"] or right < len(cameras) else right - 1
    yield "camera", right, len(facts["camera"]), len(cameras), f"camera {cameras}, not {facts['camera']}"
    seen = {str(beat.action) for beat in board.beats} | {str(move.kind) for move in board.camera}
    if "shot" in prompt:
        named = str(board.shot) == prompt["shot"]
        yield "shot", named, 1, 1, f"shot {board.shot}, not {prompt['shot']}"
    yield from _scene(prompt, board)
    for kind, holds in (
        ("order", lambda fact: _order(fact, written)),
        ("together", lambda fact: _together(fact, written)),
        ("manner", lambda fact: _manner(fact, written)),
        ("at", lambda fact: _at(fact, written)),
        ("never", lambda fact: fact not in seen),
        ("unheard", lambda fact: any(fact in piece for piece in board.unheard)),
        (
            "heard",
            lambda fact: (
                not any(re.search(rf"(?<![a-z]){re.escape(fact)}(?![a-z])", piece) for piece in board.unheard)
            ),
        ),
    ):
        good = [fact for fact in facts[kind] if holds(fact)]
        bad = [fact for fact in facts[kind] if fact not in good]
        yield (
            kind,
            len(good),
            len(facts[kind]),
            len(facts[kind]),
            f"{kind} {bad}; unheard {list(board.unheard)}",
        )


def _scene(prompt: dict[str, object], board: Storyboard) -> Iterator[tuple[str, int, int, int, str]]:
    """Where and when: a prompt with any fact of the scene must name no other place and no other weather."""
    if not any(kind in prompt for kind in SCENE):
        return
    for kind in SCENE[:-1]:
        if kind in prompt or kind in ("place", "weather"):
            wanted = [name for name in str(prompt.get(kind, "")).split("|") if name]
            found = str(getattr(board.setting, kind))
            right = int(found in wanted)
            yield kind, right, int(bool(wanted)), int(bool(found)), f"{kind} {found!r}, not {wanted}"
    if "style" in prompt:
        styles = [*board.look.styles, *board.look.light]
        right = len(set(styles) & set(prompt["style"]))  # type: ignore[call-overload]
        yield "style", right, len(prompt["style"]), len(styles), f"style {styles}, not {prompt['style']}"  # type: ignore[arg-type]


def _actions(expected: list[str], written: list[Beat]) -> Iterator[tuple[str, int, int, int, str]]:
    acted = {str(beat.action) for beat in written}
    expected = [_alternative(fact, acted) for fact in expected]
    wanted = Counter(fact.split()[0] for fact in expected)
    found = Counter(str(beat.action) for beat in written)
    yield ("actions", sum((wanted & found).values()), sum(wanted.values()), sum(found.values()),
           f"actions {dict(found)}, not {dict(wanted)}")  # fmt: skip
    for kind, pick in (
        ("direction", lambda p: not p.startswith("x")),
        ("count", lambda p: p.startswith("x")),
    ):
        said = Counter(
            (fact.split()[0], part) for fact in expected for part in fact.split()[1:] if pick(part)
        )
        names = {name for name, _ in said}
        got = Counter((str(beat.action), str(beat.direction) if kind == "direction" else f"x{beat.repeats}")
                      for beat in written if str(beat.action) in names)  # fmt: skip
        yield (
            kind,
            sum((said & got).values()),
            sum(said.values()),
            sum(said.values()),
            f"{dict(got)}, not {dict(said)}",
        )


def _alternative(fact: str, acted: set[str]) -> str:
    """Of "gaze camera|look_up", the one that was found, else the first."""
    either = fact.split("|")
    return next((one for one in either if one.split()[0] in acted), either[0])


def _beats(name: str, written: list[Beat]) -> list[Beat]:
    return [beat for beat in written if str(beat.action) == name]


def _order(fact: str, written: list[Beat]) -> bool:
    first, second = (_beats(name.strip(), written) for name in fact.split("<"))
    return bool(first and second) and first[0].start < second[-1].start


def _together(fact: str, written: list[Beat]) -> bool:
    one, two = (_beats(name.strip(), written) for name in fact.split("+"))
    return any(a.start < b.end and b.start < a.end for a in one for b in two)


def _manner(fact: str, written: list[Beat]) -> bool:
    name, how = fact.split()
    for beat in _beats(name, written):
        plain = PLAIN_SECONDS.get(name, 0.0) * beat.repeats
        length = beat.end - beat.start
        if {"soft": beat.intensity < 0.9, "strong": beat.intensity > 1.1,
            "slow": length > 1.15 * plain, "fast": length < 0.87 * plain}[how]:  # fmt: skip
            return True
    return False


def _at(fact: str, written: list[Beat]) -> bool:
    name, when = fact.split()
    return any(abs(beat.start - float(when)) <= 0.15 for beat in _beats(name, written))


def run(files: list[Path], *, misses: bool) -> Tallies:
    tallies: Tallies = defaultdict(Tally)
    spent: list[float] = []
    plan("warm up 热身", SUBJECT)
    for file in files:
        for prompt in tomllib.loads(file.read_text(encoding="utf-8"))["prompt"]:
            start = time.perf_counter()
            board = plan(prompt["text"], SUBJECT)
            spent.append(time.perf_counter() - start)
            for kind, right, expected, found, wrong in judge(prompt, board):
                tally = tallies[kind, language(prompt)]
                tally.right += right
                tally.expected += expected
                tally.found += found
                if misses and (right < expected or right < found):
                    print(f"MISS {prompt['text'][:70]!r}: {wrong}")
    print(
        f"{len(spent)} prompts, {1000 * sum(spent) / len(spent):.2f} ms each, "
        f"{1000 * max(spent):.1f} ms at most"
    )
    return tallies


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=sorted((HERE / "prompts").glob("*.toml")))
    parser.add_argument("--misses", action="store_true", help="say what each prompt got wrong")
    chosen = parser.parse_args()
    tallies = run(chosen.files, misses=chosen.misses)
    print(f"{'kind':10} {'lang':4} {'precision':>9} {'recall':>7} {'facts':>6}")
    worst = 1.0
    for kind in dict.fromkeys(KINDS):
        for lang in ("en", "zh"):
            tally = tallies[kind, lang]
            if tally.expected or tally.found:
                worst = min(worst, tally.recall, tally.precision)
                print(f"{kind:10} {lang:4} {tally.precision:9.3f} {tally.recall:7.3f} {tally.expected:6}")
    return 0 if worst >= 0.95 else 1


if __name__ == "__main__":
    raise SystemExit(main())
