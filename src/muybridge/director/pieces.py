"""The values that pass between the director's stages: lexicon entries, pieces, and events."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

FEELINGS = frozenset({"smile", "grin", "pout", "frown", "sad", "anger", "disgust", "shy", "surprise"})
"""What a whole face shows; each goes on until the next one."""
LASTING = FEELINGS | {"gaze", "breathe", "face", "laugh"}
"""What goes on while other things happen."""


class Kind(StrEnum):
    """What a piece of a prompt is good for."""

    ACT = "act"
    CAMERA = "camera"
    DIRECTION = "direction"
    MANNER = "manner"
    COUNT = "count"  # "twice": for the event it stands by
    NUMBER = "number"  # a bare number, a count only right before an event
    TIME = "time"
    LINK = "link"  # then, while, before ... and punctuation
    NEGATION = "negation"
    SUBJECT = "subject"
    SHOT = "shot"
    SCENE = "scene"  # where, when, in what weather and light
    SILENT = "silent"  # understood, and nothing to show
    BEYOND = "beyond"  # understood as a whole, and nothing can be made of it


class Link(StrEnum):
    """How one stretch of a prompt hangs on the one before."""

    START = "start"
    SENTENCE = "sentence"
    COMMA = "comma"
    LIST = "list"  # the Chinese enumeration comma
    AND = "and"
    OR = "or"
    THEN = "then"
    BUT = "but"
    WHILE = "while"  # at the same time as the other stretch
    WITH = "with"
    ALSO = "also"  # "at the same time": never fronted, joins what came before
    BEFORE = "before"
    AFTER = "after"
    BEFORE_END = "before_end"  # 之前, said after the stretch that comes later
    AFTER_END = "after_end"
    WHILE_END = "while_end"
    BOTH = "both"  # 一边 .. 一边


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing a phrase of the lexicon can mean.

    `does` names the actions, camera moves, link or sort of negation; of scenery "place beach",
    "hour night". `turns_into` says what the
    action becomes with a direction; `needs` a direction means that it is nothing without one.
    """

    kind: Kind
    does: tuple[str, ...] = ()
    language: str = ""
    direction: str = ""
    intensity: float = 1.0
    pace: float = 1.0
    repeats: int = 0
    turns_into: tuple[tuple[str, str], ...] = ()
    marks: frozenset[str] = frozenset()
    agent: str = ""
    near: str = ""
    implies: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that was said, in seconds: at, span (from .. to), length, later, or bare."""

    sort: str
    a: float
    b: float = 0.0


@dataclass(slots=True)
class Piece:
    """A stretch of tokens and its meaning; `entries` has several where the agent decides."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    form: str = ""  # base, s, ing, ed of the phrase's verb
    number: float = 0.0
    moment: Moment | None = None
    quoted: tuple[int, int] | None = None  # the tokens of what is said, of a piece of speech
    spent: bool = True  # something was made of it, or nothing need be
    refused: bool = False  # scenery that shall not be

    @property
    def entry(self) -> Entry:
        """The meaning, once one is chosen."""
        return self.entries[0]

    @property
    def kind(self) -> Kind:
        """What the piece is good for."""
        return self.entries[0].kind


@dataclass(slots=True, eq=False)
class Event:
    """One thing asked for, with everything said about it, before it has a time."""

    does: str
    camera: bool
    piece: Piece
    span: tuple[int, int]  # tokens, end exclusive: the piece and what was said about it
    direction: str = ""
    intensity: float = 1.0
    pace: float = 1.0
    repeats: int = 0  # 0: not said
    negated: bool = False
    stopped: bool = False  # "stops smiling": ends what went on
    to_camera: bool = False  # addressed to the viewer
    marks: set[str] = field(default_factory=set)
    place: str = ""  # start, middle, end of the video, or throughout
    moment: Moment | None = None
    sentence: int = 0
    quoted: tuple[int, int] | None = None

    @property
    def lasting(self) -> bool:
        """Whether it goes on while other things happen."""
        return self.camera or self.does in LASTING

    def form_is(self, form: str) -> bool:
        """Whether its words were an English verb in this form."""
        return self.piece.form == form and self.piece.entry.language == "en"

    def cover(self, piece: Piece) -> None:
        """Let the event's words reach over a piece that said something about it."""
        self.span = min(self.span[0], piece.start), max(self.span[1], piece.end)
        piece.spent = True


@dataclass(slots=True, eq=False)
class Segment:
    """A stretch between links: how it hangs on the one before, its pieces and its events."""

    link: Link
    fresh: bool = False  # begins a sentence
    nouns: bool = False  # the link joins nouns too (和, 、)
    tail: Link | None = None  # a Chinese 之前, 之后 or 时 at its end
    pieces: list[Piece] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)  # content tokens nothing was made of
    agent: str = "self"
