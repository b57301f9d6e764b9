"""The allow-list: the pipeline classes we serve, and what their makers made them for.

A folder is one of these by the class that its own index names. Nothing else is ever loaded, for
loading runs the code that a folder names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from muybridge.errors import EngineNotReady
from muybridge.units import FrameRate, Size

INDEXES: Final = ("model_index.json", "modular_model_index.json")


@dataclass(frozen=True, slots=True)
class Known:
    """One pipeline class: what it is called, and its makers' own settings.

    `sizes` come largest first, each with the `flow_shift` that goes with it; they are multiples of
    what one token covers, 16 pixels. `frames` is 4k + 1, for the VAE takes four at a time.
    """

    class_name: str
    summary: str
    licence: str
    frames: int
    rate: FrameRate
    steps: int
    guidance: float
    sizes: tuple[tuple[str, Size, float], ...]
    fast_steps: int = 4


# Source: the model card of Wan 2.1 VACE, and the defaults of diffusers' pipeline.
WAN_VACE: Final = Known(
    class_name="WanVACEPipeline",
    summary="Wan VACE: the subject of the picture in a scene made anew, by open weights on a GPU.",
    licence="Apache-2.0",
    frames=81,
    rate=FrameRate(16),
    steps=50,
    guidance=5.0,
    sizes=(("720p", Size(1280, 720), 5.0), ("480p", Size(832, 480), 3.0), ("tiny", Size(160, 96), 3.0)),
)

KNOWN: Final = {known.class_name: known for known in (WAN_VACE,)}


def known_in(folder: Path) -> Known:
    """Which of the classes a folder holds; raises EngineNotReady where it is none we serve."""
    name = str(read_index(folder).get("_class_name", ""))
    if name not in KNOWN:
        raise EngineNotReady(f"{folder} holds a {name or 'nameless pipeline'}; served are {', '.join(KNOWN)}")
    return KNOWN[name]


def read_index(folder: Path) -> dict[str, Any]:
    """The index of a model's folder; raises EngineNotReady where there is none that can be read."""
    for name in INDEXES:
        try:
            parts = json.loads((folder / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            raise EngineNotReady(f"{folder / name} cannot be read: {error}") from error
        if isinstance(parts, dict):
            return parts
    raise EngineNotReady(f"{folder} holds no {' or '.join(INDEXES)}, so it is no folder of a diffusers model")
