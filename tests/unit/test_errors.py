from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge import errors
from muybridge.errors import Cancelled, InvalidInput, MuybridgeError

CONTRACT_CODES = {1000, 1001, 1002, 1004, 1008, 1026, 1027, 2013, 2049}
TREE_LINE = re.compile(r"^\s*[│├└─ ]*(?P<name>[A-Z]\w+)(?: \(BaseException\))?\s{2,}.*?(?P<code>\d{4})?$")


def every_kind() -> list[type[MuybridgeError]]:
    found, stack = [MuybridgeError], [MuybridgeError]
    while stack:
        for kind in stack.pop().__subclasses__():
            if kind.__module__ == errors.__name__:
                found.append(kind)
                stack.append(kind)
    return found


def made(kind: type[MuybridgeError]) -> MuybridgeError:
    if issubclass(kind, InvalidInput):
        return kind("prompt", "2001 characters", "at most 2000")
    return kind("what happened")


KINDS = pytest.mark.parametrize("kind", every_kind(), ids=lambda kind: kind.__name__)


def drawn() -> dict[str, str | None]:
    """Each name in the docstring's tree, with the code that stands at its line's end."""
    lines = (TREE_LINE.match(line) for line in (errors.__doc__ or "").splitlines())
    return {line["name"]: line["code"] for line in lines if line}


@KINDS
def test_every_error_crosses_a_process_and_comes_back_the_same(kind: type[MuybridgeError]) -> None:
    error = made(kind)
    back = MuybridgeError.from_wire(error.to_wire())
    assert type(back) is kind
    assert back.message == error.message
    assert back.details() == error.details()
    assert str(back) == str(error)


@KINDS
def test_every_error_crosses_as_plain_strings(kind: type[MuybridgeError]) -> None:
    assert all(isinstance(part, str) for pair in made(kind).to_wire().items() for part in pair)


@KINDS
def test_every_error_has_a_code_of_the_contract_and_never_success(kind: type[MuybridgeError]) -> None:
    assert kind.code in CONTRACT_CODES


@KINDS
def test_every_error_says_what_it_is_in_its_docstring(kind: type[MuybridgeError]) -> None:
    assert (kind.__doc__ or "").strip().endswith(".")


@KINDS
def test_every_error_stands_in_the_tree_with_its_code(kind: type[MuybridgeError]) -> None:
    code = drawn().get(kind.__name__, "missing")
    assert code == (None if kind is MuybridgeError else str(kind.code))


def test_the_tree_draws_nothing_that_is_not_there() -> None:
    assert set(drawn()) == {kind.__name__ for kind in every_kind()} | {"Cancelled"}


@KINDS
def test_an_error_made_without_words_still_has_a_message(kind: type[MuybridgeError]) -> None:
    if not issubclass(kind, InvalidInput):
        assert kind().message


@given(st.text(), st.text(), st.text())
def test_wrong_input_names_field_what_came_and_what_is_allowed(field: str, got: str, allowed: str) -> None:
    error = InvalidInput(field, got, allowed)
    assert error.message == f"invalid params, {field}: got {got}; allowed: {allowed}"
    assert MuybridgeError.from_wire(error.to_wire()).details() == error.details()


@given(st.dictionaries(st.sampled_from(["kind", "message", "field", "got", "allowed", "odd"]), st.text()))
def test_whatever_crosses_becomes_an_error_of_ours(parts: dict[str, str]) -> None:
    before = dict(parts)
    assert isinstance(MuybridgeError.from_wire(parts), MuybridgeError)
    assert parts == before


def test_an_unknown_kind_keeps_its_message() -> None:
    error = MuybridgeError.from_wire({"kind": "FromTheFuture", "message": "said later"})
    assert type(error) is MuybridgeError
    assert error.message == "said later"


def test_being_called_off_is_never_caught_as_an_error() -> None:
    assert not issubclass(Cancelled, Exception)


@pytest.mark.parametrize("name", ["NoKey", "UnknownKey", "InvalidInput", "InvalidPicture", "InputRefused"])
def test_trying_again_does_not_help_where_the_request_is_wrong(name: str) -> None:
    assert not getattr(errors, name).retryable
