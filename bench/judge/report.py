"""All measures of one take, put together: each with its figure, its aim, and whether it is met."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from judge import border, camera, eyes, faces, motion, mouth
from judge.faces import FaceFinder, Floats, Frame, Likeness, Seen
from judge.video import Film

COMPARED = 32  # frames whose likeness is taken


@dataclass(frozen=True)
class Figure:
    """One measured thing in words; `met` is None where it has no aim."""

    name: str
    value: str
    aim: str = ""
    met: bool | None = None


@dataclass(frozen=True)
class Judge:
    """The models that judge, opened once."""

    finder: FaceFinder
    likeness: Likeness

    @classmethod
    def open(cls, detector: Path, recognizer: Path) -> Judge:
        """The judge from YuNet's and SFace's files."""
        return cls(FaceFinder(detector), Likeness(recognizer))


def judge(film: Film, reference: Frame, models: Judge) -> list[Figure]:
    """Every measure that the take allows; without a face in it, those of motion alone."""
    found = models.finder.find(reference)
    track = [models.finder.find(frame) for frame in film.frames]
    height, width = film.frames[0].shape[:2]
    length = len(film.frames) / float(film.rate)
    figures = [
        Figure("film", f"{width}x{height}, {film.rate}/s, {length:.2f} s, {film.codec} {film.pixel_format}")
    ]
    if found is not None and any(track):
        points = faces.interpolated(track)
        figures += _likeness(film.frames, track, reference, found, models.likeness)
        figures += _eye_figures(film.frames, points)
        figures += _shape_figures(points, mouth.widths(film.frames, points, reference, found.points))
        figures += _border(border.border(film.frames, track, reference, found))
    else:
        figures.append(Figure("face", "none in the reference" if found is None else "none in the take"))
    return figures + _motion_figures(film.frames, track)


def _likeness(
    frames: list[Frame], track: list[Seen | None], reference: Frame, found: Seen, likeness: Likeness
) -> list[Figure]:
    her = likeness.features(reference, found)
    chosen = sorted(set(np.linspace(0, len(frames) - 1, COMPARED).round().astype(int).tolist()))
    cosines = [
        float(likeness.features(frames[n], seen) @ her) for n in chosen if (seen := track[n]) is not None
    ]
    share = sum(seen is not None for seen in track) / len(track)
    middle, least = (float(np.median(cosines)), min(cosines)) if cosines else (0.0, 0.0)
    return [
        Figure("likeness, median", f"{middle:.3f}", ">= 0.80", middle >= 0.80),
        Figure("likeness, least", f"{least:.3f}"),
        Figure("frames with a face", f"{share:.1%}", ">= 95 %", share >= 0.95),
    ]


def _eye_figures(frames: list[Frame], points: Floats) -> list[Figure]:
    open_ = [
        eyes.openness([eyes.patch(f, p, which) for f, p in zip(frames, points, strict=True)])
        for which in (faces.RIGHT_EYE, faces.LEFT_EYE)
    ]
    wink = eyes.find_wink(*open_)
    figures = [
        Figure(
            f"{name} eye", f"{_spark(eye.share)}  least {eye.share.min():.2f}, reach {eye.reach.min():.0f}"
        )
        for name, eye in zip(("right", "left"), open_, strict=True)
    ]
    said = "none"
    if wink is not None:
        said = f"{wink.eye}, {wink.frames} frames from {wink.start}"
        said += f", down to {wink.winking:.2f}, other {wink.other:.2f}"
    return [*figures, Figure("wink", said, ">= 6 frames", wink is not None and wink.holds)]


def _shape_figures(points: Floats, widths: Floats) -> list[Figure]:
    iod, wider = faces.eye_distance(points), motion.widening(widths)
    return [
        Figure(
            "mouth wider by",
            f"{wider:.1%}, widest x{widths.max():.2f} of the reference",
            ">= 8 %",
            wider >= 0.08,
        ),
        Figure("grows", f"x{motion.growth(iod):.2f} (eye distance {iod[0]:.0f} to {iod.max():.0f} px)"),
    ]


def _spark(share: Floats, width: int = 50) -> str:
    bars = "▁▂▃▄▅▆▇█"
    groups = np.array_split(share, min(width, len(share)))
    return "".join(bars[int(np.clip(float(g.min()) * 7 / 1.1, 0, 7))] for g in groups)


def _border(found: border.Border) -> list[Figure]:
    side, length = found.worst.side, found.worst.length
    said = (
        f"straight step {length:.2f} high at the {side}, frame {found.frame}; reference's own {found.own:.2f}"
    )
    if side == "none":
        said = "no straight step that the reference has not"
    return [Figure("border", f"{said}, dead strip {found.strip} px", "none", found.clean)]


def _motion_figures(frames: list[Frame], track: list[Seen | None]) -> list[Figure]:
    moved, jumps, way = motion.flow(frames), motion.spikes(frames), camera.path(frames, track)
    std = way.step_change_std
    return [
        Figure(
            "motion",
            f"mean {moved.mean:.2f} px of 320, {moved.frozen:.0%} frozen, {moved.longest_freeze} in a row",
            "no freeze of 5",
            moved.longest_freeze < 5,
        ),
        Figure(
            "spikes", f"{jumps.count}, worst x{jumps.worst:.1f} at frame {jumps.at}", "none", jumps.count == 0
        ),
        Figure(
            "camera",
            f"step change std {std:.2f} px, mean step {way.travel:.2f} px, {way.tracked:.0%} tracked",
            "< 0.3 px",
            bool(std < 0.3) if np.isfinite(std) else None,
        ),
    ]
