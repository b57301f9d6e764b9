"""Faces in drawings, seen by the real network and measured by the drawing's own lines."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

import characters
from faces import Array
from muybridge.adapters.weights import CachedWeights
from muybridge.domain.subject import SubjectKind
from muybridge.errors import WeightsMissing
from muybridge.puppet.portrait import DrawnFace
from muybridge.puppet.rig.anatomy import FaceFrame
from muybridge.puppet.sight import NO_FACE, UNASKED, Models, look
from muybridge.puppet.sight.drawn import find_drawn
from muybridge.puppet.sight.models import FIVE_POINTS
from sketched import NAMES, middle, sketch

pytestmark = [pytest.mark.weights("core", "samples", "drawn"), pytest.mark.slow]


@pytest.fixture(scope="module")
def models(request: pytest.FixtureRequest) -> Models:
    return Models(request.getfixturevalue("weights").path)


def boxes(face: DrawnFace) -> list[Array]:
    """Each eye's and the mouth's box in the picture: x0, y0, x1, y1."""
    frame = FaceFrame.between(face.points[0], face.points[1])
    found = []
    for curves in (*face.eyes, face.mouth):
        places = np.vstack([np.stack([curves[0], curves[row]], -1) for row in (1, 2)])
        at = frame.to_picture(places)
        found.append(np.concatenate([at.min(0), at.max(0)]))
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("growth", [0.7, 1.0, 2.0])
def test_eyes_and_mouth_are_where_they_were_drawn(models: Models, name: str, growth: float) -> None:
    drawing = sketch(name)
    rgb = cv2.resize(drawing.rgb, None, fx=growth, fy=growth, interpolation=cv2.INTER_AREA)
    face = find_drawn(rgb, models)
    assert face is not None
    for found, (x, y, wide, tall) in zip(boxes(face), (*drawing.eyes, drawing.mouth), strict=True):
        true = growth * np.array([x, y, x + wide, y + tall])
        assert np.abs(found - true).max() < 8 * growth + 2


@pytest.mark.parametrize("name", NAMES)
def test_skin_and_line_have_the_colours_they_were_drawn_in(models: Models, name: str) -> None:
    face = find_drawn(sketch(name).rgb, models)
    assert face is not None
    assert np.abs(face.skin - sketch(name).skin).max() < 4
    assert np.abs(face.line - sketch(name).line).max() < 12
    assert np.isfinite(face.brows).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_tilted_face_is_measured_in_its_own_axes(models: Models, name: str) -> None:
    drawing = sketch(name)
    turn = cv2.getRotationMatrix2D((256, 256), -12, 1)
    tilted = cv2.warpAffine(drawing.rgb, turn, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    face = find_drawn(tilted, models)
    assert face is not None
    true = np.array([turn @ np.append(middle(box), 1) for box in drawing.eyes])
    assert np.abs(face.points[:2] - true).max() < 8
    assert FaceFrame.between(face.points[0], face.points[1]).roll == pytest.approx(np.radians(12), abs=0.06)


@pytest.mark.parametrize("draw", [characters.robot, characters.animal])
def test_what_has_no_such_face_is_left_to_the_body(models: Models, draw) -> None:
    assert find_drawn(draw().rgb, models) is None


@pytest.mark.parametrize("name", ["astronaut.png", "grace_hopper.jpg", "chelsea.png"])
def test_no_photograph_passes_for_a_drawing(models: Models, weights: CachedWeights, name: str) -> None:
    rgb = np.ascontiguousarray(cv2.imread(str(weights.path(name)))[..., ::-1])
    assert find_drawn(rgb, models) is None


def test_a_drawn_subject_says_so_and_its_box_is_in_the_given_pictures_pixels(models: Models) -> None:
    large = cv2.resize(sketch("boy").rgb, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    portrait = look(large, None, "0" * 64, models)
    assert portrait.subject.kind is SubjectKind.DRAWN
    assert portrait.faces == ()
    box = portrait.subject.faces[0]
    eye = 4 * middle(sketch("boy").eyes[0])
    assert box.x < eye[0] < box.x + box.width
    assert box.y < eye[1] < box.y + box.height
    assert any("drawn" in note for note in portrait.subject.notes)


def test_without_the_network_the_body_acts_alone_and_the_note_says_how_to_get_it(
    weights: CachedWeights,
) -> None:
    def path(name: str) -> Path:
        if name == FIVE_POINTS:
            raise WeightsMissing("not here")
        return weights.path(name)

    portrait = look(sketch("girl").rgb, None, "0" * 64, Models(path))
    assert portrait.drawn is None
    assert portrait.subject.kind is SubjectKind.FIGURE
    assert portrait.subject.notes[:2] == (NO_FACE, UNASKED)
    assert "weights pull drawn" in UNASKED
