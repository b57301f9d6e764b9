"""How fast the API answers: query and create beside a bare Starlette route with the same JSON.

    python bench/api.py [--seconds 3] [--rounds 3] [--connections 20]

Two servers run on loopback, one process each: the bare route, and ours on a SQLite file. The load
comes from this process over raw keep-alive connections, one request in flight on each. Bare route
and query take turns, and the middle one of their ratios counts, so that a busy machine is busy for
both. Create carries the picture inside (a data URL) and starts nothing behind it, so what is
measured is ours: reading, judging the picture, storing, answering.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import io
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self, cast

import psutil

SERVERS = Path(__file__).with_name("api_servers.py")
QUERY, CREATE = "/v1/query/video_generation", "/v1/video_generation"


@dataclass(frozen=True)
class Figures:
    rate: float
    p50_ms: float
    p99_ms: float
    wrong: int
    processor_us: float = 0.0

    def __str__(self) -> str:
        times = f"p50 {self.p50_ms:7.2f} ms   p99 {self.p99_ms:7.2f} ms"
        return (
            f"{self.rate:7.0f} /s   {times}   {self.processor_us:6.0f} us of processor   wrong {self.wrong}"
        )


class Caller(asyncio.Protocol):
    """One connection with one request in flight."""

    def __init__(self, request: bytes, until: float, times: list[float]) -> None:
        self.request, self.until, self.times = request, until, times
        self.done = asyncio.get_running_loop().create_future()
        self.buffer = b""
        self.wrong = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.send()

    def send(self) -> None:
        self.began = time.perf_counter()
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        self.times.append(time.perf_counter() - self.began)
        self.wrong += not (head.startswith(b"HTTP/1.1 200") and b'"status_code":0' in body)
        self.buffer = b""
        if time.perf_counter() < self.until:
            self.send()
        else:
            self.transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def load(port: int, request: bytes, seconds: float, connections: int) -> Figures:
    times: list[float] = []
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    until = began + seconds
    callers = [
        (await loop.create_connection(lambda: Caller(request, until, times), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    await asyncio.wait_for(asyncio.gather(*(caller.done for caller in callers)), seconds + 60)
    wall = time.perf_counter() - began
    times.sort()
    ranked = [times[min(len(times) - 1, int(len(times) * share))] * 1000 for share in (0.5, 0.99)]
    return Figures(len(times) / wall, ranked[0], ranked[1], sum(caller.wrong for caller in callers))


def message(method: str, path: str, key: str, body: bytes = b"") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
    sized = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    return (head + sized + "\r\n").encode() + body


def create_body() -> bytes:
    """A request with a 640x640 JPEG of noise-free gradient inside, as a phone's cropped portrait."""
    from PIL import Image

    raw = io.BytesIO()
    Image.radial_gradient("L").resize((640, 640)).convert("RGB").save(raw, "JPEG", quality=90)
    image = "data:image/jpeg;base64," + base64.b64encode(raw.getvalue()).decode()
    reference = [{"type": "character", "image": [image]}]
    return json.dumps({"model": "S2V-01", "prompt": "She smiles.", "subject_reference": reference}).encode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One server in a process of its own, for as long as the `with` lasts."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder, self.port = kind, folder, free_port()

    def __enter__(self) -> Self:
        told = {**os.environ, "MUYBRIDGE_DATA": str(self.folder)}
        command = [sys.executable, str(SERVERS), self.kind, str(self.port)]
        with (self.folder / f"{self.kind}.log").open("wb") as log:
            self.child = subprocess.Popen(command, env=told, stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.child.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.05)
        self.child.kill()
        raise SystemExit(f"the {self.kind} server did not start:\n{Path(log.name).read_text()}")

    def __exit__(self, *_: object) -> None:
        self.child.terminate()
        self.child.wait(10)

    def processor_seconds(self) -> float:
        times = psutil.Process(self.child.pid).cpu_times()
        return float(times.user + times.system)


def measure(server: Server, request: bytes, seconds: float, connections: int) -> Figures:
    before = server.processor_seconds()
    found = asyncio.run(load(server.port, request, seconds, connections))
    spent = server.processor_seconds() - before
    return replace(found, processor_us=spent / (found.rate * seconds) * 1e6)


def prepare(folder: str) -> tuple[str, str]:
    """A key and a task of its in a fresh data folder."""
    command = [sys.executable, str(SERVERS), "prepare", "0"]
    told = {**os.environ, "MUYBRIDGE_DATA": folder}
    made = subprocess.run(command, env=told, capture_output=True, text=True, check=True)
    key, task_id = made.stdout.split()
    return key, task_id


def middle(rounds: list[Figures]) -> Figures:
    return sorted(rounds, key=lambda one: one.rate)[len(rounds) // 2]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        key, task_id = prepare(folder)
        poll = message("GET", f"{QUERY}?task_id={task_id}", key)
        create = message("POST", CREATE, key, create_body())
        load_of = (asked.seconds, asked.connections)
        with Server("bare", Path(folder)) as bare, Server("ours", Path(folder)) as ours:
            for server in (bare, ours):
                measure(server, poll, 1.0, asked.connections)  # warm
            turns = [
                (measure(bare, poll, *load_of), measure(ours, poll, *load_of)) for _ in range(asked.rounds)
            ]
            measure(ours, create, 1.0, asked.connections)
            creates = [measure(ours, create, *load_of) for _ in range(asked.rounds)]
    ratio = statistics.median(query.rate / route.rate for route, query in turns)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ", end="")
    print(f"{asked.connections} in flight, load before {os.getloadavg()[0]:.1f}")
    print(f"bare Starlette route  {middle([route for route, _ in turns])}")
    print(f"query                 {middle([query for _, query in turns])}")
    print(f"query over bare       {ratio:7.2f}      (aim 0.50)")
    print(f"create                {middle(creates)}   (aim p99 < 100 ms)")
    sys.exit(1 if any(one.wrong for one in creates + [figure for turn in turns for figure in turn]) else 0)


if __name__ == "__main__":
    main()
