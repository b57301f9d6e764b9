"""Underground: a platform of the subway."""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.stage.paint.canvas import Canvas, Point, bloom, ramp, rgb
from muybridge.puppet.stage.plates import Light, Motion
from muybridge.puppet.stage.setting import Develop, Painting, Setting


def subway(setting: Setting) -> Painting:
    """An underground platform: tiles, strip lights in a row, a train that waits at the right."""
    canvas = setting.canvas()
    film = Develop(canvas, aperture=0.0195)
    vanish = (canvas.fx(0.40), canvas.fy(0.47))
    base = _tunnel(setting, canvas, vanish)
    strips = np.zeros_like(base)
    for depth in np.linspace(0.55, 3.2, 11):
        for x in (-0.34, 0.12):
            a = (vanish[0] + x / depth, vanish[1] - 0.50 / depth)
            layer = canvas.layer()
            canvas.rect(
                layer,
                (a[0] - 0.07 / depth, a[1] - 0.008 / depth),
                (a[0] + 0.07 / depth, a[1] + 0.010 / depth),
                rgb("#eef6ff", 5.0),
            )
            strips += layer[..., :3]
    light = bloom(base + strips, canvas.unit * 0.06, 0.06)
    plates = (
        film.plate(np.asarray(light, np.float32), 9.0),
        film.plate(_train(setting, canvas, vanish), 5.0, Motion(shift=(0.0006, 0.0004), period=0.9)),
        film.plate(_pillar(setting, canvas), 2.9),
    )
    lit = Light((-0.2, -0.9, 0.39), (0.46, 0.49, 0.48), (0.36, 0.39, 0.40), (0.40, 0.46, 0.48), (0.7, -0.7))
    return Painting(plates, lit, (0.3, 0.34, 0.34), (0.9, 0.96, 0.98), roofed=True)


def _tunnel(setting: Setting, canvas: Canvas, vanish: Point) -> Floats:
    rng = setting.rng(1)
    layer = canvas.layer(rgb("#5c666a"))

    def at(x: float, y: float, depth: float) -> Point:
        return vanish[0] + x / depth, vanish[1] + y / depth

    canvas.poly(
        layer, [at(-0.8, -0.6, 0.3), at(0.9, -0.6, 0.3), at(0.9, -0.6, 5), at(-0.8, -0.6, 5)], rgb("#4a5256")
    )
    canvas.poly(
        layer,
        [at(-0.8, 0.34, 0.3), at(0.45, 0.34, 0.3), at(0.45, 0.34, 5), at(-0.8, 0.34, 5)],
        rgb("#8c8f8c"),
    )
    canvas.poly(
        layer,
        [at(0.36, 0.34, 0.3), at(0.45, 0.34, 0.3), at(0.45, 0.34, 5), at(0.36, 0.34, 5)],
        rgb("#d8b23a"),
    )
    canvas.poly(
        layer,
        [at(-0.8, -0.6, 0.3), at(-0.8, 0.34, 0.3), at(-0.8, 0.34, 5), at(-0.8, -0.6, 5)],
        rgb("#c4cac6"),
    )
    for i in range(16):
        near, far = 0.4 + 0.26 * i, 0.4 + 0.26 * i + 0.16
        tone = rgb(("#2f6f8c", "#d8d4c4", "#b8543c", "#3c4a54")[int(rng.integers(4))])
        if i % 3 == 1:
            canvas.poly(
                layer,
                [at(-0.8, -0.26, near), at(-0.8, 0.06, near), at(-0.8, 0.06, far), at(-0.8, -0.26, far)],
                tone * 1.3,
            )
        canvas.poly(
            layer,
            [at(-0.8, 0.17, near), at(-0.8, 0.2, near), at(-0.8, 0.2, far + 0.1), at(-0.8, 0.17, far + 0.1)],
            rgb("#2f6f8c"),
        )
    away = np.hypot((canvas.x - vanish[0]) / 0.95, (canvas.y - vanish[1]) / 0.6)
    gain = 0.80 - 0.34 * ramp(away, 0.2, 1.1)
    light = layer[..., :3] * gain[..., None] * rgb("#eaf4f4")
    lamps = canvas.layer()
    for depth in np.linspace(0.5, 3.2, 12):
        for x in (-0.34, 0.12):
            a = at(x, 0.72, float(depth))
            canvas.rect(
                lamps,
                (a[0] - 0.06 / depth, a[1] - 0.05 / depth),
                (a[0] + 0.06 / depth, a[1] + 0.05 / depth),
                rgb("#dff0f4", 0.5),
            )
    shine = cv2.GaussianBlur(lamps[..., :3], (0, 0), sigmaX=canvas.unit * 0.012, sigmaY=canvas.unit * 0.05)
    floor = ramp(canvas.y, vanish[1] + 0.10, vanish[1] + 0.14)
    return np.asarray(light + shine * (0.8 * floor)[..., None], np.float32)


def _train(setting: Setting, canvas: Canvas, vanish: Point) -> Floats:
    """Cars in perspective with lit windows."""
    rng, layer = setting.rng(4), canvas.layer()

    def at(y: float, depth: float) -> Point:
        return vanish[0] + 0.5 / depth, vanish[1] + y / depth

    canvas.poly(layer, [at(-0.46, 0.3), at(0.42, 0.3), at(0.42, 2.4), at(-0.46, 2.4)], rgb("#aeb6ba"))
    canvas.poly(layer, [at(0.12, 0.3), at(0.18, 0.3), at(0.18, 2.4), at(0.12, 2.4)], rgb("#c83c34"))
    depth = 0.42
    while depth < 2.3:
        far = depth * 1.16
        canvas.poly(
            layer,
            [at(-0.30, depth), at(0.02, depth), at(0.02, far), at(-0.30, far)],
            rgb("#fff2d8", rng.uniform(1.0, 1.6)),
        )
        depth *= 1.27
    seam = 0.36
    while seam < 2.4:
        canvas.poly(
            layer,
            [at(-0.40, seam), at(0.40, seam), at(0.40, seam * 1.012), at(-0.40, seam * 1.012)],
            rgb("#4c5458"),
        )
        seam *= 1.27
    rise = ramp(canvas.y, canvas.fy(0.95), canvas.fy(0.1))
    away = ramp(canvas.x, vanish[0] + 0.15, canvas.half[0] * 1.1)
    layer[..., :3] *= ((0.5 + 0.4 * rise) * (0.8 + 0.3 * away))[..., None]
    return layer


def _pillar(setting: Setting, canvas: Canvas) -> Floats:
    """A tiled pillar near the left edge."""
    del setting
    layer = canvas.layer()
    x = canvas.fx(0.03)
    for i in range(8):
        share = i / 8
        tone = rgb("#dfe4e0") * np.float32(0.16 + 0.44 * np.sin(np.pi * (share * 0.8 + 0.15)))
        canvas.rect(
            layer,
            (x - 0.11 + 0.2 * share, canvas.top - 0.1),
            (x - 0.11 + 0.2 * (share + 0.14), -canvas.top + 0.1),
            tone,
        )
    canvas.rect(layer, (x - 0.11, canvas.fy(0.30)), (x + 0.115, canvas.fy(0.37)), rgb("#2f6f8c", 0.7))
    return layer
