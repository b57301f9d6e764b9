"""The small pictures of what tumbles: petals, leaves, confetti, bubbles.

Shapes: every maker returns (k, SPRITE, SPRITE, 4) uint8 with straight alpha, one for each colour.
"""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.stage.particles.flakes import SPRITE

FINE = 4  # drawn larger and shrunk, for smooth edges

PETALS = ((250, 208, 218), (247, 190, 206), (255, 232, 236))
LEAVES = ((196, 98, 30), (214, 142, 38), (160, 58, 30), (182, 128, 52), (138, 92, 40))
CONFETTI = ((236, 64, 88), (255, 196, 46), (52, 152, 219), (72, 187, 120), (172, 92, 214), (255, 132, 60))


def _cut(shape: Bytes, colour: tuple[int, int, int], shading: Floats) -> Bytes:
    """A white shape on black as a sprite of one colour, shaded."""
    alpha = cv2.resize(shape, (SPRITE, SPRITE), interpolation=cv2.INTER_AREA)
    tone = np.clip(np.array(colour, np.float32) * shading[..., None], 0, 255)
    return np.dstack([tone, alpha]).astype(np.uint8)


def _grid() -> tuple[Floats, Floats]:
    axis = (np.arange(SPRITE, dtype=np.float32) - (SPRITE - 1) / 2) / (SPRITE / 4)
    x, y = np.meshgrid(axis, axis)
    return x, y


def _outline(points: Floats) -> Bytes:
    """A filled outline in radii about the middle."""
    side = SPRITE * FINE
    shape = np.zeros((side, side), np.uint8)
    cv2.fillPoly(shape, [np.rint(points * (side / 4) + side / 2).astype(np.int32)], 255)
    return shape


def petals() -> Bytes:
    """Cherry petals: broad, notched at the tip, paler toward the edge."""
    turn = np.linspace(0, 2 * np.pi, 80)
    radius = 0.92 + 0.1 * np.cos(turn) - 0.26 * np.exp(-(((turn - np.pi) / 0.22) ** 2))
    points = np.stack([-radius * np.cos(turn), 0.66 * radius * np.sin(turn)], 1)
    x, y = _grid()
    shading = 1.04 - 0.16 * np.exp(-((x - 0.7) ** 2 + y**2) * 3) - 0.05 * np.abs(np.sin(5 * y))
    return np.stack([_cut(_outline(points), colour, shading) for colour in PETALS])


def leaves() -> Bytes:
    """Autumn leaves: pointed, with a rib and a stalk."""
    turn = np.linspace(0, 2 * np.pi, 90)
    width = 0.55 * np.abs(np.sin(turn)) ** 0.8 * np.sign(np.sin(turn)) * (1 + 0.12 * np.cos(9 * turn))
    points = np.stack([np.cos(turn) * 0.95, width], 1)
    shape = _outline(points)
    side = SPRITE * FINE
    cv2.line(shape, (round(side * 0.72), side // 2), (round(side * 0.9), round(side * 0.53)), 255, 5)
    x, y = _grid()
    ribs = 0.12 * np.exp(-((y / 0.05) ** 2)) + 0.05 * np.sin(14 * (x - np.abs(y)))
    shading = 0.95 + ribs - 0.18 * (y > 0)
    return np.stack([_cut(shape, colour, shading) for colour in LEAVES])


def confetti() -> Bytes:
    """Paper slips in bright colours."""
    corners = np.array([(-0.85, -0.5), (0.85, -0.5), (0.85, 0.5), (-0.85, 0.5)])
    x, _ = _grid()
    shading = 0.95 + 0.12 * np.sin(1.6 * x + 0.6)
    return np.stack([_cut(_outline(corners), colour, shading) for colour in CONFETTI])


def bubbles() -> Bytes:
    """Bubbles: clear in the middle, a bright rim, a glint at the upper left and one opposite."""
    x, y = _grid()
    r = np.hypot(x, y)
    rim = np.exp(-(((r - 0.9) / 0.09) ** 2)) * (0.65 + 0.35 * np.clip(-(x + y) / 1.3, -1, 1))
    glint = np.exp(-((x + 0.42) ** 2 + (y + 0.45) ** 2) * 26) + 0.5 * np.exp(
        -((x - 0.45) ** 2 + (y - 0.5) ** 2) * 18
    )
    alpha = np.clip(0.62 * rim + 0.9 * glint + 0.07 * (r < 0.9), 0, 0.95)
    tone = np.dstack([210 + 45 * glint, 235 + 20 * glint, 245 + 10 * glint])
    return np.dstack([np.clip(tone, 0, 255), alpha * 255]).astype(np.uint8)[None]
