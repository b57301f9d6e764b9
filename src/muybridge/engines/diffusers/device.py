"""The devices a model can run on, and how much of them is free.

Limits: NVIDIA GPUs by the driver's own tool, so that looking costs no import of torch.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass

_PATIENCE = 10.0  # s


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU: its name, and its memory in bytes."""

    name: str
    total: int
    free: int


def gpus() -> tuple[Gpu, ...]:
    """The NVIDIA GPUs of this machine, in order; empty where there is none or no driver."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ()
    query = [tool, "--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits"]
    try:
        said = subprocess.run(query, capture_output=True, text=True, timeout=_PATIENCE, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    return read_table(said)


def read_table(said: str) -> tuple[Gpu, ...]:
    """The GPUs in the tool's table of names and MiB; lines that are none are left out."""
    found = []
    for line in said.splitlines():
        parts = [part.strip() for part in line.rsplit(",", 2)]
        if len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit():
            found.append(Gpu(parts[0], int(parts[1]) << 20, int(parts[2]) << 20))
    return tuple(found)


def number_of(device: str) -> int:
    """Which of the GPUs `cuda` or `cuda:1` is."""
    return int(device.partition(":")[2] or 0)
