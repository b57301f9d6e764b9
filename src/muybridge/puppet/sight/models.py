"""The networks that see, opened once and called as plain functions of arrays.

Limits: CPU only. An interpreter keeps its buffers between calls, so one `Models` serves one
thread at a time. Nothing is opened before it is first needed.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]

FACE_BUNDLE = "face_landmarker_v2.task"
SALIENCE = "u2netp.onnx"
PERSON = "selfie_segmentation.tflite"
BODY = "pose_detection.tflite"
JOINTS = "pose_landmark_full.tflite"
FIVE_POINTS = "face_detection_yunet_2023mar.onnx"  # wanted for drawings alone
WEIGHTS = (FACE_BUNDLE, SALIENCE, PERSON, BODY, JOINTS)


class LiteNet:
    """One LiteRT network as a function of its one input.

    Shapes: the input without its batch axis; the outputs flat, in the network's own order.
    """

    def __init__(self, content: bytes, threads: int) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self._net: Any = Interpreter(model_content=content, num_threads=threads)
        self._net.allocate_tensors()
        self._in = self._net.get_input_details()[0]
        self._outs = [detail["index"] for detail in self._net.get_output_details()]

    def __call__(self, given: Floats) -> tuple[Floats, ...]:
        """Run the network once."""
        self._net.set_tensor(self._in["index"], np.ascontiguousarray(given[None], dtype=np.float32))
        self._net.invoke()
        return tuple(np.array(self._net.get_tensor(out), dtype=np.float32).ravel() for out in self._outs)


class SalienceNet:
    """U2-Netp: how much each pixel belongs to what the picture is about.

    Shapes: (3, 320, 320) normalised RGB in, (320, 320) from 0 to 1 out.
    Source: Qin et al. 2020, U2-Net.
    """

    def __init__(self, path: Path, threads: int) -> None:
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # an arena would keep 450 MB from this one picture's look through every frame drawn after it
        options.enable_cpu_mem_arena = False
        # threads that spin while idle would take the cores the renderer works on
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._net = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._input: str = self._net.get_inputs()[0].name
        self._output: str = self._net.get_outputs()[0].name

    def __call__(self, given: Floats) -> Floats:
        """Run the network once."""
        batch: Floats = np.asarray(self._net.run([self._output], {self._input: given[None]})[0])
        out: Floats = batch[0, 0]
        return out


class FivePoints:
    """YuNet as a function of a picture.

    Shapes: (H, W, 3) uint8 RGB in; rows of 15 out: x, y, width, height, right eye, left eye, nose,
    right and left corner of the mouth in pixels, and a score, 0 to 1. Source: Wu et al. 2023, YuNet.
    """

    def __init__(self, path: Path) -> None:
        cv2.utils.logging.setLogLevel(
            cv2.utils.logging.LOG_LEVEL_ERROR
        )  # it warns of a back end not asked for
        self._net = cv2.FaceDetectorYN.create(str(path), "", (320, 320), 0.5)

    def __call__(self, rgb: Bytes) -> Floats:
        """Run the network once."""
        self._net.setInputSize((rgb.shape[1], rgb.shape[0]))
        _, rows = self._net.detect(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
        return np.zeros((0, 15), np.float32) if rows is None else np.asarray(rows, np.float32)


class Models:
    """Every network of sight, by a function that says where a weight file lies.

    `path_of` is a weight store's `path`; it raises WeightsMissing where a file is not there.
    """

    def __init__(self, path_of: Callable[[str], Path], threads: int | None = None) -> None:
        self._path_of = path_of
        self._threads = max(1, min(threads or usable_cores(), 4))

    @cached_property
    def _bundle(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self._path_of(FACE_BUNDLE)) as bundle:
            return {name: bundle.read(name) for name in bundle.namelist() if name.endswith(".tflite")}

    @cached_property
    def face_detector(self) -> LiteNet:
        """BlazeFace, short range: (128, 128, 3) in -1..1 to 896x16 boxes and 896 logits."""
        return LiteNet(self._bundle["face_detector.tflite"], self._threads)

    @cached_property
    def face_mesh(self) -> LiteNet:
        """(256, 256, 3) in 0..1 to 478x3 points in that crop's pixels, presence logit, tongue."""
        return LiteNet(self._bundle["face_landmarks_detector.tflite"], self._threads)

    @cached_property
    def expression(self) -> LiteNet:
        """146x2 points in pixels to 52 blendshape weights."""
        return LiteNet(self._bundle["face_blendshapes.tflite"], self._threads)

    @cached_property
    def person(self) -> LiteNet:
        """(256, 256, 3) in 0..1 to how much each pixel is of a person, 256x256 from 0 to 1."""
        return LiteNet(self._path_of(PERSON).read_bytes(), self._threads)

    @cached_property
    def pose_detector(self) -> LiteNet:
        """(224, 224, 3) in -1..1 to 2254x12 boxes and 2254 logits."""
        return LiteNet(self._path_of(BODY).read_bytes(), self._threads)

    @cached_property
    def pose(self) -> LiteNet:
        """(256, 256, 3) in 0..1 to 39x5 points in that crop's pixels and a presence, 0 to 1."""
        return LiteNet(self._path_of(JOINTS).read_bytes(), self._threads)

    @cached_property
    def five_points(self) -> FivePoints:
        """YuNet: faces with five points, drawn ones too."""
        return FivePoints(self._path_of(FIVE_POINTS))

    @cached_property
    def salience(self) -> SalienceNet:
        """U2-Netp at 320 pixels."""
        return SalienceNet(self._path_of(SALIENCE), self._threads)


def usable_cores() -> int:
    """How many cores this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        return os.cpu_count() or 1
