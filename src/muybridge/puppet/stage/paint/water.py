"""Water: a sea in perspective that mirrors its sky, glitter below the sun, surf and wet sand.

Source: Fresnel's reflectance after Schlick; glitter as the share of wave facets that happen to
mirror the sun, which grows wider toward the viewer.
"""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas, Colour, ramp
from muybridge.puppet.stage.paint.noise import Ground


def waves(ground: Ground, seed: int, long: float = 3.2) -> Floats:
    """Heights of waves that lie on a ground, long across. Shapes: (h, w), about unit deviation."""
    swell = ground.noise(0.9, seed, 3, long * 1.6)
    ripple = ground.noise(3.2, seed + 7, 4, long)
    return np.asarray(0.6 * swell + 0.62 * ripple, np.float32)


def sea(
    canvas: Canvas,
    ground: Ground,
    above: Floats,
    horizon: float,
    deep: Colour,
    height: Floats,
    rough: float = 1.0,
) -> Floats:
    """The sea's light below the horizon: its own colour, and the sky mirrored in its waves.

    Shapes: `above` (h, w, 3) the sky to mirror; `height` (h, w) from `waves`; returns (h, w, 3).
    """
    below = np.maximum(canvas.y - np.float32(horizon), 0)
    lift = np.float32(0.06 * rough) * height * np.minimum(1, below * 9 + 0.1)
    mirrored = np.float32(horizon) - below * np.float32(0.85) - np.abs(lift) - np.float32(0.012)
    row = np.clip((mirrored - np.float32(canvas.top)) * np.float32(canvas.unit), 0, canvas.height - 1)
    column = (canvas.x - np.float32(canvas.left)) * np.float32(canvas.unit) - 0.5
    calm = cv2.GaussianBlur(np.minimum(above, 2.2), (0, 0), canvas.unit * 0.02)
    seen = cv2.remap(calm, column, row.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    grazing = np.exp(-below * 3.0)
    share = np.clip(0.22 + 0.66 * grazing - 0.17 * height, 0.06, 0.95)[..., None]
    return np.asarray(np.asarray(deep, np.float32) * (1 - share) + seen * share, np.float32)


def glitter(
    canvas: Canvas, ground: Ground, sun_x: float, horizon: float, seed: int, *, wide: float = 0.035
) -> Floats:
    """How much sunlight each place of the water mirrors: a broken path below the sun. Shapes: (h, w)."""
    below = np.maximum(canvas.y - np.float32(horizon), 0)
    spread = np.float32(wide) + below * np.float32(0.26)
    path = np.exp(-(((canvas.x - np.float32(sun_x)) / spread) ** 2))
    facets = ground.noise(4.2, seed, 4, 4.5) + 0.4 * ground.noise(1.3, seed + 3, 2, 6.0)
    # far off the facets are too fine to tell apart: bands of swell are left
    streaks = ground.noise(0.35, seed + 5, 3, 9.0)
    near = ramp(below, 0.0, 0.12)
    fine = np.maximum(facets - np.float32(1.25) + np.float32(1.1) * path, 0) * 1.6
    bands = np.clip(0.2 + 0.3 * streaks, 0, 1) * np.exp(-below * 6)
    return np.asarray(path * (near * fine + (1 - near) * bands) * ground.below, np.float32)


def mirrored(canvas: Canvas, above: Floats, line: float, rough: Floats) -> Floats:
    """What a wet road shows of the street above: upside down and drawn out toward the camera."""
    below = np.maximum(canvas.y - np.float32(line), 0)
    row = np.clip(
        (np.float32(line) - below * 1.15 - np.float32(canvas.top)) * np.float32(canvas.unit),
        0,
        canvas.height - 1,
    )
    column = (canvas.x - np.float32(canvas.left)) * np.float32(canvas.unit) - 0.5 + 2.5 * rough
    smeared = cv2.GaussianBlur(above, (0, 0), sigmaX=canvas.unit * 0.006, sigmaY=canvas.unit * 0.05)
    return np.asarray(
        cv2.remap(
            smeared,
            column.astype(np.float32),
            row.astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.float32,
    )
