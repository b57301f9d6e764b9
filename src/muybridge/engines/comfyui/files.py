"""What a prompt left behind, as frames: a video of any common kind, or numbered pictures.

Limits: at most `MOST` frames, each brought to the ordered size at once, so that memory has a bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from muybridge.errors import EngineFailed, InvalidInput
from muybridge.media.fit import filled
from muybridge.media.frames import read_frames
from muybridge.media.probe import probe
from muybridge.units import Size

Bytes = NDArray[np.uint8]

MOST: Final = 400
_VIDEOS: Final = (".mp4", ".webm", ".mkv", ".mov", ".avi", ".gif")
_PICTURES: Final = (".png", ".jpg", ".jpeg", ".webp")


@dataclass(frozen=True, slots=True)
class Footage:
    """Frames of the ordered size, the size they came in, and their rate a second (0: they had none)."""

    frames: list[Bytes]
    size: Size
    rate: float


def wanted(history: dict[str, Any], results: Sequence[str]) -> list[dict[str, Any]]:
    """The references of one video, or of the pictures, among a finished prompt's outputs.

    Raises: EngineFailed where there are none.
    """
    outputs = history.get("outputs")
    found = list(_files(outputs if isinstance(outputs, dict) else {}, results))
    videos = [reference for reference in found if _ending(reference) in _VIDEOS]
    if videos:
        return videos[-1:]
    pictures = [reference for reference in found if _ending(reference) in _PICTURES]
    if not pictures:
        raise EngineFailed("the workflow left neither a video nor pictures")
    if len(pictures) > MOST:
        raise EngineFailed(f"the workflow left {len(pictures)} pictures; {MOST} at most")
    return pictures


def read(paths: Sequence[Path], size: Size) -> Footage:
    """The frames in the files that were wanted; raises EngineFailed where they cannot be read."""
    if paths[0].suffix.lower() not in _VIDEOS:
        pictures = [_picture(path) for path in paths]
        first = Size(pictures[0].shape[1], pictures[0].shape[0])
        return Footage([filled(picture, size) for picture in pictures], first, 0.0)
    try:
        facts, frames = probe(paths[0]), []
        for frame in read_frames(paths[0]):
            frames.append(filled(frame, size))
            if len(frames) > MOST:
                raise EngineFailed(f"the workflow's video has more than {MOST} frames")
    except InvalidInput as error:
        raise EngineFailed(f"the workflow's video cannot be read: {error.got}") from error
    if not frames:
        raise EngineFailed("the workflow's video has no frames")
    return Footage(frames, facts.size, float(facts.rate.as_fraction()))


def _files(outputs: dict[str, Any], results: Sequence[str]) -> Iterator[dict[str, Any]]:
    for node, told in outputs.items():
        if (results and node not in results) or not isinstance(told, dict):
            continue
        for value in told.values():
            yield from (each for each in _dicts(value) if each.get("filename") and each.get("type") != "temp")


def _dicts(value: object) -> Iterable[dict[str, Any]]:
    return (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def _ending(reference: dict[str, Any]) -> str:
    return Path(str(reference["filename"])).suffix.lower()


def _picture(path: Path) -> Bytes:
    found = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR_RGB)
    if found is None:
        raise EngineFailed(f"the workflow's picture {path.name} cannot be read")
    return np.asarray(found, np.uint8)
