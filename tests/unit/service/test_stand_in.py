"""Who is asked next, and when nobody is."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.domain.chain import Chain
from muybridge.domain.take import TakeOrder
from muybridge.errors import (
    EngineCrashed,
    EngineFailed,
    EngineNotReady,
    InputRefused,
    InvalidInput,
    InvalidPicture,
    MuybridgeError,
    OutputRefused,
    RateLimited,
    TimedOut,
    Unavailable,
)
from muybridge.service.stand_in import first_staffed, stand_in

ORDER = TakeOrder("107", "vace-14b", "208", "She smiles.", seed=3, stand_ins=("hailuo", "puppet"))


@pytest.mark.parametrize(
    "error",
    [
        EngineNotReady("no GPU"),
        EngineFailed("out of memory"),
        EngineCrashed("died"),
        TimedOut("no worker took the task in time"),
        Unavailable("away"),
        RateLimited("busy"),
        MuybridgeError("a blunder"),
        InvalidInput("engines.vace-14b.tier", "quick", "exact"),
    ],
)
def test_what_is_the_engines_trouble_is_the_next_ones_chance(error: MuybridgeError) -> None:
    following = stand_in(ORDER, error)
    assert following is not None
    assert (following.order.engine, following.order.stand_ins) == ("hailuo", ("puppet",))
    assert (following.order.prompt, following.order.seed) == (ORDER.prompt, ORDER.seed)
    assert following.note.startswith("vace-14b did not make this video (")
    assert following.note.endswith("); hailuo stood in.")


@pytest.mark.parametrize(
    "error",
    [
        InputRefused("input new_sensitive"),
        OutputRefused("output new_sensitive"),
        InvalidPicture("subject_reference[0].image[0]", "a text", "a picture"),
        InvalidInput("prompt", "2001 characters", "2000"),
    ],
)
def test_what_is_the_senders_own_is_tried_nowhere_else(error: MuybridgeError) -> None:
    assert stand_in(ORDER, error) is None


def test_a_chain_ends() -> None:
    order, asked = ORDER, [ORDER.engine]
    while following := stand_in(order, EngineFailed("no")):
        order = following.order
        asked.append(order.engine)
    assert asked == ["vace-14b", "hailuo", "puppet"]


def test_engines_that_nobody_works_with_are_passed_over_for_one_that_somebody_does() -> None:
    order, notes = first_staffed(ORDER, {"puppet"})
    assert (order.engine, order.stand_ins) == ("puppet", ())
    assert notes == ("vace-14b and hailuo did not make this video (no worker has it); puppet stood in.",)
    assert first_staffed(ORDER, {"vace-14b", "puppet"}) == (ORDER, ())
    assert first_staffed(ORDER, {"somebody else"}) == (ORDER, ())  # it waits for the first


def test_a_long_reason_is_cut_and_set_in_one_line() -> None:
    following = stand_in(ORDER, EngineFailed("line one\nline two " + "x" * 500))
    assert following is not None
    assert "line one line two" in following.note
    assert len(following.note) < 300


def test_a_chain_is_read_as_it_is_written() -> None:
    assert Chain.read(" vace-14b->hailuo -> puppet ").engines == ("vace-14b", "hailuo", "puppet")
    assert str(Chain.read("a -> b")) == "a -> b"
    assert Chain.read("my_package.engines:Mine").first == "my_package.engines:Mine"


@pytest.mark.parametrize("text", ["", "->", "a -> ", "a -> a", "a b", "a, b", "../x", "a->" * 9 + "b"])
def test_what_is_no_chain_is_refused_by_the_fields_name(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"models\.fast: got"):
        Chain.read(text, "models.fast")


@given(st.text(max_size=40))
def test_any_text_is_a_chain_or_an_invalid_input(text: str) -> None:
    with suppress(InvalidInput):
        assert Chain.read(str(Chain.read(text))) == Chain.read(text)
