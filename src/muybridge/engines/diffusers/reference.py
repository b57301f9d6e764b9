"""The reference as a video model wants it: the subject alone, close to the edges, on white."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from muybridge.puppet.portrait import Portrait

Bytes = NDArray[np.uint8]

_SEEN: Final = 0.1  # coverage from which a pixel counts as the subject's
_ROOM: Final = 0.04  # of the subject's longer side, left around it


def on_white(portrait: Portrait) -> Bytes:
    """The subject cut out and set on white.

    Shapes: (H, W, 3) uint8 sRGB, cropped to the subject with a little room. Without any subject the
    whole picture as it is.
    """
    box = _box(portrait)
    if box is None:
        return np.asarray(portrait.picture)
    cover = portrait.matte[..., None].astype(np.float32)
    mixed = portrait.foreground * cover + 255.0 * (1 - cover)
    return np.ascontiguousarray((mixed[box] + 0.5).astype(np.uint8))


def _box(portrait: Portrait) -> tuple[slice, slice] | None:
    rows, columns = (np.flatnonzero((portrait.matte > _SEEN).any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return None
    room = round(_ROOM * max(rows[-1] - rows[0], columns[-1] - columns[0]))
    height, width = portrait.matte.shape
    return (
        slice(max(0, rows[0] - room), min(height, rows[-1] + room + 1)),
        slice(max(0, columns[0] - room), min(width, columns[-1] + room + 1)),
    )
