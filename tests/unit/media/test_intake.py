"""Intake takes what the contract allows and names what is wrong with everything else."""

from __future__ import annotations

import hashlib
import io
import resource
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from muybridge.errors import InvalidPicture
from muybridge.media.headers import read_header
from muybridge.media.intake import KEPT_PIXELS, MAX_BYTES, read_picture, read_picture_file
from muybridge.units import Size


def scene(width: int = 400, height: int = 500, mode: str = "RGB") -> Image.Image:
    """A picture with structure: a gradient, and a red patch in its top left corner."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([x * 255 // width, y * 255 // height, (x + y) % 256], axis=2).astype(np.uint8)
    rgb[:100, :100] = (200, 20, 20)
    return Image.fromarray(rgb).convert(mode)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """The beginning of a PNG that promises a size, and nothing of its pixels."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))


JPEG = encoded(scene(), "JPEG")
PNG = encoded(scene(320, 310), "PNG")
WEBP = encoded(scene(320, 310), "WEBP")


def refusal(raw: bytes) -> InvalidPicture:
    with pytest.raises(InvalidPicture) as caught:
        read_picture(raw)
    return caught.value


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_of_each_allowed_format_is_read(kind: str) -> None:
    raw = encoded(scene(), kind)
    picture = read_picture(raw)
    assert picture.format == kind
    assert picture.size == Size(400, 500)
    assert picture.rgb.dtype == np.uint8
    assert picture.alpha is None
    assert picture.sha256 == hashlib.sha256(raw).hexdigest()
    assert np.abs(picture.rgb[50, 50].astype(int) - (200, 20, 20)).max() < 12


@pytest.mark.parametrize(
    "options", [{"lossless": True}, {"lossless": False}, {"lossless": False, "exif": b"Exif\0\0"}]
)
def test_the_header_of_every_kind_of_webp_tells_its_size(options: dict[str, object]) -> None:
    header = read_header(encoded(scene(333, 444), "WEBP", **options))
    assert header is not None and (header.width, header.height) == (333, 444)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "0 bytes"),
        (b"hello", "5 bytes that are no picture"),
        (b"GIF89a" + bytes(50), "a GIF"),
        (b"%PDF-1.7", "a PDF"),
        (b"\0\0\0\x1cftypheic" + bytes(20), "a HEIC"),
        (b"\n\n<!doctype html>", "an HTML or XML text"),
        (PNG[:20], "cut off or broken"),
        (JPEG[:12], "cut off or broken"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "cut off or broken"),
    ],
)
def test_bytes_that_are_no_picture_are_refused_by_what_they_are(raw: bytes, said: str) -> None:
    error = refusal(raw)
    assert said in error.got
    assert error.field == "subject_reference[0].image[0]"
    assert error.allowed == "a JPG, JPEG, PNG or WebP picture"


def test_a_header_that_promises_900_megapixels_is_refused_before_anything_is_allocated() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    jpeg_frame = b"\xff\xd8\xff\xc0\x00\x11\x08" + struct.pack(">HH", 30_000, 30_000) + bytes(40)
    canvas = b"RIFF\x00\x01\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (29_999).to_bytes(3, "little") * 2 + bytes(200)
    for raw in (png_header(30_000, 30_000) + bytes(100), jpeg_frame, canvas):
        assert refusal(raw).got == "30000x30000 pixels"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kilobytes


@pytest.mark.parametrize(
    ("size", "allowed"),
    [
        ((1, 1), "a short side above 300 pixels"),
        ((300, 400), "a short side above 300 pixels"),
        ((301, 753), "an aspect ratio between 2:5 and 5:2"),
        ((753, 301), "an aspect ratio between 2:5 and 5:2"),
        ((0, 500), "a short side above 300 pixels"),
    ],
)
def test_a_size_that_is_not_allowed_is_named(size: tuple[int, int], allowed: str) -> None:
    error = refusal(png_header(*size))
    assert error.got == f"{size[0]}x{size[1]} pixels"
    assert error.allowed == allowed


@pytest.mark.parametrize("size", [(301, 301), (400, 1000), (1000, 400)])
def test_the_smallest_the_widest_and_the_tallest_allowed_size_are_read(size: tuple[int, int]) -> None:
    assert read_picture(encoded(scene(*size), "PNG")).size == Size(*size)


def test_a_picture_of_twenty_one_megabytes_is_refused() -> None:
    error = refusal(PNG + bytes(21_000_000))
    assert "20." in error.got and error.allowed == "less than 20 MB"


@pytest.mark.parametrize("raw", [JPEG, PNG, WEBP])
def test_a_truncated_picture_is_refused(raw: bytes) -> None:
    assert "cannot be decoded" in refusal(raw[: len(raw) * 2 // 3]).got


def test_a_jpeg_with_thousands_of_scans_is_refused_without_decoding_them() -> None:
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00\x00"
    assert "5001 scans" in refusal(JPEG[:-2] + scan * 5000 + b"\xff\xd9").got


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_cameras_rotation_is_applied(orientation: int, kind: str) -> None:
    stored = scene(400, 500)
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = read_picture(encoded(stored, kind, exif=exif))
    assert picture.size == (Size(500, 400) if orientation > 4 else Size(400, 500))
    # EXIF 2.32, table 6: where the stored first row and first column are shown.
    y, x = {1: (0, 0), 2: (0, -1), 3: (-1, -1), 4: (-1, 0), 5: (0, 0), 6: (0, -1), 7: (-1, -1), 8: (-1, 0)}[
        orientation
    ]
    corner = picture.rgb[y * 50 if y else 50, x * 50 if x else 50].astype(int)
    assert np.abs(corner - (200, 20, 20)).max() < 12


def test_broken_notes_of_a_camera_are_no_reason_to_refuse() -> None:
    raw = encoded(scene(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff garbage")
    assert read_picture(raw).size == Size(400, 500)


def test_cmyk_grey_palette_and_bilevel_pictures_become_rgb() -> None:
    cmyk = read_picture(encoded(scene(mode="CMYK"), "JPEG"))
    assert np.abs(cmyk.rgb[50, 50].astype(int) - (200, 20, 20)).max() < 12
    for mode in ("L", "P", "1"):
        rgb = read_picture(encoded(scene(mode=mode), "PNG")).rgb
        assert rgb.shape == (500, 400, 3)
        assert rgb.std() > 20


def test_sixteen_bits_of_grey_are_scaled_and_not_cut() -> None:
    ramp = np.linspace(0, 65535, 400 * 400).astype(np.uint16).reshape(400, 400)
    rgb = read_picture(encoded(Image.fromarray(ramp), "PNG")).rgb
    assert rgb[0, 0, 0] == 0 and rgb[-1, -1, 0] == 255
    assert abs(int(rgb[200, 0, 0]) - 127) <= 1


def test_alpha_is_kept_and_left_out_where_all_is_opaque() -> None:
    image = scene(mode="RGBA")
    assert read_picture(encoded(image, "PNG")).alpha is None
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    for kind in ("PNG", "WEBP"):
        picture = read_picture(encoded(image, kind))
        assert picture.alpha is not None and picture.alpha.shape == (500, 400)
        assert picture.alpha[0, 0] < 5 and picture.alpha[-1, -1] > 250
    palette = encoded(scene(mode="P"), "PNG", transparency=0)
    assert read_picture(palette).rgb.shape == (500, 400, 3)


def test_a_picture_that_is_transparent_everywhere_is_refused() -> None:
    image = scene(mode="RGBA")
    image.putalpha(0)
    assert "transparent everywhere" in refusal(encoded(image, "PNG")).got


def test_of_an_animated_picture_the_first_frame_is_taken() -> None:
    others = [scene().transpose(Image.Transpose.ROTATE_180)] * 3
    for kind in ("PNG", "WEBP"):
        raw = encoded(scene(), kind, save_all=True, append_images=others)
        assert np.abs(read_picture(raw).rgb[50, 50].astype(int) - (200, 20, 20)).max() < 12


def test_a_colour_profile_is_applied() -> None:
    lab_grey = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = read_picture(encoded(scene(), "PNG")).rgb
    assert np.array_equal(read_picture(encoded(scene(), "PNG", icc_profile=srgb)).rgb, plain)
    # sRGB with its red and blue primaries exchanged: what is red to us is stored as blue.
    swapped = _with_red_and_blue_exchanged(srgb)
    seen = read_picture(encoded(scene(), "PNG", icc_profile=swapped)).rgb
    assert np.abs(seen[50, 50].astype(int) - (20, 20, 200)).max() <= 3
    # A profile for other channels, or none at all, changes nothing.
    for broken in (lab_grey, b"not a profile at all"):
        assert np.array_equal(read_picture(encoded(scene(), "PNG", icc_profile=broken)).rgb, plain)


def _with_red_and_blue_exchanged(profile: bytes) -> bytes:
    """The profile with its rXYZ and bXYZ tags exchanged, and another name."""
    return (
        (profile.replace(b"rXYZ", b"####").replace(b"bXYZ", b"rXYZ").replace(b"####", b"bXYZ"))
        .replace("sRGB".encode("utf-16-be"), "BGRs".encode("utf-16-be"))
        .replace(b"sRGB built-in", b"BGRs built-in")
    )


def test_a_picture_beyond_what_can_be_shown_is_made_smaller() -> None:
    for kind in ("JPEG", "PNG"):
        picture = read_picture(encoded(Image.new("RGB", (6000, 4000), (9, 99, 199)), kind))
        assert picture.size.width * picture.size.height <= KEPT_PIXELS
        assert abs(picture.size.aspect - 1.5) < 0.01
        assert np.abs(picture.rgb[0, 0].astype(int) - (9, 99, 199)).max() < 4


def test_a_file_is_read_by_the_same_rules(tmp_path: Path) -> None:
    path = tmp_path / "her.txt"
    path.write_bytes(JPEG)
    assert read_picture_file(path).size == Size(400, 500)
    (tmp_path / "large.png").write_bytes(PNG + bytes(MAX_BYTES))
    for name, said in (("none.png", "does not exist"), (".", "not a file"), ("large.png", "20.")):
        with pytest.raises(InvalidPicture, match="PICTURE") as caught:
            read_picture_file(tmp_path / name)
        assert said in caught.value.got
    with pytest.raises(InvalidPicture):
        read_picture_file(Path("/dev/zero"))


def only_invalid_picture(raw: bytes) -> None:
    try:
        picture = read_picture(raw)
    except InvalidPicture as error:
        assert error.field and error.got and error.allowed
    else:
        assert picture.rgb.ndim == 3 and picture.rgb.dtype == np.uint8


fuzz = settings(max_examples=60, deadline=None)


@fuzz
@given(st.sampled_from([JPEG, PNG, WEBP]), st.data())
def test_flipped_bits_never_raise_anything_else(raw: bytes, data: st.DataObject) -> None:
    changed = bytearray(raw)
    # Headers decide what the decoder does, so half of the flips go there.
    place = st.one_of(st.integers(0, 200), st.integers(0, len(raw) - 1))
    for at in data.draw(st.lists(place, min_size=1, max_size=20)):
        changed[at] ^= data.draw(st.integers(1, 255))
    only_invalid_picture(bytes(changed))


@fuzz
@given(st.sampled_from([JPEG, PNG, WEBP]), st.floats(0, 1))
def test_truncation_anywhere_never_raises_anything_else(raw: bytes, share: float) -> None:
    only_invalid_picture(raw[: int(len(raw) * share)])


@fuzz
@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8X", PNG[:60], JPEG[:200]]),
    st.binary(max_size=400),
)
def test_a_beginning_with_garbage_after_it_never_raises_anything_else(start: bytes, rest: bytes) -> None:
    only_invalid_picture(start + rest)


@fuzz
@given(
    st.permutations([JPEG, PNG, WEBP, b"GIF89a", b"<script>", b"PK\x03\x04" + bytes(30)]),
    st.integers(0, 3000),
)
def test_a_polyglot_is_what_its_first_bytes_say_or_refused(parts: list[bytes], cut: int) -> None:
    only_invalid_picture(b"".join(parts))
    only_invalid_picture(parts[0][:cut] + parts[1])
