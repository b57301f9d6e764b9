"""`plan`: a prompt becomes a storyboard, by the stages of this package, one file each.

normalise, match, clauses, events, scope, order, schedule, beats, camera, scene, optimise, figure,
unheard. Pure over the lexicon; never raises on any text. Up to 2000 characters are read.
Cost: about 1 ms for a sentence and 30 ms for 2000 characters, once the lexicon is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence

from muybridge.director.beats import Quote, beats
from muybridge.director.camera import moves
from muybridge.director.clauses import segments
from muybridge.director.events import find_events, forbidden
from muybridge.director.figure import without_face
from muybridge.director.match import pieces
from muybridge.director.normalise import Token, tokens
from muybridge.director.optimise import Brief, direct, film, gloomy, life, lit
from muybridge.director.order import steps
from muybridge.director.pieces import Event, Kind, Piece, Segment
from muybridge.director.rewrite import rewritten
from muybridge.director.scene import scene
from muybridge.director.schedule import lay_out
from muybridge.director.scope import settle
from muybridge.director.unheard import unheard
from muybridge.domain.storyboard import ShotSize, Storyboard
from muybridge.domain.subject import Subject, SubjectKind
from muybridge.units import WIRE_DURATION, Seconds

_LONGEST_PROMPT = 2000


def plan(
    prompt: str,
    subject: Subject,
    *,
    optimize: bool = True,
    seed: int = 0,
    duration: Seconds = WIRE_DURATION,
) -> Storyboard:
    """The storyboard of a prompt for a subject.

    With `optimize` the director adds what was left open; without, only natural blinks are.
    The same prompt, subject kind and seed give the same storyboard.
    """
    notes: list[str] = []
    said = tokens(prompt[:_LONGEST_PROMPT])
    if len(prompt) > _LONGEST_PROMPT:
        notes.append(f"Only the first {_LONGEST_PROMPT} characters of the prompt were read.")
    found = pieces(said)
    parts = segments(said, found)
    find_events(parts)
    settle(said, parts)
    order = steps(parts, notes)
    refused = forbidden(parts)
    quote = _quoting(prompt, said)
    slots = lay_out(order, duration, notes)
    always = [event for step in order for event in step.events
              if event.place == "throughout" and not event.camera and not event.stopped]  # fmt: skip
    acted = beats(slots, always, duration, quote)
    camera = moves(order, slots, duration, quote, notes)
    notes += _nearest(parts)
    setting, look = scene(said, found, quote, notes)
    told = ""
    if optimize:
        grave = gloomy(look) or any("grave" in entry.marks for piece in found for entry in piece.entries)
        brief = Brief(refused, grave, duration, seed)
        acted = direct(acted, brief, notes)
        camera = film(camera, acted, brief, notes)
        known = bool(setting.place or setting.hour) or any(piece.refused for piece in found)
        look = lit(look, acted, known, notes)
        told = rewritten(prompt, acted, camera, look)
    acted += life(acted, refused, duration, seed)
    if subject.kind is SubjectKind.FIGURE:
        acted = without_face(acted, notes)
    return Storyboard(
        prompt=prompt,
        duration=duration,
        beats=tuple(sorted(acted, key=lambda beat: (beat.start, beat.end, beat.action))),
        camera=tuple(camera),
        setting=setting,
        look=look,
        shot=_shot(found),
        unheard=unheard(prompt, said, found),
        notes=tuple(dict.fromkeys(notes)),
        rewritten=told,
    )


def _quoting(prompt: str, said: Sequence[Token]) -> Quote:
    def quote(span: tuple[int, int]) -> str:
        return prompt[said[span[0]].start : said[span[1] - 1].end]

    return quote


def _shot(found: Sequence[Piece]) -> ShotSize:
    """The first size of shot that was named."""
    named = (piece.entry.does[0] for piece in found if piece.kind is Kind.SHOT)
    return ShotSize(next(named, "auto"))


def _nearest(parts: Sequence[Segment]) -> list[str]:
    """What the lexicon says about actions that stand for something near them."""
    asked: list[Event] = [event for part in parts for event in part.events if not event.negated]
    return [event.piece.entry.near for event in asked if event.piece.entry.near]
