"""`muybridge storyboard`: what would be acted for a prompt, as a timeline or as JSON.

Labels are Chinese where the prompt is. The timeline is as wide as the terminal; written to a
file or a pipe it is 100 columns of plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from muybridge.director import plan
from muybridge.director.script import to_json
from muybridge.domain.storyboard import Beat, CameraMove, Direction, ShotSize, Storyboard
from muybridge.domain.subject import Subject, SubjectKind
from muybridge.errors import InvalidInput
from muybridge.units import WIRE_SIZE

LONGEST_PROMPT = 2000
LARGEST_SEED = 2**63 - 1
_PIPED_WIDTH = 100
_BESIDE, _WIDEST_BAR = 58, 60  # columns for everything but the bars, and for the bars at most
_HAN = re.compile(r"[\u3400-\u9fff]")
_STYLES = {"written": "bold cyan", "added": "dim", "camera": "magenta"}

WORDS = {
    "en": {
        "what": "what", "words": "your words", "added": "(added)", "camera": "camera", "shot": "shot",
        "unheard": "Not understood", "note": "Note", "nothing": "Nothing to act.", "times": "x{}",
        "strong": "strong", "soft": "soft", "setting": "Setting", "look": "Look", "rewritten": "Rewritten",
        "left": "left", "right": "right", "up": "up", "down": "down",
    },
    "zh": {
        "what": "动作", "words": "原文", "added": "（补充）", "camera": "镜头", "shot": "景别",
        "unheard": "未能理解", "note": "说明", "nothing": "没有可以表演的动作。", "times": "{}次",
        "strong": "强", "soft": "轻", "setting": "场景", "look": "画风", "rewritten": "改写",
        "left": "左", "right": "右", "up": "上", "down": "下",
        "to_camera": "镜头",
        "blink": "眨眼", "wink": "单眼眨", "gaze": "看", "turn": "转头", "tilt": "歪头", "nod": "点头",
        "shake": "摇头", "look_up": "抬头", "look_down": "低头", "look_around": "环顾", "smile": "微笑",
        "grin": "咧嘴笑", "laugh": "大笑", "pout": "嘟嘴", "frown": "皱眉", "sad": "悲伤", "surprise": "惊讶",
        "anger": "生气", "disgust": "嫌弃", "shy": "害羞", "kiss": "飞吻", "talk": "说话", "sing": "唱歌",
        "breathe": "呼吸", "sigh": "叹气", "shrug": "耸肩", "lean": "倾身", "bow": "鞠躬", "shiver": "发抖",
        "sway": "摇摆", "dance": "跳舞", "jump": "跳跃", "spin": "转圈", "wave": "挥手", "clap": "鼓掌",
        "point": "指", "raise_arms": "举手", "walk_closer": "走近", "run_closer": "跑近",
        "step_back": "后退", "walk": "走", "run": "跑", "static": "固定", "push_in": "推进",
        "pull_out": "拉远", "zoom_in": "变焦推近", "zoom_out": "变焦拉远", "truck_left": "左移",
        "truck_right": "右移", "pan_left": "左摇", "pan_right": "右摇", "pedestal_up": "上升",
        "pedestal_down": "下降", "tilt_up": "上摇", "tilt_down": "下摇", "orbit_left": "左环绕",
        "orbit_right": "右环绕", "roll": "旋转", "camera shake": "晃动", "handheld": "手持", "follow": "跟随",
        "dolly_zoom": "滑动变焦", "focus_pull": "移焦", "close_up": "特写", "medium": "中景", "wide": "全景",
    },
}  # fmt: skip


def storyboard(
    prompt: Annotated[str, typer.Argument(help="What the character does, in English or Chinese.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for another program.")] = False,
    seed: Annotated[int, typer.Option(min=0, max=LARGEST_SEED, help="The same seed plans the same.")] = 0,
    optimizer: Annotated[bool, typer.Option(help="Let the director add what brings it to life.")] = True,
    face: Annotated[bool, typer.Option(help="Plan for a picture with a face, or without one.")] = True,
) -> None:
    """Show what would be acted for a prompt, without making it."""
    if len(prompt) > LONGEST_PROMPT:
        raise InvalidInput("PROMPT", f"{len(prompt)} characters", f"at most {LONGEST_PROMPT} characters")
    kind = SubjectKind.PORTRAIT if face else SubjectKind.FIGURE
    board = plan(prompt, Subject("", WIRE_SIZE, kind), optimize=optimizer, seed=seed)
    if as_json:
        typer.echo(to_json(board))
        return
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PIPED_WIDTH)
    show(board, console)


def show(board: Storyboard, console: Console) -> None:
    """Print a storyboard as a timeline: a bar over time for each beat and camera move."""
    words = WORDS["zh" if _HAN.search(board.prompt) else "en"]
    bar = max(12, min(_WIDEST_BAR, console.width - _BESIDE))
    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold", expand=True)
    table.add_column(words["what"], no_wrap=True)
    table.add_column(_scale(board.duration, bar), no_wrap=True)
    table.add_column("s", no_wrap=True)
    table.add_column(words["words"], ratio=1)
    rows: tuple[Beat | CameraMove, ...] = (*board.beats, *board.camera)
    for one in rows:
        style = _STYLES["camera" if isinstance(one, CameraMove) else "written" if one.words else "added"]
        cells = (_name(one, words), _bar(one, board.duration, bar), f"{one.start:.1f}-{one.end:.1f}")
        table.add_row(*(Text(cell, style) for cell in cells), Text(one.words or words["added"], style))
    if not (board.beats or board.camera):
        console.print(words["nothing"])
    console.print(table)
    for title, lines in _below(board, words):
        console.print(Text(f"{title}: ", "bold") + Text(lines))


def _scale(duration: float, width: int) -> str:
    """The seconds over the bars, each where it begins."""
    line = [" "] * (width + 2)
    for second in range(int(duration) + 1):
        place = round(second / duration * (width - 1))
        line[place : place + len(str(second))] = str(second)
    return "".join(line).rstrip()


def _bar(one: Beat | CameraMove, duration: float, width: int) -> str:
    first = min(int(one.start / duration * width), width - 1)
    last = max(first + 1, round(one.end / duration * width))
    return "·" * first + "━" * (last - first) + "·" * (width - last)


def _name(one: Beat | CameraMove, words: dict[str, str]) -> str:
    if isinstance(one, CameraMove):
        kind = one.kind.value
        named = words.get("camera shake" if kind == "shake" else kind, kind.replace("_", " "))
        return f"{words['camera']} {named}"
    parts = [words.get(one.action.value, one.action.value.replace("_", " "))]
    if one.direction is Direction.CAMERA:
        parts.append(words.get("to_camera", "camera"))
    elif one.direction is not Direction.ANY:
        parts.append(words[one.direction.value])
    if one.repeats > 1:
        parts.append(words["times"].format(one.repeats))
    if not 0.8 <= one.intensity <= 1.2:
        parts.append(words["strong" if one.intensity > 1 else "soft"])
    return " ".join(parts)


def _below(board: Storyboard, words: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What stands under the timeline, as far as there is any."""
    if board.shot is not ShotSize.AUTO:
        yield words["shot"], words.get(board.shot.value, board.shot.value.replace("_", " "))
    setting = board.setting
    named = tuple(part for part in (setting.place, setting.hour, setting.season, setting.weather) if part)
    if named:
        yield words["setting"], ", ".join(named)
    if board.look.styles or board.look.light:
        yield words["look"], ", ".join((*board.look.styles, *board.look.light))
    for beat in board.beats:
        if beat.text:
            yield words.get("talk", "says"), f"“{beat.text}”"
    if board.rewritten:
        yield words["rewritten"], board.rewritten
    if board.unheard:
        yield words["unheard"], " | ".join(board.unheard)
    for note in board.notes:
        yield words["note"], note
