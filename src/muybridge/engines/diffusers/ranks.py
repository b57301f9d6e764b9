"""One take on several GPUs: the sequence is split over them, and each attends with a part of the heads.

The engine's own process is the first; the others run beside it, do the same work on the same noise,
and end with it. Exact: up to rounding the frames are those of one GPU.
Limits: GPUs of one machine, whose number divides the model's heads and tokens. A take that was called
off ends the others, so the next one loads again. Tried on CPU processes only.
Source: Jacobs et al. 2023, DeepSpeed Ulysses.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from diffusers import ContextParallelConfig
from diffusers.models._modeling_parallel import ContextParallelInput, ContextParallelOutput

from muybridge.engines.diffusers.checkpoint import Checkpoint
from muybridge.engines.diffusers.memory import Residence, Rung
from muybridge.engines.diffusers.options import DiffusersOptions
from muybridge.units import Size

_WORN = 70  # the status with which the engine's host ends too: another process is started


def plan() -> dict[str, Any]:
    """Where VACE's sequence is split and put together again; the library has no plan for this model."""
    split = ContextParallelInput(split_dim=1, expected_dims=3, split_output=False)
    turned = ContextParallelInput(split_dim=1, expected_dims=4, split_output=True)
    return {
        "rope": {0: turned, 1: turned},
        "vace_blocks.0": {"hidden_states": split, "control_hidden_states": split},
        "blocks.0": {"hidden_states": split},
        "proj_out": ContextParallelOutput(gather_dim=1, expected_dims=3),
    }


def device_of(options: DiffusersOptions, rank: int) -> str:
    """Where a rank works."""
    return "cpu" if options.device == "cpu" else f"cuda:{rank}"


def spread(model: Any, options: DiffusersOptions) -> None:
    """Have the denoiser split its work over the group that this process is in."""
    if options.device == "cpu":  # the library divides by the number of accelerators, of which there is none
        torch.accelerator.device_count = lambda: 1
    if not any(getattr(part, "_attention_backend", None) for part in model.attn_processors.values()):
        model.set_attention_backend("native")
    config = ContextParallelConfig(ulysses_degree=options.gpus)
    model.enable_parallelism(config=config, cp_plan=plan())


class Ranks:
    """The other processes of a group, from the first one's side."""

    def __init__(self, folder: Path, rung: Rung, options: DiffusersOptions) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        told = json.dumps({
            "folder": str(folder), "rung": asdict(rung), "options": options.model_dump(), "port": port,
        })  # fmt: skip
        self._closing = False
        self._others = [
            subprocess.Popen(
                [sys.executable, "-m", "muybridge.engines.diffusers.ranks", str(rank)],
                stdin=subprocess.PIPE,
            )
            for rank in range(1, options.gpus)
        ]
        for other in self._others:
            assert other.stdin is not None  # noqa: S101  # PIPE was asked for
            other.stdin.write(told.encode() + b"\n")
            other.stdin.flush()
            threading.Thread(target=self._watch, args=(other,), daemon=True).start()
        _join(0, port, options)

    def share(self, rung: Rung, job: Any) -> None:
        """Tell the others what is made next; they begin at once."""
        dist.broadcast_object_list([(asdict(rung), job)], src=0)

    def close(self) -> None:
        """End the others, whatever they are at."""
        self._closing = True
        for other in self._others:
            other.kill()
            other.wait()
            if other.stdin:
                other.stdin.close()
        if dist.is_initialized():
            dist.destroy_process_group()

    def _watch(self, other: subprocess.Popen[bytes]) -> None:
        status = other.wait()
        if not self._closing:  # this process would wait for it for ever
            print(f"a process of the group ended with status {status}", file=sys.stderr, flush=True)  # noqa: T201
            os._exit(_WORN)


def _join(rank: int, port: int, options: DiffusersOptions) -> None:
    backend = "gloo" if options.device == "cpu" else "nccl"
    if backend == "nccl":
        torch.cuda.set_device(rank)
    where = f"tcp://127.0.0.1:{port}"
    dist.init_process_group(backend, init_method=where, rank=rank, world_size=options.gpus)


def _rung(parts: dict[str, Any]) -> Rung:
    size, residence = Size(**parts["size"]), Residence(parts["residence"])
    return Rung(**{**parts, "size": size, "residence": residence})


def _die_with_the_first() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def main(rank: int) -> None:
    """Be one of the others: load the model, and make what the first one makes, for nobody."""
    from muybridge.engines.diffusers.wan_vace import WanVace

    told = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_die_with_the_first, daemon=True).start()
    options = DiffusersOptions.model_validate(told["options"])
    _join(rank, told["port"], options)
    model = WanVace(Checkpoint(Path(told["folder"])), _rung(told["rung"]), options, rank=rank)
    while True:
        box: list[Any] = [None]
        dist.broadcast_object_list(box, src=0)
        rung, job = box[0]
        try:
            model.run(_rung(rung), job, lambda _fraction, _stage: None)
        except BaseException:
            traceback.print_exc()
            os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
