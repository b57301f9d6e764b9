"""Safe intake of a reference: bytes from a stranger in, an upright sRGB picture out, or a named refusal.

Judged by the bytes alone, never by a declared type or a file's name. The header is checked before
anything is decoded, so a picture that promises more than `MAX_PIXELS` costs nothing. Of an animated
picture the first frame is taken. Pictures above `KEPT_PIXELS` are made smaller on the way in.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from threading import Lock
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from muybridge.errors import InvalidPicture
from muybridge.media.headers import Header, describe, jpeg_scans, read_header
from muybridge.units import Size

Bytes = NDArray[np.uint8]

MAX_BYTES = 20 * 1024 * 1024
MIN_SHORT_SIDE = 300  # exclusive
MAX_PIXELS = 1 << 26  # a 64-megapixel telephone's picture; 200 MB decoded
KEPT_PIXELS = 12_000_000  # far beyond what a 720p take can show, and it bounds the work after us
MAX_SCANS = 100  # a progressive JPEG has about 10; thousands in a small file would decode for hours

_quiet = Lock()  # catch_warnings is not safe between threads; the decoding itself is done outside of it
_FORMATS = "JPG, JPEG, PNG or WebP"
_FIELD = "subject_reference[0].image[0]"
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A reference as everything after intake sees it.

    Shapes: `rgb` (H, W, 3) uint8; `alpha` (H, W) uint8, or None where all is opaque.
    Convention: sRGB, upright (the camera's rotation applied), alpha not premultiplied.
    `sha256` is of the bytes as they came, not of the pixels.
    """

    rgb: Bytes
    alpha: Bytes | None
    sha256: str
    format: str

    @property
    def size(self) -> Size:
        """Width and height, in pixels."""
        return Size(self.rgb.shape[1], self.rgb.shape[0])


def read_picture(raw: bytes, *, field: str = _FIELD) -> Picture:
    """Decode a reference that came from outside.

    Raises: InvalidPicture, and nothing else, whatever the bytes are.
    Cost: 0.2 s for a 12-megapixel JPEG; for the largest allowed (a 64-megapixel WebP) 3 s and 1 GB.
    """
    header = _checked_header(raw, field)
    try:
        rgb, alpha = _decode(raw, header)
    except Exception as error:  # a decoder fed by strangers may raise anything, MemoryError too
        raise _undecodable(header, error, field) from error
    if alpha is not None and not alpha.any():
        _refuse(field, "a picture that is transparent everywhere", "a picture that shows something")
    return Picture(rgb, alpha, hashlib.sha256(raw).hexdigest(), header.format)


def check_picture(raw: bytes, *, field: str = _FIELD) -> None:
    """Refuse what `read_picture` would refuse, without making the picture.

    A JPEG is decoded to its last byte, but only to an eighth of its size.
    Raises: InvalidPicture, and nothing else.
    Cost: 0.3 ms for a 640x640 JPEG, where reading takes 4.
    """
    header = _checked_header(raw, field)
    if header.format != "JPEG":  # no other decoder can do less than all
        read_picture(raw, field=field)
        return
    try:
        with _opened(raw, header) as (opened, _):
            if opened.size != (header.width, header.height):
                raise ValueError("two headers that contradict each other")
            opened.draft(opened.mode, (header.width // 8, header.height // 8))
            opened.load()
    except Exception as error:
        raise _undecodable(header, error, field) from error


def read_picture_file(path: Path, *, field: str = "PICTURE") -> Picture:
    """Read a reference from this machine's disk, by the same rules.

    Raises: InvalidPicture, also where there is no such file or it may not be read.
    """
    allowed = f"a {_FORMATS} file"
    try:
        if not path.exists():
            _refuse(field, f"{path}, which does not exist", allowed)
        if not path.is_file():  # a pipe or a device could be read for ever
            _refuse(field, f"{path}, which is not a file", allowed)
        with path.open("rb") as source:
            raw = source.read(MAX_BYTES + 1)
            size = max(len(raw), path.stat().st_size)
    except (OSError, ValueError) as error:
        raise InvalidPicture(field, f"{path}, which cannot be read ({_short(error)})", allowed) from error
    if size >= MAX_BYTES:
        _refuse_bytes(field, size)
    return read_picture(raw, field=field)


def _checked_header(raw: bytes, field: str) -> Header:
    if len(raw) >= MAX_BYTES:
        _refuse_bytes(field, len(raw))
    header = read_header(raw)
    if header is None:
        _refuse(field, describe(raw), f"a {_FORMATS} picture")
    width, height = header.width, header.height
    got = f"{width}x{height} pixels"
    if width * height > MAX_PIXELS:
        _refuse(field, got, f"at most {MAX_PIXELS // 10**6} megapixels")
    if min(width, height) <= MIN_SHORT_SIDE:
        _refuse(field, got, f"a short side above {MIN_SHORT_SIDE} pixels")
    if not (2 * height <= 5 * width and 2 * width <= 5 * height):
        _refuse(field, got, "an aspect ratio between 2:5 and 5:2")
    if header.format == "JPEG" and (scans := jpeg_scans(raw)) > MAX_SCANS:
        _refuse(field, f"a JPEG of {scans} scans", f"at most {MAX_SCANS} scans")
    return header


def _decode(raw: bytes, header: Header) -> tuple[Bytes, Bytes | None]:
    with _opened(raw, header) as (opened, orientation):
        if opened.size != (header.width, header.height):
            raise ValueError("two headers that contradict each other")
        kept = _kept_size(header)
        if header.format == "JPEG":
            opened.draft(opened.mode, kept)
        profile = opened.info.get("icc_profile")
        image = _eight_bits(opened)
    if image.width * image.height > KEPT_PIXELS:
        image = image.resize(kept, Image.Resampling.BICUBIC, reducing_gap=2.0)
    alpha = image.getchannel("A") if image.mode in ("RGBA", "LA") else None
    picture = _to_srgb(image, profile)
    turn = _UPRIGHT.get(orientation)
    if turn is not None:  # one of them is 0
        picture, alpha = picture.transpose(turn), alpha and alpha.transpose(turn)
    return np.array(picture), _unless_opaque(alpha)


@contextmanager
def _opened(raw: bytes, header: Header) -> Iterator[tuple[Image.Image, int]]:
    """The picture, not yet decoded, and its orientation; warnings about a stranger's file are not ours."""
    with _quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = Image.open(io.BytesIO(raw), formats=[header.format])
        orientation = _orientation(image)
    with image:
        yield image, orientation


def _kept_size(header: Header) -> tuple[int, int]:
    scale = min(1.0, sqrt(KEPT_PIXELS / (header.width * header.height)))
    return int(header.width * scale), int(header.height * scale)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(0x0112, 1))
    except Exception:  # broken notes of a camera are no reason to refuse what it saw
        return 1


def _eight_bits(image: Image.Image) -> Image.Image:
    """The picture decoded into L, LA, RGB, RGBA or CMYK, 8 bits a channel."""
    image.load()
    if image.mode.startswith("I") or image.mode == "F":
        wide = np.asarray(image).astype(np.uint32)
        return Image.fromarray((np.minimum(wide, 65535) * 255 // 65535).astype(np.uint8))
    if image.has_transparency_data and image.mode not in ("LA", "RGBA"):
        return image.convert("RGBA")
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile:
        return image if image.mode == "RGB" else image.convert("RGB")
    opaque = image.convert({"LA": "L", "RGBA": "RGB"}.get(image.mode, image.mode))
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source) and opaque.mode == "RGB":
            return opaque
        target = ImageCms.createProfile("sRGB")
        shown = ImageCms.profileToProfile(opaque, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):  # a broken profile, or for another mode
        shown = None
    return shown if shown is not None else opaque.convert("RGB")


def _unless_opaque(alpha: Image.Image | None) -> Bytes | None:
    if alpha is None:
        return None
    values = np.array(alpha)
    return None if values.min() == 255 else values


def _undecodable(header: Header, error: Exception, field: str) -> InvalidPicture:
    got = f"a {_name(header)} picture that cannot be decoded ({_short(error)})"
    return InvalidPicture(field, got, f"a whole {_FORMATS} picture")


def _refuse(field: str, got: str, allowed: str) -> NoReturn:
    raise InvalidPicture(field, got, allowed)


def _refuse_bytes(field: str, size: int) -> NoReturn:
    _refuse(field, f"{size / 2**20:.1f} MB", f"less than {MAX_BYTES >> 20} MB")


def _name(header: Header) -> str:
    return {"WEBP": "WebP"}.get(header.format, header.format)


def _short(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:120]
