"""The wire's model names, and the form in which each takes its picture.

The name alone decides the form, so that a row tells it as well as the request did.
"""

from __future__ import annotations

import re

SUBJECT, FIRST_FRAME = "subject_reference", "first_frame_image"

S2V = "S2V-01"
# what shipped clients send with first_frame_image
I2V = (
    "I2V-01",
    "I2V-01-director",
    "I2V-01-live",
    "MiniMax-Hailuo-02",
    "MiniMax-Hailuo-2.3",
    "MiniMax-Hailuo-2.3-Fast",
)
_I2V_SORTS = re.compile(r"I2V\b|MiniMax-Hailuo-")
_PATHS = {SUBJECT: f"{SUBJECT}[0].image[0]", FIRST_FRAME: FIRST_FRAME}


def form_of(model: str) -> str:
    """The field that carries a model's picture: image-to-video names take a first frame, others a subject."""
    return FIRST_FRAME if _I2V_SORTS.match(model) else SUBJECT


def picture_field(model: str) -> str:
    """Where in a request to this model the picture stands, as errors name it."""
    return _PATHS[form_of(model)]
