"""The picture's own background as a stage: rebuilt behind the subject, out of focus, at a depth.

Where the picture itself is the frame, the background stays where it was, as sharp and as bright.

Convention: drawn once on a canvas of the frame's size and a margin, sRGB; the blur is a lens's
disc in linear light, so highlights open into discs instead of greying out.
"""

from __future__ import annotations

import cv2
import numpy as np

from muybridge.puppet.camera import REST, View
from muybridge.puppet.framing import Framing, joined
from muybridge.puppet.light import to_linear, to_srgb
from muybridge.puppet.portrait import Bytes
from muybridge.puppet.stage.paint.canvas import defocus
from muybridge.units import Size

BEHIND = 0.85  # depths the background lies behind where an approach begins
DISC = 0.0125  # radius of the blur disc, of the frame's width
MARGIN = 0.06  # of the frame on each side, for a camera that turns; beyond it the edge is drawn out


class Backdrop:
    """A background layer: `draw` fills a frame with it as the camera sees it."""

    def __init__(self, plate: Bytes, framing: Framing, size: Size) -> None:
        """Shapes: `plate` (h, w, 3) uint8."""
        self._size, self._depth = size, framing.far + BEHIND
        margin = (MARGIN * size.width, MARGIN * size.height)
        canvas = Size(int(size.width + 2 * margin[0]), int(size.height + 2 * margin[1]))
        self._margin = ((canvas.width - size.width) / 2, (canvas.height - size.height) / 2)
        drawn = self._as_it_was if framing.whole else self._out_of_focus
        picture = drawn(plate, framing, canvas)
        # four channels are resampled twice as fast as three, for they lie aligned
        self._canvas = cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA)
        self._rest: Bytes = self._drawn(REST)

    def draw(self, view: View) -> Bytes:
        """The background as the camera sees it, free to be drawn on. Shapes: (H, W, 3) uint8."""
        return self._rest.copy() if view == REST else self._drawn(view)

    def _drawn(self, view: View) -> Bytes:
        depth, size = self._depth, self._size
        centre = np.array([size.width / 2 - 0.5, size.height / 2 - 0.5])
        # the canvas is the layer seen from rest, so bring it up to the size it has at depth 1
        back = np.array(
            [[depth, 0, centre[0] - depth * (centre[0] + self._margin[0])],
             [0, depth, centre[1] - depth * (centre[1] + self._margin[1])]], np.float32
        )  # fmt: skip
        matrix = joined(view.project(depth, size), back)
        frame = cv2.warpAffine(
            self._canvas,
            matrix,
            (size.width, size.height),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGBA2RGB), np.uint8)

    def _as_it_was(self, plate: Bytes, framing: Framing, canvas: Size) -> Bytes:
        scale, shift = framing.closest, framing.stand + self._margin - framing.closest * framing.anchor
        to_canvas = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float32)
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        drawn = cv2.warpAffine(
            plate, to_canvas, (canvas.width, canvas.height), flags=how, borderMode=cv2.BORDER_REFLECT_101
        )
        return np.asarray(drawn, np.uint8)

    def _out_of_focus(self, plate: Bytes, framing: Framing, canvas: Size) -> Bytes:
        height, width = plate.shape[:2]
        scale = max(framing.closest, canvas.width / (width - 2), canvas.height / (height - 2))
        half = 0.5  # the canvas is drawn at half size: it is out of focus anyway
        shift = framing.stand + self._margin - scale * framing.anchor
        shift = np.clip(
            shift, [canvas.width - scale * (width - 1), canvas.height - scale * (height - 1)], 0.0
        )
        to_canvas = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float32) * half
        small = (canvas.width // 2 + 1, canvas.height // 2 + 1)
        drawn = cv2.warpAffine(
            plate, to_canvas, small, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        blurred = to_srgb(defocus(to_linear(np.asarray(drawn, np.uint8)), DISC * self._size.width * half))
        large = cv2.resize(blurred, (small[0] * 2, small[1] * 2), interpolation=cv2.INTER_CUBIC)
        return self._shaded(np.asarray(large, np.uint8))

    @staticmethod
    def _shaded(picture: Bytes) -> Bytes:
        """Corners a little darker and colours a little quieter, so that the eye stays on the subject."""
        height, width = picture.shape[:2]
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        out = ((x / width - 0.5) ** 2 + (y / height - 0.5) ** 2) * 2
        grey = picture.mean(2, keepdims=True)
        quiet = grey + (picture - grey) * 0.93
        return np.asarray(np.clip(quiet * (0.97 - 0.16 * out**1.3)[..., None], 0, 255), np.uint8)
