"""The documented request against a real server: python examples/demo.py [--prompt ...] [--picture ...]

Starts `muybridge serve` on a free port and the callback receiver beside this file on another,
makes a key, sends the picture as a data URL, and waits for the video over plain HTTP. Leaves the
mp4, its contact sheet and the server's log in out/demo. The exit status is 0 only if all of it worked.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from muybridge.adapters.weights import CachedWeights
from muybridge.media.probe import probe
from muybridge.media.sheet import contact_sheet
from muybridge.settings import Settings

PROMPT = "A girl runs toward the camera and winks with a smile."
OUT = Path("out/demo")
MUYBRIDGE = [sys.executable, "-c", "from muybridge.cli.main import main; main()"]
START, TAKE, STOP = 60.0, 300.0, 60.0  # s that each gets at most
STEPS = ("Preparing", "Queueing", "Processing", "Success")


class Failed(Exception):
    """The demo did not work; says where."""


@dataclass
class Timeline:
    """What happened when, in seconds from the request."""

    began: float = field(default_factory=time.monotonic)
    entries: list[tuple[float, str]] = field(default_factory=list)

    def note(self, what: str) -> None:
        """Put down that this happened now."""
        self.entries.append((time.monotonic() - self.began, what))

    def lines(self) -> list[str]:
        """One line for each, in order of time."""
        return [f"  {at:6.2f} s  {what}" for at, what in sorted(self.entries)]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe_socket:
        return int(probe_socket.getsockname()[1])


@contextmanager
def server(port: int, environment: dict[str, str]) -> Iterator[None]:
    """A real server, ready to take work; asked to stop at the end."""
    with (OUT / "server.log").open("wb") as log:
        running = subprocess.Popen(
            [*MUYBRIDGE, "serve", "--port", str(port)], stdout=log, stderr=log, env=environment
        )
    try:
        deadline = time.monotonic() + START
        while not answers(f"http://127.0.0.1:{port}/readyz"):
            if running.poll() is not None or time.monotonic() > deadline:
                raise Failed(f"the server did not get ready; its log is {OUT / 'server.log'}")
            time.sleep(0.1)
        yield
    finally:
        running.terminate()
        try:
            running.wait(STOP)
        except subprocess.TimeoutExpired:
            running.kill()


def answers(url: str) -> bool:
    """Whether a GET is answered 200."""
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def receiver(port: int, heard: list[tuple[float, dict[str, Any]]]) -> Iterator[str]:
    """The example receiver; what it hears is added to `heard` with its time."""
    program = Path(__file__).with_name("callback_receiver.py")
    running = subprocess.Popen(
        [sys.executable, str(program), "--port", str(port)], stdout=subprocess.PIPE, text=True
    )

    def listen() -> None:
        for line in running.stdout or ():
            heard.append((time.monotonic(), json.loads(line)))

    threading.Thread(target=listen, daemon=True).start()
    try:
        deadline = time.monotonic() + START
        while not answers(f"http://127.0.0.1:{port}/openapi.json"):
            if running.poll() is not None or time.monotonic() > deadline:
                raise Failed("the callback receiver did not start")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/callback"
    finally:
        running.terminate()
        running.wait(10)


def new_key(environment: dict[str, str]) -> str:
    """A key of the demo's own; it stands alone on the command's last line."""
    name = time.strftime("demo %Y-%m-%d %H:%M:%S")
    done = subprocess.run(
        [*MUYBRIDGE, "keys", "create", name],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode != 0:
        raise Failed(f"no key could be made: {done.stderr.strip()}")
    return done.stdout.strip().splitlines()[-1]


def checked(answer: httpx.Response) -> dict[str, Any]:
    """The answer's body; an error in `base_resp` ends the demo."""
    body: dict[str, Any] = answer.raise_for_status().json()
    if body["base_resp"]["status_code"] != 0:
        raise Failed(body["base_resp"]["status_msg"])
    return body


def request(picture: Path, prompt: str, callback_url: str) -> dict[str, Any]:
    """The documented request, the picture as a data URL."""
    kind = "png" if picture.suffix.lower() == ".png" else "jpeg"
    data_url = f"data:image/{kind};base64,{base64.b64encode(picture.read_bytes()).decode()}"
    return {
        "model": "S2V-01",
        "prompt": prompt,
        "subject_reference": [{"type": "character", "image": [data_url]}],
        "callback_url": callback_url,
    }


def wait(api: httpx.Client, task_id: str, timeline: Timeline, progress: Progress) -> dict[str, Any]:
    """Poll until the task has ended; every change of state goes into the timeline."""
    bar = progress.add_task("Preparing", total=len(STEPS) - 1)
    state = ""
    while time.monotonic() - timeline.began < TAKE:
        told = checked(api.get("/v1/query/video_generation", params={"task_id": task_id}))
        if told["status"] != state:
            state = told["status"]
            timeline.note(f"query     {state}")
            progress.update(bar, description=state, completed=STEPS.index(state) if state in STEPS else None)
        if state == "Success":
            return told
        time.sleep(0.2)
    raise Failed(f"no video after {TAKE:g} s")


def fetch(api: httpx.Client, file_id: str, video: Path) -> None:
    """Download the finished video through its signed URL."""
    file = checked(api.get("/v1/files/retrieve", params={"file_id": file_id}))["file"]
    with httpx.stream("GET", file["download_url"], timeout=60) as answer:
        answer.raise_for_status()
        video.write_bytes(answer.read())
    if video.stat().st_size != file["bytes"]:
        raise Failed(f"{video.stat().st_size} bytes came, {file['bytes']} were announced")


def told_of_success(heard: list[tuple[float, dict[str, Any]]]) -> None:
    """Wait for the last callback, which may come a moment after the video."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        if heard and heard[-1][1]["status"] == "success":
            return
        time.sleep(0.1)
    raise Failed(f"no callback told of success; heard: {[body['status'] for _, body in heard]}")


def run(picture: Path, prompt: str, console: Console) -> None:
    """Start everything, make one request, save what came, and say how it went."""
    environment = {**os.environ, "MUYBRIDGE_DATA": str((OUT / "data").absolute())}
    port, heard = free_port(), []
    video, sheet = OUT / f"{picture.stem}.mp4", OUT / f"{picture.stem}.png"
    columns = (TextColumn("{task.description:<11}"), BarColumn(), TimeElapsedColumn())
    with ExitStack() as stack:
        console.print("starting the server and a callback receiver ...")
        callback_url = stack.enter_context(receiver(free_port(), heard))
        stack.enter_context(server(port, environment))
        headers = {"Authorization": f"Bearer {new_key(environment)}"}
        api = stack.enter_context(
            httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30)
        )
        timeline = Timeline()
        task_id = checked(api.post("/v1/video_generation", json=request(picture, prompt, callback_url)))[
            "task_id"
        ]
        timeline.note(f"create    task {task_id}")
        with Progress(*columns, console=console) as progress:
            told = wait(api, task_id, timeline, progress)
        fetch(api, told["file_id"], video)
        timeline.note(f"download  {video.stat().st_size / 1e6:.1f} MB")
        told_of_success(heard)
    for at, body in heard:
        timeline.entries.append((at - timeline.began, f"callback  {body['status']}"))
    contact_sheet(video, sheet)
    facts = probe(video)
    if (str(facts.size), facts.frames) != ("1280x720", 150):
        raise Failed(f"the video is {facts.size} with {facts.frames} frames")
    console.print(f'"{prompt}"', *timeline.lines(), sep="\n", highlight=False)
    console.print(f"video          {video}\ncontact sheet  {sheet}", highlight=False)


def main() -> int:
    """Run the demo; 0 if all of it worked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--picture", type=Path, help="a JPG, PNG or WebP; without it, a portrait that set-up brought"
    )
    parser.add_argument("--prompt", default=PROMPT)
    given = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    picture = given.picture or CachedWeights(Settings.load().weights).path("astronaut.png")
    try:
        run(picture, given.prompt, Console())
    except (Failed, httpx.HTTPError) as error:
        print(f"the demo failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
