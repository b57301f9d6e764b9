"""Every request of the contract, read from bytes; whatever is wrong with one is an InvalidInput.

Unknown fields are ignored unless asked otherwise: shipped clients send `duration`, `resolution`
and more. null stands for a field left out.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
)
from pydantic_core import ErrorDetails, from_json

from muybridge.errors import InvalidInput
from muybridge.wire.shown import shown

PROMPT_LIMIT = 2000
_BOM = b"\xef\xbb\xbf"


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("text without NUL characters")
    return text


Text = Annotated[
    StrictStr, BeforeValidator(lambda value: _storable(value) if isinstance(value, str) else value)
]


class Request(BaseModel):
    """What every request body shares: an object, read leniently or strictly."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @classmethod
    def read(cls, raw: bytes, *, strict: bool = False) -> Self:
        """The request in a body's bytes; `strict` refuses fields that the contract does not name.

        Raises: InvalidInput, and nothing else, whatever the bytes are.
        Cost: 20 ms for a body of 27 MB; call it in a thread.
        """
        body = read_object(raw)
        if strict and (unknown := [name for name in body if name not in cls.model_fields]):
            raise InvalidInput(
                unknown[0][:60], "a field that the contract does not name", ", ".join(cls.model_fields)
            )
        try:
            return cls.model_validate({name: value for name, value in body.items() if value is not None})
        except ValidationError as wrong:
            raise _told(wrong.errors(include_url=False)[0], body) from None


class SubjectReference(BaseModel):
    """Who shall be seen: one character by one picture."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    type: Literal["character"] = Field(description="only `character`")
    image: list[StrictStr] = Field(
        min_length=1,
        max_length=1,
        description="exactly one: an http(s) URL, a data URL, or the file_id of an uploaded picture. "
        "JPG, JPEG, PNG or WebP, under 20 MB, short side above 300 pixels, aspect ratio 2:5 to 5:2",
    )


class CreateRequest(Request):
    """One video asked for."""

    model: Text = Field(min_length=1, max_length=64, examples=["S2V-01"], description="see GET /v1/models")
    subject_reference: list[SubjectReference] | None = Field(
        default=None, min_length=1, max_length=1, description="exactly one; required by S2V-01"
    )
    first_frame_image: StrictStr | None = Field(
        default=None, description="the first frame, for image-to-video models; the same forms as image[0]"
    )
    prompt: Text = Field(
        default="",
        max_length=PROMPT_LIMIT,
        examples=["A girl runs toward the camera and winks with a smile."],
        description="at most 2000 characters, Chinese or English",
    )
    prompt_optimizer: StrictBool = Field(default=True, description="false: use the prompt as it is")
    callback_url: Text = Field(
        default="", max_length=2048, description="must echo a challenge within 3 seconds"
    )
    aigc_watermark: StrictBool = Field(default=False, description="a visible mark that the video is AI-made")


class CancelRequest(Request):
    """One task to be called off; not in the hosted service's contract."""

    task_id: StrictInt | StrictStr = Field(examples=["106916112212032"])


class DeleteRequest(Request):
    """One file to be deleted."""

    file_id: StrictInt | StrictStr = Field(examples=[361721749176519])
    purpose: Text = Field(default="", max_length=64, examples=["video_generation"])


Parsed = TypeVar("Parsed", bound=Request)

_ALLOWED = {
    "model": "the name of a served model, such as S2V-01",
    "subject_reference": 'an array of exactly one {"type": "character", "image": ["..."]}',
    "subject_reference[0]": 'an object {"type": "character", "image": ["..."]}',
    "subject_reference[0].image": "an array of exactly one picture: only a single subject is supported",
    "subject_reference[0].image[0]": "a string: an http(s) URL, a data URL, or a file_id",
    "first_frame_image": "a string: an http(s) URL, a data URL, or a file_id",
    "prompt": f"a string of at most {PROMPT_LIMIT} characters, without NUL",
    "prompt_optimizer": "true or false",
    "callback_url": "an http(s) URL of at most 2048 characters",
    "aigc_watermark": "true or false",
    "file_id": "an id as we gave it, decimal digits",
    "task_id": "an id as we gave it, decimal digits",
    "purpose": "a string of at most 64 characters",
}


def read_object(raw: bytes) -> dict[str, Any]:
    """The JSON object in a body; raises InvalidInput for anything else, also for one nested too deep."""
    try:
        body = from_json(raw.removeprefix(_BOM), allow_inf_nan=False, cache_strings=False)
    except ValueError as error:
        got = "an empty body" if not raw.strip() else f"a body that is not JSON ({str(error)[:80]})"
        raise InvalidInput("body", got, "a JSON object") from None
    if not isinstance(body, dict):
        raise InvalidInput("body", shown(body), "a JSON object")
    return body


def _told(error: ErrorDetails, body: dict[str, Any]) -> InvalidInput:
    where = _path(error["loc"])
    got = _got(error, body)
    if where == "subject_reference[0].type":
        return InvalidInput("subject_reference", f"type {got}", '"character"', "must be character")
    return InvalidInput(where, got, _ALLOWED.get(where, error["msg"]))


def _path(loc: tuple[int | str, ...]) -> str:
    path = ""
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part.isidentifier() and path.partition("[")[0] not in {
            "file_id",
            "task_id",
        }:  # a union's branches are not of the body
            path += f".{part}" if path else part
    return path


def _got(error: ErrorDetails, body: dict[str, Any]) -> str:
    value = error["input"]
    if error["type"] == "missing":
        return "null" if error["loc"][-1] in body else "nothing"
    if error["type"] == "string_too_long":
        return f"{len(value)} characters"
    if error["type"] == "string_too_short":
        return "an empty string"
    return shown(value)
