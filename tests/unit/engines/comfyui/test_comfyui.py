"""The ComfyUI engine against an imitation of the server, over real HTTP and a real web socket."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fakes.comfy import WORKFLOW, Comfy
from muybridge.domain.storyboard import Storyboard
from muybridge.engines.comfyui import ComfyUIEngine
from muybridge.errors import Cancelled, EngineFailed, EngineNotReady, InvalidInput, TimedOut, Unavailable
from muybridge.media.frames import read_frames
from muybridge.ports.engine import Order
from muybridge.testing.engine_contract import EngineContract, NoWeights, patterned_picture, silent
from muybridge.units import Seconds, Size

Open = Callable[..., ComfyUIEngine]
Ordered = Callable[..., Order]


@pytest.fixture
def comfy(tmp_path: Path) -> Iterator[Comfy]:
    (tmp_path / "comfy").mkdir()
    server = Comfy(tmp_path / "comfy")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def opened(comfy: Comfy, tmp_path: Path) -> Iterator[Open]:
    engines: list[ComfyUIEngine] = []

    def opened(graph: dict[str, Any] | None = None, **options: Any) -> ComfyUIEngine:
        file = tmp_path / "workflow.json"
        file.write_text(json.dumps(graph or WORKFLOW))
        facts = {"url": comfy.url, "workflow": str(file)}
        engines.append(ComfyUIEngine(NoWeights(), tmp_path / "cache" / "comfyui", facts | options))
        return engines[-1]

    yield opened
    for engine in engines:
        engine.unload()


@pytest.fixture
def order(tmp_path: Path) -> Ordered:
    picture = patterned_picture(tmp_path / "reference.png")

    def ordered(prompt: str = "fine", **changes: Any) -> Order:
        (tmp_path / "out").mkdir(exist_ok=True)
        board = Storyboard(prompt, duration=Seconds(0.6))
        return Order(picture, board, tmp_path / "out" / "take.mp4", size=Size(320, 192), **changes)

    return ordered


class TestComfyUI(EngineContract):
    steps = 15

    @pytest.fixture
    def engine(self, opened: Open, monkeypatch: pytest.MonkeyPatch) -> ComfyUIEngine:
        return opened(WORKFLOW)


def test_picture_words_seed_and_size_go_into_the_marked_nodes(
    opened: Open, order: Ordered, comfy: Comfy
) -> None:
    opened().generate(order("fine 女孩微笑", seed=2**40 + 7), silent)
    (graph,) = comfy.graphs.values()
    assert graph["1"]["inputs"]["image"].startswith("muybridge-")
    assert graph["2"]["inputs"]["text"] == "fine 女孩微笑"
    assert graph["3"]["inputs"]["seed"] == 7
    assert graph["4"]["inputs"] == {"width": 320, "height": 192, "length": 15}
    assert graph["9"] == WORKFLOW["9"]


def test_the_notes_say_what_was_made_of_the_workflows_frames(opened: Open, order: Ordered) -> None:
    assert opened().generate(order(), silent).notes == (
        "The workflow made 9 frames of 160x96; they play at 0.94 times their own speed, with motion "
        "interpolated to 15 frames, brought to 320x192.",
    )


def test_pictures_become_a_video_too(opened: Open, order: Ordered) -> None:
    made = opened().generate(order("pictures"), silent)
    assert made.frames == 15
    assert "9 frames of 160x96; they play, with" in made.notes[0]


def test_another_seed_gives_other_frames(opened: Open, order: Ordered) -> None:
    shown = [np.stack(list(read_frames(opened().generate(order(seed=n), silent).path))) for n in (1, 2)]
    assert np.abs(shown[0].astype(int) - shown[1]).max() > 8


def test_progress_follows_the_servers_own_word(opened: Open, order: Ordered) -> None:
    told: list[tuple[float, str]] = []
    opened().generate(order("slow"), lambda fraction, stage: told.append((fraction, stage)))
    running = [fraction for fraction, stage in told if stage == "running"]
    assert len(set(running)) > 20
    assert running == sorted(running)


@pytest.mark.parametrize("words", ["mute", "fine"])
def test_a_server_that_says_nothing_is_asked(opened: Open, order: Ordered, comfy: Comfy, words: str) -> None:
    comfy.deaf = words == "fine"  # then the web socket is refused
    assert opened().generate(order(words), silent).frames == 15


def test_a_take_called_off_is_interrupted_on_the_server(opened: Open, order: Ordered, comfy: Comfy) -> None:
    def call_off(fraction: float, stage: str) -> None:
        if stage == "running":
            raise Cancelled

    began = time.monotonic()
    with pytest.raises(Cancelled):
        opened().generate(order("stuck"), call_off)
    assert time.monotonic() - began < 3
    deadline = time.monotonic() + 5
    while not comfy.interrupted and time.monotonic() < deadline:
        time.sleep(0.02)
    assert comfy.interrupted == list(comfy.graphs)
    assert opened().generate(order(), silent).frames == 15


def test_a_take_called_off_in_the_queue_leaves_the_running_one_alone(
    opened: Open, order: Ordered, comfy: Comfy
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as beside:
        first = beside.submit(opened().generate, order("slow"), silent)
        while not comfy.graphs:
            time.sleep(0.01)
        time.sleep(0.1)

        def call_off(fraction: float, stage: str) -> None:
            if stage == "queued":
                raise Cancelled

        with pytest.raises(Cancelled):
            opened().generate(order("fine"), call_off)
        assert first.result(30).frames == 15
    assert comfy.interrupted == []


def test_what_fails_on_the_server_is_said_with_the_node(opened: Open, order: Ordered) -> None:
    said = r"failed in node 3 \(KSampler\): CUDA error: out of memory"
    with pytest.raises(EngineFailed, match=said):
        opened().generate(order("fails"), silent)


def test_a_failure_that_was_not_heard_is_read_from_the_history(
    opened: Open, order: Ordered, comfy: Comfy
) -> None:
    comfy.deaf = True
    with pytest.raises(EngineFailed, match="out of memory"):
        opened().generate(order("fails"), silent)


def test_a_workflow_that_leaves_nothing_is_a_failure(opened: Open, order: Ordered) -> None:
    with pytest.raises(EngineFailed, match="left neither a video nor pictures"):
        opened().generate(order("empty"), silent)


def test_a_take_that_never_ends_is_called_off_there_and_given_up(
    opened: Open, order: Ordered, comfy: Comfy
) -> None:
    with pytest.raises(TimedOut, match=r"not done after 0\.5 s"):
        opened(patience_seconds=0.5).generate(order("stuck"), silent)
    time.sleep(0.2)
    assert comfy.interrupted


def test_a_server_that_dies_is_waited_for_only_so_long(opened: Open, order: Ordered, comfy: Comfy) -> None:
    def kill(fraction: float, stage: str) -> None:
        if stage == "running" and comfy._thread.is_alive():
            comfy.stop()

    with pytest.raises(Unavailable, match=r"cannot be reached .*, for 1 s"):
        opened(lost_seconds=1).generate(order("stuck"), kill)
    assert opened().health().missing == (f"no ComfyUI answers at {comfy.url} (engines.comfyui.url)",)
    comfy.start()


def test_a_graph_that_the_server_refuses_is_said_with_the_node_and_its_value(
    opened: Open, order: Ordered
) -> None:
    wrong = WORKFLOW | {"5": {"class_type": "Missing", "inputs": {}}}
    with pytest.raises(EngineNotReady, match=r"node 5 \(Missing\): Value not in list ckpt_name"):
        opened(wrong).generate(order(), silent)


def titled(number: str, title: str) -> dict[str, Any]:
    return {"1": WORKFLOW[number] | {"_meta": {"title": title}}}


@pytest.mark.parametrize(
    ("graph", "said"),
    [
        ([], "not in ComfyUI's API format"),
        ({"nodes": []}, "not in ComfyUI's API format"),
        ({"1": WORKFLOW["1"]}, "no node of the workflow .* is titled muybridge:prompt"),
        (titled("2", "muybridge:prompt muybridge:pose"), "muybridge:pose is none of"),
        (titled("4", "muybridge:seed"), "no input for muybridge:seed; it has width"),
        (titled("4", "muybridge:seed=dice"), "name one as muybridge:seed=INPUT"),
    ],
)
def test_a_workflow_that_cannot_be_used_says_why(opened: Open, graph: Any, said: str) -> None:
    with pytest.raises(EngineNotReady, match=said):
        raise EngineNotReady(opened(graph or [1]).health().missing[0])


def test_without_a_workflow_or_with_a_wrong_address_it_says_so(opened: Open) -> None:
    assert "no workflow is set: engines.comfyui.workflow" in opened(workflow=None).health().missing[0]
    with pytest.raises(InvalidInput, match=r"engines\.comfyui\.url"):
        opened(url="nowhere")


def test_an_input_may_be_named_in_the_title(opened: Open, order: Ordered, comfy: Comfy) -> None:
    odd = {
        "class_type": "Odd",
        "inputs": {"words": "", "strength": 1},
        "_meta": {"title": "muybridge:prompt=words"},
    }
    opened(WORKFLOW | {"6": odd}).generate(order(), silent)
    (graph,) = comfy.graphs.values()
    assert graph["6"]["inputs"] == {"words": "fine", "strength": 1}
