"""The controls: everything about a subject that can move, at one moment.

Convention: left and right are the subject's own; angles in degrees; lengths in iod (the distance
between the irises); 0 is as in the picture. The limits are where a warp of one picture still
looks right; `Pose.bounded` holds every control within them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

LIMITS: dict[str, tuple[float, float]] = {
    "lid_right": (-0.25, 1.0),
    "lid_left": (-0.25, 1.0),
    "wink_right": (0.0, 1.0),
    "wink_left": (0.0, 1.0),
    "squint": (0.0, 1.0),
    "gaze_x": (-0.05, 0.05),
    "gaze_y": (-0.03, 0.03),
    "smile": (-0.85, 1.3),
    "jaw": (-1.0, 1.0),
    "bite": (0.0, 1.0),
    "pucker": (-0.6, 1.0),
    "sneer": (0.0, 1.0),
    "brow_right": (-1.0, 1.0),
    "brow_left": (-1.0, 1.0),
    "brow_inner": (-1.0, 1.0),
    "yaw": (-13.0, 13.0),
    "pitch": (-9.0, 9.0),
    "roll": (-8.0, 8.0),
    "breath": (-1.0, 1.0),
    "shoulders": (-0.16, 0.16),
    "hunch": (-1.0, 1.5),
    "lean": (-0.25, 0.25),
    "hair_x": (-0.12, 0.12),
    "hair_y": (-0.10, 0.10),
    "bob": (-0.6, 0.6),
    "sway": (-0.4, 0.4),
    "tip": (-5.0, 5.0),
    "arm_right": (-40.0, 165.0),
    "arm_left": (-40.0, 165.0),
    "elbow_right": (-125.0, 150.0),
    "elbow_left": (-125.0, 150.0),
    "leg_right": (-30.0, 45.0),
    "leg_left": (-30.0, 45.0),
    "knee_right": (-70.0, 60.0),
    "knee_left": (-70.0, 60.0),
    "step_right": (0.0, 1.0),
    "step_left": (0.0, 1.0),
    "near": (0.0, 1.0),
    "loom": (0.0, 1.2),
}


@dataclass(frozen=True, slots=True)
class Pose:
    """One moment of a performance.

    lid_*: 0 as in the picture, 1 shut, below 0 wider. wink_*: the wink's cheek and brow.
    squint: both lower lids lifted. gaze_x, gaze_y: the eyes, to the picture's right and down.
    smile: corners of the mouth and cheeks, below 0 down. jaw: 1 fully down, below 0 pressed shut.
    bite: the upper teeth shown. pucker: the lips drawn together, below 0 stretched wide. sneer:
    nose and upper lip wrinkled up. brow_*: up positive; brow_inner: their inner ends alone, up in
    sorrow, below 0 down and together in anger. yaw: toward the subject's left;
    pitch: up; roll: toward the subject's left shoulder. breath: chest, in breaths (-1 out, 1 in).
    shoulders: one up, one down; hunch: both up. lean: the trunk sideways. hair_x, hair_y: hair behind the
    head's motion. bob, sway, tip: the whole subject up, sideways (iod) and turned (degrees).
    arm_*, leg_*: turned at shoulder or hip, away from the trunk; elbow_*, knee_*: the lower part
    further the same way (degrees). step_*: a leg lifted toward the camera, foreshortened.
    near: 0 at the start of an approach, 1 arrived. loom: leant toward the camera.
    """

    lid_right: float = 0.0
    lid_left: float = 0.0
    wink_right: float = 0.0
    wink_left: float = 0.0
    squint: float = 0.0
    gaze_x: float = 0.0
    gaze_y: float = 0.0
    smile: float = 0.0
    jaw: float = 0.0
    bite: float = 0.0
    pucker: float = 0.0
    sneer: float = 0.0
    brow_right: float = 0.0
    brow_left: float = 0.0
    brow_inner: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    breath: float = 0.0
    shoulders: float = 0.0
    hunch: float = 0.0
    lean: float = 0.0
    hair_x: float = 0.0
    hair_y: float = 0.0
    bob: float = 0.0
    sway: float = 0.0
    tip: float = 0.0
    arm_right: float = 0.0
    arm_left: float = 0.0
    elbow_right: float = 0.0
    elbow_left: float = 0.0
    leg_right: float = 0.0
    leg_left: float = 0.0
    knee_right: float = 0.0
    knee_left: float = 0.0
    step_right: float = 0.0
    step_left: float = 0.0
    near: float = 1.0
    loom: float = 0.0

    def bounded(self) -> Pose:
        """This pose with every control held within its limits."""
        held = {
            f.name: min(max(getattr(self, f.name), LIMITS[f.name][0]), LIMITS[f.name][1])
            for f in fields(self)
        }
        return replace(self, **held)
