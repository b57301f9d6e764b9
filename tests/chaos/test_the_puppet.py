"""The real engine, killed in mid-render with everything around it: a full video comes out once."""

import io
import time
from collections.abc import Iterator
from pathlib import Path

import av
import httpx
import pytest
from platformdirs import user_cache_path

from fakes.pictures import data_url
from running import RunningServer

PROMPT = "A girl runs toward the camera and winks with a smile."

pytestmark = pytest.mark.weights


@pytest.fixture
def puppet(tmp_path: Path) -> Iterator[RunningServer]:
    server = RunningServer(tmp_path / "data", MUYBRIDGE_ENGINE="puppet").start()
    yield server
    server.end()


@pytest.mark.slow
def test_the_puppet_killed_with_everything_around_it_makes_the_video_after_the_next_start(puppet):
    her = (user_cache_path("muybridge") / "weights" / "astronaut.png").read_bytes()
    reference = [{"type": "character", "image": [data_url(her)]}]
    task_id = puppet.create(PROMPT, subject_reference=reference)
    puppet.until(task_id, "Processing")
    time.sleep(2.0)
    assert puppet.query(task_id)["status"] == "Processing"
    assert len(puppet.family()) == 4
    puppet.kill_everything()
    puppet.start()
    answer = puppet.until(task_id, "Success", "Fail", within=110)
    assert answer["status"] == "Success", puppet.story(task_id)
    assert [state for state, _ in puppet.story(task_id)].count("Success") == 1
    with puppet.http as http:
        files = http.get("/v1/files/list", params={"purpose": "video_generation"}).json()["files"]
        file = http.get("/v1/files/retrieve", params={"file_id": answer["file_id"]}).json()["file"]
    assert [str(each["file_id"]) for each in files] == [answer["file_id"]]
    video = httpx.get(file["download_url"], trust_env=False).content
    with av.open(io.BytesIO(video)) as found:
        stream = found.streams.video[0]
        assert (stream.frames, stream.width, stream.height) == (150, 1280, 720)
