"""Wan VACE through diffusers' WanVACEPipeline: loading it for one rung, and one run of it.

Also Wan2.2-VACE-Fun, whose folder names the same class and holds two denoisers. Imported only where
a model is loaded, for torch comes with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from diffusers import TaylorSeerCacheConfig, UniPCMultistepScheduler, WanVACEPipeline
from diffusers.utils.logging import disable_progress_bar
from numpy.typing import NDArray
from transformers.utils.logging import disable_progress_bar as silence_transformers

from muybridge.engines.diffusers.checkpoint import Checkpoint
from muybridge.engines.diffusers.memory import Residence, Rung
from muybridge.engines.diffusers.options import DiffusersOptions
from muybridge.engines.diffusers.ranks import Ranks, device_of, spread
from muybridge.engines.diffusers.watch import Watch
from muybridge.engines.diffusers.zero_clip import ZeroClips
from muybridge.errors import EngineFailed
from muybridge.media.fit import pillow
from muybridge.ports.engine import Progress

Bytes = NDArray[np.uint8]

_WORDS = 512  # tokens of a caption that the model reads
_CACHE_EVERY, _CACHE_FROM = 3, 6  # steps; TaylorSeer lite predicts two of three from the seventh on


@dataclass(frozen=True, slots=True)
class Job:
    """One run: what to show, what not, whom, how long, and by which chance."""

    caption: str
    negative: str
    references: tuple[Bytes, ...]
    frames: int
    steps: int
    guidance: float
    seed: int


class WanVace:
    """One loaded model. `rung` says how it lies in memory; its size may change from run to run.

    With several GPUs this is one of as many processes; `rank` 0 has the others made, and shows the video.
    """

    def __init__(
        self, checkpoint: Checkpoint, rung: Rung, options: DiffusersOptions, *, rank: int = 0
    ) -> None:
        self.rung, self._rank = rung, rank
        self._device = torch.device(options.device if options.gpus == 1 else device_of(options, rank))
        self._ranks = Ranks(checkpoint.folder, rung, options) if options.gpus > 1 and not rank else None
        self._zero = ZeroClips()
        self._pipe = _read(checkpoint, options)
        self._whole = options.compile or options.gpus > 1
        self._settle(rung, options)

    def close(self) -> None:
        """End the other processes, where there are any."""
        if self._ranks:
            self._ranks.close()
        self._ranks = None

    def run(self, rung: Rung, job: Job, progress: Progress) -> Bytes:
        """The frames of one run.

        Shapes: (T, H, W, 3) uint8 sRGB of the rung's size, T the job's `frames`.
        Raises: torch.OutOfMemoryError; EngineFailed where the model's numbers ran away.
        """
        pipe = self._pipe
        if self._ranks:
            self._ranks.share(rung, job)
        config = pipe.scheduler.config
        pipe.scheduler = UniPCMultistepScheduler.from_config(config, flow_shift=rung.flow_shift)
        watch = Watch(progress, job.steps, self._synchronise)
        try:
            with torch.inference_mode():
                progress(0.04, "reading the words")
                words = self._encoded(job)
                progress(0.06, "encoding")
                with self._zero.over(pipe.vae), watch.over(pipe.scheduler, self._pieces()):
                    video = pipe(
                        **words,
                        # the pipeline puts each reference before the last, so they go in backwards
                        reference_images=[pillow(picture) for picture in job.references[::-1]],
                        width=rung.size.width,
                        height=rung.size.height,
                        num_frames=job.frames,
                        num_inference_steps=job.steps,
                        guidance_scale=job.guidance,
                        generator=torch.Generator("cpu").manual_seed(job.seed),
                        output_type="latent" if self._rank else "pt",
                    ).frames[0]
                return np.empty(0, np.uint8) if self._rank else _as_bytes(video)
        finally:
            # or the next run starts from this one's cached residuals
            pipe.maybe_free_model_hooks()

    def _pieces(self) -> list[Any]:
        """The modules between which a run can be called off; none inside of compiled or shared work."""
        vae = [self._pipe.vae.encoder, self._pipe.vae.decoder]
        if self._whole:
            return [*_denoisers(self._pipe), *vae]
        blocks = [block for model in _denoisers(self._pipe) for block in (*model.vace_blocks, *model.blocks)]
        return [*blocks, *vae]

    def _encoded(self, job: Job) -> dict[str, Any]:
        aside = self.rung.residence is Residence.DENOISER
        if aside:
            self._pipe.text_encoder.to(self._device)
        try:
            words, not_these = self._pipe.encode_prompt(
                prompt=job.caption,
                negative_prompt=job.negative,
                do_classifier_free_guidance=job.guidance > 1,
                max_sequence_length=_WORDS,
                device=self._device,
            )
        finally:
            if aside:
                self._pipe.text_encoder.to("cpu")
        return {"prompt_embeds": words, "negative_prompt_embeds": not_these}

    def _settle(self, rung: Rung, options: DiffusersOptions) -> None:
        """Bring the models to where the rung wants them, stored and called as the options say."""
        pipe = self._pipe
        for model in _denoisers(pipe):
            if rung.fp8:
                model.enable_layerwise_casting(torch.float8_e4m3fn, torch.bfloat16)
            if backend := _attention(options.attention, self._device):
                model.set_attention_backend(backend)
            if options.cache == "taylorseer":
                # the defaults match no layer of this model; the lite form is the one that works
                model.enable_cache(
                    TaylorSeerCacheConfig(
                        use_lite_mode=True, cache_interval=_CACHE_EVERY, disable_cache_before_step=_CACHE_FROM
                    )
                )
            if options.gpus > 1:
                spread(model, options)
            if options.compile:
                model.compile_repeated_blocks(fullgraph=True)
        if rung.tiled:
            pipe.vae.enable_tiling()
        match rung.residence:
            case Residence.ALL:
                pipe.to(self._device)
            case Residence.DENOISER:
                for model in (*_denoisers(pipe), pipe.vae):
                    model.to(self._device)
            case _:
                pipe.enable_model_cpu_offload(device=self._device)

    def _synchronise(self) -> None:
        if self._device.type == "cuda":
            torch.cuda.synchronize(self._device)


def _read(checkpoint: Checkpoint, options: DiffusersOptions) -> Any:
    """The pipeline from disk, by its own class: the general one would ignore what it thinks optional."""
    disable_progress_bar()
    silence_transformers()
    pipe = WanVACEPipeline.from_pretrained(
        checkpoint.folder,
        dtype={"default": torch.bfloat16, "vae": torch.float32},
        use_safetensors=True,
        local_files_only=True,
    )
    pipe.set_progress_bar_config(disable=True)
    if options.lora:
        pipe.load_lora_weights(options.lora, local_files_only=True)
        pipe.fuse_lora(lora_scale=options.lora_scale)
        pipe.unload_lora_weights()
    return pipe


def _denoisers(pipe: Any) -> Sequence[Any]:
    return [model for model in (pipe.transformer, pipe.transformer_2) if model is not None]


def _attention(asked: str, device: torch.device) -> str:
    """The attention to set, or empty for the library's own; none that fetches code from a hub."""
    if asked != "auto":
        return asked
    hopper_or_later = device.type == "cuda" and torch.cuda.get_device_capability(device) >= (9, 0)
    return "_native_cudnn" if hopper_or_later else ""


def _as_bytes(video: Any) -> Bytes:
    """(T, 3, H, W) from 0 to 1 as (T, H, W, 3) uint8."""
    if not bool(torch.isfinite(video).all()):
        raise EngineFailed("the model's numbers ran away: the video holds values that are none")
    whole = (video.clamp(0, 1) * 255).round().to(torch.uint8)
    return np.ascontiguousarray(whole.permute(0, 2, 3, 1).cpu().numpy())
