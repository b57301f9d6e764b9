"""The visible mark that says a video is AI-made (`aigc_watermark`).

White letters over a soft shadow of their own shape, at the lower right: readable on bright, dark
and busy ground, and no more than that. One line of text; needs no font on the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from muybridge.errors import InvalidInput
from muybridge.media.i420 import BT709, split_planes
from muybridge.media.lettering import Lettering
from muybridge.units import Size

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

CHINESE: Final = "AI 生成"
ENGLISH: Final = "AI-made"

_HEIGHT: Final = 0.05  # of the short side; China's GB 45438-2025 asks for no less
_MARGIN: Final = 0.04  # of the short side, from the right and lower edge
_WHITE: Final = 0.94  # how opaque the letters are
_SHADE: Final = 0.72  # how dark the shadow is at its darkest
_LONGEST: Final = 40  # characters


@dataclass(frozen=True, slots=True)
class _Patch:
    """What to add and how much of the ground to keep, at (`top`, `left`) of one plane."""

    top: int
    left: int
    added: Floats
    kept: Floats

    def onto(self, plane: Bytes) -> None:
        rows, columns = self.kept.shape[:2]
        ground = plane[self.top : self.top + rows, self.left : self.left + columns]
        ground[...] = (ground * self.kept + self.added + 0.5).astype(np.uint8)


class Mark:
    """One mark, laid out once for frames of one size, then cheap on every frame.

    Raises: InvalidInput where the text is empty, too long, or does not fit the frame.
    Cost: 0.1 ms a frame at 1280x720.
    """

    def __init__(self, text: str, size: Size) -> None:
        self.text, self.size = text, size
        letters, shade = _coverages(text, size)
        margin = round(_MARGIN * size.short_side)
        rows, columns = letters.shape
        if columns + margin > size.width or rows + margin > size.height:
            raise InvalidInput("mark", f"{text!r} on {size}", "a text that fits the width of the frame")
        # Even places and sizes, so that the chroma planes see whole samples.
        top, left = (size.height - margin - rows) & ~1, (size.width - margin - columns) & ~1
        kept = (1 - letters) * (1 - shade)
        self._rgb = _Patch(top, left, (letters * 255)[..., None], kept[..., None])
        self._planes = _in_planes(top, left, letters, kept)

    def apply(self, rgb: Bytes) -> None:
        """Draw the mark into a frame; shapes: (H, W, 3) uint8, of the mark's size."""
        self._rgb.onto(rgb)

    def apply_i420(self, planes: Bytes) -> None:
        """Draw the mark into the planes of `i420.to_i420`, as `apply` would have before conversion."""
        for patch, plane in zip(self._planes, split_planes(planes), strict=True):
            patch.onto(plane)


def _coverages(text: str, size: Size) -> tuple[Floats, Floats]:
    """Opacity of the letters and of their shadow; even sizes, with room for the shadow around."""
    if not text.strip() or len(text) > _LONGEST:
        raise InvalidInput("mark", repr(text[: _LONGEST + 1]), f"1 to {_LONGEST} characters")
    em = max(10, round(_HEIGHT * size.short_side))
    line = Lettering().line(text, em)
    around = max(2, round(0.35 * em))
    height, width = line.shape
    padded = np.pad(line, ((around, around + height % 2), (around, around + width % 2)))
    letters: Floats = padded.astype(np.float32) / np.float32(255)
    reach = max(1, round(0.05 * em))
    grown = cv2.dilate(letters, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1)))
    near = cv2.GaussianBlur(grown, (0, 0), max(0.6, 0.035 * em))
    far = cv2.GaussianBlur(grown, (0, 0), 0.16 * em)
    shade = np.clip(np.maximum(near, 1.5 * far), 0, 1) * _SHADE
    return letters * np.float32(_WHITE), shade.astype(np.float32)


def _in_planes(top: int, left: int, letters: Floats, kept: Floats) -> tuple[_Patch, ...]:
    """The mark in Y'CbCr, where black is (16, 128, 128): both blends are linear, so they agree."""
    black, white = BT709[:, 3], BT709[:, :3].sum(axis=1) * 255 + BT709[:, 3]
    patches = []
    for plane, (dark, bright) in enumerate(zip(black, white, strict=True)):
        share, keep, at = letters, kept, (top, left)
        if plane:
            share, keep = _halved(share), _halved(keep)
            at = (top // 2, left // 2)
        added = (share * bright + (1 - keep - share) * dark).astype(np.float32)
        patches.append(_Patch(*at, added, keep))
    return tuple(patches)


def _halved(coverage: Floats) -> Floats:
    rows, columns = coverage.shape
    return np.asarray(coverage.reshape(rows // 2, 2, columns // 2, 2).mean(axis=(1, 3)), np.float32)
