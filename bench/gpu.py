"""How fast and how large full-size VACE models run here, on random numbers: plainly, and with our settings.

    python bench/gpu.py                 what fits the card; on a machine without one, the small form
    python bench/gpu.py --small         tiny models on the CPU, to see that the bench itself works
    python bench/gpu.py --only 14B-720p

Speed does not depend on the values, so random weights of full size give true times. Nothing is said
of quality. The share is of this card's own matrix-multiply peak, measured in the same run.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import torch
from diffusers import AutoencoderKLWan, WanVACETransformer3DModel

from muybridge.engines.diffusers.zero_clip import ZeroClips

GIB = 1 << 30
WORDS = 512
STEPS, PASSES = 50, 2


@dataclass(frozen=True, slots=True)
class Case:
    """One model at one size: its denoiser's configuration, and the clip."""

    name: str
    layers: int
    heads: int
    each: int
    ffn: int
    vace: tuple[int, ...]
    width: int
    height: int
    frames: int
    text: int = 4096
    vae: int = 96

    @property
    def channels(self) -> int:
        return self.heads * self.each

    @property
    def tokens(self) -> int:
        latents = (self.frames - 1) // 4 + 2  # one more for the reference
        return latents * (self.width // 16) * (self.height // 16)

    @property
    def flops(self) -> float:
        """Of one forward: matrix products alone, each multiply and add counted."""
        n, d, f = float(self.tokens), float(self.channels), float(self.ffn)
        block = (
            8 * n * d**2 + 4 * n**2 * d + 4 * n * d**2 + 4 * WORDS * d**2 + 4 * n * WORDS * d + 4 * n * d * f
        )
        return (self.layers + len(self.vace)) * block + (len(self.vace) + 1) * 2 * n * d**2


def full(name: str, width: int, height: int) -> Case:
    layers, heads, ffn, step = (30, 12, 8960, 2) if name == "1.3B" else (40, 40, 13824, 5)
    size = {480: "480p", 720: "720p"}[height]
    return Case(f"{name}-{size}", layers, heads, 128, ffn, tuple(range(0, layers, step)), width, height, 81)


FULL = [full(name, *size) for name in ("1.3B", "14B") for size in ((832, 480), (1280, 720))]
SMALL = [
    Case("tiny-96x160", 3, 2, 12, 32, (0, 2), 160, 96, 9, text=32, vae=3),
    Case("tiny-192x320", 3, 2, 12, 32, (0, 2), 320, 192, 9, text=32, vae=3),
]


class Bench:
    """One device, with its clock, its memory and its peak."""

    def __init__(self, device: str, rounds: int) -> None:
        self.device, self.cuda, self.rounds = torch.device(device), device != "cpu", rounds
        self.peak = self._matrix_peak()

    def seconds(self, work: Callable[[], object]) -> float:
        """The median over the rounds, after two that warm up."""
        for _ in range(2):
            work()
        taken = []
        for _ in range(self.rounds):
            self.wait()
            began = time.perf_counter()
            work()
            self.wait()
            taken.append(time.perf_counter() - began)
        return statistics.median(taken)

    def wait(self) -> None:
        if self.cuda:
            torch.cuda.synchronize(self.device)

    def memory(self) -> str:
        return f"{torch.cuda.max_memory_allocated(self.device) / GIB:.1f}" if self.cuda else "-"

    def forget(self) -> None:
        gc.collect()
        if self.cuda:
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats(self.device)

    def _matrix_peak(self) -> float:
        side = 8192 if self.cuda else 512
        a, b = (torch.randn(side, side, device=self.device, dtype=torch.bfloat16) for _ in range(2))
        self.peak = 0.0
        return 2 * side**3 / self.seconds(lambda: a @ b)


def denoiser(case: Case, device: torch.device) -> WanVACETransformer3DModel:
    """A model of random numbers, in bf16 with the parts in fp32 that its loader keeps so."""
    torch.set_default_dtype(torch.bfloat16)
    with torch.device("meta"):
        model = WanVACETransformer3DModel(
            num_attention_heads=case.heads,
            attention_head_dim=case.each,
            ffn_dim=case.ffn,
            num_layers=case.layers,
            vace_layers=list(case.vace),
            text_dim=case.text,
        )
    torch.set_default_dtype(torch.float32)
    model = model.to_empty(device=device)
    for name, part in model.named_parameters():
        part.data.normal_(0.0, 0.02)
        if any(word in name for word in model._keep_in_fp32_modules):
            part.data = part.data.float()
    fresh = type(model.rope)(case.each, (1, 2, 2), 1024)  # its tables are no parameters
    model.rope = fresh.to(device)
    return model.eval().requires_grad_(False)


def questions(case: Case, device: torch.device) -> dict[str, torch.Tensor]:
    latents = (case.frames - 1) // 4 + 2
    shape = (latents, case.height // 8, case.width // 8)
    random = torch.Generator("cpu").manual_seed(0)

    def noise(*size: int) -> torch.Tensor:
        return torch.randn(*size, generator=random).to(device, torch.bfloat16)

    return {
        "hidden_states": noise(1, 16, *shape),
        "timestep": torch.tensor([500], device=device),
        "encoder_hidden_states": noise(1, WORDS, case.text),
        "control_hidden_states": noise(1, 96, *shape),
    }


def forwards(bench: Bench, case: Case) -> tuple[float, float, str]:
    """Seconds of one forward plainly and with our settings, and the peak memory in GiB."""
    bench.forget()
    model, asked = denoiser(case, bench.device), questions(case, bench.device)

    def work() -> object:
        return model(**asked, return_dict=False)

    with torch.inference_mode():
        plain = bench.seconds(work)
        if bench.cuda and torch.cuda.get_device_capability(bench.device) >= (9, 0):
            model.set_attention_backend("_native_cudnn")
        if bench.cuda:
            model.compile_repeated_blocks(fullgraph=True)
        ours = bench.seconds(work)
    return plain, ours, bench.memory()


def vae_times(bench: Bench, case: Case) -> tuple[float, float, float, str]:
    """Seconds of a take's encodes plainly and with the empty clip kept, of its decode; and peak memory."""
    bench.forget()
    vae = AutoencoderKLWan(base_dim=case.vae).to(bench.device).eval().requires_grad_(False)
    clip = torch.zeros(1, 3, case.frames, case.height, case.width, device=bench.device)
    latent = torch.randn(1, 16, (case.frames - 1) // 4 + 1, case.height // 8, case.width // 8).to(
        bench.device
    )
    picture, kept = torch.ones_like(clip[:, :, :1]), ZeroClips()

    def plain() -> None:
        for what in (clip, clip, picture):
            vae.encode(what)

    def ours() -> None:
        with kept.over(vae):
            plain()

    with torch.inference_mode():
        return (
            bench.seconds(plain),
            bench.seconds(ours),
            bench.seconds(lambda: vae.decode(latent)),
            bench.memory(),
        )


def row(bench: Bench, case: Case) -> str:
    plain, ours, memory = forwards(bench, case)
    encode, kept, decode, vae_memory = vae_times(bench, case)
    share = case.flops / ours / bench.peak
    whole = [STEPS * PASSES * plain + encode + decode, STEPS * PASSES * ours + kept + decode]
    cells = [
        case.name, f"{case.flops / 1e15:.3g}", f"{plain:.3g}", f"{ours:.3g}", f"{share:.0%}", memory,
        f"{encode:.2f}", f"{kept:.2f}", f"{decode:.2f}", vae_memory,
        f"{whole[0]:.4g}", f"{whole[1]:.4g}", f"{whole[0] / whole[1]:.2f}x",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


HEADINGS = (
    "model", "PFLOP a forward", "plain s", "ours s", "ours, of peak", "GiB", "encodes plain s", "ours s",
    "decode s", "GiB", f"take plain s ({STEPS} steps, CFG)", "take ours s", "faster",
)  # fmt: skip


def main() -> None:
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--small", action="store_true", help="tiny models on the CPU")
    words.add_argument("--only", default="", help="cases whose name holds this")
    words.add_argument("--rounds", type=int, default=5)
    asked = words.parse_args()
    small = asked.small or not torch.cuda.is_available()
    if small:
        torch.set_num_threads(1)
    bench = Bench("cpu" if small else "cuda", asked.rounds)
    where = "CPU, one thread" if small else torch.cuda.get_device_name()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {where}, torch {torch.__version__}")
    print(f"matrix-multiply peak, bf16: {bench.peak / 1e12:.3g} TFLOP/s\n")
    print(f"| {' | '.join(HEADINGS)} |\n|{'---|' * len(HEADINGS)}")
    for case in SMALL if small else FULL:
        if asked.only in case.name:
            try:
                print(row(bench, case), flush=True)
            except torch.OutOfMemoryError:
                print(f"| {case.name} | out of memory |", flush=True)


if __name__ == "__main__":
    main()
