"""Judge takes of one picture and one sentence, each with its aim beside the figure.

    python bench/take.py                                  both samples, made here, cold and warm
    python bench/take.py --picture me.jpg --prompt "..."  any picture, made here
    python bench/take.py --video out.mp4 --reference me.jpg   a video that is there already

Walls are told in seconds and over x264 alone (preset veryfast, the same frames, the same run).
With --strict the exit status is 1 where an aim is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import cv2
from rich.console import Console
from rich.table import Table

from judge import report, running, video
from judge.report import Figure, Judge
from judge.running import Timed
from judge.video import Cost
from muybridge.adapters.weights import CachedWeights
from muybridge.errors import MuybridgeError
from muybridge.media.sheet import contact_sheet
from muybridge.settings import Settings

PROMPT = "A girl runs toward the camera and winks with a smile."
SAMPLES = ("astronaut.png", "grace_hopper.jpg")
MODELS = ("face_detection_yunet_2023mar.onnx", "face_recognition_sface_2021dec.onnx")
WARM, COLD, MEMORY = 3.0, 6.0, 1.5e9


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--picture", type=Path, action="append", help="make a take of this picture")
    parser.add_argument("--prompt", default=PROMPT)
    parser.add_argument("--engine", default="puppet")
    parser.add_argument("--video", type=Path, help="judge this mp4 instead of making one")
    parser.add_argument("--reference", type=Path, help="the picture that --video was made from")
    parser.add_argument("--out", type=Path, default=Path("out/bench"), help="where videos and sheets go")
    parser.add_argument("--json", type=Path, help="also write every figure here")
    parser.add_argument("--strict", action="store_true", help="status 1 where an aim is missed")
    given = parser.parse_args()
    if (given.video is None) != (given.reference is None):
        parser.error("--video and --reference go together")
    return given


def cost(took: Cost) -> str:
    return f"{took.wall:.2f} s ({took.cpu:.2f} s of processor)"


def pace(made: Timed, floor: Cost) -> list[Figure]:
    warm, cold = made.warm.wall / floor.wall, made.cold.wall / floor.wall
    memory = f"{made.memory / 1e6:.0f} MB"
    said = [
        Figure(what, "; ".join(texts))
        for what, texts in (("note", made.notes), ("unheard", made.unheard))
        if texts
    ]
    return [
        Figure("warm take", f"{cost(made.warm)}, x{warm:.2f} of x264", f"<= x{WARM:g}", warm <= WARM),
        Figure("cold take", f"{cost(made.cold)}, x{cold:.2f} of x264", f"<= x{COLD:g}", cold <= COLD),
        Figure("peak memory", memory, f"<= {MEMORY / 1e6:.0f} MB", made.memory <= MEMORY),
        *said,
    ]


def judged(path: Path, reference: Path, models: Judge, out: Path, made: Timed | None = None) -> list[Figure]:
    film, picture = video.read(path), cv2.imread(str(reference))
    if picture is None:
        raise SystemExit(f"{reference} cannot be read as a picture")
    with tempfile.TemporaryDirectory() as scratch:
        floor = video.floor(film, Path(scratch))
    figures = [Figure("x264 veryfast", f"{cost(floor)}, for the same {len(film.frames)} frames")]
    figures += pace(made, floor) if made else []
    figures += report.judge(film, picture, models)
    sheet = out / f"{path.stem}.png"
    contact_sheet(path, sheet, columns=4, rows=4)
    return [*figures, Figure("contact sheet", str(sheet))]


def show(title: str, figures: list[Figure]) -> None:
    table = Table(title=title, show_header=False, title_justify="left")
    for figure in figures:
        mark = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}[figure.met]
        table.add_row(figure.name, figure.value, figure.aim, mark)
    Console(width=None if sys.stdout.isatty() else 150).print(table)


def main() -> int:
    given = asked()
    store = CachedWeights(Settings.load().weights)
    try:
        models = Judge.open(*(store.path(name) for name in MODELS))
        pictures = given.picture or [store.path(name) for name in SAMPLES]
    except MuybridgeError as error:
        raise SystemExit(str(error)) from None
    given.out.mkdir(parents=True, exist_ok=True)
    results: dict[str, list[Figure]] = {}
    if given.video:
        results[str(given.video)] = judged(given.video, given.reference, models, given.out)
    else:
        for picture in pictures:
            made = running.timed(given.engine, picture, given.prompt, given.out / f"{picture.stem}.mp4")
            results[f"{picture.name}: {given.prompt}"] = judged(made.video, picture, models, given.out, made)
    for title, figures in results.items():
        show(title, figures)
    if given.json:
        plain = {title: [vars(figure) for figure in figures] for title, figures in results.items()}
        given.json.write_text(json.dumps(plain, indent=1, ensure_ascii=False))
    missed = any(figure.met is False for figures in results.values() for figure in figures)
    return int(given.strict and missed)


if __name__ == "__main__":
    sys.exit(main())
