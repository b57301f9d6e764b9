"""Models that are known to be served: where they come from, how large they are, what they may be used for.

Limits: their sizes are of their makers' files; any other folder of a served class works as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from muybridge.engines.diffusers.memory import Rung, ladder, need
from muybridge.engines.diffusers.models import WAN_VACE, Known

_UMT5, _WAN_VAE = 5_680_000_000, 127_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One model: its hub id, its class, its makers' numbers, and what it is good for.

    `numbers` counts each component's numbers, `channels` is the denoiser's width.
    """

    hub_id: str
    known: Known
    numbers: dict[str, int]
    channels: int
    good_for: str

    def needs(self) -> dict[Rung, int]:
        """The bytes of GPU memory for each way to run it, the best first."""
        rungs = ladder(self.known.sizes[:2], fp8=False, smaller=True)
        return {rung: need(self.numbers, self.channels, self.known.frames, rung) for rung in rungs}


CATALOGUE: tuple[Entry, ...] = (
    Entry(
        hub_id="Wan-AI/Wan2.1-VACE-14B-diffusers",
        known=WAN_VACE,
        numbers={"transformer": 17_300_000_000, "text_encoder": _UMT5, "vae": _WAN_VAE},
        channels=5120,
        good_for="real use",
    ),
    Entry(
        hub_id="linoyts/Wan2.2-VACE-Fun-14B-diffusers",
        known=WAN_VACE,
        numbers={
            "transformer": 17_300_000_000,
            "transformer_2": 17_300_000_000,
            "text_encoder": _UMT5,
            "vae": _WAN_VAE,
        },
        channels=5120,
        good_for="real use with much memory: two denoisers in turn",
    ),
    Entry(
        hub_id="Wan-AI/Wan2.1-VACE-1.3B-diffusers",
        known=WAN_VACE,
        numbers={"transformer": 2_150_000_000, "text_encoder": _UMT5, "vae": _WAN_VAE},
        channels=1536,
        good_for="smoke tests: it keeps a face badly",
    ),
)
