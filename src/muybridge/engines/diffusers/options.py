"""What an operator can turn at a diffusers engine, under `[engines.NAME]`."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from muybridge.engines.options import EngineOptions

_UNSOUND = {
    "first_block": "it adds VACE's control hints twice (a third of the prediction is wrong)",
    "mag": "it adds VACE's control hints twice (a third of the prediction is wrong)",
}
# Everything else that diffusers names either fetches kernels from a hub at first use or is for other devices.
ATTENTION = (
    "auto",
    "native",
    "_native_cudnn",
    "_native_flash",
    "_native_efficient",
    "flash",
    "_flash_3",
    "sage",
)


def _sound(name: str) -> str:
    if name in _UNSOUND:
        raise ValueError(f"{name} is refused for VACE: {_UNSOUND[name]}; none or taylorseer are right")
    if name not in ("none", "taylorseer"):
        raise ValueError("none or taylorseer")
    return name


def _without_fetching(name: str) -> str:
    if "hub" in name:
        raise ValueError(f"{name} fetches code from a hub at first use; one of {', '.join(ATTENTION)}")
    if name not in ATTENTION:
        raise ValueError(f"one of {', '.join(ATTENTION)}")
    return name


def _whole_clip(frames: int) -> int:
    if frames and frames % 4 != 1:
        raise ValueError("4k + 1 frames (81, 97, ...), or 0 for the model's own length")
    return frames


class DiffusersOptions(EngineOptions):
    """Which model, where, and how.

    `model` is a folder, or a hub id whose snapshot is already on this machine. `tier` `exact`
    changes nothing of the model's own settings, `cached` predicts some steps from earlier ones
    (TaylorSeer lite), `fast` needs a distilled `lora`. What is 0 or `auto` is the model's own.
    """

    model: str = ""
    tier: Literal["exact", "cached", "fast"] = "exact"
    device: str = Field(default="cuda", pattern=r"^(cpu|cuda(:\d+)?)$")
    gpus: int = Field(default=1, ge=1, le=16)
    size: Literal["auto", "720p", "480p", "tiny"] = "auto"
    smaller: bool = True
    frames: Annotated[int, Field(ge=0, le=257), AfterValidator(_whole_clip)] = 0
    steps: int = Field(default=0, ge=0, le=200)
    guidance: float = Field(default=0.0, ge=0.0, le=20.0)
    cache: Annotated[str, AfterValidator(_sound)] = "none"
    attention: Annotated[str, AfterValidator(_without_fetching)] = "auto"
    compile: bool = False
    fp8: bool = False
    lora: str = ""
    lora_scale: float = Field(default=1.0, gt=0, le=4)
    negative: str = Field(default="", max_length=2000)

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.tier == "fast" and not self.lora:
            raise ValueError("the tier fast needs lora: the file of a distilled LoRA")
        if self.lora and self.tier != "fast":
            raise ValueError("lora is for the tier fast")
        if self.tier == "cached" and self.cache == "none":
            return self.model_copy(update={"cache": "taylorseer"})
        return self
