"""`muybridge generate`: one take from one picture and one sentence, without a server.

The engine works in a child process, so that Ctrl-C ends it at once and a crash is an error.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from muybridge.adapters.child import EngineProcess
from muybridge.cli import text
from muybridge.cli.storyboard import LARGEST_SEED, LONGEST_PROMPT, show
from muybridge.director import plan
from muybridge.director.script import from_json
from muybridge.domain.storyboard import Storyboard
from muybridge.errors import EngineNotReady, InvalidInput
from muybridge.ports.engine import Made, Order
from muybridge.settings import Settings
from muybridge.wire.models import S2V

LARGEST_SCRIPT = 1 << 20  # bytes
PIPED_WIDTH = 100  # columns, where nobody's terminal says otherwise


def generate(  # noqa: PLR0913, PLR0917  # a command line has an argument for each option
    picture: Annotated[Path, typer.Argument(help="A JPG, PNG or WebP of one character.", show_default=False)],
    prompt: Annotated[str, typer.Argument(help="What the character does, in English or Chinese.")] = "",
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the mp4 shall lie.")] = Path("out.mp4"),
    sheet: Annotated[Path | None, typer.Option(help="Also write a contact sheet, a PNG.")] = None,
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="The same seed acts the same.")] = 0,
    optimizer: Annotated[bool, typer.Option(help="Let the director add what brings it to life.")] = True,
    engine: Annotated[str, typer.Option(help="Which engine makes it.")] = "",
    script: Annotated[
        Path | None,
        typer.Option("--storyboard", help="Act this storyboard, as `storyboard --json` prints it."),
    ] = None,
) -> None:
    """Make one video from a picture and a sentence, without a server."""
    settings = Settings.load()
    _check(picture, prompt, out, sheet)
    board = _read(script, prompt) if script else None
    job = _Job(picture, prompt, out, seed, optimizer, board)
    storyboard, made = asyncio.run(_make(settings, engine or settings.chains[S2V].first, job))
    if sheet is not None:
        from muybridge.media.sheet import contact_sheet

        contact_sheet(made.path, sheet)
    _report(storyboard, made, sheet)


class _Job:
    """What was asked for on the command line."""

    def __init__(
        self, picture: Path, prompt: str, out: Path, seed: int, optimizer: bool, board: Storyboard | None
    ) -> None:
        self.picture, self.prompt, self.out = picture.absolute(), prompt, out.absolute()
        self.seed, self.optimizer, self.board = seed, optimizer, board


def _read(script: Path, prompt: str) -> Storyboard:
    """The storyboard in a file; raises InvalidInput that names what is wrong with it."""
    if prompt:
        raise InvalidInput("PROMPT", "a prompt beside --storyboard", "either the one or the other")
    if not script.is_file():
        raise InvalidInput("--storyboard", f"{script}, where no file is", "the path of a JSON file")
    if script.stat().st_size > LARGEST_SCRIPT:
        raise InvalidInput(
            "--storyboard", f"{script.stat().st_size} bytes", f"at most {LARGEST_SCRIPT >> 20} MiB"
        )
    return from_json(script.read_bytes())


def _check(picture: Path, prompt: str, out: Path, sheet: Path | None) -> None:
    if not picture.is_file():
        got = "a folder" if picture.is_dir() else "a path where no file is"
        raise InvalidInput("PICTURE", f"{got}, {picture}", "the path of a JPG, PNG or WebP file")
    if len(prompt) > LONGEST_PROMPT:
        raise InvalidInput("PROMPT", f"{len(prompt)} characters", f"at most {LONGEST_PROMPT} characters")
    for option, path, ending in (("--out", out, ".mp4"), ("--sheet", sheet, ".png")):
        if path is None:
            continue
        if path.suffix.lower() != ending:
            raise InvalidInput(
                option, f"a name ending in {path.suffix or 'nothing'}", f"a name ending in {ending}"
            )
        folder = path.absolute().parent
        if not (folder.is_dir() and os.access(folder, os.W_OK)):
            raise InvalidInput(
                option, f"{folder}, which is no folder to write in", "a path that can be written"
            )


async def _make(settings: Settings, engine: str, job: _Job) -> tuple[Storyboard, Made]:
    running = EngineProcess(engine, weights=settings.weights, cache=settings.cache)
    try:
        await _make_ready(running, settings)
        return await _act(running, job)
    finally:
        await running.close()


async def _act(running: EngineProcess, job: _Job) -> tuple[Storyboard, Made]:
    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        shown = bar.add_task("looking", total=1.0)
        subject = await running.look(job.picture)
        storyboard = job.board or plan(job.prompt, subject, optimize=job.optimizer, seed=job.seed)
        order = Order(job.picture, storyboard, job.out, seed=job.seed, optimize=job.optimizer)
        made = await running.generate(
            order, lambda share, stage: bar.update(shown, completed=share, description=stage)
        )
    return storyboard, made


async def _make_ready(running: EngineProcess, settings: Settings) -> None:
    """Pull the core weights at first use; raises EngineNotReady where that is not all it lacks."""
    if (await running.health()).ready:
        return
    from muybridge.cli.weights import pull_shown

    await asyncio.to_thread(pull_shown, settings.weights, ("core",))
    health = await running.health()
    if not health.ready:
        raise EngineNotReady(f"{running.engine} is not ready: {'; '.join(health.missing)}")


def _report(board: Storyboard, made: Made, sheet: Path | None) -> None:
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        console = Console(highlight=False, soft_wrap=True, width=PIPED_WIDTH)
    show(board, console)
    for note in made.notes:
        if note not in board.notes:
            console.print(f"{'说明' if text.chinese(board.prompt) else 'Note'}: {note}")
    console.print(f"{made.path}  {made.size}, {made.frames} frames, {made.path.stat().st_size / 1e6:.1f} MB")
    if sheet is not None:
        console.print(str(sheet.absolute()))
