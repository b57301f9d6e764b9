"""What goes wrong with the library used plainly, shown to go wrong, and shown not to with ours.

Where a test's first half fails, the library has mended it, and our way around it may go.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from muybridge.engines.diffusers import DiffusersEngine
from muybridge.engines.diffusers.checkpoint import Checkpoint
from muybridge.engines.diffusers.memory import Rung
from muybridge.engines.diffusers.options import DiffusersOptions
from muybridge.errors import Cancelled
from muybridge.ports.engine import Order
from muybridge.testing.engine_contract import silent
from muybridge.units import Size

pytestmark = [pytest.mark.gpu, pytest.mark.weights]

RUNG = Rung("480p", Size(96, 64), 3.0)
RED = np.full((40, 30, 3), (200, 30, 30), np.uint8)
GREEN = np.full((40, 30, 3), (30, 220, 40), np.uint8)
Vace = Callable[..., Any]


@pytest.fixture
def vace(tiny: Path) -> Vace:
    """The loaded model, with changes to the options."""

    def loaded(**options: Any) -> Any:
        from muybridge.engines.diffusers.wan_vace import WanVace

        return WanVace(Checkpoint(tiny), RUNG, DiffusersOptions(device="cpu", **options))

    return loaded


def job(**changes: Any) -> Any:
    from muybridge.engines.diffusers.wan_vace import Job

    facts: dict[str, Any] = {
        "caption": "A woman smiles.", "negative": "blur", "references": (RED,), "frames": 9, "steps": 3,
        "guidance": 5.0, "seed": 1,
    }  # fmt: skip
    return Job(**facts | changes)


def plainly(pipe: Any, **named: Any) -> np.ndarray[Any, Any]:
    """A call as the library's own pages show it."""
    import torch
    from PIL import Image

    facts: dict[str, Any] = {
        "prompt": "A woman smiles.", "negative_prompt": "blur", "reference_images": [Image.fromarray(RED)],
        "height": 64, "width": 96, "num_frames": 9, "num_inference_steps": 3,
        "generator": torch.Generator("cpu").manual_seed(1),
    }  # fmt: skip
    return np.asarray(pipe(**facts | named).frames[0])


def test_interrupting_the_pipeline_would_give_a_half_made_video_and_calling_off_gives_none(
    vace: Vace, open_tiny: Callable[..., DiffusersEngine], order: Callable[..., Order]
) -> None:
    def interrupt(pipe: Any, step: int, _time: Any, kept: dict[str, Any]) -> dict[str, Any]:
        pipe._interrupt = True
        return kept

    half = plainly(vace()._pipe, callback_on_step_end=interrupt)
    assert half.shape == (9, 64, 96, 3)  # as if it were finished

    def call_off(fraction: float, stage: str) -> None:
        if stage == "denoising":
            raise Cancelled

    with pytest.raises(Cancelled):
        open_tiny().generate(order(), call_off)
    assert not order().out.exists()


def test_a_run_called_off_leaves_nothing_for_the_next_to_start_from(vace: Vace) -> None:
    def call_off(fraction: float, stage: str) -> None:
        if fraction > 0.6:
            raise Cancelled

    fresh = vace(cache="taylorseer").run(RUNG, job(steps=10), silent)

    soiled = vace(cache="taylorseer")
    soiled._pipe.maybe_free_model_hooks = lambda: None  # as one who forgets
    with suppress(Cancelled):
        soiled.run(RUNG, job(steps=10), call_off)
    assert (soiled.run(RUNG, job(steps=10), silent) != fresh).any()

    ours = vace(cache="taylorseer")
    with suppress(Cancelled):
        ours.run(RUNG, job(steps=10), call_off)
    assert (ours.run(RUNG, job(steps=10), silent) == fresh).all()


def said_twice(model: Any, config: Any) -> list[Any]:
    """What the denoiser says of one noise, and says again with a cache that holds the answer."""
    import torch

    torch.manual_seed(3)
    noise, hints, words = torch.randn(1, 16, 4, 8, 12), torch.randn(1, 96, 4, 8, 12), torch.randn(1, 16, 32)
    model.float().enable_cache(config)
    with torch.inference_mode(), model.cache_context("cond"):
        return [
            model(
                hidden_states=noise,
                timestep=torch.tensor([500]),
                encoder_hidden_states=words,
                control_hidden_states=hints,
            ).sample
            for _ in range(2)
        ]


def test_first_block_cache_gives_another_answer_to_the_same_question_and_is_refused(vace: Vace) -> None:
    from diffusers import FirstBlockCacheConfig, TaylorSeerCacheConfig

    sound = TaylorSeerCacheConfig(
        use_lite_mode=True, disable_cache_before_step=1, cache_interval=50, max_order=0
    )
    right, kept = said_twice(vace()._pipe.transformer, sound)
    assert float((kept - right).norm() / right.norm()) < 0.01
    _, wrong = said_twice(vace()._pipe.transformer, FirstBlockCacheConfig(threshold=1e9))
    assert float((wrong - right).norm() / right.norm()) > 0.1
    for name in ("first_block", "mag"):
        with pytest.raises(ValueError, match=f"{name} is refused for VACE: it adds VACE's control hints"):
            DiffusersOptions(cache=name)


def test_taylorseer_by_its_defaults_skips_nothing_and_in_its_lite_form_skips_blocks(vace: Vace) -> None:
    from diffusers import TaylorSeerCacheConfig

    calls: list[int] = []

    def count(model: Any) -> int:
        calls.clear()
        block = model._pipe.transformer.blocks[1]
        hook = block.attn1.register_forward_hook(lambda *_: calls.append(1))
        model.run(RUNG, job(steps=12), silent)
        hook.remove()
        return len(calls)

    exact = vace()
    every = count(exact)
    exact._pipe.transformer.enable_cache(TaylorSeerCacheConfig())
    assert count(exact) == every == 24
    lite = vace(cache="taylorseer")
    assert count(lite) < every
    again = lite.run(RUNG, job(steps=12), silent)
    assert (again == lite.run(RUNG, job(steps=12), silent)).all()


def test_references_reach_the_model_in_the_order_they_were_given(vace: Vace) -> None:
    seen: list[Any] = []
    model = vace()
    prepare = model._pipe.prepare_video_latents

    def look_in(*args: Any) -> Any:
        seen.append(prepare(*args))
        return seen[-1]

    model._pipe.prepare_video_latents = look_in
    from PIL import Image

    two = [Image.fromarray(RED), Image.fromarray(GREEN)]
    plainly(model._pipe, reference_images=two)
    model.run(RUNG, job(references=(RED, GREEN)), silent)
    model.run(RUNG, job(references=(RED,)), silent)
    plain, ours, first = (latents[0, :16, 0] for latents in seen)
    assert (ours == first).all()
    assert (plain != first).any()


def test_a_transparent_reference_crashes_the_pipeline_and_not_us(
    vace: Vace, open_tiny: Callable[..., DiffusersEngine], order: Callable[..., Order],
    references: tuple[Path, Path],
) -> None:  # fmt: skip
    from PIL import Image

    picture = Image.open(references[0])
    assert picture.mode == "RGBA"
    with pytest.raises(RuntimeError):
        plainly(vace()._pipe, reference_images=[picture])
    with pytest.raises(StopIteration):
        plainly(vace()._pipe, reference_images=[])
    assert open_tiny().generate(order(picture=references[0]), silent).frames == 12


def test_the_empty_clip_is_encoded_once_for_all_takes_of_a_size_and_bit_for_bit_the_same(vace: Vace) -> None:
    import torch

    model = vace()
    vae = model._pipe.vae
    clips: list[tuple[int, ...]] = []
    real = vae._encode

    def counted(clip: Any) -> Any:
        clips.append(tuple(clip.shape))
        return real(clip)

    vae._encode = counted
    empty = (1, 3, 9, 64, 96)
    plain = plainly(model._pipe)
    assert clips.count(empty) == 2
    clips.clear()
    first = model.run(RUNG, job(), silent)
    second = model.run(RUNG, job(), silent)
    assert clips.count(empty) == 1
    assert (first == second).all()
    assert (first == np.round(plain * 255)).all()
    full = torch.ones(empty)
    assert torch.equal(vae.encode(full).latent_dist.mode(), real(full).chunk(2, 1)[0])


def test_the_vae_works_in_single_precision_and_the_rest_in_half(vace: Vace) -> None:
    import torch

    pipe = vace()._pipe
    assert (pipe.vae.dtype, pipe.transformer.dtype, pipe.text_encoder.dtype) == (
        torch.float32, torch.bfloat16, torch.bfloat16,
    )  # fmt: skip


@pytest.mark.parametrize(("size", "shift"), [("720p", 5.0), ("480p", 3.0)])
def test_each_size_is_denoised_with_the_shift_it_was_trained_with(
    open_tiny: Callable[..., DiffusersEngine], order: Callable[..., Order], size: str, shift: float
) -> None:
    engine = open_tiny(size=size)
    engine.generate(order(), silent)
    assert engine._stage._model._pipe.scheduler.config.flow_shift == shift  # type: ignore[union-attr]


def test_a_component_handed_to_the_general_loader_is_ignored_so_the_class_itself_loads(tiny: Path) -> None:
    from diffusers import DiffusionPipeline, WanVACEPipeline

    from muybridge.engines.diffusers import wan_vace

    assert wan_vace.WanVACEPipeline is WanVACEPipeline
    mine = WanVACEPipeline.from_pretrained(tiny).transformer
    assert DiffusionPipeline.from_pretrained(tiny, transformer=mine).transformer is not mine
    assert WanVACEPipeline.from_pretrained(tiny, transformer=mine).transformer is mine
