"""A Subject: what was seen in a reference picture, in plain numbers (no arrays, no pixels)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from muybridge.units import Size


class SubjectKind(StrEnum):
    """What sort of character the picture shows, as far as it decides how it can act."""

    PORTRAIT = "portrait"  # a face the face rig can act with
    DRAWN = "drawn"  # a drawing's face: lids, mouth and head act, by a simpler rig
    FIGURE = "figure"  # no such face: the body acts (breathe, lean, hop, come closer)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in the reference's pixels, x right and y down, from its top left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Subject:
    """What was seen in a reference: the picture's hash and size, the kind, the faces, and notes.

    `faces` is ordered by prominence, the acting one first. `notes` are whole sentences for the
    task ("Three faces were found; the most prominent one acts.").
    """

    picture_sha256: str
    size: Size
    kind: SubjectKind
    faces: tuple[Box, ...] = ()
    notes: tuple[str, ...] = ()
