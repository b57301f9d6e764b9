"""What is on the allow-list fits the models that are behind it."""

from __future__ import annotations

import pytest

from muybridge.engines.diffusers.catalogue import CATALOGUE
from muybridge.engines.diffusers.models import KNOWN, Known


@pytest.mark.parametrize("known", KNOWN.values(), ids=lambda known: known.class_name)
def test_sizes_are_whole_tokens_and_clips_whole_groups_of_frames(known: Known) -> None:
    assert all(size.width % 16 == 0 and size.height % 16 == 0 for _, size, _ in known.sizes)
    assert known.frames % 4 == 1
    areas = [size.width * size.height for _, size, _ in known.sizes]
    assert areas == sorted(areas, reverse=True)


def test_every_model_of_the_catalogue_is_of_a_served_class() -> None:
    assert {entry.known.class_name for entry in CATALOGUE} <= set(KNOWN)
    for entry in CATALOGUE:
        needs = list(entry.needs().values())
        assert needs == sorted(needs, reverse=True)
