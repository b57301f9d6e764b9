"""Stage 3: pieces become segments, the stretches between links, each with its agent.

The agent (the camera, the picture's subject, somebody else) decides between meanings of one
phrase: "moves closer" is a push in when the camera does it. It is the last one named, and
goes back to the subject at a new sentence. Linear in the pieces.
"""

from __future__ import annotations

from collections.abc import Sequence

from muybridge.director.match import is_content
from muybridge.director.normalise import Token
from muybridge.director.pieces import Entry, Kind, Link, Piece, Segment

_TAILS = {Link.BEFORE_END: Link.BEFORE, Link.AFTER_END: Link.AFTER, Link.WHILE_END: Link.WHILE}
_STRENGTH = [Link.START, Link.SENTENCE, Link.COMMA, Link.LIST, Link.AND, Link.OR, Link.BUT, Link.ALSO,
             Link.BOTH, Link.THEN, Link.WITH, Link.WHILE, Link.AFTER, Link.BEFORE]  # fmt: skip
_SAME = {"woman": {"person"}, "man": {"person"}, "person": {"woman", "man"}}
_ARTICLES = frozenset({"a", "an", "another", "一个", "一只", "一位", "一名", "另一个", "个", "一条", "一匹"})
_CAMERA_WORDS = frozenset({"镜", "机", "camera"})
_NOBODY = frozenset({"camera", "self"})
_ASIDE = frozenset({Link.WITH, Link.AFTER})


class _Reader:
    """Walks over the pieces once; holds the segment being read and who acts in it."""

    def __init__(self, tokens: Sequence[Token], protagonist: str) -> None:
        self.tokens = tokens
        self.segments = [Segment(Link.START, fresh=True)]
        self.protagonist = protagonist
        self.moved = False  # a camera move was named in this sentence
        self.last: Piece | None = None
        self.said: Kind | None = None  # the last piece that was no link and no manner

    @property
    def here(self) -> Segment:
        return self.segments[-1]

    def read(self, piece: Piece, following: Piece | None) -> None:
        """Take in one piece: a link opens a segment, everything else joins the open one."""
        if not self._choose(piece):
            piece.spent = False
            self.here.unknown += [at for at in range(piece.start, piece.end) if is_content(self.tokens[at])]
        elif piece.kind is Kind.LINK:
            self._link(piece, following)
        else:
            if piece.kind is Kind.SUBJECT:
                self._agent(piece)
            if self._listed(piece):
                self.segments.append(Segment(Link.COMMA, agent=self.here.agent))
            if piece.kind is Kind.CAMERA:
                self.moved = True
                if self.tokens[piece.start].text in _CAMERA_WORDS:
                    self.here.agent = "camera"  # 镜头推近 names it within the phrase
            self.here.pieces.append(piece)
        self.last = piece
        if piece.kind not in (Kind.LINK, Kind.SILENT, Kind.MANNER, Kind.SCENE):
            self.said = piece.kind

    def _listed(self, piece: Piece) -> bool:
        """Whether two actions stand side by side as in a list: "blink wink smile", 眨眼 微笑."""
        before = self.last
        if before is None or {before.kind, piece.kind} != {Kind.ACT} or before.end != piece.start:
            return False
        apart = self.tokens[before.end - 1].end < self.tokens[piece.start].start
        return apart and not {before.form, piece.form} & {"ing", "ed"}

    def _choose(self, piece: Piece) -> bool:
        """Leave only the meanings that fit the agent; False where none does."""
        fitting = [entry for entry in piece.entries if self._fits(entry, piece)]
        if self.here.agent == "camera":
            fitting.sort(key=lambda entry: entry.agent != "camera")
        piece.entries = tuple(fitting) or piece.entries
        return bool(fitting)

    def _fits(self, entry: Entry, piece: Piece) -> bool:
        if entry.agent == "echo":
            return self.moved and self.said is Kind.CAMERA
        if entry.kind is Kind.DIRECTION and any(
            other.kind in (Kind.SUBJECT, Kind.SCENE) for other in piece.entries
        ):
            # 镜头 and 星空 are whereto right behind a verb; anywhere else who acts, and where
            before = self.last
            return before is not None and before.end == piece.start and before.kind is Kind.ACT
        return entry.agent in ("", self.here.agent)

    def _link(self, piece: Piece, following: Piece | None) -> None:
        link = Link(piece.entry.does[0])
        if link in _TAILS:
            if self._empty():
                return
            self.here.tail = _TAILS[link]
            link = Link.COMMA
        ends = following is None or following.kind is Kind.LINK
        if link is Link.ALSO and ends and not self._empty():
            self.here.link = Link.ALSO  # "smiles and nods at the same time"
            return
        nouns = link is Link.LIST or "nouns" in piece.entry.marks
        if self._empty():
            before = self.here
            before.link = max(before.link, link, key=_STRENGTH.index)
            before.fresh = before.fresh or link is Link.SENTENCE
            before.nouns = nouns
        else:
            agent = "self" if link in (Link.SENTENCE, Link.WHILE) else self.here.agent
            self.segments.append(Segment(link, fresh=link is Link.SENTENCE, nouns=nouns, agent=agent))
        if link is Link.SENTENCE:
            self.here.agent, self.moved = "self", False

    def _empty(self) -> bool:
        return not self.here.unknown and all(piece.kind is Kind.SILENT for piece in self.here.pieces)

    def _agent(self, piece: Piece) -> None:
        group = piece.entry.does[0]
        if group in _NOBODY:
            self.here.agent = group
            return
        self.protagonist = self.protagonist or group
        stranger = group != self.protagonist and group not in _SAME.get(self.protagonist, ())
        leading = (
            all(one.kind in (Kind.SILENT, Kind.SCENE) for one in self.here.pieces) and not self.here.unknown
        )
        article = self.last is not None and self._text(self.last) in _ARTICLES
        alone = self.here.link not in _ASIDE and not (self.here.link is Link.AND and self._listing())
        self.here.agent = "other" if stranger and leading and article and alone else "self"

    def _listing(self) -> bool:
        """Whether the segment before holds nothing but a subject ("a man and a woman")."""
        return len(self.segments) > 1 and all(
            piece.kind in (Kind.SUBJECT, Kind.SILENT) for piece in self.segments[-2].pieces
        )

    def _text(self, piece: Piece) -> str:
        return "".join(token.text for token in self.tokens[piece.start : piece.end])


def _protagonist(pieces: Sequence[Piece]) -> str:
    """Who acts: the first person named where a stretch begins, else whoever is named first there."""
    before = Kind.LINK
    leading: list[str] = []
    for piece in pieces:
        if piece.kind is Kind.SUBJECT and before is Kind.LINK and piece.entry.does[0] not in _NOBODY:
            leading.append(piece.entry.does[0])
        before = before if piece.kind in (Kind.SILENT, Kind.SCENE) else piece.kind
    people = [group for group in leading if group in _SAME]
    return next(iter(people or leading), "")


def segments(tokens: Sequence[Token], pieces: Sequence[Piece]) -> list[Segment]:
    """The prompt's segments in order; the first may be empty."""
    reader = _Reader(tokens, _protagonist(pieces))
    at = 0
    for place, piece in enumerate(pieces):
        reader.here.unknown += [gap for gap in range(at, piece.start) if is_content(tokens[gap])]
        reader.read(piece, pieces[place + 1] if place + 1 < len(pieces) else None)
        at = piece.end
    reader.here.unknown += [gap for gap in range(at, len(tokens)) if is_content(tokens[gap])]
    return reader.segments
