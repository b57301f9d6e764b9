"""A drawn face's rig against what a pen would draw: lids of skin, a line, a mouth that opens."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from faces import Array
from muybridge.puppet.rig.controls import Pose
from muybridge.puppet.rig.drawn import DrawnEye, DrawnMouth
from muybridge.puppet.rig.eye import MEET, WINK_MEET
from muybridge.puppet.rig.lattice import sample
from muybridge.puppet.rig.rig import Rig
from sketched import NAMES, face, middle, rig, sketch

OPEN, SHUT = (0.0, 0.0, (0.0, 0.0), MEET), (1.0, 0.0, (0.0, 0.0), MEET)
WINK = (1.0, 0.0, (0.0, 0.0), WINK_MEET)


def eye(name: str, side: int = 0) -> DrawnEye:
    return DrawnEye(sketch(name).rgb, face(name), face(name).eyes[side])


def inside(box: tuple[int, int, int, int], drawn: Array, of: tuple[float, float, float, float]) -> Array:
    """The part of a patch that lies in a box of the picture."""
    x, y, wide, tall = of
    return drawn[round(y) - box[1] : round(y + tall) - box[1], round(x) - box[0] : round(x + wide) - box[0]]


def unlike(pixels: Array, colour: tuple[int, int, int]) -> Array:
    return np.linalg.norm(pixels.astype(np.float32) - np.array(colour, np.float32), axis=-1)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("side", [0, 1])
def test_an_open_eye_is_the_picture_itself(name: str, side: int) -> None:
    one = eye(name, side)
    x0, y0, x1, y1 = one.box
    assert np.array_equal(one.draw(*OPEN), sketch(name).rgb[y0:y1, x0:x1])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("how", [SHUT, WINK], ids=["blink", "wink"])
def test_a_shut_eye_is_skin_and_one_line_and_nothing_of_the_eye(name: str, side: int, how) -> None:
    one, drawing = eye(name, side), sketch(name)
    seen = inside(one.box, one.draw(*how), drawing.eyes[side]).astype(np.float32)
    skin, line = (np.array(c, np.float32) for c in (drawing.skin, drawing.line))
    # every pixel lies on the way from the skin's colour to the line's
    along = (line - skin) / np.linalg.norm(line - skin)
    off = (seen - skin) - ((seen - skin) @ along)[..., None] * along
    assert np.linalg.norm(off, axis=-1).max() < 25
    assert (unlike(seen, drawing.skin) < 25).mean() > 0.6
    assert 0.02 < (unlike(seen, drawing.line) < 25).mean() < 0.3


@pytest.mark.parametrize("name", NAMES)
def test_the_lid_comes_down_without_going_back(name: str) -> None:
    one, drawing = eye(name), sketch(name)
    shares = [
        float(
            (
                unlike(inside(one.box, one.draw(c, 0.0, (0, 0), MEET), drawing.eyes[0]), drawing.skin) < 25
            ).mean()
        )
        for c in np.linspace(0.1, 1.0, 10)
    ]
    assert all(later >= earlier - 0.03 for earlier, later in pairwise(shares))
    assert shares[-1] > shares[0] + 0.2


@pytest.mark.parametrize("name", NAMES)
def test_a_blink_hangs_and_a_wink_arches(name: str) -> None:
    def bend(how) -> float:
        one = eye(name)
        seen = inside(one.box, one.draw(*how), sketch(name).eyes[0])
        dark = unlike(seen, sketch(name).line) < 90
        rows = np.arange(len(dark))[:, None]
        at = (dark * rows).sum(0) / np.maximum(dark.sum(0), 1)
        third = dark.shape[1] // 3
        ends = np.r_[at[3 : third // 2], at[-(third // 2) : -3]]
        return float(at[third:-third].mean() - ends[ends > 0].mean())

    assert bend(SHUT) > 1.0
    assert bend(WINK) < -1.0


@pytest.mark.parametrize("name", NAMES)
def test_gaze_moves_the_pupil_and_leaves_the_outline(name: str) -> None:
    one = eye(name)
    moved = one.draw(0.0, 0.0, (0.05, 0.0), MEET).astype(int)
    away = np.abs(moved - one.rest.astype(int)).max(-1)
    box = sketch(name).eyes[0]
    within = inside(one.box, away, box)
    assert within[within.shape[0] // 2].max() > 60
    assert max(away[:3].max(), away[-3:].max(), away[:, :3].max(), away[:, -3:].max()) <= 1


@pytest.mark.parametrize("name", NAMES)
def test_a_mouth_opens_by_its_jaw_and_at_rest_is_the_picture(name: str) -> None:
    mouth = DrawnMouth(sketch(name).rgb, face(name), face(name).mouth)
    assert np.array_equal(mouth.draw(0.0), mouth.rest)
    shown = [int(_inside(mouth.draw(jaw), name).sum()) for jaw in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert all(later > earlier for earlier, later in pairwise(shown))


def _inside(pixels: Array, name: str) -> Array:
    """What is neither skin nor line."""
    return (unlike(pixels, sketch(name).skin) > 60) & (unlike(pixels, sketch(name).line) > 30)


@pytest.mark.parametrize("name", NAMES)
def test_a_bite_shows_teeth_in_an_open_mouth_alone(name: str) -> None:
    mouth = DrawnMouth(sketch(name).rgb, face(name), face(name).mouth)
    white = [int((mouth.draw(0.8, bite).min(-1) > 235).sum()) for bite in (0.0, 1.0)]
    assert white[1] > white[0] + 20
    assert np.array_equal(mouth.draw(0.0, 1.0), mouth.rest)


def moves(name: str, pose: Pose, places: Array) -> Array:
    """How far places of the picture go, in pixels of it."""
    one = rig(name)
    at = (places + np.array([one.sprite.left, 0])) / one.lattice.step
    return sample(one.displacement(pose), at[None].astype(np.float32))[0]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_moves_at_rest(name: str) -> None:
    assert np.abs(rig(name).displacement(Pose())).max() == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_smile_lifts_the_corners_and_leaves_the_eyes(name: str) -> None:
    drawn = face(name)
    corners = moves(name, Pose(smile=1.0), drawn.points[3:])
    assert (corners[:, 1] < -2).all()
    assert corners[0, 0] < -1 < 1 < corners[1, 0]
    eyes = moves(name, Pose(smile=1.0), np.stack([middle(box) for box in sketch(name).eyes]))
    assert np.abs(eyes).max() < 0.12 * np.abs(corners).max() + 0.5


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("pose", "way"), [(Pose(yaw=12), (1, 0)), (Pose(pitch=-8), (0, 1)), (Pose(pitch=8), (0, -1))]
)
def test_a_turned_head_carries_its_features_and_leaves_the_shoulders(name: str, pose: Pose, way) -> None:
    nose = moves(name, pose, face(name).points[2:3])[0]
    shoulder = moves(name, pose, np.array([[120.0, 500.0]]))[0]
    assert float(nose @ np.array(way)) > 3
    assert np.abs(shoulder).max() < 0.5


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "pose",
    [
        Pose(smile=1.3, jaw=1), Pose(pucker=1, jaw=1), Pose(smile=-0.85, brow_inner=1, brow_right=1, brow_left=1),
        Pose(brow_inner=-1, brow_right=-1, brow_left=-1), Pose(yaw=13, pitch=9, roll=8),
        Pose(yaw=-13, pitch=-9, roll=-8, smile=1.3), Pose(pucker=1, smile=-0.85),
    ],
)  # fmt: skip
def test_no_pose_folds_the_drawing(name: str, pose: Pose) -> None:
    one = rig(name)
    moved, step = one.displacement(pose), one.lattice.step
    across = 1 + np.diff(moved[..., 0], axis=1)[:-1] / step
    down = 1 + np.diff(moved[..., 1], axis=0)[:, :-1] / step
    shear = np.diff(moved[..., 0], axis=0)[:, :-1] / step * np.diff(moved[..., 1], axis=1)[:-1] / step
    assert (across * down - shear).min() > 0.1


def test_what_a_drawing_does_not_show_is_said() -> None:
    blind = replace(face("boy"), eyes=np.full_like(face("boy").eyes, np.nan), mouth=np.full((3, 24), np.nan))
    lacking = Rig(replace(rig("boy").sprite, drawn=blind))
    told = lacking.limits([Pose(lid_right=1, lid_left=1), Pose(jaw=0.5)])
    assert len(told) == 2
    assert np.isfinite(lacking.displacement(Pose(smile=1, jaw=1, yaw=10))).all()
    assert rig("boy").limits([Pose(lid_right=1, lid_left=1), Pose(jaw=0.5)]) == ()
