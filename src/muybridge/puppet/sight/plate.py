"""The background rebuilt behind the subject, to be shown softly out of focus.

Patches of the background that is seen are laid where it is not, at a small size; the deeper inside,
the softer, so that what repeats does not show. Without the patch library, colours are drawn inward
from the edge instead.
Limits: made to be seen under a defocus of about 1 % of the picture's height; sharp, it shows seams.
Source: Barnes et al. 2009, PatchMatch.
"""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.sight.planes import Colours, Mask, Plane, as_bytes, as_unit, fitted, grown, smoothstep

FILLED = 160  # pixels on the long side; patches cost four times as much at twice the size
TOUCHED = 0.02  # the least coverage that spoils a background pixel
MARGIN = 0.015  # and how far around it, of the long side: fringes, shadows, stray hair
SOFTEST = 6.0  # sigma of the deepest fill, in pixels of the small size


def rebuilt_plate(rgb: Bytes, matte: Floats, avoid: Mask | None = None) -> Bytes:
    """The picture without its subject.

    Shapes: `rgb` (H, W, 3), `matte` (H, W), `avoid` (H, W) where patches must not come from (other
    people), to (H, W, 3). Cost: 0.5 s on one core, for any size.
    """
    height, width = matte.shape
    long_side = max(height, width)
    hidden = grown(matte > TOUCHED, max(6.0, MARGIN * long_side))
    if not hidden.any():
        return rgb.copy()
    if hidden.all():
        return backdrop(rgb, matte)
    scale = min(1.0, FILLED / long_side)
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    small, hole = _shrunk(rgb, hidden, size)
    spared = None if avoid is None else (fitted(avoid.astype(np.float32), *size) > 0.1).astype(np.uint8)
    filled = as_unit(_fill(small, hole, spared))
    fill = cv2.resize(_softened(filled, hole), (width, height), interpolation=cv2.INTER_CUBIC)
    return as_bytes(_joined(as_unit(rgb), fill, hidden))


def backdrop(rgb: Bytes, matte: Floats) -> Bytes:
    """A plain studio ground for a subject that came without one, a shade of the subject's own tones.

    Shapes: as `rebuilt_plate`.
    """
    height, width = matte.shape
    weight = matte[..., None]
    tone = (as_unit(rgb) * weight).sum(axis=(0, 1)) / max(float(matte.sum()), 1.0)
    grey = float(tone.mean())
    # light grounds for dark subjects and the other way about, hardly coloured
    base = (0.72 if grey < 0.5 else 0.42) + 0.25 * (tone - grey)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    off = np.hypot((x / width - 0.5) * 1.1, y / height - 0.42)
    light = 1.12 - 0.55 * smoothstep(off, 0.1, 0.95)
    return as_bytes(base.astype(np.float32) * light[..., None])


def _shrunk(rgb: Bytes, hidden: Mask, size: tuple[int, int]) -> tuple[Bytes, Mask]:
    # means of the seen pixels alone, so that no subject's colour bleeds into the ground
    seen = (1 - hidden).astype(np.float32)
    share = fitted(seen, *size)
    colours = fitted(rgb * seen[..., None], *size) / np.maximum(share, 1e-3)[..., None]
    hole = (share < 0.5).astype(np.uint8)
    return np.clip(colours + 0.5, 0, 255).astype(np.uint8), hole


def _fill(small: Bytes, hole: Mask, spared: Mask | None) -> Bytes:
    try:
        from patchmatch import patch_match
    except ImportError:
        return drawn_inward(small, hole)
    if not patch_match.patchmatch_available:
        return drawn_inward(small, hole)
    source = 1 - hole if spared is None else (1 - hole) & (1 - spared)
    if source.mean() < 0.05:
        return drawn_inward(small, hole)
    patch_match.set_random_seed(1)
    if spared is None:
        return patch_match.inpaint(small, hole * 255, patch_size=3)
    keep = spared & (1 - hole)
    return patch_match.inpaint(small, hole * 255, global_mask=keep * 255, patch_size=3)


def drawn_inward(small: Bytes, hole: Mask) -> Bytes:
    """The hole filled from its edge without patches: soft, plain, and never wrong by much.

    Shapes: `small` (H, W, 3) uint8, `hole` (H, W) uint8. Source: Telea 2004.
    """
    return cv2.inpaint(small, hole, 5, cv2.INPAINT_TELEA).astype(np.uint8)


def _softened(filled: Colours, hole: Mask) -> Colours:
    # three blurs, chosen by the depth inside the hole
    depth = cv2.distanceTransform(hole, cv2.DIST_L2, 5)
    depth = cv2.GaussianBlur(depth, (0, 0), 2.0)
    out = filled
    for sigma, low, high in ((1.5, 2.0, 10.0), (3.0, 8.0, 24.0), (SOFTEST, 20.0, 48.0)):
        share = smoothstep(depth, low, high)[..., None]
        out = out + share * (cv2.GaussianBlur(filled, (0, 0), sigma) - out)
    return out


def _joined(picture: Colours, fill: Colours, hidden: Mask) -> Colours:
    # the seam lies inside the hidden part: no pixel of the subject's fringe is kept
    reach = max(3.0, 0.01 * max(hidden.shape))
    outside = cv2.distanceTransform(1 - hidden, cv2.DIST_L2, 5)
    kept: Plane = smoothstep(outside, 0.0, reach)[..., None]
    joined: Colours = picture * kept + fill * (1 - kept)
    return joined
