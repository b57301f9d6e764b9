"""Every action and every control on five subjects: does the named thing happen, and the rest stay?

    python bench/acting.py                      all of it: a table and contact sheets a subject
    python bench/acting.py --quick              a dozen actions on one person and one drawing
    python bench/acting.py --subject cat --act jump --act smile   only these

Each act is a four second take at 640x360 of which every fourth frame is drawn and measured; each
control goes alone to its limits. With --strict the exit status is 1 where a row is not clean.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from judge import acts
from judge.acts import Found
from judge.faces import Frame
from judge.gauges import Gauge, Gauged
from judge.playing import REST, Character, Stage, beat_of, characters
from muybridge.adapters.weights import CachedWeights
from muybridge.domain.storyboard import Action, Direction
from muybridge.errors import MuybridgeError
from muybridge.puppet.rig.controls import LIMITS
from muybridge.settings import Settings

MODELS = ("face_detection_yunet_2023mar.onnx", "face_recognition_sface_2021dec.onnx")
QUICK_SUBJECTS = ("astronaut", "girl")
QUICK = ("blink", "wink", "turn", "nod", "smile", "surprise", "talk", "breathe", "jump", "walk_closer")
MIDDLE, LEAST = 0.85, 0.60  # SFace's median and minimum that an act within the limits keeps
TALL, COLUMNS, ROWS = 150, 6, 8  # px a tile, tiles a row, rows a contact sheet


@dataclass(frozen=True)
class Row:
    """One act on one subject: what was found, what of the rest moved, and the take's figures."""

    act: str
    found: list[Found] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    gauged: Gauged | None = None
    notes: tuple[str, ...] = ()

    @property
    def faults(self) -> list[str]:
        """Everything that keeps the row from being clean, in words."""
        if self.gauged is None:
            return []
        faults = [f"too little: {found}" for found in self.found if found.met is False]
        faults += [f"did not stay: {moved}" for moved in self.moved]
        middle, least = self.likeness
        if middle < MIDDLE or least < LEAST:
            faults.append("likeness")
        if self.gauged.border:
            faults.append(f"border {self.gauged.border}")
        if self.gauged.spikes:
            faults.append(f"{self.gauged.spikes} spikes")
        return faults

    @property
    def likeness(self) -> tuple[float, float]:
        """The median and the minimum of SFace's cosine; 1 where there is no face to compare."""
        seen = self.gauged.likeness if self.gauged else np.empty(0)
        return (float(np.median(seen)), float(seen.min())) if len(seen) else (1.0, 1.0)


class Sheets:
    """Rows of frames gathered into pictures of `ROWS` rows."""

    def __init__(self, out: Path, name: str) -> None:
        self._out, self._name, self._rows, self._count = out, name, [], 0  # type: ignore[var-annotated]

    def add(self, title: str, frames: list[Frame], face: tuple[float, float, float] | None) -> None:
        """One row: frames evenly spread over the take, the first named; with `face`, the head alone."""
        if face is not None:
            frames = [_head(frame, face) for frame in frames]
        tiles = []
        for n in np.linspace(0.1 * len(frames), len(frames) - 2, COLUMNS).round().astype(int):
            size = (round(TALL * frames[n].shape[1] / frames[n].shape[0]), TALL)
            tiles.append(cv2.resize(frames[n], size, interpolation=cv2.INTER_AREA))
        for colour, wide in (((0, 0, 0), 3), ((255, 255, 255), 1)):
            cv2.putText(tiles[0], title, (4, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, colour, wide, cv2.LINE_AA)
        row = np.hstack(tiles)
        if self._rows and self._rows[-1].shape != row.shape:
            self.close()
        self._rows.append(row)
        if len(self._rows) == ROWS:
            self.close()

    def close(self) -> None:
        """Write what has gathered."""
        if self._rows:
            cv2.imwrite(str(self._out / f"{self._name}-{self._count}.png"), np.vstack(self._rows))
            self._rows, self._count = [], self._count + 1


def _head(frame: Frame, face: tuple[float, float, float]) -> Frame:
    x, y, iod = face
    wide, tall = round(4.4 * iod), round(4.0 * iod)
    left = int(np.clip(x - wide / 2, 0, max(frame.shape[1] - wide, 0)))
    top = int(np.clip(y - 0.52 * tall, 0, max(frame.shape[0] - tall, 0)))
    return np.ascontiguousarray(frame[top : top + tall, left : left + wide])


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a dozen actions, two subjects, no controls")
    parser.add_argument("--subject", action="append", help="astronaut, hopper, cat, girl or boy")
    parser.add_argument("--act", action="append", help="an action or a control by its name")
    parser.add_argument("--out", type=Path, default=Path("out/acting"), help="where contact sheets go")
    parser.add_argument("--strict", action="store_true", help="status 1 where a row is not clean")
    given = parser.parse_args()
    known = {*Action, *LIMITS}
    if unknown := [act for act in given.act or () if act not in known]:
        parser.error(f"--act {unknown[0]!r} is none of {', '.join(sorted(known))}")
    if given.quick:
        given.act, given.subject = given.act or list(QUICK), given.subject or list(QUICK_SUBJECTS)
    return given


def judged(stage: Stage, act: Action | str, models: Gauge) -> tuple[Row, list[Frame]]:
    """One act on one subject."""
    who, notes = stage.character, ()
    if isinstance(act, Action):
        frames, notes = stage.act(beat_of(act, acts.DIRECTIONS.get(act, Direction.ANY)))
    else:
        frames = stage.solo(act) if stage.has(act) else []
    if not frames:
        return Row(str(act), notes=notes or ("The picture shows no such limb free.",)), []
    gauged = models.read(frames, who.reference, who.drawn, body=not _close(act))
    wanted = acts.expected(act, "x" in gauged.series and bool(who.portrait.faces or who.drawn))
    if any("is acted as" in note or "stands in" in note or "instead of" in note for note in notes):
        wanted = (acts.rise("flow", 0.02),)  # the nearest thing is acted, and said to be
    found = [Found(e, e.change(gauged.series[e.measure], REST)) for e in wanted if e.measure in gauged.series]
    return Row(str(act), found, acts.unmoved(act, gauged.series, REST), gauged, notes), frames


def _close(act: Action | str) -> bool:
    return act in acts.FACE or act in acts.ABOVE


def run(who: Character, wanted: list[str] | None, out: Path, models: Gauge) -> list[Row]:
    """Every act of one subject, its sheets written."""
    stage, rows = Stage(who), []
    for kind, names in (("actions", list(Action)), ("controls", list(LIMITS))):
        sheets = Sheets(out, f"{who.name}-{kind}")
        for act in names:
            if wanted is None or act in wanted:
                row, frames = judged(stage, act, models)
                rows.append(row)
                if frames:
                    sheets.add(row.act, frames, row.gauged.face if row.gauged and _close(act) else None)
        sheets.close()
    return rows


def show(name: str, rows: list[Row]) -> None:
    table = Table(title=name, title_justify="left")
    for column in ("act", "change / least", "SFace median", "least", "flow", "frozen", "faults, notes"):
        table.add_column(column)
    for row in rows:
        said = "; ".join(row.faults) or ("" if row.gauged else "not acted")
        told = "; ".join((said, *row.notes)) if said else "; ".join(row.notes)
        if row.gauged is None:
            table.add_row(row.act, "", "", "", "", "", told)
            continue
        cosines = [f"{c:.2f}" if len(row.gauged.likeness) else "" for c in row.likeness]
        flow = f"{row.gauged.amplitude:.2f}", f"{row.gauged.frozen:.0%}"
        table.add_row(row.act, ", ".join(map(str, row.found)), *cosines, *flow, told)
    Console(width=None if sys.stdout.isatty() else 170).print(table)
    acted = [row for row in rows if row.gauged is not None]
    clean = sum(not row.faults for row in acted)
    print(f"{name}: {clean} of {len(acted)} clean, {len(rows) - len(acted)} not acted and said so\n")


def main() -> int:
    given = asked()
    store = CachedWeights(Settings.load().weights)
    try:
        detector, recognizer = (store.path(name) for name in MODELS)
        models = Gauge(detector, recognizer)
        people = characters(store.path, tuple(given.subject or ()))
    except MuybridgeError as error:
        raise SystemExit(str(error)) from None
    given.out.mkdir(parents=True, exist_ok=True)
    faults = 0
    for who in people:
        started = time.perf_counter()
        rows = run(who, given.act, given.out, models)
        show(f"{who.name} ({time.perf_counter() - started:.0f} s)", rows)
        faults += sum(bool(row.faults) for row in rows)
    return int(given.strict and faults > 0)


if __name__ == "__main__":
    sys.exit(main())
