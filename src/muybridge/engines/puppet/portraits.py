"""Portraits kept on disk, so that a picture seen once need not be looked at again.

One file a picture, named by its hash and the version of sight. Written whole or not at all, and
safe with several processes: the last writer wins, and both wrote the same. A file that cannot be
read is thrown away and its picture looked at anew; nothing in a file is ever executed.
Limits: `bound` bytes, the longest unused going first.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray

from muybridge.domain.subject import Box, Subject, SubjectKind
from muybridge.puppet.portrait import DrawnFace, Face, Portrait
from muybridge.puppet.sight import SIGHT_VERSION, UNASKED
from muybridge.units import Size

log = structlog.get_logger()

BOUND = 512 * 1024 * 1024
ABANDONED = 3600.0  # s after which an unfinished file's writer is surely gone
DRAWN = {"points": (5, 2), "eyes": (2, 3), "mouth": (3,), "brows": (2, 4), "skin": (3,), "line": (3,)}
PICTURES = ("picture", "foreground", "plate")


class Portraits:
    """A folder of portraits; `bound` is its greatest size in bytes."""

    def __init__(self, folder: Path, bound: int = BOUND) -> None:
        self._folder, self._bound = folder, bound
        self._last: Portrait | None = None

    def get(self, sha256: str, look: Callable[[], Portrait]) -> Portrait:
        """The portrait of a picture by its hash, from memory, from disk, or by looking.

        A disk that is full or not writable costs time, never the portrait.
        """
        if self._last is None or self._last.subject.picture_sha256 != sha256:
            self._last = self._read(sha256) or self._seen(sha256, look)
        return self._last

    def _path(self, sha256: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise ValueError(f"a picture's hash is 64 hexadecimal digits, not {sha256[:80]!r}")
        return self._folder / f"{sha256}-{SIGHT_VERSION}.npz"

    def _seen(self, sha256: str, look: Callable[[], Portrait]) -> Portrait:
        portrait = look()
        if UNASKED in portrait.subject.notes:
            return portrait  # seen without all there is to see with: not worth keeping
        try:
            self._write(self._path(sha256), portrait)
            self._prune()
        except OSError as error:
            log.warning("a portrait could not be kept", folder=str(self._folder), error=str(error))
        return portrait

    def _read(self, sha256: str) -> Portrait | None:
        path = self._path(sha256)
        try:
            # opened here: numpy leaves a file open whose archive it cannot read
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                portrait = _from_arrays({name: kept[name] for name in kept.files})
            if portrait.subject.picture_sha256 != sha256:
                raise ValueError("another picture's portrait")
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            log.warning("a kept portrait could not be read; looking again", path=str(path), error=str(error))
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return portrait

    def _write(self, path: Path, portrait: Portrait) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
        part = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                np.savez(file, allow_pickle=False, **_to_arrays(portrait))
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def _prune(self) -> None:
        kept = []
        for path in self._folder.iterdir():
            with contextlib.suppress(OSError):  # another process may be pruning too
                state = path.stat()
                if path.suffix == ".npz":
                    kept.append((state.st_mtime_ns, state.st_size, path))
                elif path.suffix == ".part" and time.time() - state.st_mtime > ABANDONED:
                    path.unlink()
        room = self._bound
        for _, size, path in sorted(kept, reverse=True):
            room -= size
            if room < 0:
                with contextlib.suppress(OSError):
                    path.unlink()


def _to_arrays(portrait: Portrait) -> dict[str, NDArray[Any]]:
    told = {
        "subject": asdict(portrait.subject),
        "faces": [
            {"presence": face.presence, "box": face.box, "blendshapes": face.blendshapes}
            for face in portrait.faces
        ],
    }
    arrays = {name: getattr(portrait, name) for name in (*PICTURES, "matte")}
    points = [face.points for face in portrait.faces]
    arrays["points"] = np.array(points, np.float32).reshape(-1, 478, 3)
    arrays["joints"] = np.zeros((0, 3), np.float32) if portrait.joints is None else portrait.joints
    if portrait.drawn is not None:
        told["drawn"] = {"box": portrait.drawn.box, "thick": portrait.drawn.thick}
        arrays |= {f"drawn_{name}": getattr(portrait.drawn, name) for name in DRAWN}
    arrays["told"] = np.frombuffer(json.dumps(told).encode(), np.uint8)
    return arrays


def _from_arrays(arrays: dict[str, NDArray[Any]]) -> Portrait:
    told = json.loads(arrays["told"].tobytes())
    faces = tuple(
        Face(points, float(face["presence"]), tuple(face["box"]), dict(face["blendshapes"]))
        for points, face in zip(arrays["points"], told["faces"], strict=True)
    )
    parts = told["subject"]
    subject = Subject(
        picture_sha256=parts["picture_sha256"],
        size=Size(**parts["size"]),
        kind=SubjectKind(parts["kind"]),
        faces=tuple(Box(**box) for box in parts["faces"]),
        notes=tuple(parts["notes"]),
    )
    _check_shapes(arrays)
    pictures = {name: arrays[name] for name in PICTURES}
    joints = arrays["joints"] if len(arrays["joints"]) else None
    drawn = _drawn(arrays, told["drawn"]) if "drawn" in told else None
    return Portrait(subject, matte=arrays["matte"], faces=faces, joints=joints, drawn=drawn, **pictures)


def _drawn(arrays: dict[str, NDArray[Any]], told: dict[str, Any]) -> DrawnFace:
    parts = {name: arrays[f"drawn_{name}"] for name in DRAWN}
    for name, shape in DRAWN.items():
        if parts[name].shape[: len(shape)] != shape:
            raise ValueError(f"the drawn face's {name} are of another kind")
    return DrawnFace(box=tuple(told["box"]), thick=float(told["thick"]), **parts)


def _check_shapes(arrays: dict[str, NDArray[Any]]) -> None:
    height, width = arrays["matte"].shape
    for name in PICTURES:
        if arrays[name].shape != (height, width, 3) or arrays[name].dtype != np.uint8:
            raise ValueError(f"{name} does not fit the matte")
    if arrays["matte"].dtype != np.float32 or arrays["points"].shape[1:] != (478, 3):
        raise ValueError("the matte or the points are of another kind")
