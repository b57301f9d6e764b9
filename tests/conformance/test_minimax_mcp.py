"""PyPI's minimax-mcp as its users start it: a process spoken to in lines over standard input and output."""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from muybridge.media.probe import probe

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


class Tools:
    """One conversation with an MCP server: a request a line, an answer a line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._number = 0
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        us = {"name": "conformance", "version": "1"}
        self.ask("initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo=us)
        self._say({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def call(self, tool: str, **arguments: Any) -> str:
        """Call a tool; its text."""
        result = self.ask("tools/call", name=tool, arguments=arguments)
        return str(result["content"][0]["text"])

    def ask(self, method: str, **params: Any) -> Any:
        self._number += 1
        self._say({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        while True:
            answer = json.loads(self._lines.get(timeout=60))
            if answer.get("id") == self._number:
                assert "result" in answer, answer
                return answer["result"]

    def _say(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)


@pytest.fixture
def tools(clients, server, certificates, tmp_path: Path) -> Iterator[Tools]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "MINIMAX_API_KEY": server.key,
        "MINIMAX_API_HOST": server.url,
        "MINIMAX_MCP_BASE_PATH": str(tmp_path),
        "MINIMAX_API_RESOURCE_MODE": "local",
        "REQUESTS_CA_BUNDLE": str(certificates.authority),
    }
    with subprocess.Popen(
        [str(clients.python.parent / "minimax-mcp")],
        env=environment,
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield Tools(process)
        assert process.stdin is not None
        process.stdin.close()
        process.kill()


def until_done(tools: Tools, task_id: str) -> str:
    deadline = time.monotonic() + 60
    while "still processing" in (
        said := tools.call("query_video_generation", task_id=task_id, output_directory="videos")
    ):
        assert time.monotonic() < deadline, said
        time.sleep(0.3)
    return said


def begun(tools: Tools, **arguments: Any) -> str:
    said = tools.call("generate_video", async_mode=True, **arguments)
    found = re.search(r"Task ID: (\d+)", said)
    assert found, said
    return found[1]


@pytest.mark.parametrize("model", ["I2V-01", "I2V-01-director", "I2V-01-live", "MiniMax-Hailuo-02"])
def test_a_video_is_begun_asked_for_and_saved(tools, her, tmp_path, model):
    picture = str(her)
    asked = {"duration": 6, "resolution": "768P"} if model.startswith("MiniMax") else {}
    task_id = begun(tools, model=model, prompt="[Push in] She smiles.", first_frame_image=picture, **asked)
    said = until_done(tools, task_id)
    assert said.startswith("Success. Video saved as: "), said
    (video,) = (tmp_path / "videos").glob("*.mp4")
    assert str(video) in said
    assert str(probe(video).size) == "960x960"


def test_a_task_that_fails_is_told_with_its_code_and_not_asked_for_for_ever(tools, her):
    task_id = begun(
        tools, model="I2V-01", prompt="She smiles. [[rehearse fail=1027]]", first_frame_image=str(her)
    )
    said = until_done(tools, task_id)
    assert "1027-output new_sensitive" in said
    assert re.search(r"Trace-Id: [0-9a-f]{32}", said)


def test_what_cannot_be_made_is_refused_in_words_that_help(tools):
    said = tools.call("generate_video", prompt="She smiles.", async_mode=True)
    assert "2013-invalid params, first_frame_image: got nothing; allowed: required by" in said
