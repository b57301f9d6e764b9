"""Draw every place: python bench/stage.py [--place cafe] [--full] [--cutout her.png]

Contact sheets of every place in each of its hours, seasons and weathers go to out/stage/, and what
building and drawing cost goes to the screen. --full also writes each frame alone, full size.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from muybridge.puppet.camera import View
from muybridge.puppet.light import to_linear, to_srgb
from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.stage import scene as stage
from muybridge.puppet.stage.places import PLACES
from muybridge.puppet.stage.plates import Light
from muybridge.units import Size

WIDTH, COLUMNS = 480, 4
TURNS = 12  # frames that are timed


class Shot(NamedTuple):
    hour: str
    season: str | None
    weather: str | None

    def __str__(self) -> str:
        return " ".join(part for part in self if part)


class Cost(NamedTuple):
    build: float
    behind: float
    resting: float
    before: float


def shots(place: str) -> Iterator[Shot]:
    """Every hour plain, then each weather by day and by night, then each season by day."""
    look = PLACES[place]
    for hour in look.hours:
        yield Shot(hour, None, None)
    ends = [hour for hour in ("day", "night") if hour in look.hours] or [look.hours[0]]
    for weather in look.weathers:
        for hour in ends:
            yield Shot(hour, None, weather)
    for season in look.seasons:
        yield Shot(ends[0], season, None)


def seconds(work: Callable[[int], object], turns: int = TURNS) -> float:
    """The least time a call takes on this thread: other work on the machine only adds."""
    best = float("inf")
    for turn in range(turns):
        start = time.thread_time()
        work(turn)
        best = min(best, time.thread_time() - start)
    return best


def cost(place: str, shot: Shot, size: Size) -> Cost:
    def built() -> stage.Scene:
        return stage.build(place, size=size, hour=shot.hour, season=shot.season, weather=shot.weather)

    build = seconds(lambda _: built(), 2)
    scene = built()
    moving = seconds(lambda turn: scene.draw_behind(View(z=0.01 * turn, pan=0.7 * turn), turn / 25))
    resting = seconds(lambda turn: scene.draw_behind(View(), turn / 25))
    frame = scene.draw_behind(View(), 0.0)
    return Cost(build, moving, resting, seconds(lambda turn: scene.draw_before(frame, View(), turn / 25)))


def stand_in(frame: Bytes, cutout: Bytes | None, light: Light) -> Bytes:
    """A cut-out subject stood before the place, roughly in its light; the frame alone without one."""
    if cutout is None:
        return frame
    height, width = frame.shape[:2]
    scale = 1.04 * height / cutout.shape[0]
    place = np.array([[scale, 0, width / 2 - scale * cutout.shape[1] / 2], [0, scale, 0]], np.float32)
    place[1, 2] = height - scale * cutout.shape[0] * 0.93
    placed = cv2.warpAffine(cutout, place, (width, height), flags=cv2.INTER_CUBIC)
    alpha: Floats = placed[..., 3:4].astype(np.float32) / 255
    gain = np.array(light.ambient, np.float32) + np.array(light.key, np.float32) * 0.8
    lit = to_srgb(np.asarray(to_linear(np.ascontiguousarray(placed[..., :3])) * gain, np.float32))
    return np.asarray(np.rint(frame * (1 - alpha) + lit * alpha), np.uint8)


def picture(place: str, shot: Shot, size: Size, cutout: Bytes | None, t: float = 1.0) -> Bytes:
    scene = stage.build(place, size=size, hour=shot.hour, season=shot.season, weather=shot.weather)
    frame = stand_in(scene.draw_behind(View(), t), cutout, scene.light_at(t))
    scene.draw_before(frame, View(), t)
    return frame


def sheet(place: str, size: Size, cutout: Bytes | None, out: Path, full: bool) -> None:
    cells = []
    for shot in shots(place):
        frame = cv2.cvtColor(picture(place, shot, size, cutout), cv2.COLOR_RGB2BGR)
        if full:
            cv2.imwrite(str(out / f"{place}_{'_'.join(str(shot).split())}.png"), frame)
        height = round(WIDTH / size.aspect)
        cell = cv2.resize(frame, (WIDTH, height), interpolation=cv2.INTER_AREA)
        cv2.putText(
            cell, str(shot), (9, height - 9), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 3, cv2.LINE_AA
        )
        cv2.putText(
            cell, str(shot), (9, height - 9), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255,) * 3, 1, cv2.LINE_AA
        )
        cells.append(cell)
    while len(cells) % COLUMNS and len(cells) > COLUMNS:
        cells.append(np.zeros_like(cells[0]))
    step = min(COLUMNS, len(cells))
    rows = [np.hstack(cells[i : i + step]) for i in range(0, len(cells), step)]
    cv2.imwrite(str(out / f"{place}.png"), np.vstack(rows))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--place", action="append", choices=stage.names(), help="only this one")
    parser.add_argument("--size", default="1280x720", help="of a frame, as WIDTHxHEIGHT")
    parser.add_argument("--cutout", type=Path, help="a PNG with alpha to stand before every place")
    parser.add_argument("--full", action="store_true", help="also write every frame alone")
    parser.add_argument("--costs", action="store_true", help="only measure, draw no sheets")
    parser.add_argument("--out", type=Path, default=Path("out/stage"))
    return parser.parse_args()


def main() -> None:
    given = arguments()
    cv2.setNumThreads(1)
    width, height = (int(part) for part in given.size.split("x"))
    size, cutout = Size(width, height), None
    if given.cutout:
        cutout = cv2.cvtColor(cv2.imread(str(given.cutout), cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA)
    given.out.mkdir(parents=True, exist_ok=True)
    table = Table(
        "place", "build s", "behind ms", "at rest ms", "before ms", title="Least of several, one thread"
    )
    for place in given.place or stage.names():
        if not given.costs:
            sheet(place, size, cutout, given.out, given.full)
        found = cost(place, next(shots(place)), size)
        milliseconds = [f"{1000 * part:.1f}" for part in found[1:]]
        table.add_row(place, f"{found.build:.2f}", *milliseconds)
    Console().print(table)


if __name__ == "__main__":
    main()
