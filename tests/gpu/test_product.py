"""A tiny model through the whole product: over HTTP, in the worker's engine process, to a file."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from muybridge.adapters.child import EngineProcess
from muybridge.domain.storyboard import Storyboard
from muybridge.media.probe import probe
from muybridge.ports.engine import Order
from muybridge.settings import Settings
from muybridge.units import Size
from running import RunningServer

pytestmark = [pytest.mark.gpu, pytest.mark.weights]

TINY = {"engine": "diffusers", "device": "cpu", "size": "tiny", "frames": 9}


@pytest.fixture(scope="module")
def server(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    engines = {
        "tiny": {**TINY, "model": str(tiny), "steps": 4},
        "lacking": {**TINY, "model": str(tiny / "not" / "here")},
    }
    server = RunningServer(
        tmp_path_factory.mktemp("product") / "data",
        MUYBRIDGE_ENGINE="tiny",
        MUYBRIDGE_MODELS='{"S2V-01-chain": "lacking -> slate", "S2V-02": "lacking"}',
        MUYBRIDGE_ENGINES=json.dumps(engines),
        OMP_NUM_THREADS="1",
    )
    yield server.start(within=120)
    server.end()


def test_a_picture_and_a_sentence_become_a_video_of_the_wires_shape(
    server: RunningServer, tmp_path: Path
) -> None:
    done = server.until(server.create("She smiles."), "Success", "Fail", within=180)
    assert (done["status"], done["video_width"], done["video_height"]) == ("Success", 1280, 720)
    with server.http as http:
        file = http.get("/v1/files/retrieve", params={"file_id": done["file_id"]}).json()["file"]
    path = tmp_path / "video.mp4"
    path.write_bytes(httpx.get(file["download_url"], trust_env=False).content)
    facts = probe(path)
    assert (facts.codec, facts.frames, float(facts.duration), facts.faststart) == ("h264", 150, 6.0, True)
    ((notes,),) = server.rows("select notes from tasks where task_id = ?", done["task_id"])
    assert "The model made 9 frames of 160x96" in notes


def test_a_chain_goes_on_to_the_engine_that_can_and_the_task_says_so(server: RunningServer) -> None:
    task_id = server.create("She smiles.", model="S2V-01-chain")
    assert server.until(task_id, "Success", "Fail", within=60)["status"] == "Success"


def test_only_models_with_a_ready_engine_are_offered(server: RunningServer) -> None:
    with server.http as http:
        offered = {model["id"]: model["owned_by"] for model in http.get("/v1/models").json()["data"]}
        body = {"model": "S2V-02", "prompt": "She smiles."}
        refused = http.post("/v1/video_generation", json=body).json()
    assert offered == {"S2V-01": "tiny", "S2V-01-chain": "slate"}
    assert refused["base_resp"]["status_code"] == 2013
    assert "S2V-02 is not offered: lacking is not ready" in server.said()


@pytest.fixture
async def child(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[EngineProcess]:
    """The engine in its process, with more steps than anybody waits for."""
    slow = {**TINY, "model": str(tiny), "frames": 33, "steps": 200}
    monkeypatch.setenv("MUYBRIDGE_ENGINES", json.dumps({"tiny": slow}))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    process = EngineProcess("tiny", weights=Settings.load().weights, cache=tmp_path)
    yield process
    await process.close()


async def test_a_take_called_off_in_mid_step_frees_the_worker_within_two_seconds(
    child: EngineProcess, references: tuple[Path, Path], tmp_path: Path
) -> None:
    at_work = asyncio.Event()

    def on_progress(fraction: float, stage: str) -> None:
        if stage == "denoising":
            at_work.set()

    order = Order(references[0], Storyboard("She smiles."), tmp_path / "take.mp4", size=Size(320, 180))
    take = asyncio.create_task(child.generate(order, on_progress))
    async with asyncio.timeout(90):
        await at_work.wait()
    began, pid = time.monotonic(), child.pid
    take.cancel()
    with pytest.raises(asyncio.CancelledError):
        await take
    assert time.monotonic() - began < 2.0
    assert not order.out.exists()
    assert (await child.health()).ready
    assert child.pid == pid  # it ended by itself, with its model still loaded
