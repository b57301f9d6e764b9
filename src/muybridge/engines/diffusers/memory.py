"""How much a take needs, and the ladder of settings from the best down to the one that needs least.

Limits: an estimate, good to a few GiB for the Wan models: what weights weigh is known exactly, what
works beside them is a formula fitted to the 14B model's measured peaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from muybridge.units import Size

GIB = 1 << 30
_DENOISERS = ("transformer", "transformer_2")
# Fitted to VACE-14B with 81 frames, one reference, bf16 and all weights resident (43 GiB): 48 GiB at
# 832x480 and 53 at 1280x720 while denoising, 61 while decoding 1280x720 in fp32.
_WORKING = 28  # bytes for each token and channel
_DECODING = 20_600  # bytes for each pixel of a frame; frames are decoded one after the other
_TILED = 2 * GIB  # a decode in tiles


class Residence(StrEnum):
    """What stays on the device between the stages of a take."""

    ALL = "all"  # every model, all the time
    DENOISER = "denoiser"  # the text encoder leaves once the words are encoded
    ONE = "one"  # each model comes when it is wanted and goes again


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to run a take: the model's size of picture, what stays resident, and how it is stored."""

    size_name: str
    size: Size
    flow_shift: float
    residence: Residence = Residence.ALL
    fp8: bool = False

    @property
    def tiled(self) -> bool:
        """Whether the video is decoded in tiles."""
        return self.residence is Residence.ONE

    def __str__(self) -> str:
        stays = {
            Residence.ALL: "all models resident",
            Residence.DENOISER: "the text encoder set aside",
            Residence.ONE: "one model at a time",
        }
        return f"{self.size}, {stays[self.residence]}" + (", stored in 8 bits" if self.fp8 else "")


def ladder(sizes: tuple[tuple[str, Size, float], ...], *, fp8: bool, smaller: bool) -> tuple[Rung, ...]:
    """The rungs for these sizes (largest first), from the best to the one that needs least.

    Exact ways come first, then 8-bit storage, then smaller pictures; without `smaller` only the
    exact ways of the first size.
    """
    first = sizes[0]
    rungs = [Rung(*first, residence, fp8) for residence in Residence]
    if smaller and not fp8:
        rungs.append(Rung(*first, Residence.ONE, fp8=True))
    if smaller:
        rungs += [Rung(*size, Residence.ONE, fp8=True) for size in sizes[1:]]
    return tuple(rungs)


def need(numbers: Mapping[str, int], channels: int, frames: int, rung: Rung) -> int:
    """The most bytes on the device in a take on this rung.

    `numbers` are the components' counts of numbers, `channels` the denoiser's width, `frames` the
    model's own. Weights are in bf16 (the VAE in fp32), or the denoiser in 8 bits.
    """
    denoisers = sum(numbers.get(name, 0) for name in _DENOISERS) * (1 if rung.fp8 else 2)
    one_denoiser = max(numbers.get(name, 0) for name in _DENOISERS) * (1 if rung.fp8 else 2)
    text = numbers.get("text_encoder", 0) * 2
    vae = numbers.get("vae", 0) * 4
    pixels = rung.size.width * rung.size.height
    latents = (frames - 1) // 4 + 2  # one more for the reference
    working = _WORKING * channels * latents * (pixels // 256)
    decoding = min(_TILED, _DECODING * pixels) if rung.tiled else _DECODING * pixels
    match rung.residence:
        case Residence.ALL:
            return denoisers + text + vae + max(working, decoding)
        case Residence.DENOISER:
            return denoisers + vae + max(text, working, decoding)
        case _:
            return max(one_denoiser + working, text, vae + decoding)


def gib(count: int) -> str:
    """A number of bytes as a person reads it."""
    return f"{count / GIB:.1f} GiB"
