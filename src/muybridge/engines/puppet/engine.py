"""The puppet as an engine: looks, rigs, draws, writes.

Limits: no network and no GPU. One take at a time; models and the last portrait stay warm between.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from functools import cached_property
from pathlib import Path
from typing import cast

from muybridge.domain.model_card import Health, ModelCard
from muybridge.domain.subject import Subject
from muybridge.engines.puppet.portraits import Portraits
from muybridge.errors import WeightsMissing
from muybridge.media.i420 import to_i420
from muybridge.media.intake import read_picture_file
from muybridge.media.mark import Mark
from muybridge.media.writer import Writer
from muybridge.ports.engine import Engine, Made, Order, Progress
from muybridge.ports.weights import WeightStore
from muybridge.puppet.portrait import Bytes, Portrait
from muybridge.puppet.render import Take
from muybridge.puppet.sight import Models, look
from muybridge.puppet.sight.models import WEIGHTS

FIELD = "subject_reference[0].image[0]"
LOOKED, RIGGED, DRAWN = 0.15, 0.25, 0.98  # the share of a take that is done by then


class PuppetEngine(Engine):
    """Makes takes by moving the picture itself: every pixel of the face stays the picture's own.

    `cache` is a folder of the engine's own; portraits are kept in it.
    """

    name = "puppet"

    def __init__(self, weights: WeightStore, cache: Path) -> None:
        self._weights = weights
        self._portraits = Portraits(cache / "portraits")

    @cached_property
    def _models(self) -> Models:
        return Models(self._weights.path)

    def card(self) -> ModelCard:
        """What it serves: one subject's reference, on any CPU."""
        return ModelCard(
            engine=self.name,
            summary="Acts from one picture on a plain CPU, in seconds; the face stays the picture's own.",
            takes=("subject_reference", "first_frame_image"),
            needs=WEIGHTS,
        )

    def health(self) -> Health:
        """Ready where every weight file is in the cache."""
        missing = []
        for name in WEIGHTS:
            try:
                self._weights.path(name)
            except WeightsMissing as error:
                missing.append(error.message)
        return Health(ready=not missing, missing=tuple(dict.fromkeys(missing)))

    def unload(self) -> None:
        """Let go of the networks; the next picture opens them again."""
        self.__dict__.pop("_models", None)

    def look(self, picture: Path) -> Subject:
        """What it sees in the picture.

        Raises: InvalidPicture, WeightsMissing.
        """
        return self._portrait(picture).subject

    def generate(self, order: Order, progress: Progress) -> Made:
        """Make one take.

        Raises: InvalidPicture, WeightsMissing, EngineFailed where it cannot be written.
        """
        progress(0.0, "looking")
        portrait = self._portrait(order.picture)
        progress(LOOKED, "rigging")
        take = Take(portrait, order.storyboard, order.size, order.rate, order.seed)
        progress(RIGGED, "drawing")
        frames = self._write(take, order, progress)
        progress(1.0, "done")
        return Made(path=order.out, size=order.size, frames=frames, notes=take.notes)

    def _portrait(self, picture: Path) -> Portrait:
        seen = read_picture_file(picture, field=FIELD)
        return self._portraits.get(seen.sha256, lambda: look(seen.rgb, seen.alpha, seen.sha256, self._models))

    def _write(self, take: Take, order: Order, progress: Progress) -> int:
        mark = Mark(order.mark, order.size) if order.mark else None
        frames = cast(Generator[Bytes, None, None], take.frames(finish=to_i420))
        # closed at once when called off, or the drawing threads would go on for the frames ahead
        with (
            Writer(order.out, order.size, order.rate, mark=mark) as writer,
            contextlib.closing(frames) as drawn,
        ):
            for number, planes in enumerate(drawn, start=1):
                writer.write_i420(planes)
                progress(RIGGED + (DRAWN - RIGGED) * number / len(take), "drawing")
            progress(DRAWN, "finishing")
        return writer.frames
