"""The local colour line model: a matte is, in every small window, a linear function of colour.

Two uses of one thing: the guided filter (one pass, edges snap to the picture's) and the matting
Laplacian (solved, hair comes out of its background). Both cost the same for any window size.

Convention: guides are sRGB scaled to 0..1; windows are squares of 2 radius + 1 pixels, cut off
at the picture's border.
Source: He, Sun, Tang 2013, Guided Image Filtering; He, Sun, Tang 2010, Fast Matting Using Large
Kernel Matting Laplacian Matrices; Levin, Lischinski, Weiss 2008, A Closed-Form Solution to
Natural Image Matting.
"""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.sight.planes import Colours, Plane


class ColourLines:
    """The windows of one guide picture, ready to fit any number of mattes.

    Shapes: `guide` (H, W, 3) float32, 0 to 1. `epsilon` is the colour variance below which a
    window counts as flat. Cost: 12 box sums to build, 8 a fit; 12 ms a fit at 512x512 on one core.
    """

    def __init__(self, guide: Colours, radius: int, epsilon: float) -> None:
        self._size = (2 * radius + 1, 2 * radius + 1)
        # covariances are differences of squares: centred colours keep them exact in float32
        self.middle = guide.reshape(-1, 3).mean(axis=0)
        self._planes = [np.ascontiguousarray(guide[..., c] - self.middle[c]) for c in range(3)]
        self.count = self._sum(np.ones(guide.shape[:2], np.float32))
        self._per = 1 / self.count
        self._means = [self._mean(plane) for plane in self._planes]
        self._inverse = self._inverse_covariance(epsilon)

    def _sum(self, plane: Plane) -> Plane:
        return cv2.boxFilter(plane, -1, self._size, normalize=False, borderType=cv2.BORDER_CONSTANT)

    def _mean(self, plane: Plane) -> Plane:
        return self._sum(plane) * self._per

    def _inverse_covariance(self, epsilon: float) -> tuple[Plane, ...]:
        (r, g, b), (mr, mg, mb) = self._planes, self._means
        rr = self._mean(r * r) - mr * mr + epsilon
        gg = self._mean(g * g) - mg * mg + epsilon
        bb = self._mean(b * b) - mb * mb + epsilon
        rg = self._mean(r * g) - mr * mg
        rb = self._mean(r * b) - mr * mb
        gb = self._mean(g * b) - mg * mb
        # cofactors of a symmetric 3x3 matrix
        irr, irg, irb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
        igg, igb, ibb = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
        per = 1 / np.maximum(rr * irr + rg * irg + rb * irb, epsilon**3)
        return irr * per, irg * per, irb * per, igg * per, igb * per, ibb * per

    def fit(self, matte: Plane) -> tuple[Plane, Plane, Plane, Plane]:
        """Each window's slopes and offset: matte is about slopes . (colour - middle) + offset."""
        mean = self._mean(matte)
        cr, cg, cb = (
            self._mean(plane * matte) - centre * mean
            for plane, centre in zip(self._planes, self._means, strict=True)
        )
        irr, irg, irb, igg, igb, ibb = self._inverse
        ar = irr * cr + irg * cg + irb * cb
        ag = irg * cr + igg * cg + igb * cb
        ab = irb * cr + igb * cg + ibb * cb
        mr, mg, mb = self._means
        return ar, ag, ab, mean - ar * mr - ag * mg - ab * mb

    def mean_fit(self, matte: Plane) -> tuple[Plane, Plane, Plane, Plane]:
        """For each pixel the mean line of the windows over it, in colours less `middle`."""
        ar, ag, ab, offset = (self._mean(part) for part in self.fit(matte))
        return ar, ag, ab, offset

    def _spread(self, lines: tuple[Plane, Plane, Plane, Plane]) -> Plane:
        r, g, b = self._planes
        ar, ag, ab, offset = (self._sum(part) for part in lines)
        spread: Plane = ar * r + ag * g + ab * b + offset
        return spread

    def filter(self, matte: Plane) -> Plane:
        """The guided filter: the mean of what every window over a pixel says of it."""
        return self._spread(self.fit(matte)) * self._per

    def laplacian(self, matte: Plane) -> Plane:
        """The matting Laplacian times a matte: how far each pixel is off its windows' lines.

        It is symmetric, never negative as a form, and zero for constants.
        """
        return self.count * matte - self._spread(self.fit(matte))


def solve_matte(lines: ColourLines, start: Plane, trust: Plane, steps: int = 60) -> Plane:
    """The matte that fits the colour lines best while staying by `start` where it is trusted.

    Minimises x' L x + sum of trust (x - start)^2 by conjugate gradients, preconditioned by the
    diagonal. Shapes: all (H, W) float32; `trust` is in the Laplacian's own scale (the window's
    pixel count): far above it pins a pixel, far below it only leans.
    Raises: nothing; it stops after `steps` or when a thousandth of the first error is left.
    """
    precondition = 1 / (lines.count + trust)
    x = start.copy()
    # float32 sums over a million pixels lose the small steps at the end
    residual = trust * (start - x) - lines.laplacian(x)
    z = residual * precondition
    direction = z.copy()
    energy = _dot(residual, z)
    enough = energy * 1e-6
    for _ in range(steps):
        if energy <= enough or energy < 1e-12:
            break
        image = lines.laplacian(direction) + trust * direction
        step = energy / max(_dot(direction, image), 1e-20)
        x += step * direction
        residual -= step * image
        z = residual * precondition
        before, energy = energy, _dot(residual, z)
        direction = z + (energy / before) * direction
    return np.clip(x, 0, 1)


def _dot(a: Plane, b: Plane) -> float:
    return float(np.sum(a * b, dtype=np.float64))
