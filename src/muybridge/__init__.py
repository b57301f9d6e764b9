"""Muybridge: one picture of a character and one sentence in, a video of that character out.

These names are stable. They load when they are first used, so that importing the package is free.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muybridge.client import AsyncClient, Client
    from muybridge.director import plan
    from muybridge.domain.model_card import Health, ModelCard
    from muybridge.domain.storyboard import Action, Beat, CameraMove, Storyboard
    from muybridge.domain.subject import Subject
    from muybridge.errors import MuybridgeError
    from muybridge.ports.engine import Engine, Made, Order
    from muybridge.units import FrameRate, Seconds, Size

    __version__: str

_WHERE = {
    "Action": "domain.storyboard",
    "AsyncClient": "client",
    "Beat": "domain.storyboard",
    "CameraMove": "domain.storyboard",
    "Client": "client",
    "Engine": "ports.engine",
    "FrameRate": "units",
    "Health": "domain.model_card",
    "Made": "ports.engine",
    "ModelCard": "domain.model_card",
    "MuybridgeError": "errors",
    "Order": "ports.engine",
    "Seconds": "units",
    "Size": "units",
    "Storyboard": "domain.storyboard",
    "Subject": "domain.subject",
    "plan": "director",
}

__all__ = [
    "Action",
    "AsyncClient",
    "Beat",
    "CameraMove",
    "Client",
    "Engine",
    "FrameRate",
    "Health",
    "Made",
    "ModelCard",
    "MuybridgeError",
    "Order",
    "Seconds",
    "Size",
    "Storyboard",
    "Subject",
    "__version__",
    "plan",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("muybridge")
    if name not in _WHERE:
        raise AttributeError(f"muybridge has no public name {name!r}")
    return getattr(import_module(f"muybridge.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return __all__
