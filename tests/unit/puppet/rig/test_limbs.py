"""Free limbs cut out of a drawn figure whose joints are known, and put back where they were."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from faces import Array
from muybridge.puppet.composite import place
from muybridge.puppet.rig.controls import Pose
from muybridge.puppet.rig.limbs import Limb, free_limbs

SIZE = (220, 300)  # width, height
SHIRT, SLEEVE, LEG = (200, 60, 60), (60, 60, 200), (60, 160, 60)
WHERE = {
    0: (110, 45), 11: (140, 95), 12: (80, 95), 13: (170, 130), 14: (50, 130), 15: (190, 170), 16: (30, 170),
    23: (128, 180), 24: (92, 180), 25: (134, 230), 26: (86, 230), 27: (138, 280), 28: (82, 280),
}  # fmt: skip


def joints(sure: float = 0.95, **moved: tuple[float, float]) -> Array:
    """The figure's joints; `moved` puts one elsewhere, as j15=(x, y)."""
    found = np.zeros((33, 3), np.float32)
    for number, (x, y) in {**WHERE, **{int(name[1:]): at for name, at in moved.items()}}.items():
        found[number] = (x, y, sure)
    return found


def figure(at: Array) -> Array:
    """A flat figure drawn along its joints: sleeves blue, legs green, trunk red."""
    rgba = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)

    def line(numbers: list[int], colour: tuple[int, int, int], thick: int) -> None:
        points = np.rint(at[numbers, :2]).astype(np.int32)
        cv2.polylines(rgba, [points], False, (*colour, 255), thick, cv2.LINE_AA)

    line([24, 26, 28], LEG, 22)
    line([23, 25, 27], LEG, 22)
    trunk = np.rint(at[[12, 11, 23, 24], :2]).astype(np.int32)
    cv2.fillConvexPoly(rgba, trunk, (*SHIRT, 255), cv2.LINE_AA)
    line([12, 11, 23, 24, 12], SHIRT, 14)
    line([12, 14, 16], SLEEVE, 18)
    line([11, 13, 15], SLEEVE, 18)
    cv2.line(rgba, (110, 60), (110, 100), (214, 168, 140, 255), 22, cv2.LINE_AA)
    cv2.circle(rgba, WHERE[0], 30, (214, 168, 140, 255), -1, cv2.LINE_AA)
    return rgba


AT = joints()
FIGURE = figure(AT)
TRUNK, LIMBS = free_limbs(FIGURE, AT)


def limb(name: str) -> Limb:
    return next(one for one in LIMBS if one.name == name)


def together(pose: Pose, ground: int = 128) -> Array:
    """The figure on a plain ground, its limbs in a pose."""
    frame = np.full((SIZE[1], SIZE[0], 3), ground, np.uint8)
    as_is = np.array([[1, 0, 0], [0, 1, 0]], np.float32)

    def lay(kind: str) -> None:
        for one in LIMBS:
            for part, matrix in one.placed(pose) if one.kind == kind else []:
                place(part.rgba, (matrix @ np.vstack([part.corner, [0, 0, 1]])).astype(np.float32), frame)

    lay("leg")
    place(TRUNK, as_is, frame)
    lay("arm")
    return frame


def blue(frame: Array) -> Array:
    """Where sleeves are. Shapes: (N, 2), y and x."""
    return np.argwhere(frame[..., 2].astype(int) - frame[..., 0] > 90)


def test_all_four_limbs_of_a_figure_that_spreads_them_are_free() -> None:
    assert {one.name for one in LIMBS} == {"arm_right", "arm_left", "leg_right", "leg_left"}


def test_limbs_put_back_where_they_were_give_the_figure_back() -> None:
    alpha = FIGURE[..., 3:].astype(float) / 255
    wanted = FIGURE[..., :3] * alpha + 128 * (1 - alpha)
    unlike = np.abs(together(Pose()) - wanted).max(-1)
    assert (unlike > 40).mean() < 0.004  # a soft edge here and there, where two pieces lap
    solid = cv2.erode(FIGURE[..., 3], np.ones((5, 5), np.uint8)) > 250
    assert (unlike > 25)[solid].mean() < 0.01


def test_no_gap_opens_where_a_limb_turns() -> None:
    for turned in (30.0, 70.0, 110.0):
        frame = together(Pose(arm_left=turned, arm_right=turned, elbow_left=30, elbow_right=30), ground=255)
        seen = (np.abs(frame.astype(int) - 255).max(-1) > 60).astype(np.uint8)
        assert cv2.connectedComponents(seen)[0] == 2  # the ground and one whole figure


def test_without_joints_or_surely_seen_ones_nothing_is_cut() -> None:
    for unsure in (None, joints(sure=0.3)):
        rest, limbs = free_limbs(FIGURE, unsure)
        assert limbs == ()
        assert (rest == FIGURE).all()


@pytest.mark.parametrize(("elbow", "hand"), [((132, 130), (100, 140)), ((165, 140), (100, 150))])
def test_an_arm_that_lies_over_the_trunk_is_not_free(
    elbow: tuple[float, float], hand: tuple[float, float]
) -> None:
    folded = joints(j13=elbow, j15=hand)
    names = {one.name for one in free_limbs(figure(folded), folded)[1]}
    assert "arm_left" not in names
    assert "arm_right" in names


def test_an_arm_that_the_picture_cuts_is_not_free() -> None:
    cut = joints(j15=(260, 150))
    assert "arm_left" not in {one.name for one in free_limbs(figure(cut), cut)[1]}


@pytest.mark.parametrize("side", ["left", "right"])
def test_an_arm_turns_away_from_the_trunk_and_up(side: str) -> None:
    down, up = (blue(together(Pose(**{f"arm_{side}": turned}))) for turned in (0.0, 90.0))
    own = (lambda at: at[:, 1] > 110) if side == "left" else (lambda at: at[:, 1] < 110)
    assert up[own(up), 0].mean() < down[own(down), 0].mean() - 25
    other = [at[~own(at)].mean(0) for at in (down, up)]
    np.testing.assert_allclose(other[0], other[1], atol=2)


@pytest.mark.parametrize("side", ["left", "right"])
def test_an_elbow_bends_the_forearm_alone(side: str) -> None:
    one = limb(f"arm_{side}")
    lower, upper = (matrix for _, matrix in one.placed(Pose(**{f"elbow_{side}": 90.0})))
    np.testing.assert_allclose(upper, [[1, 0, 0], [0, 1, 0]], atol=1e-4)
    elbow = lower @ np.append(one.lower.pivot, 1)
    np.testing.assert_allclose(elbow, one.lower.pivot, atol=1e-3)
    before, after = one.lower.end - elbow, lower @ np.append(one.lower.end, 1) - elbow
    assert before @ after == pytest.approx(0, abs=1)


def test_a_turned_limb_keeps_its_length_and_hangs_together() -> None:
    for pose in (Pose(arm_left=60, elbow_left=40), Pose(arm_left=-20, elbow_left=-90)):
        one = limb("arm_left")
        lower, upper = (matrix for _, matrix in one.placed(pose))
        elbow = upper @ np.append(one.upper.end, 1)
        np.testing.assert_allclose(lower @ np.append(one.lower.pivot, 1), elbow, atol=1e-2)
        for part, matrix in ((one.upper, upper), (one.lower, lower)):
            ends = [matrix @ np.append(p, 1) for p in (part.pivot, part.end)]
            assert np.hypot(*(ends[1] - ends[0])) == pytest.approx(
                np.hypot(*(part.end - part.pivot)), rel=1e-3
            )


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_step_shortens_its_leg_and_lifts_its_foot(side: str) -> None:
    one = limb(f"leg_{side}")
    lower, _ = (matrix for _, matrix in one.placed(Pose(**{f"step_{side}": 1.0})))
    foot = lower @ np.append(one.lower.end, 1)
    assert foot[1] < one.lower.end[1] - 15


def test_an_arm_tells_how_it_hangs() -> None:
    assert limb("arm_left").hangs == pytest.approx(limb("arm_right").hangs, abs=1)
    assert 30 < limb("arm_left").hangs < 60
