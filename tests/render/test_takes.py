"""Short real takes of the samples, with the real models, checked by other means than the rig's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from faces import Array
from judge import eyes as judged
from judge.faces import LEFT_EYE, RIGHT_EYE
from muybridge.adapters.weights import CachedWeights
from muybridge.domain.storyboard import Action, CameraKind, Direction
from muybridge.engines.puppet import PuppetEngine
from muybridge.media.intake import read_picture_file
from muybridge.media.probe import probe
from muybridge.ports.engine import Made, Order
from muybridge.puppet.portrait import Portrait
from muybridge.puppet.rig.anatomy import MOUTH_CORNER
from muybridge.puppet.rig.controls import Pose
from muybridge.puppet.rig.lattice import sample
from muybridge.puppet.rig.rig import Rig
from muybridge.puppet.rig.sprite import cut_out
from muybridge.puppet.sight import Models, look
from muybridge.units import FrameRate, Size
from takes import beat, board, loud, make_edges_loud, move, take

pytestmark = [pytest.mark.weights, pytest.mark.slow]
PEOPLE = ["astronaut.png", "grace_hopper.jpg"]
SIZE = Size(320, 180)
RUN = board(
    beat(Action.RUN_CLOSER, 0.0, 1.2), beat(Action.SMILE, 0.6, 2.0), beat(Action.WINK, 1.2, 1.9), seconds=2
)


@pytest.fixture(scope="session")
def portraits(weights: CachedWeights) -> dict[str, Portrait]:
    models = Models(weights.path)
    seen = {}
    for name in PEOPLE:
        picture = read_picture_file(weights.path(name), field="picture")
        seen[name] = look(picture.rgb, picture.alpha, picture.sha256, models)
    return seen


@pytest.fixture(scope="module")
def made(weights: CachedWeights, tmp_path_factory: pytest.TempPathFactory) -> tuple[Made, list[float]]:
    folder, told = tmp_path_factory.mktemp("take"), []
    order = Order(
        picture=weights.path("astronaut.png"),
        storyboard=RUN,
        size=SIZE,
        rate=FrameRate(25),
        seed=7,
        out=folder / "take.mp4",
    )
    engine = PuppetEngine(weights, folder / "cache")
    return engine.generate(order, lambda share, _stage: told.append(share)), told


def test_a_take_of_the_astronaut_is_a_whole_video(made: tuple[Made, list[float]]) -> None:
    take_made, told = made
    facts = probe(Path(take_made.path))
    assert facts.size == SIZE
    assert facts.rate == FrameRate(25)
    assert facts.frames == take_made.frames == 50
    assert facts.duration == pytest.approx(2.0, abs=0.05)
    assert (facts.codec, facts.pix_fmt, facts.faststart) == ("h264", "yuv420p", True)
    assert facts.colours == (1, 1, 1, 1)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)


@pytest.mark.parametrize("name", PEOPLE)
def test_no_cut_edge_of_a_photo_is_ever_seen(portraits: dict[str, Portrait], name: str) -> None:
    for plan in (
        RUN,
        board(beat(Action.BOW, 0.2, 1.8), seconds=2),
        board(beat(Action.STEP_BACK, 0.2, 1.8), move(CameraKind.HANDHELD, 0, 2), seconds=2),
        board(beat(Action.JUMP, 0.2, 1.2), move(CameraKind.TILT_UP, 0, 2), seconds=2),
    ):
        acting = take(portraits[name], plan, SIZE, FrameRate(5))
        assert make_edges_loud(acting)
        before = loud(take(portraits[name], plan, SIZE, FrameRate(5)).draw(0))
        assert max(loud(acting.draw(i)) for i in range(len(acting))) <= before + 2


def five(points: Array) -> Array:
    """The judge's five points: irises, nose, corners of the mouth."""
    return np.asarray(points[[468, 473, 1, MOUTH_CORNER["right"], MOUTH_CORNER["left"]], :2], np.float64)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_wink_shuts_one_real_eye_and_leaves_the_other(portraits: dict[str, Portrait], name: str) -> None:
    rig = Rig(cut_out(portraits[name], 1.4))
    level, at = rig.pyramid.level(0), five(rig.sprite.points)

    def opened(pose: Pose) -> Array:
        pixels = level.rgba.copy()
        level.paint(pose, pixels)
        return np.ascontiguousarray(pixels[..., 2::-1])  # the judge reads BGR

    poses = [Pose()] * 6 + [Pose(lid_left=1, wink_left=1)] * 6
    share = {
        which: judged.openness([judged.patch(opened(pose), at, which) for pose in poses]).share
        for which in (RIGHT_EYE, LEFT_EYE)
    }
    assert share[LEFT_EYE][-1] <= judged.LOST
    assert share[RIGHT_EYE][-1] >= judged.KEPT


@pytest.mark.parametrize("name", PEOPLE)
def test_a_smile_widens_a_real_mouth_by_a_twelfth(portraits: dict[str, Portrait], name: str) -> None:
    rig = Rig(cut_out(portraits[name], 1.4))
    corners = rig.sprite.points[[MOUTH_CORNER["right"], MOUTH_CORNER["left"]], :2]
    shift = sample(rig.displacement(Pose(smile=1)), (corners / rig.lattice.step)[None].astype(np.float32))[0]
    before, after = (np.hypot(*(at[1] - at[0])) for at in (corners, corners + shift))
    assert after >= 1.08 * before


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("direction", [Direction.LEFT, Direction.RIGHT])
def test_no_turn_of_a_real_head_folds_it(
    portraits: dict[str, Portrait], name: str, direction: Direction
) -> None:
    rig = Rig(cut_out(portraits[name], 1.4))
    sign = 1 if direction is Direction.LEFT else -1
    for pose in (Pose(yaw=13 * sign, pitch=9), Pose(yaw=13 * sign, roll=-8 * sign, smile=1.3)):
        moved = rig.lattice.nodes() + rig.displacement(pose)
        along, down = moved[:-1, 1:] - moved[:-1, :-1], moved[1:, :-1] - moved[:-1, :-1]
        assert (along[..., 0] * down[..., 1] - along[..., 1] * down[..., 0]).min() > 0
