from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muybridge.errors import InvalidPicture
from muybridge.wire.pictures import PictureBytes, PictureFile, PictureUrl, read_source

FIELD = "subject_reference[0].image[0]"


def data_url(raw: bytes, head: str = "data:image/jpeg;base64") -> str:
    return f"{head},{base64.b64encode(raw).decode()}"


@given(st.binary(max_size=3000))
def test_a_data_url_gives_the_bytes_it_was_made_of(raw: bytes) -> None:
    assert read_source(data_url(raw), FIELD) == PictureBytes(raw)


def test_a_data_url_longer_than_one_piece_is_whole() -> None:
    raw = bytes(range(251)) * 12_000
    assert read_source(data_url(raw), FIELD) == PictureBytes(raw)


@pytest.mark.parametrize(
    "head",
    ["data:;base64", "DATA:image/PNG;BASE64", "data:image/png;charset=utf-8;base64", "data:image/jpg;base64"],
)
def test_the_declared_type_is_not_looked_at(head: str) -> None:
    assert read_source(data_url(b"\x89PNG", head), FIELD) == PictureBytes(b"\x89PNG")


def test_line_breaks_and_missing_padding_are_forgiven() -> None:
    wrapped = base64.encodebytes(b"some bytes" * 20).decode().rstrip("=\n")
    assert read_source("data:image/png;base64," + wrapped, FIELD) == PictureBytes(b"some bytes" * 20)


@pytest.mark.parametrize(
    "url", ["https://example.org/a.png", "HTTP://example.org/%20?q=1#x", "http://[::1]/a"]
)
def test_a_web_address_is_kept_to_be_fetched(url: str) -> None:
    assert read_source(url, FIELD) == PictureUrl(url)


def test_digits_are_an_uploaded_file() -> None:
    assert read_source("361721749176519", FIELD) == PictureFile("361721749176519")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.png",
        "ftp://example.org/a.png",
        "file:///etc/passwd",
        "data:image/png,plain",
        "data:image/png;base64",
        "data:" + "x" * 500 + ";base64,AAAA",
        "data:image/png;base64,AA=A",
        "data:image/png;base64,!!!!",
        "data:image/png;base64,A",
        "data:image/png;base64,女",
        "https://example.org/a b.png",
        "https://example.org/\n",
        "https://example.org/" + "a" * 9000,
        "1" * 40,
        "１２３",
    ],
)
def test_anything_else_is_refused_by_field(text: str) -> None:
    with pytest.raises(InvalidPicture) as refused:
        read_source(text, FIELD)
    assert refused.value.message.startswith(f"invalid params, {FIELD}: got ")
    assert len(refused.value.message) < 400


@given(st.text(max_size=80) | st.text(max_size=60).map("data:image/png;base64,".__add__))
def test_whatever_the_text_is_it_is_a_source_or_an_invalid_picture(text: str) -> None:
    try:
        read_source(text, FIELD)
    except InvalidPicture as refused:
        assert refused.field == FIELD
