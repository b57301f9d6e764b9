"""The ComfyUI engine: puts picture, words and seed into a workflow, has it run, and makes its frames a take.

Limits: one server. What a workflow makes of the same seed is its own affair. It is tested against an
imitation of the server's routes and messages, not against ComfyUI itself, which no package installs.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Final

from muybridge.domain.model_card import Health, ModelCard
from muybridge.domain.subject import Subject, SubjectKind
from muybridge.engines.comfyui import files
from muybridge.engines.comfyui.files import Footage
from muybridge.engines.comfyui.options import ComfyUIOptions
from muybridge.engines.comfyui.server import Listener, Message, Server
from muybridge.engines.comfyui.workflow import Workflow
from muybridge.engines.options import read_options
from muybridge.engines.rising import Rising
from muybridge.errors import Cancelled, EngineFailed, EngineNotReady, TimedOut, Unavailable
from muybridge.media.intake import Picture, read_picture_file
from muybridge.media.mark import Mark
from muybridge.media.retime import retimed
from muybridge.media.writer import Writer
from muybridge.ports.engine import Engine, Made, Order, Progress
from muybridge.ports.weights import WeightStore

FIELD: Final = "subject_reference[0].image[0]"
_QUEUED, _RUN, _WRITTEN = 0.05, 0.9, 0.99  # the share of a take that is done by then
_TICK: Final = 0.25  # s between looks whether the take is called off
_SILENCE: Final = 2.0  # s without a word, after which the history is asked
_SEEDS: Final = 2**32


class ComfyUIEngine(Engine):
    """Makes takes by a workflow on a ComfyUI server."""

    name = "comfyui"

    def __init__(
        self, weights: WeightStore, cache: Path, options: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        self._options = read_options(ComfyUIOptions, options, cache.name)
        self._called, self._cache = cache.name, cache
        self._open: Server | None = None

    @property
    def _server(self) -> Server:
        if self._open is None:
            self._open = Server(self._options)
        return self._open

    def card(self) -> ModelCard:
        """What it serves: whatever the workflow does."""
        return ModelCard(
            engine=self.name,
            summary=f"Runs a workflow on the ComfyUI at {self._options.url}.",
            needs=("a ComfyUI server", "a workflow with marked nodes"),
            licence=self._options.licence,
            limits=("The same seed gives the same video only where the workflow does.",),
        )

    def health(self) -> Health:
        """Ready where the workflow can be used and the server answers."""
        missing = []
        try:
            self._workflow()
        except EngineNotReady as error:
            missing.append(error.message)
        if not self._server.answers():
            missing.append(f"no ComfyUI answers at {self._options.url} (engines.{self._called}.url)")
        return Health(ready=not missing, missing=tuple(missing))

    def unload(self) -> None:
        """Ask the server to give memory back."""
        if self._open:
            self._open.free()
            self._open.close()
        self._open = None

    def look(self, picture: Path) -> Subject:
        """The picture's size and hash: who is in it is the workflow's to see. Raises InvalidPicture."""
        seen = read_picture_file(picture, field=FIELD)
        return Subject(seen.sha256, seen.size, SubjectKind.PORTRAIT)

    def generate(self, order: Order, progress: Progress) -> Made:
        """Make one take.

        Raises: InvalidPicture; EngineNotReady where the workflow is wrong; EngineFailed with what the
        server says; Unavailable, TimedOut.
        """
        progress = Rising(progress)
        progress(0.0, "looking")
        picture = read_picture_file(order.picture, field=FIELD)
        workflow = self._workflow()
        history = self._run(workflow, self._values(order, picture), progress)
        with self._fetched(history, workflow, progress) as paths:
            footage = files.read(paths, order.size)
        frames = self._write(footage, order, progress)
        progress(1.0, "done")
        return Made(order.out, order.size, frames, (_told(footage, order, frames),))

    def _workflow(self) -> Workflow:
        if self._options.workflow is None:
            raise EngineNotReady(f"no workflow is set: engines.{self._called}.workflow is its file")
        return Workflow.read(self._options.workflow.expanduser())

    def _values(self, order: Order, picture: Picture) -> dict[str, object]:
        name = f"muybridge-{picture.sha256[:16]}.{picture.format.lower()}"
        return {
            "picture": self._server.upload(order.picture.read_bytes(), name),
            "prompt": order.storyboard.prompt,
            "seed": order.seed % _SEEDS,
            "width": order.size.width,
            "height": order.size.height,
            "frames": order.rate.frames_in(order.storyboard.duration),
        }

    def _run(self, workflow: Workflow, values: dict[str, object], progress: Progress) -> dict[str, Any]:
        """A finished prompt's history."""
        client = uuid.uuid4().hex
        with self._server.listening(client) as listener:
            prompt = self._server.queue(workflow.filled(values), client)
            progress(_QUEUED, "queued")
            try:
                return self._awaited(prompt, listener, len(workflow.graph), progress)
            except (Cancelled, TimedOut):
                self._server.call_off(prompt)
                raise

    def _awaited(self, prompt: str, listener: Listener, nodes: int, progress: Progress) -> dict[str, Any]:
        run = _Run(prompt, nodes)
        began = heard = answered = time.monotonic()
        while True:
            message = listener.next(_TICK)
            now = time.monotonic()
            if message:
                heard = now
                run.hear(message)
            progress(_QUEUED + (_RUN - _QUEUED) * run.share, run.stage)
            if run.done or now - heard > _SILENCE:
                heard = now
                try:
                    history = self._server.history(prompt)
                    answered = now
                except Unavailable as error:
                    if now - answered > self._options.lost_seconds:
                        raise Unavailable(f"{error.message}, for {self._options.lost_seconds:g} s") from None
                    continue
                if history:
                    _check(history)
                    return history
            if now - began > self._options.patience_seconds:
                raise TimedOut(f"ComfyUI was not done after {self._options.patience_seconds:g} s")

    @contextmanager
    def _fetched(
        self, history: dict[str, Any], workflow: Workflow, progress: Progress
    ) -> Iterator[list[Path]]:
        self._cache.mkdir(parents=True, exist_ok=True)
        references = files.wanted(history, workflow.results)
        with TemporaryDirectory(prefix="take-", dir=self._cache) as folder:
            paths = []
            for number, reference in enumerate(references):
                progress(_RUN, "downloading")
                path = Path(folder) / f"{number:06}{Path(str(reference['filename'])).suffix.lower()}"
                self._server.download(reference, path)
                paths.append(path)
            yield paths

    def _write(self, footage: Footage, order: Order, progress: Progress) -> int:
        count = order.rate.frames_in(order.storyboard.duration)
        mark = Mark(order.mark, order.size) if order.mark else None
        with Writer(order.out, order.size, order.rate, mark=mark) as writer:
            for number, frame in enumerate(retimed(footage.frames, count), start=1):
                writer.write(frame)
                progress(_RUN + (_WRITTEN - _RUN) * number / count, "writing")
        return writer.frames


class _Run:
    """How far a prompt has come, by what the server says of it."""

    def __init__(self, prompt: str, nodes: int) -> None:
        self._prompt, self._nodes = prompt, nodes
        self._begun: set[str] = set()
        self._within = 0.0
        self.stage, self.done = "queued", False

    @property
    def share(self) -> float:
        """From 0 to 1: nodes begun, and how far the one at work is."""
        return min((max(len(self._begun) - 1, 0) + self._within) / self._nodes, 1.0)

    def hear(self, message: Message) -> None:
        """Take in one message; raises EngineFailed where the server says that it failed."""
        about = message.data
        if about.get("prompt_id") != self._prompt:
            return
        match message.type:
            case "executing" if about.get("node") is None:
                self.done = True
            case "executing":
                self._begun.add(str(about["node"]))
                self._within, self.stage = 0.0, "running"
            case "execution_cached":
                self._begun |= {str(node) for node in about.get("nodes") or ()}
            case "progress" if about.get("max"):
                self._within = min(float(about.get("value") or 0) / float(about["max"]), 1.0)
            case "execution_success":
                self.done = True
            case "execution_error":
                raise EngineFailed(_failure(about))
            case "execution_interrupted":
                raise EngineFailed("the workflow was interrupted on the server")


def _check(history: dict[str, Any]) -> None:
    """Raise EngineFailed where a finished prompt's history says that it failed."""
    status = history.get("status") or {}
    if status.get("status_str") != "error":
        return
    for kind, about in (entry for entry in status.get("messages") or () if len(entry) == 2):
        if kind == "execution_error":
            raise EngineFailed(_failure(about))
    raise EngineFailed("the workflow failed on the server, or was interrupted")


def _failure(about: dict[str, Any]) -> str:
    where = f"node {about.get('node_id')} ({about.get('node_type')})"
    return f"the workflow failed in {where}: {str(about.get('exception_message')).strip()[:300]}"


def _told(footage: Footage, order: Order, frames: int) -> str:
    """What was done to the workflow's frames to make the video that was ordered."""
    made = len(footage.frames)
    pace = ""
    if footage.rate:
        speed = made / footage.rate / order.storyboard.duration
        pace = f" at {speed:.2f} times their own speed" if abs(speed - 1) > 0.02 else " at their own speed"
    fitted = "" if footage.size == order.size else f", brought to {order.size}"
    return (
        f"The workflow made {made} frames of {footage.size}; they play{pace}, "
        f"with motion interpolated to {frames} frames{fitted}."
    )
