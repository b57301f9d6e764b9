from __future__ import annotations

from dataclasses import replace

import pytest

from muybridge.director import plan
from muybridge.domain.subject import SubjectKind
from planned import PORTRAIT

DRAWN = replace(PORTRAIT, kind=SubjectKind.DRAWN)


@pytest.mark.parametrize(
    "prompt", ["She winks and smiles.", "他眨眼，然后大笑。", "A boy talks, then looks to the left."]
)
def test_a_drawn_face_is_asked_for_all_that_a_photographed_one_is(prompt: str) -> None:
    assert plan(prompt, DRAWN) == plan(prompt, PORTRAIT)
