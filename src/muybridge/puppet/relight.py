"""The subject lit anew, so that it belongs to the place it stands in.

Normals come from the subject's outline blown up like a cushion and from the face's own relief;
the place's key, fill and rim are laid on in linear light, once, before any frame is drawn.
Convention: x right, y down, z toward the camera. Limit: the light the photo was taken in stays
underneath; a hard shadow in the source is not taken out.
"""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.light import to_linear, to_srgb
from muybridge.puppet.portrait import Bytes, Floats
from muybridge.puppet.rig.head import AXIS_DEPTH
from muybridge.puppet.rig.lattice import smoothstep
from muybridge.puppet.rig.rig import Rig
from muybridge.puppet.stage.plates import Light

SMALL = 0.25  # the size normals are worked out at: light is smooth
HOLD = 0.82  # exponent on the light's gain: a photo's own exposure is worth keeping
WRAP = 0.35  # how far light reaches round a form
SPILL = 0.16  # of the place's own colour that the outline takes on


def relit(rig: Rig, light: Light, around: Floats) -> Bytes:
    """The rig's sprite in another light.

    Shapes: returns (H, W, 4) uint8. `around` (3,) is the place's mean colour about the subject,
    linear, which spills over the outline.
    """
    rgba, unit = rig.sprite.rgba, rig.iod
    normals = _normals(rig)
    toward = np.array(light.direction, np.float32)
    toward = toward / max(float(np.linalg.norm(toward)), 1e-6)
    facing = np.clip((normals @ toward + WRAP) / (1 + WRAP), 0, 1)[..., None]
    gain = (np.array(light.ambient, np.float32) + np.array(light.key, np.float32) * facing) ** HOLD
    gain = cv2.resize(gain, (rgba.shape[1], rgba.shape[0]), interpolation=cv2.INTER_LINEAR)
    lit = to_linear(np.ascontiguousarray(rgba[..., :3])) * gain
    alpha = rgba[..., 3].astype(np.float32) / 255
    edge, outward = _edge(alpha, 0.034 * unit)
    rim_from = np.array(light.rim_from, np.float32)
    rim_from = rim_from / max(float(np.linalg.norm(rim_from)), 1e-6)
    catches = edge * np.clip(outward @ rim_from, 0, 1) ** 1.5
    lit = lit + catches[..., None] * np.array(light.rim, np.float32) * (0.35 + lit)
    lit = lit * (1 - SPILL * edge[..., None]) + SPILL * edge[..., None] * around
    return np.dstack([to_srgb(lit), rgba[..., 3]])


def _normals(rig: Rig) -> Floats:
    """Unit normals at a quarter of the sprite's size. Shapes: (h, w, 3)."""
    rgba = rig.sprite.rgba
    size = (max(int(rgba.shape[1] * SMALL), 2), max(int(rgba.shape[0] * SMALL), 2))
    alpha = cv2.resize(rgba[..., 3], size, interpolation=cv2.INTER_AREA)
    # the photo's own edge is no edge of the subject: go on beyond it before measuring
    pad = int(2.2 * rig.iod * SMALL)
    wide = cv2.copyMakeBorder((alpha > 127).astype(np.uint8), pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    inside = cv2.distanceTransform(wide, cv2.DIST_L2, 5)[pad:-pad, pad:-pad]
    radius = 1.5 * rig.iod * SMALL
    height = radius * np.sqrt(np.clip(1 - (1 - np.minimum(inside / radius, 1)) ** 2, 0, 1))
    depth = rig.head_depth()
    if depth is not None:
        relief = cv2.resize(depth, size, interpolation=cv2.INTER_LINEAR)
        height = height + 0.8 * (AXIS_DEPTH - relief) * rig.iod * SMALL
    height = cv2.GaussianBlur(np.asarray(height, np.float32), (0, 0), 0.05 * rig.iod * SMALL + 0.5)
    dx = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
    dy = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
    normals = np.dstack([-dx, -dy, np.ones_like(dx)])
    return np.asarray(normals / np.linalg.norm(normals, axis=2, keepdims=True), np.float32)


def _edge(alpha: Floats, width: float) -> tuple[Floats, Floats]:
    """How near the outline each pixel lies (1 on it), and the way outward. Shapes: (H, W), (H, W, 2)."""
    small = cv2.resize(alpha, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    padded = cv2.copyMakeBorder(small, 8, 8, 8, 8, cv2.BORDER_REPLICATE)
    soft = cv2.GaussianBlur(padded, (0, 0), max(width * 0.5, 1.0))
    dx = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=3)[8:-8, 8:-8]
    dy = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3)[8:-8, 8:-8]
    out = np.dstack([-dx, -dy]) / (np.hypot(dx, dy)[..., None] + 1e-4)
    near = smoothstep(soft[8:-8, 8:-8], 0.98, 0.55)
    size = (alpha.shape[1], alpha.shape[0])
    return cv2.resize(near, size) * alpha, cv2.resize(out, size)
