"""The ladder of settings, against what was measured of the 14B model."""

from __future__ import annotations

import pytest

from muybridge.engines.diffusers.memory import GIB, Residence, Rung, ladder, need
from muybridge.engines.diffusers.models import WAN_VACE

B14 = {"transformer": 17_300_000_000, "text_encoder": 5_680_000_000, "vae": 127_000_000}
B1 = {"transformer": 2_150_000_000, "text_encoder": 5_680_000_000, "vae": 127_000_000}
SIZES = WAN_VACE.sizes[:2]
BOTH = {"transformer_2": 17_300_000_000, **B14}


@pytest.mark.parametrize(("size", "measured"), [(SIZES[0], 61.0), (SIZES[1], 52.0)])
def test_the_14b_model_with_everything_resident_needs_what_was_measured(
    size: tuple[str, object, float], measured: float
) -> None:
    asked = need(B14, 5120, 81, Rung(*size)) / GIB  # type: ignore[arg-type]
    assert asked == pytest.approx(measured, rel=0.05)


@pytest.mark.parametrize("numbers", [B14, B1, BOTH])
@pytest.mark.parametrize("fp8", [False, True])
def test_each_rung_needs_no_more_than_the_one_above(numbers: dict[str, int], fp8: bool) -> None:
    rungs = ladder(SIZES, fp8=fp8, smaller=True)
    needs = [need(numbers, 5120, 81, rung) for rung in rungs]
    assert needs == sorted(needs, reverse=True)
    assert len(set(rungs)) == len(rungs)


def test_nothing_is_made_smaller_or_coarser_where_the_operator_forbids_it() -> None:
    rungs = ladder(SIZES, fp8=False, smaller=False)
    assert {(rung.size_name, rung.fp8) for rung in rungs} == {("720p", False)}
    assert [rung.residence for rung in rungs] == list(Residence)


def test_a_rung_says_in_words_what_it_is() -> None:
    rungs = ladder(SIZES, fp8=False, smaller=True)
    assert str(rungs[0]) == "1280x720, all models resident"
    assert str(rungs[-1]) == "832x480, one model at a time, stored in 8 bits"


def test_the_last_rung_of_the_14b_model_fits_a_card_of_24_gib_and_the_first_of_1_3b_too() -> None:
    assert need(B14, 5120, 81, ladder(SIZES, fp8=False, smaller=True)[-1]) < 24 * GIB
    assert need(B1, 1536, 81, ladder(SIZES[1:], fp8=False, smaller=True)[0]) < 24 * GIB
