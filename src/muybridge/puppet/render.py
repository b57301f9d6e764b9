"""One take: a portrait and a storyboard in, frames out.

Any frame can be drawn alone and comes out the same as in sequence; several are drawn at once,
on as many threads as asked for, and given out in order. Same input and seed, same frames.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import cv2
import numpy as np

from muybridge.domain.storyboard import Storyboard
from muybridge.puppet.acting.body_acts import APPROACHES
from muybridge.puppet.acting.cast import Cast
from muybridge.puppet.acting.performance import Performance
from muybridge.puppet.camera import Camera, View
from muybridge.puppet.composite import Region, covered, motion_blur, out_of_focus, over, place, source_map
from muybridge.puppet.framing import Wanted, frame_subject, joined, picture_to_frame
from muybridge.puppet.grade import Grading
from muybridge.puppet.grain import Grain
from muybridge.puppet.guard import Guard
from muybridge.puppet.portrait import Bytes, Floats, Portrait
from muybridge.puppet.relight import relit
from muybridge.puppet.rig.anatomy import EYES, Side
from muybridge.puppet.rig.controls import Pose
from muybridge.puppet.rig.lattice import remap, sample
from muybridge.puppet.rig.rig import Rig
from muybridge.puppet.rig.sprite import cut_out
from muybridge.puppet.shadow import Shadow
from muybridge.puppet.staging import colour_around, grades_for, set_stage
from muybridge.units import FrameRate, Size

FOCUS = 0.006  # radius of blur, of the frame's width, of a subject that is quite out of focus
LOOM = 0.10  # depths a plain lean toward the camera comes nearer
AHEAD = 3  # frames drawn ahead for each thread, so that a slow frame stalls nobody


class Take:
    """One take, ready to be drawn: `frames` gives them all, `draw` any one alone."""

    def __init__(
        self, portrait: Portrait, storyboard: Storyboard, size: Size, rate: FrameRate, seed: int
    ) -> None:
        self.size = size
        approaches = any(beat.action in APPROACHES for beat in storyboard.beats)
        self._camera = Camera(storyboard, rate, seed, size)
        wanted = Wanted(approaches, storyboard.shot, self._camera.closest, storyboard.first_frame)
        self._framing = frame_subject(portrait, size, wanted)
        self._rig = Rig(cut_out(portrait, self._framing.closest))
        self._performance = Performance(storyboard, rate, seed, self._cast(portrait))
        self._stage = set_stage(portrait, storyboard, self._framing, size, seed)
        if self._stage.light is not None:
            self._rig.wear(relit(self._rig, self._stage.light, colour_around(self._stage, size)))
        grades, ungraded = grades_for(storyboard)
        self._grading, self._grain, self._rate = Grading(grades), Grain(size, seed), rate
        sprite = self._rig.sprite
        place = np.array(
            [[1 / sprite.scale, 0, -sprite.left / sprite.scale], [0, 1 / sprite.scale, 0]], np.float32
        )
        self._rest = joined(picture_to_frame(self._framing), place)
        columns = np.flatnonzero(sprite.rgba[..., 3].max(0))
        rows = np.flatnonzero(sprite.rgba[..., 3].max(1))
        self._box = np.array([0, 0, 1, 1], np.float32)
        if len(columns):
            self._box = np.array([columns[0], rows[0], columns[-1], rows[-1]], np.float32)
        self._shadow = Shadow(sprite) if self._framing.grounded else None
        self._guard = Guard(sprite.rgba, self._rig.lattice, size)
        self._thread = threading.local()
        limits = self._rig.limits(map(self._performance.pose, range(len(self))))
        self.notes = (*self._performance.notes, *limits, *self._stage.notes, *ungraded)

    def _cast(self, portrait: Portrait) -> Cast:
        limbs = frozenset(limb.name for limb in self._rig.limbs)
        return Cast(_near_eye(portrait), bool(portrait.faces) or portrait.drawn is not None, limbs)

    def __len__(self) -> int:
        return len(self._performance)

    def frames(
        self, finish: Callable[[Bytes], Bytes] | None = None, threads: int | None = None
    ) -> Iterator[Bytes]:
        """Every frame in order. Shapes: (H, W, 3) uint8 RGB, or what `finish` makes of it.

        `finish` runs in the drawing threads. Closing the iterator stops them.
        """
        threads = threads or max(1, min(os.cpu_count() or 1, 8))
        before = cv2.getNumThreads()
        cv2.setNumThreads(1)  # frames are the parallel unit; nested threads only get in each other's way
        pool = ThreadPoolExecutor(threads, thread_name_prefix="draw")
        try:
            waiting: deque[Future[Bytes]] = deque()
            for i in range(len(self)):
                waiting.append(pool.submit(self._finished, i, finish))
                if len(waiting) >= threads * AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            cv2.setNumThreads(before)

    def draw(self, frame: int) -> Bytes:
        """One frame alone. Shapes: (H, W, 3) uint8 RGB."""
        pose, view = self._moment(frame)
        t = float(self._rate.time_of(frame))
        picture = self._stage.draw_behind(view, t)
        free = joined(view.project(self._depth(pose), self.size), self._placed(pose))
        moved = self._rig.displacement(pose)
        to_frame = self._guard.kept(free, moved)
        travel, blur = self._travel(frame, free), view.focus * FOCUS * self.size.width
        # how far the rig and the blurs can carry anything out of the sprite's box
        stir = float(np.abs(moved).max()) * float(np.hypot(to_frame[0, 0], to_frame[1, 0]))
        margin = 1.5 * stir + 0.5 * float(np.hypot(*travel)) + 3 * blur + 4
        region = covered(self._box, to_frame, margin, (self.size.width, self.size.height))
        if self._shadow is not None:
            standing = joined(view.project(self._depth(pose), self.size), self._rest)
            self._shadow.draw(picture, standing, pose.bob)
        self._limbs("leg", pose, moved, to_frame, picture)
        if region is not None:
            layer = motion_blur(self._layer(pose, moved, to_frame, region), travel)
            over(out_of_focus(layer, blur), picture, region)
        self._limbs("arm", pose, moved, to_frame, picture)
        self._stage.draw_before(picture, view, t)
        return self._grain.add(self._grading.apply(picture), frame)

    def _finished(self, frame: int, finish: Callable[[Bytes], Bytes] | None) -> Bytes:
        picture = self.draw(frame)
        return finish(picture) if finish else picture

    def _moment(self, frame: int) -> tuple[Pose, View]:
        """The pose and the camera at a frame; going round the subject shows more of one side."""
        pose, view = self._performance.pose(frame), self._camera.view(frame)
        return (replace(pose, yaw=pose.yaw - view.turn).bounded() if view.turn else pose), view

    def _limbs(self, kind: str, pose: Pose, moved: Floats, to_frame: Floats, picture: Bytes) -> None:
        """Lay the free arms or legs over the frame, each hung where its joint went."""
        for limb in self._rig.limbs:
            if limb.kind != kind:
                continue
            hung = sample(moved, (limb.upper.pivot / self._rig.lattice.step)[None, None])[0, 0]
            for part, turned in limb.placed(pose):
                carried = turned + np.array([[0, 0, hung[0]], [0, 0, hung[1]]], np.float32)
                place(part.rgba, joined(joined(to_frame, carried), part.corner), picture)

    def _layer(self, pose: Pose, moved: Floats, to_frame: Floats, region: Region) -> Bytes:
        shrink = float(np.hypot(to_frame[0, 0], to_frame[1, 0]))
        index = self._rig.pyramid.index(shrink)
        level = self._rig.pyramid.level(index)
        pixels = self._own(index, level.rgba)
        level.paint(pose, pixels)
        source = source_map(self._rig.lattice, moved, to_frame, region, level.scale)
        return remap(pixels, source, cv2.BORDER_CONSTANT)

    def _own(self, index: int, rgba: Bytes) -> Bytes:
        """This thread's own copy of a level, to paint in; the last two are kept."""
        copies: dict[int, Bytes] = self._thread.__dict__.setdefault("copies", {})
        if index not in copies:
            while len(copies) >= 2:
                copies.pop(next(iter(copies)))
            copies[index] = rgba.copy()
        return copies[index]

    def _depth(self, pose: Pose) -> float:
        far, close = self._framing.far, self._framing.close
        return far + (close - far) * pose.near - LOOM * pose.loom

    def _placed(self, pose: Pose) -> Floats:
        """From the sprite to frame pixels at depth 1: the subject's own bob, sway and tip."""
        unit = self._rig.iod * float(self._rest[0, 0])
        turn = np.deg2rad(pose.tip * self._framing.room)
        pivot = self._framing.stand + np.array([0, 4.0 * unit], np.float32)
        linear = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]], np.float32)
        shift = (
            pivot
            - linear @ pivot
            + self._framing.room * np.array([pose.sway * unit, -pose.bob * unit], np.float32)
        )
        return joined(np.hstack([linear, shift[:, None]]).astype(np.float32), self._rest)

    def _travel(self, frame: int, to_frame: Floats) -> tuple[float, float]:
        """How far the subject's middle moves from this frame to the next, in pixels."""
        following = min(frame + 1, len(self) - 1)
        pose, view = self._moment(following)
        then = joined(view.project(self._depth(pose), self.size), self._placed(pose))
        middle = np.append((self._box[:2] + self._box[2:]) / 2, 1).astype(np.float32)
        dx, dy = (then - to_frame) @ middle
        return float(dx), float(dy)


def _near_eye(portrait: Portrait) -> Side:
    """The eye nearer the camera: it looks the wider of the two. The left one where they match."""
    if not portrait.faces:
        return "left"
    points = portrait.faces[0].points
    width = {s: float(np.linalg.norm(np.subtract(*points[list(p.corners), :2]))) for s, p in EYES.items()}
    return "right" if width["right"] > 1.06 * width["left"] else "left"
