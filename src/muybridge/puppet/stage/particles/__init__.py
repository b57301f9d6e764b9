"""What floats and falls in front of the subject and behind: each kind a pure function of time.

`make(kind, size, seed, tint)` gives a kind by its name; `KINDS` names them all.
"""

from muybridge.puppet.stage.particles.kinds import KINDS, make
from muybridge.puppet.stage.particles.volume import Particles

__all__ = ["KINDS", "Particles", "make"]
