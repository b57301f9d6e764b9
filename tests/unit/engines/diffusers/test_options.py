"""Options are checked when the engine is constructed, and a refusal says why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from muybridge.engines.diffusers import DiffusersEngine
from muybridge.errors import InvalidInput
from muybridge.testing.engine_contract import NoWeights


def opened(**options: Any) -> DiffusersEngine:
    return DiffusersEngine(NoWeights(), Path("cache") / "vace-14b", options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"model": 7}, r"engines\.vace-14b\.model"),
        ({"modell": "x"}, r"engines\.vace-14b\.modell: got an unknown option; allowed: model, tier"),
        ({"tier": "quick"}, "tier"),
        ({"tier": "fast"}, "the tier fast needs lora"),
        ({"lora": "x"}, "lora is for the tier fast"),
        ({"frames": 80}, "4k \\+ 1"),
        ({"device": "tpu"}, "device"),
        ({"cache": "mag"}, "mag is refused for VACE"),
        ({"cache": "first_block"}, "first_block is refused for VACE"),
        ({"attention": "_flash_3_hub"}, "fetches code from a hub at first use"),
        ({"attention": "sage_hub"}, "fetches code from a hub"),
        ({"attention": "xformers"}, "one of auto, native"),
    ],
)
def test_a_wrong_option_is_named_with_what_is_allowed(options: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        opened(**options)


def test_the_tier_cached_predicts_steps() -> None:
    assert opened(tier="cached")._options.cache == "taylorseer"
    assert opened()._options.cache == "none"


def test_without_a_model_the_engine_says_how_to_set_one() -> None:
    health = opened().health()
    assert not health.ready
    assert any("engines.vace-14b.model is a folder, or a hub id" in line for line in health.missing)
    assert any("muybridge" in line or "NoWeights" in line or "not here" in line for line in health.missing)
    assert opened().card().engine == "diffusers"
