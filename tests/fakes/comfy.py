"""An imitation of ComfyUI's routes and messages on loopback: no package installs the real one.

Written after its `server.py` and `execution.py`: answers, message types and their fields are theirs.
The nodes do next to nothing: the last one writes a small video, or pictures, of the uploaded picture's
colour, the seed and the words. What becomes of a prompt its words say: "fine", "slow", "fails",
"stuck", "pictures", "empty", "mute" (no messages), "deaf" (no web socket at all).
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import socket
import threading
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from muybridge.media.writer import Writer
from muybridge.units import FrameRate, Size

WORKFLOW = {
    "1": {"class_type": "LoadImage", "inputs": {"image": "x.png"}, "_meta": {"title": "muybridge:picture"}},
    "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "", "clip": ["9", 0]},
          "_meta": {"title": "Positive muybridge:prompt"}},
    "3": {"class_type": "KSampler", "inputs": {"seed": 1, "steps": 8, "positive": ["2", 0]},
          "_meta": {"title": "muybridge:seed"}},
    "4": {"class_type": "EmptyVideo", "inputs": {"width": 64, "height": 64, "length": 9},
          "_meta": {"title": "muybridge:size muybridge:frames"}},
    "9": {"class_type": "CLIPLoader", "inputs": {}, "_meta": {"title": "CLIP"}},
    "7": {"class_type": "SaveVideo", "inputs": {"images": ["3", 0]}, "_meta": {"title": "muybridge:video"}},
}  # fmt: skip


class Comfy:
    """One server; `asked` is every request, `interrupted` the prompts that were."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        self.interrupted: list[str] = []
        self.graphs: dict[str, dict[str, Any]] = {}
        self.deaf = False
        self._port = 0
        self._start_anew()

    def _start_anew(self) -> None:
        self._history: dict[str, Any] = {}
        self._pending: list[tuple[str, str]] = []
        self._running: str | None = None
        self._stop_now = False
        self._sockets: dict[str, WebSocket] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        listening = socket.create_server(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        config = uvicorn.Config(self._app(), log_config=None, lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign]
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(listening)), daemon=True)
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.01)

    def stop(self) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()

    async def _serve(self, listening: socket.socket) -> None:
        worker = asyncio.create_task(self._work())
        await self._server.serve([listening])
        worker.cancel()
        listening.close()

    def _app(self) -> Starlette:
        routes = [
            Route("/system_stats", self._stats),
            Route("/upload/image", self._upload, methods=["POST"]),
            Route("/prompt", self._prompt, methods=["POST"]),
            Route("/history/{prompt}", self._told),
            Route("/queue", self._queue, methods=["GET", "POST"]),
            Route("/interrupt", self._interrupt, methods=["POST"]),
            Route("/free", self._free, methods=["POST"]),
            Route("/view", self._view),
            WebSocketRoute("/ws", self._listen),
        ]
        return Starlette(routes=routes)

    async def _stats(self, request: Request) -> Response:
        return JSONResponse({"system": {"comfyui_version": "imitation"}, "devices": []})

    async def _upload(self, request: Request) -> Response:
        (self.folder / "input").mkdir(exist_ok=True)
        async with request.form() as form:
            file = form["image"]
            assert isinstance(file, UploadFile)
            assert file.filename
            (self.folder / "input" / file.filename).write_bytes(await file.read())
        return JSONResponse({"name": file.filename, "subfolder": "", "type": "input"})

    async def _prompt(self, request: Request) -> Response:
        body = await request.json()
        for node, parts in body["prompt"].items():
            if parts["class_type"] == "Missing":
                wrong = {"errors": [{"message": "Value not in list", "details": "ckpt_name: 'x' not in []"}],
                         "class_type": "Missing"}  # fmt: skip
                error = {
                    "type": "prompt_outputs_failed_validation",
                    "message": "Prompt outputs failed validation",
                }
                return JSONResponse({"error": error, "node_errors": {node: wrong}}, status_code=400)
        prompt = str(uuid.uuid4())
        self.asked.append("prompt")
        self.graphs[prompt] = body["prompt"]
        self._pending.append((prompt, body["client_id"]))
        return JSONResponse({"prompt_id": prompt, "number": 1, "node_errors": {}})

    async def _told(self, request: Request) -> Response:
        prompt = request.path_params["prompt"]
        return JSONResponse({prompt: self._history[prompt]} if prompt in self._history else {})

    async def _queue(self, request: Request) -> Response:
        if request.method == "POST":
            gone = (await request.json()).get("delete", [])
            self._pending = [entry for entry in self._pending if entry[0] not in gone]
            return Response()
        running = [[0, self._running, {}, {}, []]] if self._running else []
        return JSONResponse(
            {"queue_running": running, "queue_pending": [[0, p, {}, {}, []] for p, _ in self._pending]}
        )

    async def _interrupt(self, request: Request) -> Response:
        self._stop_now = True
        return Response()

    async def _free(self, request: Request) -> Response:
        self.asked.append("free")
        return Response()

    async def _view(self, request: Request) -> Response:
        path = self.folder / "output" / request.query_params["filename"]
        return Response(path.read_bytes()) if path.is_file() else Response(status_code=404)

    async def _listen(self, socket: WebSocket) -> None:
        if self.deaf:
            await socket.close()
            return
        await socket.accept()
        client = socket.query_params["clientId"]
        self._sockets[client] = socket
        await socket.send_json(
            {"type": "status", "data": {"status": {"exec_info": {"queue_remaining": 0}}, "sid": client}}
        )
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            self._sockets.pop(client, None)

    async def _say(self, client: str, kind: str, **data: Any) -> None:
        if client in self._sockets:
            await self._sockets[client].send_json({"type": kind, "data": data})

    async def _work(self) -> None:
        while True:
            await asyncio.sleep(0.01)
            if self._pending:
                prompt, client = self._pending.pop(0)
                self._running, self._stop_now = prompt, False
                await self._execute(prompt, client)
                self._running = None

    async def _execute(self, prompt: str, client: str) -> None:
        graph = self.graphs[prompt]
        words = str(graph["2"]["inputs"]["text"]).split()[0]
        client = "nobody" if words == "mute" else client
        await self._say(client, "execution_start", prompt_id=prompt)
        await self._say(client, "execution_cached", nodes=["9"], prompt_id=prompt)
        for node in ("1", "2", "4", "3"):
            await self._say(client, "executing", node=node, display_node=node, prompt_id=prompt)
        steps = {"slow": 40, "stuck": 100_000}.get(words, 4)
        for step in range(steps):
            await self._say(client, "progress", value=step + 1, max=steps, prompt_id=prompt, node="3")
            if client in self._sockets:
                await self._sockets[client].send_bytes(b"\0\0\0\1\0\0\0\1 a preview")
            await asyncio.sleep(0.02)
            if self._stop_now:
                return await self._end_badly(prompt, client, "execution_interrupted", {})
        if words == "fails":
            about = {"exception_message": "CUDA error: out of memory\n", "exception_type": "RuntimeError"}
            return await self._end_badly(prompt, client, "execution_error", about)
        await self._say(client, "executing", node="7", display_node="7", prompt_id=prompt)
        outputs = await asyncio.to_thread(self._draw, prompt, graph, words)
        self._history[prompt] = {
            "prompt": [0, prompt, graph, {}, ["7"]], "outputs": outputs,
            "status": {"status_str": "success", "completed": True, "messages": []},
        }  # fmt: skip
        await self._say(client, "executed", node="7", output=outputs.get("7"), prompt_id=prompt)
        await self._say(client, "execution_success", prompt_id=prompt)
        return await self._say(client, "executing", node=None, prompt_id=prompt)

    async def _end_badly(self, prompt: str, client: str, kind: str, about: dict[str, Any]) -> None:
        about = {"prompt_id": prompt, "node_id": "3", "node_type": "KSampler", "executed": ["1"], **about}
        status = {"status_str": "error", "completed": False, "messages": [[kind, about]]}
        self._history[prompt] = {"prompt": [], "outputs": {}, "status": status}
        if kind == "execution_interrupted":
            self.interrupted.append(prompt)
        await self._say(client, kind, **about)

    def _draw(self, prompt: str, graph: dict[str, Any], words: str) -> dict[str, Any]:
        out = self.folder / "output"
        out.mkdir(exist_ok=True)
        if words == "empty":
            return {"7": {"text": ["done"]}}
        colour = np.array(
            Image.open(self.folder / "input" / graph["1"]["inputs"]["image"]).convert("RGB")
        ).mean((0, 1))
        size = Size(graph["4"]["inputs"]["width"] // 32 * 16, graph["4"]["inputs"]["height"] // 32 * 16)
        dice = np.random.default_rng(graph["3"]["inputs"]["seed"])
        ground = np.clip(colour + dice.integers(-20, 20, (size.height, size.width, 3)), 0, 255).astype(
            np.uint8
        )
        frames = [np.roll(ground, 4 * number, axis=1) for number in range(9)]
        if words == "pictures":
            names = [f"{prompt}_{number:05}_.png" for number in range(len(frames))]
            for name, frame in zip(names, frames, strict=True):
                raw = io.BytesIO()
                Image.fromarray(frame).save(raw, "PNG")
                (out / name).write_bytes(raw.getvalue())
            return {
                "7": {"images": [{"filename": name, "subfolder": "", "type": "output"} for name in names]}
            }
        name = f"{prompt}.mp4"
        with Writer(out / name, size, FrameRate(16), preset="ultrafast") as writer:
            for frame in frames:
                writer.write(frame)
        shown = {"filename": name, "subfolder": "", "type": "output"}
        preview = {"filename": "preview.png", "subfolder": "", "type": "temp"}
        return {"7": {"images": [shown], "animated": [True]}, "8": {"images": [preview]}}
