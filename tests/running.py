"""A real server in its own processes, for tests that speak to it over HTTP and kill its parts."""

from __future__ import annotations

import http.server
import json
import os
import re
import signal
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import psutil

from fakes.pictures import data_url, picture

HERE = Path(__file__).parent
STEADY = "fakes.engines:SteadyEngine"


class RunningServer:
    """`muybridge serve` on a free port with a data folder of its own."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data, self.key, self.url = data, "", ""
        self.flags: list[str] = []  # of `muybridge serve`, beside the port
        self.trusts: ssl.SSLContext | bool = True
        self._out = data.parent / f"{data.name}.out"
        self._process: subprocess.Popen[bytes] | None = None
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(HERE),
            "MUYBRIDGE_DATA": str(data),
            "MUYBRIDGE_ENGINE": STEADY,
            "MUYBRIDGE_LIMIT_RECONCILE_SECONDS": "1",
            "XDG_CONFIG_HOME": str(data / "no-configuration"),
            **environment,
        }

    @property
    def http(self) -> httpx.Client:
        return httpx.Client(
            base_url=self.url,
            headers={"authorization": f"Bearer {self.key}"},
            timeout=20.0,
            trust_env=False,
            verify=self.trusts,
        )

    def start(self, within: float = 60.0, port: int = 0) -> RunningServer:
        """Start, and wait until it says that it is ready."""
        command = "from muybridge.cli.main import main; main()"
        self._out.write_text("")
        with self._out.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-c", command, "serve", "--port", str(port), *self.flags],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=self.environment,
            )
        deadline = time.monotonic() + within
        while not (ready := re.search(r"^Base URL: (\S+)$", said := self.said(), re.MULTILINE)):
            assert self._process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.02)
        self.url = ready[1]
        if first := re.search(r"mby_\S+", said):
            self.key = first[0]
        return self

    def stop(self, within: float = 60.0) -> int:
        """Ask it to stop, and wait; gives its exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(within)

    def kill(self, part: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Send a part a signal: serve, temporal, worker or engine; gives the id it had."""
        pid = self.pid(part)
        os.kill(pid, number)
        if part == "serve" and number is signal.SIGKILL:
            assert self._process is not None
            self._process.wait(10)
        return pid

    def kill_everything(self) -> None:
        """`kill -9` of every process, at once."""
        family = self.family()
        for process in family:
            process.kill()
        assert self._process is not None
        self._process.wait(10)
        psutil.wait_procs(family, timeout=5)

    def pid(self, part: str) -> int:
        (file,) = (self.data / "run").glob(f"{part}*.pid")
        return int(file.read_text())

    def family(self) -> list[psutil.Process]:
        """Every process of the server that is alive."""
        pids = [int(file.read_text()) for file in (self.data / "run").glob("*.pid")]
        return [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]

    def said(self) -> str:
        return self._out.read_text(errors="replace")

    def end(self) -> None:
        """Whatever state it is in: nothing of it is left."""
        family = self.family()
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)
        for process in family:
            try:
                process.kill()
                process.wait(5)
            except psutil.Error:
                continue

    def create(self, prompt: str, **changes: Any) -> str:
        body = {
            "model": "S2V-01",
            "prompt": prompt,
            "subject_reference": [{"type": "character", "image": [data_url(picture())]}],
            **changes,
        }
        with self.http as http:
            answer = http.post("/v1/video_generation", json=body).json()
        assert answer["base_resp"]["status_code"] == 0, answer
        return str(answer["task_id"])

    def query(self, task_id: str) -> dict[str, Any]:
        with self.http as http:
            answer: dict[str, Any] = http.get(
                "/v1/query/video_generation", params={"task_id": task_id}
            ).json()
        return answer

    def until(self, task_id: str, *states: str, within: float = 60.0, pause: float = 0.05) -> dict[str, Any]:
        deadline = time.monotonic() + within
        while True:
            answer = self.query(task_id)
            if answer["status"] in states:
                return answer
            assert time.monotonic() < deadline, (answer, self.story(task_id), self.said())
            time.sleep(pause)

    def rows(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        """Straight from the tables."""
        with sqlite3.connect(f"file:{self.data / 'muybridge.db'}?mode=ro", uri=True) as database:
            found = database.execute(query, given).fetchall()
        database.close()
        return found

    def story(self, task_id: str) -> list[tuple[str, str]]:
        """Each state the task was in, and why."""
        return [
            (str(state), str(reason))
            for state, reason in self.rows(
                "select state, reason from transitions where task_id = ? order by number", task_id
            )
        ]

    def starts(self, task_id: str) -> int:
        """How often the steady engine began a take of the task."""
        ((seed,),) = self.rows("select seed from tasks where task_id = ?", task_id)
        noted = self.data / "cache" / "starts"
        return noted.read_text().split().count(str(seed)) if noted.exists() else 0


class Receiver:
    """A callback receiver as the contract documents it: echoes the challenge, keeps every event."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        receiver = self

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                echoed = {"challenge": body["challenge"]} if "challenge" in body else {"status": "success"}
                if "challenge" not in body:
                    receiver.events.append(body)
                self._say(json.dumps(echoed).encode())

            def do_GET(self) -> None:
                self._say(b"<p>A receiver of callbacks, and no picture.</p>")

            def _say(self, said: bytes) -> None:
                self.send_response(200)
                self.send_header("content-length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self._server.server_port}/callback"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def told(self, task_id: str) -> list[str]:
        return [str(event["status"]) for event in self.events if event["task_id"] == task_id]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
