from __future__ import annotations

from collections.abc import Callable

import pytest

from muybridge.domain.storyboard import Storyboard

Board = Callable[..., Storyboard]

COMMANDS = {
    "Truck left": "truck_left",
    "Truck right": "truck_right",
    "Pan left": "pan_left",
    "Pan right": "pan_right",
    "Push in": "push_in",
    "Pull out": "pull_out",
    "Pedestal up": "pedestal_up",
    "Pedestal down": "pedestal_down",
    "Tilt up": "tilt_up",
    "Tilt down": "tilt_down",
    "Zoom in": "zoom_in",
    "Zoom out": "zoom_out",
    "Shake": "shake",
    "Tracking shot": "follow",
    "Static shot": "static",
    "左移": "truck_left",
    "右移": "truck_right",
    "左摇": "pan_left",
    "右摇": "pan_right",
    "推进": "push_in",
    "拉远": "pull_out",
    "上升": "pedestal_up",
    "下降": "pedestal_down",
    "上摇": "tilt_up",
    "下摇": "tilt_down",
    "变焦推近": "zoom_in",
    "变焦拉远": "zoom_out",
    "晃动": "shake",
    "跟随": "follow",
    "固定": "static",
}


@pytest.mark.parametrize(("command", "kind"), COMMANDS.items())
def test_every_bracket_command_is_its_camera_move(command: str, kind: str, board: Board) -> None:
    assert [move.kind.value for move in board(f"[{command}]").camera] == [kind]


def test_commands_in_one_bracket_go_together_and_brackets_follow_one_another(board: Board) -> None:
    pan, rise, pull = board("[左摇,上升]她微笑[拉远]").camera
    assert (pan.kind, rise.kind, pull.kind) == ("pan_left", "pedestal_up", "pull_out")
    assert (pan.start, pan.end) == (rise.start, rise.end) == (0.0, 3.0)
    assert (pull.start, pull.end) == (3.0, 6.0)


@pytest.mark.parametrize(
    ("prompt", "kinds"),
    [
        ("The camera slowly moves closer", ["push_in"]),
        ("She moves closer", []),
        ("Camera pans to the left, then tilts up", ["pan_left", "tilt_up"]),
        ("The camera moves to the right of the frame", ["truck_right"]),
        ("The camera zooms in and out", ["zoom_in", "zoom_out"]),
        ("镜头先推近再拉远", ["push_in", "pull_out"]),
        ("镜头向左移动", ["truck_left"]),
        ("镜头环绕人物", ["orbit_right"]),
        ("女孩靠近镜头", []),
        ("镜头靠近女孩", ["push_in"]),
        ("the camera doesn't move", ["static"]),
        ("镜头不动", ["static"]),
        ("handheld camera, slow push in", ["handheld", "push_in"]),
    ],
)
def test_camera_words_are_the_cameras_only_where_it_is_the_camera(
    prompt: str, kinds: list[str], board: Board
) -> None:
    assert [move.kind.value for move in board(prompt, optimize=False).camera] == kinds


def test_a_lone_move_spans_the_video_and_a_quick_one_is_short(board: Board) -> None:
    (slow,) = board("the camera slowly pushes in").camera
    (quick,) = board("the camera quickly pushes in").camera
    assert (slow.start, slow.end) == (0.0, 6.0)
    assert quick.end < 2.0
    assert slow.amount < quick.amount


def test_a_move_said_to_come_then_begins_after_what_comes_before(board: Board) -> None:
    planned = board("She nods, then the camera pulls back.")
    nod = next(beat for beat in planned.beats if beat.action == "nod")
    assert planned.camera[0].start >= nod.end


def test_standing_still_and_moving_in_one_breath_moves_and_says_so(board: Board) -> None:
    planned = board("a static push in")
    assert [move.kind.value for move in planned.camera] == ["push_in"]
    assert any("stand still and to move" in note for note in planned.notes)


def test_the_first_shot_size_counts(board: Board) -> None:
    assert board("Close-up, then a wide shot").shot == "close_up"
    assert board("她微笑，全身镜头").shot == "wide"
    assert board("She smiles").shot == "auto"
