"""npm's mmx-cli over TLS, trusting our authority by NODE_EXTRA_CA_CERTS alone: its command and its SDK."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from muybridge.media.probe import probe

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SENSITIVE, GENERAL = 10, 1  # mmx's exit statuses
Mmx = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(server, certificates, tmp_path):
    """Nothing of this machine's own settings, proxies or home."""
    kept = {name: os.environ[name] for name in ("PATH",)}
    return {
        **kept,
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
        "MMX_CONFIG_DIR": str(tmp_path / "mmx"),
        "MINIMAX_API_KEY": server.key,
        "MINIMAX_BASE_URL": server.url,
        "MINIMAX_REGION": "global",  # or it looks for the hosted service's nearest one
        "NODE_EXTRA_CA_CERTS": str(certificates.authority),
        "CI": "1",
        "NO_COLOR": "1",
    }


@pytest.fixture
def mmx(clients, server, environment) -> Mmx:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        whole = ["--base-url", server.url, "--api-key", server.key, "--non-interactive"]
        command = [clients.mmx, *arguments, *whole]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=90, check=False
        )

    return run


def generate(mmx: Mmx, prompt: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return mmx("video", "generate", "--prompt", prompt, "--poll-interval", "1", *arguments)


def test_the_server_speaks_tls_and_its_links_do(server):
    assert server.url.startswith("https://127.0.0.1:")


def test_mmx_makes_a_video_of_a_subject_and_downloads_it(mmx, her, tmp_path):
    out = tmp_path / "video.mp4"
    done = generate(mmx, "She smiles.", "--subject-image", str(her), "--download", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "[Model: S2V-01]" in done.stderr
    facts = probe(out)
    assert (str(facts.size), facts.frames, facts.codec) == ("1280x720", 150, "h264")


@pytest.mark.parametrize("model", ["MiniMax-Hailuo-2.3", "MiniMax-Hailuo-2.3-Fast"])
def test_mmx_makes_a_video_of_a_first_frame_and_it_has_the_pictures_shape(mmx, her, tmp_path, model):
    out = tmp_path / "video.mp4"
    done = generate(mmx, "She smiles.", "--model", model, "--image", str(her), "--download", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    assert str(probe(out).size) == "960x960"


def test_mmx_asks_for_a_task_and_downloads_its_file_by_separate_commands(mmx, server, her, tmp_path):
    begun = generate(mmx, "She smiles.", "--subject-image", str(her), "--async")
    assert begun.returncode == 0, begun.stderr
    task_id = json.loads(begun.stdout)["taskId"]
    server.until(task_id, "Success")
    told = mmx("video", "task", "get", "--task-id", task_id, "--output", "json")
    answer = json.loads(told.stdout)
    assert answer["status"] == "Success"
    out = tmp_path / "video.mp4"
    fetched = mmx("video", "download", "--file-id", answer["file_id"], "--out", str(out))
    assert fetched.returncode == 0, fetched.stderr
    assert probe(out).frames == 150


@pytest.mark.parametrize(("code", "said"), [(1026, "Input content flagged"), (1027, "Output withheld")])
def test_mmx_ends_at_once_with_its_own_status_when_a_task_is_refused(mmx, her, code, said):
    began = time.monotonic()
    done = generate(mmx, f"She smiles. [[rehearse fail={code}]]", "--subject-image", str(her))
    assert done.returncode == SENSITIVE, done.stdout + done.stderr
    assert said in done.stderr
    assert time.monotonic() - began < 30


def test_mmx_shows_what_we_say_about_a_wrong_request(mmx, her):
    done = generate(mmx, "x" * 2001, "--subject-image", str(her))
    assert done.returncode == GENERAL
    assert "prompt: got 2001 characters" in done.stderr


def test_a_key_that_is_not_ours_is_told_by_mmx_in_our_words(mmx, her, server, environment, clients):
    command = [clients.mmx, "video", "task", "get", "--task-id", "1", "--api-key", "sk-no"]
    command += ["--base-url", server.url, "--non-interactive"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == GENERAL
    assert "invalid api key" in done.stderr


def test_without_our_authority_mmx_trusts_nobody(mmx, environment, her):
    environment.pop("NODE_EXTRA_CA_CERTS")
    done = generate(mmx, "She smiles.", "--subject-image", str(her))
    assert done.returncode != 0
    assert "task" not in done.stdout


SDK = """
import { MiniMaxSDK } from "mmx-cli/sdk";
const [baseUrl, apiKey, image, outPath] = process.argv.slice(2);
const sdk = new MiniMaxSDK({ apiKey, baseUrl, region: "global" });
const request = {
  model: "S2V-01", prompt: "She smiles.", pollInterval: 1,
  subject_reference: [{ type: "character", image: [image] }],
};
const done = await sdk.video.generate(request);
const saved = await sdk.video.download({ fileId: done.file_id, outPath });
let refused = "";
try {
  await sdk.video.generate({ ...request, prompt: "[[rehearse fail=1027]] She smiles." });
} catch (error) { refused = `${error.exitCode} ${error.message}`; }
console.log(JSON.stringify({ done, saved, refused }));
"""


def test_the_sdk_makes_downloads_and_is_refused(clients, server, environment, tmp_path):
    from fakes.pictures import data_url, picture

    script = tmp_path / "sdk.mjs"
    script.write_text(SDK)
    (tmp_path / "node_modules").symlink_to(clients.node_modules)
    out: Path = tmp_path / "sdk.mp4"
    ended = subprocess.run(
        ["node", str(script), server.url, server.key, data_url(picture()), str(out)],  # noqa: S607
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert (told["done"]["status"], told["done"]["video_width"]) == ("Success", 1280)
    assert told["saved"]["size"] == out.stat().st_size
    assert told["refused"].startswith("10 "), told["refused"]
    assert probe(out).frames == 150
