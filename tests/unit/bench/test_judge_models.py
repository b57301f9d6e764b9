"""The measures that need models, on the sample portraits, whose truth is known."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from judge import report, video
from judge.faces import Frame
from judge.report import Figure, Judge
from muybridge.adapters.weights import CachedWeights

pytestmark = pytest.mark.weights("judge", "drawn", "samples")


@pytest.fixture(scope="module")
def models(weights: CachedWeights) -> Judge:
    names = ("face_detection_yunet_2023mar.onnx", "face_recognition_sface_2021dec.onnx")
    return Judge.open(*(weights.path(name) for name in names))


@pytest.fixture(scope="module")
def her(weights: CachedWeights) -> Frame:
    return cv2.imread(str(weights.path("astronaut.png")))


@pytest.fixture(scope="module")
def another(weights: CachedWeights) -> Frame:
    return cv2.imread(str(weights.path("grace_hopper.jpg")))


def cosine(models: Judge, one: Frame, two: Frame) -> float:
    found = [models.finder.find(frame) for frame in (one, two)]
    return float(
        np.prod(
            [models.likeness.features(f, s) for f, s in zip((one, two), found, strict=True)], axis=0
        ).sum()
    )


def closing_in(picture: Frame, frames: int = 12) -> list[Frame]:
    """The picture through a camera that pushes in."""
    seen = []
    for n in range(frames):
        scale = 1.2 + 0.03 * n
        back = np.array([[scale, 0, 320 - 230 * scale], [0, scale, 180 - 150 * scale]])
        seen.append(cv2.warpAffine(picture, back, (640, 360), borderMode=cv2.BORDER_REFLECT))
    return seen


def named(figures: list[Figure]) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures}


def test_the_same_face_smaller_and_darker_is_the_same_person(models: Judge, her: Frame) -> None:
    other = cv2.convertScaleAbs(cv2.resize(her, None, fx=0.7, fy=0.7), alpha=0.7, beta=10)
    assert cosine(models, her, other) > 0.85


def test_another_face_is_another_person(models: Judge, her: Frame, another: Frame) -> None:
    assert cosine(models, her, another) < 0.30


def test_the_eyes_are_found_where_they_are(models: Judge, her: Frame) -> None:
    seen = models.finder.find(her)
    assert seen is not None
    right, left = seen.points[0], seen.points[1]
    assert right == pytest.approx((203, 101), abs=6)
    assert left == pytest.approx((249, 102), abs=6)


def test_a_picture_without_a_face_has_none(models: Judge) -> None:
    assert models.finder.find(np.full((300, 400, 3), 120, np.uint8)) is None


def test_a_take_of_her_is_judged_to_be_her_and_to_come_closer(models: Judge, her: Frame) -> None:
    figures = named(report.judge(video.Film(closing_in(her), Fraction(25), "yuv420p", "h264"), her, models))
    assert figures["likeness, median"].met
    assert figures["frames with a face"].value == "100.0%"
    assert figures["wink"].met is False
    assert figures["grows"].value.startswith(("x1.1", "x1.2"))


def test_a_take_of_somebody_else_is_judged_not_to_be_her(models: Judge, her: Frame, another: Frame) -> None:
    figures = named(
        report.judge(video.Film(closing_in(another), Fraction(25), "yuv420p", "h264"), her, models)
    )
    assert figures["likeness, median"].met is False


def test_a_take_without_a_face_is_judged_by_its_motion_alone(models: Judge, her: Frame) -> None:
    plain = [np.full((360, 640, 3), 100 + n, np.uint8) for n in range(12)]
    figures = named(report.judge(video.Film(plain, Fraction(25), "yuv420p", "h264"), her, models))
    assert figures["face"].value == "none in the take"
    assert "likeness, median" not in figures
    assert figures["motion"].met is False


def test_x264_alone_takes_time_and_leaves_a_video(tmp_path: Path, her: Frame) -> None:
    cost = video.floor(video.Film(closing_in(her), Fraction(25), "yuv420p", "h264"), tmp_path, tries=1)
    assert 0 < cost.wall < 30
    assert len(video.read(tmp_path / "floor.mp4").frames) == 12
