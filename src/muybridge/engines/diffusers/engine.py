"""The diffusers engine: sees the subject, has an open model show it in the scene, writes the video.

Limits: the models it allows (`models.py`), one take at a time. Nothing heavy is imported and no model
loaded before the first take, or `load`. Nothing is ever fetched. Nobody has measured it on a GPU yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from muybridge.domain.model_card import Health, ModelCard
from muybridge.domain.subject import Subject, SubjectKind
from muybridge.engines.diffusers import needs
from muybridge.engines.diffusers.caption import NEGATIVE, caption
from muybridge.engines.diffusers.checkpoint import Checkpoint
from muybridge.engines.diffusers.models import WAN_VACE, Known
from muybridge.engines.diffusers.options import DiffusersOptions
from muybridge.engines.diffusers.reference import on_white
from muybridge.engines.diffusers.stage import Brief, Stage
from muybridge.engines.options import read_options
from muybridge.errors import EngineNotReady
from muybridge.media.fit import filled
from muybridge.media.intake import read_picture_file
from muybridge.media.mark import Mark
from muybridge.media.retime import retimed
from muybridge.media.writer import Writer
from muybridge.ports.engine import Engine, Made, Order, Progress
from muybridge.ports.weights import WeightStore
from muybridge.puppet.portrait import Portrait
from muybridge.puppet.sight import NO_FACE, NO_SHAPE, Models, look
from muybridge.puppet.sight.models import WEIGHTS

Bytes = NDArray[np.uint8]

FIELD: Final = "subject_reference[0].image[0]"
MADE, WRITTEN = 0.92, 0.99  # the share of a take that is done by then
_NO_FACE: Final = "No face was found in the picture: the model may not keep who it is."
_NO_SHAPE: Final = "The subject could not be told from the background, so the model may keep some of that."


class DiffusersEngine(Engine):
    """Makes takes with an open model; `cache` names it as the operator did."""

    name = "diffusers"

    def __init__(
        self, weights: WeightStore, cache: Path, options: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        self._weights, self._called = weights, cache.name
        self._options = read_options(DiffusersOptions, options, cache.name)
        self._stage: Stage | None = None
        self._last: Portrait | None = None

    @cached_property
    def _models(self) -> Models:
        return Models(self._weights.path)

    def card(self) -> ModelCard:
        """What it serves: the model that is set, as far as it is here."""
        known, memory = WAN_VACE, 0
        try:
            checkpoint = Checkpoint.find(self._options.model)
            known = checkpoint.known
            memory = next(iter(needs.needs_of(checkpoint, self._options).values()))
        except EngineNotReady:
            pass  # health says so
        return ModelCard(
            engine=self.name,
            summary=known.summary,
            needs=(*WEIGHTS, "muybridge[gpu]", "an NVIDIA GPU"),
            licence=known.licence,
            limits=_limits(known, self._options),
            device_memory=memory,
        )

    def health(self) -> Health:
        """Ready where packages, model, weights and a device with room are here."""
        missing = [*needs.packages(self._options), *needs.weights(self._weights)]
        unset = tuple(needs.model(self._options, self._called))
        missing += unset or needs.device(self._options, Checkpoint.find(self._options.model))
        return Health(ready=not missing, missing=tuple(dict.fromkeys(missing)))

    def load(self) -> None:
        """Bring the model into memory; raises EngineNotReady, saying what is missing."""
        self._staged().load()

    def unload(self) -> None:
        """Give the device back."""
        if self._stage:
            self._stage.clear()
        self._stage = None
        self.__dict__.pop("_models", None)

    def look(self, picture: Path) -> Subject:
        """What our own sight sees; raises InvalidPicture, WeightsMissing."""
        subject = self._portrait(picture).subject
        told = {NO_FACE: _NO_FACE, NO_SHAPE: _NO_SHAPE}
        notes = tuple(told.get(note, note) for note in subject.notes)
        # a model acts with any face, drawn ones and animals' too
        return replace(subject, kind=SubjectKind.PORTRAIT, notes=notes)

    def generate(self, order: Order, progress: Progress) -> Made:
        """Make one take.

        Raises: InvalidPicture, WeightsMissing, EngineNotReady; EngineFailed where the memory does not
        suffice on any rung, or the video cannot be written.
        """
        progress(0.0, "looking")
        reference = on_white(self._portrait(order.picture))
        board = order.storyboard
        words = caption(board) if order.optimize or not board.prompt.strip() else board.prompt
        brief = Brief(words, self._options.negative or NEGATIVE, (reference,), order.seed)
        shown = self._staged().play(brief, progress)
        frames = self._write(shown.frames, order, progress)
        progress(1.0, "done")
        return Made(order.out, order.size, frames, (*shown.notes, _timing(shown.frames, shown.known, order)))

    def _portrait(self, picture: Path) -> Portrait:
        seen = read_picture_file(picture, field=FIELD)
        if self._last is None or self._last.subject.picture_sha256 != seen.sha256:
            self._last = look(seen.rgb, seen.alpha, seen.sha256, self._models)
        return self._last

    def _staged(self) -> Stage:
        if self._stage is None:
            lacking = [*needs.packages(self._options), *needs.model(self._options, self._called)]
            if lacking:
                raise EngineNotReady("; ".join(lacking))
            self._stage = Stage(Checkpoint.find(self._options.model), self._options)
        return self._stage

    def _write(self, frames: Bytes, order: Order, progress: Progress) -> int:
        count = order.rate.frames_in(order.storyboard.duration)
        mark = Mark(order.mark, order.size) if order.mark else None
        with Writer(order.out, order.size, order.rate, mark=mark) as writer:
            for number, frame in enumerate(retimed(list(frames), count), start=1):
                writer.write(filled(frame, order.size))
                progress(MADE + (WRITTEN - MADE) * number / count, "writing")
        return writer.frames


def _limits(known: Known, options: DiffusersOptions) -> tuple[str, ...]:
    frames = options.frames or known.frames
    seconds = frames / float(known.rate.as_fraction())
    return (
        f"The model makes {frames} frames, {seconds:.1f} s at its own rate; they are spread over "
        "the video's length.",
        "No sound. One subject.",
    )


def _timing(frames: Bytes, known: Known, order: Order) -> str:
    """What was done to the model's frames to make the video that was ordered."""
    height, width = frames.shape[1:3]
    speed = len(frames) / float(known.rate.as_fraction()) / order.storyboard.duration
    pace = "at its own speed" if abs(speed - 1) < 0.02 else f"at {speed:.2f} times its own speed"
    count = order.rate.frames_in(order.storyboard.duration)
    fitted = "" if (width, height) == (order.size.width, order.size.height) else f", brought to {order.size}"
    return (
        f"The model made {len(frames)} frames of {width}x{height}; they play {pace}, "
        f"with motion interpolated to {count} frames{fitted}."
    )
