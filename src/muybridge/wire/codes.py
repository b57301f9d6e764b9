"""The wire's status codes: the `base_resp` that each error of ours becomes."""

from __future__ import annotations

from pydantic import BaseModel, Field

from muybridge.errors import (
    AllowanceUsedUp,
    InputRefused,
    InvalidInput,
    MuybridgeError,
    NoKey,
    OutputRefused,
    RateLimited,
    TimedOut,
    UnknownKey,
)

SUCCESS = 0
_FIXED = {1000: "unknown error", 1001: "request timeout", 1027: "output new_sensitive"}
_BEGINS = {1002: "rate limit", 1026: "input new_sensitive"}
_BY_CODE: dict[int, type[MuybridgeError]] = {
    1000: MuybridgeError,
    1001: TimedOut,
    1002: RateLimited,
    1004: NoKey,
    1008: AllowanceUsedUp,
    1026: InputRefused,
    1027: OutputRefused,
    2049: UnknownKey,
}


class BaseResp(BaseModel):
    """How a call went: 0 and `success`, or a code and a sentence."""

    status_code: int = Field(default=SUCCESS, examples=[0])
    status_msg: str = Field(default="success", examples=["success"])


def base_resp_of(error: BaseException) -> BaseResp:
    """What an error says on the wire; anything that is not an error of ours is `unknown error`."""
    if not isinstance(error, MuybridgeError):
        return BaseResp(status_code=1000, status_msg=_FIXED[1000])
    code, message = error.code, error.message
    if code in _FIXED:
        message = _FIXED[code]
    elif code in _BEGINS and not message.startswith(_BEGINS[code]):
        message = f"{_BEGINS[code]}: {message}"
    return BaseResp(status_code=code, status_msg=message)


def error_of(base_resp: BaseResp) -> MuybridgeError | None:
    """The error that an answer's `base_resp` tells of, for the client's side; None for success."""
    if base_resp.status_code == SUCCESS:
        return None
    if base_resp.status_code == InvalidInput.code:
        return _invalid(base_resp.status_msg)
    return _BY_CODE.get(base_resp.status_code, MuybridgeError)(base_resp.status_msg)


def _invalid(message: str) -> InvalidInput:
    """The parts of our own 2013; another server's sentence is kept whole."""
    field, _, rest = message.removeprefix("invalid params, ").partition(": got ")
    got, _, allowed = rest.rpartition("; allowed: ")
    error = InvalidInput(field, got or "?", allowed or "?")
    error.message, error.args = message, (message,)
    return error
