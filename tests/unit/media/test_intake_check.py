"""Checking a picture refuses what reading it refuses, and nothing else."""

from __future__ import annotations

import io
import random

import numpy as np
import pytest
from PIL import Image

from muybridge.errors import InvalidPicture
from muybridge.media.intake import check_picture, read_picture

NOISE = np.random.default_rng(7).integers(0, 255, (420, 380, 3), dtype=np.uint8)


def encoded(kind: str, mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(NOISE).convert(mode).save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


WHOLE = {
    "jpeg": encoded("JPEG"),
    "progressive": encoded("JPEG", progressive=True),
    "grey": encoded("JPEG", "L"),
    "cmyk": encoded("JPEG", "CMYK"),
    "png": encoded("PNG", "RGBA"),
    "webp": encoded("WEBP"),
}


def verdicts(raw: bytes) -> tuple[str, str]:
    said = []
    for judge in (check_picture, read_picture):
        try:
            judge(raw)
            said.append("fine")
        except InvalidPicture as refused:
            said.append(refused.got.partition(" (")[0])
    return said[0], said[1]


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_picture_passes(kind: str) -> None:
    assert verdicts(WHOLE[kind]) == ("fine", "fine")


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("share", [0.0, 0.01, 0.1, 0.5, 0.9, 0.99])
def test_a_cut_picture_is_refused_alike(kind: str, share: float) -> None:
    raw = WHOLE[kind]
    check, read = verdicts(raw[: int(len(raw) * share)])
    assert check == read
    assert check != "fine" or share > 0.9  # some decoders forgive the last bytes


@pytest.mark.parametrize("kind", WHOLE)
def test_a_damaged_picture_is_judged_alike(kind: str) -> None:
    chance = random.Random(kind)
    for _ in range(40):
        raw = bytearray(WHOLE[kind])
        for _ in range(chance.randint(1, 20)):
            raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        check, read = verdicts(bytes(raw))
        assert check == read


@pytest.mark.parametrize("raw", [b"", b"GIF89a", b"<svg/>", b"\xff\xd8\xff" * 100])
def test_what_is_no_picture_is_refused_alike(raw: bytes) -> None:
    check, read = verdicts(raw)
    assert check == read != "fine"
