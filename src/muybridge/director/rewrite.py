"""The prompt as the optimizer filled it in: the words as written, and what was added, in their language.

Written in words that the director reads back as the same additions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from muybridge.domain.storyboard import Action, Beat, CameraKind, CameraMove, Direction, Look

_HAN = re.compile(r"[\u3400-\u9fff]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]+")  # all but a new line, which ends a sentence
_ENDS = tuple(".!?…。！？；;]】")
_ACTS = {
    "en": {Action.GAZE: "looks at the camera", Action.SMILE: "smiles slightly at the end"},
    "zh": {Action.GAZE: "看着镜头", Action.SMILE: "最后微微一笑"},
}
_MOVES = {
    "en": {CameraKind.PUSH_IN: "slowly pushes in", CameraKind.TRUCK_LEFT: "slowly trucks left",
           CameraKind.TRUCK_RIGHT: "slowly trucks right"},
    "zh": {CameraKind.PUSH_IN: "缓缓推近", CameraKind.TRUCK_LEFT: "缓缓左移",
           CameraKind.TRUCK_RIGHT: "缓缓右移"},
}  # fmt: skip
_LIGHT = {
    "en": {"warm": "Warm light", "cool": "Cool light", "dark": "Dim light", "soft": "Soft light"},
    "zh": {"warm": "暖色调", "cool": "冷色调", "dark": "光线昏暗", "soft": "柔和的光线"},
}


def rewritten(prompt: str, beats: Sequence[Beat], camera: Sequence[CameraMove], look: Look) -> str:
    """The prompt with a sentence for each addition; empty where nothing was added."""
    tongue = "zh" if _HAN.search(prompt) else "en"
    ordered = sorted((beat for beat in beats if not beat.words), key=lambda beat: beat.start)
    acts = [_ACTS[tongue][beat.action] for beat in ordered if _told(beat)]
    moves = [_MOVES[tongue][move.kind] for move in camera if not move.words and move.kind in _MOVES[tongue]]
    light = [_LIGHT[tongue][name] for name in look.light if not look.words and name in _LIGHT[tongue]]
    if not (acts or moves or light):
        return ""
    return _chinese(prompt, acts, moves, light) if tongue == "zh" else _english(prompt, acts, moves, light)


def _told(beat: Beat) -> bool:
    """Whether an addition is one the words can ask for; a glance aside or a natural blink is not."""
    if beat.action is Action.GAZE:
        return beat.direction is Direction.CAMERA
    return beat.action is Action.SMILE


def _english(prompt: str, acts: Sequence[str], moves: Sequence[str], light: Sequence[str]) -> str:
    said = [_closed(prompt, ".")] if prompt.strip() else []
    said += [f"The character {' and '.join(acts)}."] if acts else []
    said += [f"The camera {move}." for move in moves]
    return " ".join([*said, *(f"{one}." for one in light)])


def _chinese(prompt: str, acts: Sequence[str], moves: Sequence[str], light: Sequence[str]) -> str:
    said = [_closed(prompt, "。")]
    said += [f"人物{'，'.join(acts)}。"] if acts else []
    said += [f"镜头{move}。" for move in moves]
    return "".join([*said, *(f"{one}。" for one in light)])


def _closed(prompt: str, stop: str) -> str:
    text = _CONTROL.sub(" ", prompt).strip()
    return text if text.endswith(_ENDS) else text + stop
