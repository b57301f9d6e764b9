"""Who acts: what of a subject the picture lets move."""

from __future__ import annotations

from dataclasses import dataclass

from muybridge.puppet.rig.anatomy import SIDES, Side


@dataclass(frozen=True, slots=True)
class Cast:
    """The eye nearer the camera, whether there is a face that can act, and the limbs that are free.

    `limbs` holds names as the controls have them: arm_right, leg_left, ...
    """

    near_eye: Side = "left"
    face: bool = True
    limbs: frozenset[str] = frozenset()

    def arms(self) -> tuple[Side, ...]:
        """The sides whose arm is free, the one nearer the camera first."""
        order: tuple[Side, ...] = (self.near_eye, *(s for s in SIDES if s != self.near_eye))
        return tuple(side for side in order if f"arm_{side}" in self.limbs)

    def walks(self) -> bool:
        """Whether both legs are free."""
        return {"leg_right", "leg_left"} <= self.limbs


EVERYBODY = Cast()
