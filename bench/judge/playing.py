"""Subjects, and short silent takes of them: one action, or one control by itself.

A take is set up once for a subject and played with many performances. Convention: RGB frames.
Limits: every fourth frame of 25 a second is drawn, so a flash of one frame may be missed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

import sketches
from judge.faces import Frame
from muybridge.director.figure import without_face
from muybridge.domain.storyboard import Action, Beat, Storyboard
from muybridge.domain.subject import SubjectKind
from muybridge.puppet.acting.body_acts import APPROACHES
from muybridge.puppet.acting.performance import Performance
from muybridge.puppet.portrait import Portrait
from muybridge.puppet.render import Take
from muybridge.puppet.rig.controls import LIMITS, Pose
from muybridge.puppet.sight import Models, look
from muybridge.units import FrameRate, Seconds, Size

SIZE, RATE, LENGTH = Size(640, 360), FrameRate(25), Seconds(4.0)
START, END = Seconds(0.5), Seconds(3.5)
BRIEF = {Action.BLINK: 0.3, Action.WINK: 1.2, Action.NOD: 1.6, Action.SHAKE: 2.0, Action.KISS: 1.6}
EVERY = 4
REST = 3  # drawn frames before the beat
RAMP = 6  # frames in which a control goes all the way


@dataclass(frozen=True)
class Character:
    """A subject by name, and whether its face is drawn (the detector wants those softened)."""

    name: str
    portrait: Portrait
    drawn: bool = False

    @property
    def reference(self) -> Frame:
        """Its picture, BGR."""
        return np.ascontiguousarray(self.portrait.picture[..., ::-1])


def characters(path_of: Callable[[str], Path], names: tuple[str, ...] = ()) -> list[Character]:
    """The five: two people, a cat, and two drawn ones; or those of them that are named."""
    models = Models(path_of)
    pictures: dict[str, Callable[[], Frame]] = {
        "astronaut": lambda: _read(path_of("astronaut.png")),
        "hopper": lambda: _read(path_of("grace_hopper.jpg")),
        "cat": lambda: cv2.resize(
            _read(path_of("chelsea.png")), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC
        ),
        "girl": lambda: sketches.girl().rgb,
        "boy": lambda: sketches.boy().rgb,
    }
    return [
        Character(name, look(pictures[name](), None, f"{number:064x}", models), name in ("girl", "boy"))
        for number, name in enumerate(pictures)
        if not names or name in names
    ]


def _read(path: Path) -> Frame:
    return np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])


@dataclass(frozen=True)
class Solo:
    """A performance of one control alone: to its upper limit and back, then to its lower one."""

    control: str

    def __len__(self) -> int:
        return 4 * RAMP

    def pose(self, frame: int) -> Pose:
        """The pose at one frame; at rest in the first ones."""
        low, high = LIMITS[self.control]
        at = max(frame - REST, 0) * 4 / (4 * RAMP - REST)
        share = 1 - abs(at % 2 - 1)
        resting = getattr(Pose(), self.control)
        goal = high if at < 2 and high > resting else low
        return replace(Pose(), **{self.control: resting + share * (goal - resting)})


class Stage:
    """One subject's takes, its rig made once for acts on the spot and once for approaches."""

    def __init__(self, character: Character, size: Size = SIZE) -> None:
        self.character, self._size = character, size
        self._takes: dict[bool, Take] = {}

    def _take(self, board: Storyboard) -> Take:
        far = any(beat.action in APPROACHES for beat in board.beats)
        if far not in self._takes:
            self._takes[far] = Take(self.character.portrait, board, self._size, RATE, seed=0)
        return self._takes[far]

    def act(self, beat: Beat) -> tuple[list[Frame], tuple[str, ...]]:
        """The frames of one beat (none where nothing stands for it), and what the take says."""
        notes: list[str] = []
        beats = [beat]
        if self.character.portrait.subject.kind is SubjectKind.FIGURE:
            beats = without_face(beats, notes)
        if not beats:
            return [], tuple(notes)
        take = self._take(Storyboard("", LENGTH, tuple(beats)))
        cast = take._cast(self.character.portrait)
        played = Performance(Storyboard("", LENGTH, tuple(beats)), RATE, 0, cast)
        frames = self._play(take, played, range(0, len(played), EVERY))
        return frames, (*notes, *played.notes)

    def solo(self, control: str) -> list[Frame]:
        """The frames of one control by itself."""
        alone = Solo(control)
        return self._play(self._take(Storyboard("", LENGTH)), alone, range(len(alone)))

    def has(self, control: str) -> bool:
        """Whether anything hangs on a control: limbs only where the picture shows them free."""
        kinds = ("arm", "elbow", "leg", "knee", "step")
        kind, _, side = control.partition("_")
        if kind not in kinds:
            return True
        limb = {"elbow": "arm", "knee": "leg", "step": "leg"}.get(kind, kind)
        rig = self._take(Storyboard("", LENGTH))._rig
        return any(free.name == f"{limb}_{side}" for free in rig.limbs)

    @staticmethod
    def _play(take: Take, played: Performance | Solo, numbers: range) -> list[Frame]:
        # the rig is the take's own; only who moves it changes
        take._performance = played  # type: ignore[assignment]
        return [np.ascontiguousarray(take.draw(n)[..., ::-1]) for n in numbers]


def beat_of(action: Action, direction: object) -> Beat:
    """The beat that shows an action: from half a second on, for as long as it plainly takes."""
    end = Seconds(START + BRIEF.get(action, END - START))
    repeats = 2 if action in (Action.NOD, Action.SHAKE) else 1
    return Beat(action, START, end, direction=direction, repeats=repeats, words=action.value, text="")  # type: ignore[arg-type]
