"""Judge one take: python bench/take.py --video out.mp4 --reference her.png

Without --video it makes the takes itself, cold and warm, for both samples and times them against
x264 alone on the same frames in the same run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import cv2
from rich.console import Console
from rich.table import Table

from judge import report, video
from judge.report import Figure, Judge
from muybridge.media.sheet import contact_sheet

MODELS = ("face_detection_yunet_2023mar.onnx", "face_recognition_sface_2021dec.onnx")


def show(title: str, figures: list[Figure]) -> None:
    table = Table(title=title, show_header=False, title_justify="left")
    for figure in figures:
        mark = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}[figure.met]
        table.add_row(figure.name, figure.value, figure.aim, mark)
    Console(width=None if sys.stdout.isatty() else 150).print(table)


def judge_video(path: Path, reference: Path, models: Judge, out: Path) -> list[Figure]:
    film = video.read(path)
    picture = cv2.imread(str(reference))
    if picture is None:
        raise SystemExit(f"{reference} cannot be read as a picture")
    figures = report.judge(film, picture, models)
    with tempfile.TemporaryDirectory() as scratch:
        seconds = video.floor_seconds(film, Path(scratch))
    figures.append(Figure("x264 veryfast", f"{seconds:.2f} s for the same {len(film.frames)} frames"))
    out.mkdir(parents=True, exist_ok=True)
    contact_sheet(path, out / f"{path.stem}.png", columns=4, rows=4)
    figures.append(Figure("contact sheet", str(out / f"{path.stem}.png")))
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--video", type=Path, help="an mp4 to judge")
    parser.add_argument("--reference", type=Path, help="the picture it was made from")
    parser.add_argument(
        "--models", type=Path, required=True, help="the folder with YuNet's and SFace's files"
    )
    parser.add_argument("--out", type=Path, default=Path("out/bench"), help="where contact sheets go")
    asked = parser.parse_args()
    models = Judge.open(*(asked.models / name for name in MODELS))
    figures = judge_video(asked.video, asked.reference, models, asked.out)
    show(str(asked.video), figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
