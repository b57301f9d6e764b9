"""Text as coverage, on machines without a single font.

Each character comes from the first that has it: the font given, the Latin letters that Pillow
carries, our own two Chinese characters (`strokes`), or else its code point in a small box, so
that nothing is dropped in silence. Left to right only, without shaping; line breaks are spaces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from muybridge.errors import EngineNotReady
from muybridge.media.strokes import BASELINE, drawn_here, stroked

Bytes = NDArray[np.uint8]
Face = ImageFont.FreeTypeFont

LINE: Final = 1.4  # a line's height over its em
_TOP: Final = 0.26  # what lies above the em box
_UNSEEN: Final = frozenset({"Cc", "Cf", "Mn", "Me", "Cs"})
_NOWHERE: Final = "\U0010ffff"  # never a character: what a face draws for it, it draws for "unknown"


class Lettering:
    """Draws lines of text with `font` (a TrueType or OpenType file), or with what is always there."""

    def __init__(self, font: Path | None = None) -> None:
        self._font = font

    def line(self, text: str, em: int) -> Bytes:
        """One line's coverage; shapes: (LINE * em, W) uint8, W as wide as the text needs."""
        runs = [self._run(source, characters, em) for source, characters in self._runs(text, em)]
        height = round(LINE * em)
        return np.hstack(runs) if runs else np.zeros((height, 1), np.uint8)

    def lines(self, text: str, em: int, width: int, limit: int) -> list[str]:
        """The text broken to `width` pixels; what `limit` lines cannot hold ends in an ellipsis."""
        broken: list[str] = []
        rest = _tidy(text)
        while rest and len(broken) < limit:
            count = self._fitting(rest, em, width)
            broken.append(rest[:count].rstrip())
            rest = rest[count:].lstrip()
        if rest:
            last = broken[-1]
            while last and self.width(last + "...", em) > width:
                last = last[:-1]
            broken[-1] = last.rstrip() + "..."
        return broken

    def width(self, text: str, em: int) -> int:
        """How wide the text is drawn, in pixels."""
        return sum(self._run_width(source, run, em) for source, run in self._runs(text, em))

    def unknown(self, text: str) -> str:
        """The characters of the text that are shown by their code point, each once."""
        return "".join(dict.fromkeys(c for c in _tidy(text) if self._source(c) == "box"))

    def _fitting(self, text: str, em: int, width: int) -> int:
        """How many characters of the text fill one line, breaking after a space or beside Chinese."""
        fits = 1
        while fits < len(text) and self.width(text[: fits + 1], em) <= width:
            fits += 1
        if fits == len(text):
            return fits
        for at in range(fits, max(0, fits - 24), -1):
            if text[at] == " " or text[at - 1] == " " or (_wide(text[at]) and not _closing(text[at])):
                return at
        return fits

    def _runs(self, text: str, em: int) -> Iterator[tuple[str, str]]:
        for source, run in groupby(_tidy(text), key=self._source):
            yield source, "".join(run)

    def _source(self, character: str) -> str:
        if self._font and _has(self._font, character):
            return "font"
        if character == " " or _has(None, character):
            return "latin"
        return "strokes" if character in drawn_here() else "box"

    def _run_width(self, source: str, run: str, em: int) -> int:
        if source in ("strokes", "box"):
            return em * len(run)
        return max(1, round(_face(self._font if source == "font" else None, em).getlength(run)))

    def _run(self, source: str, run: str, em: int) -> Bytes:
        canvas = Image.new("L", (self._run_width(source, run, em), round(LINE * em)))
        top = round(_TOP * em)
        if source == "strokes":
            for at, character in enumerate(run):
                canvas.paste(Image.fromarray(stroked(character, em)), (at * em, top))
        elif source == "box":
            for at, character in enumerate(run):
                _box(ImageDraw.Draw(canvas), character, at * em, top, em)
        else:
            face = _face(self._font if source == "font" else None, em)
            ImageDraw.Draw(canvas).text((0, top + BASELINE * em), run, 255, font=face, anchor="ls")
        return np.array(canvas)


def _tidy(text: str) -> str:
    spaced = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", text))
    return "".join(c for c in spaced if unicodedata.category(c) not in _UNSEEN).strip()


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _closing(character: str) -> bool:
    """Whether a line may not begin with the character: closing brackets, stops, commas."""
    return unicodedata.category(character) in ("Po", "Pe", "Pf")


def _box(draw: ImageDraw.ImageDraw, character: str, left: int, top: int, em: int) -> None:
    edge = max(1, em // 24)
    draw.rounded_rectangle(
        (left + edge, top + edge, left + em - 2 * edge, top + em - edge), em // 8, outline=255, width=edge
    )
    digits = f"{ord(character):04X}"
    rows = (digits[: len(digits) // 2], digits[len(digits) // 2 :])
    for row, y in zip(rows, (0.30, 0.70), strict=True):
        draw.text(
            (left + em / 2, top + y * em), row, 255, font=_face(None, max(6, round(em * 0.36))), anchor="mm"
        )


@lru_cache(maxsize=64)
def _face(font: Path | None, em: int) -> Face:
    basic = ImageFont.Layout.BASIC
    if font is not None:
        return ImageFont.truetype(str(font), em, layout_engine=basic)
    carried = ImageFont.load_default(em)
    if not isinstance(carried, Face):
        raise EngineNotReady("text cannot be drawn: this Pillow was built without FreeType")
    return carried


@lru_cache(maxsize=8192)
def _has(font: Path | None, character: str) -> bool:
    face = _face(font, 32)
    return character == " " or _picture_of(face, character) != _picture_of(face, _NOWHERE)


def _picture_of(face: Face, character: str) -> tuple[tuple[int, int], bytes]:
    mask = face.getmask(character)
    return mask.size, bytes(mask)
