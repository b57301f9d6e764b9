"""The slate as an engine: for rehearsals, tests and machines on which nothing else runs.

Limits: nobody acts; it shows the picture, the words and the plan. It sees no faces. Chinese needs
the font of the weights group `letters`; without it such characters stand as their code points.
"""

from __future__ import annotations

from pathlib import Path

from muybridge.domain.model_card import Health, ModelCard
from muybridge.domain.subject import Subject, SubjectKind
from muybridge.engines.slate.card import Card
from muybridge.errors import WeightsMissing
from muybridge.media.intake import read_picture_file
from muybridge.media.lettering import Lettering
from muybridge.media.mark import Mark
from muybridge.media.writer import Writer
from muybridge.ports.engine import Engine, Made, Order, Progress
from muybridge.ports.weights import WeightStore

FIELD = "subject_reference[0].image[0]"
FONT = "NotoSansSC-Regular.otf"
DRAWN = 0.1  # the share of a take that is done when the card is drawn


class SlateEngine(Engine):
    """Makes test cards. Cost: 0.4 s for 6 s of 1280x720 on two cores."""

    name = "slate"

    def __init__(self, weights: WeightStore, cache: Path) -> None:
        self._weights = weights

    def card(self) -> ModelCard:
        """What it serves: any reference, on any machine."""
        return ModelCard(
            engine=self.name,
            summary="A test card with the picture, the prompt and a timecode; for rehearsals, nobody acts.",
            takes=("subject_reference", "first_frame_image"),
        )

    def health(self) -> Health:
        """Always ready: it needs no weights and no device."""
        return Health(ready=True)

    def look(self, picture: Path) -> Subject:
        """The picture's size and hash, without looking for faces; raises InvalidPicture."""
        seen = read_picture_file(picture, field=FIELD)
        return Subject(seen.sha256, seen.size, SubjectKind.FIGURE, notes=("The slate looks for no faces.",))

    def generate(self, order: Order, progress: Progress) -> Made:
        """Make one card; raises InvalidPicture, or EngineFailed where it cannot be written."""
        progress(0.0, "drawing")
        picture = read_picture_file(order.picture, field=FIELD)
        lettering = Lettering(self._font())
        card = Card(picture, order, lettering)
        mark = Mark(order.mark, order.size) if order.mark else None
        progress(DRAWN, "writing")
        with Writer(order.out, order.size, order.rate, preset="ultrafast", mark=mark) as writer:
            for number in range(card.frames):
                writer.write_i420(card.planes(number))
                progress(DRAWN + (0.99 - DRAWN) * (number + 1) / card.frames, "writing")
        progress(1.0, "done")
        return Made(order.out, order.size, card.frames, _notes(order, lettering))

    def _font(self) -> Path | None:
        try:
            return self._weights.path(FONT)
        except WeightsMissing:
            return None


def _notes(order: Order, lettering: Lettering) -> tuple[str, ...]:
    notes = ["The slate is a test card: nobody acts."]
    if unknown := lettering.unknown(order.storyboard.prompt):
        notes.append(
            f"Characters shown by their code point, for want of a font: {unknown[:40]} "
            "(`muybridge weights pull letters` gets one for Chinese)."
        )
    return tuple(notes)
