"""Every way Muybridge says no, and what each one means to whoever asked.

    MuybridgeError                what every error of ours is
    ├── InvalidInput              the request is wrong: names field, got, allowed     2013
    │   ├── InvalidPicture        the reference cannot be used as a picture           2013
    │   └── NotFound              no such task or file for this key                   2013
    ├── NoKey                     no API key was sent                                 1004
    ├── UnknownKey                the key is not ours, was revoked, or has expired    2049
    ├── RateLimited               too many requests, or too many tasks in flight      1002
    ├── AllowanceUsedUp           the key's allowance is used up                      1008
    ├── InputRefused              prompt or picture refused by moderation             1026
    ├── OutputRefused             the finished video refused by moderation            1027
    ├── TimedOut                  an engine or a dependency took too long             1001
    ├── EngineFailed              an engine ended without a video                     1000
    │   └── EngineCrashed         its process died: native crash, kill, no memory     1000
    ├── EngineNotReady            an engine lacks weights, a package or a device      1000
    │   └── WeightsMissing        weights are not in the cache and cannot be pulled   1000
    └── Unavailable               the server cannot take work just now                1000

    Cancelled (BaseException)     the work was called off; never caught as an error

An error crosses processes as `code` and `details` (`to_wire`, `from_wire`), never pickled.
It becomes HTTP in `api/answers.py`, text in `cli/text.py`, a task's end in `service/finish.py`.
"""

from __future__ import annotations

from typing import ClassVar, Self


class MuybridgeError(Exception):
    """What every error of ours is: a wire code, a message, and whether trying again helps."""

    code: ClassVar[int] = 1000
    retryable: ClassVar[bool] = False

    def __init__(self, message: str = "unknown error") -> None:
        super().__init__(message)
        self.message = message

    def details(self) -> dict[str, str]:
        """The parts to rebuild this error from in another process; all strings."""
        return {"message": self.message}

    def to_wire(self) -> dict[str, str]:
        """The error as plain strings: `kind` and its details."""
        return {"kind": type(self).__name__, **self.details()}

    @staticmethod
    def from_wire(parts: dict[str, str]) -> MuybridgeError:
        """The error that `to_wire` described; an unknown kind becomes a plain MuybridgeError."""
        parts = dict(parts)
        cls = _by_name().get(parts.pop("kind", ""), MuybridgeError)
        return cls._rebuild(parts)

    @classmethod
    def _rebuild(cls, parts: dict[str, str]) -> Self:
        return cls(parts.get("message", "unknown error"))


class InvalidInput(MuybridgeError):
    """The request is wrong in one field; says which, what came, and what is allowed."""

    code = 2013

    def __init__(self, field: str, got: str, allowed: str, rule: str = "") -> None:
        """Where the wire prescribes a wording, `rule` follows the field ("must be character")."""
        super().__init__(f"invalid params, {field}{rule and ' '}{rule}: got {got}; allowed: {allowed}")
        self.field, self.got, self.allowed, self.rule = field, got, allowed, rule

    def details(self) -> dict[str, str]:
        """The field, what came, what is allowed, and the prescribed wording if there is one."""
        told = {"field": self.field, "got": self.got, "allowed": self.allowed}
        return told | ({"rule": self.rule} if self.rule else {})

    @classmethod
    def _rebuild(cls, parts: dict[str, str]) -> Self:
        field, got, allowed = (parts.get(name, "?") for name in ("field", "got", "allowed"))
        return cls(field, got, allowed, parts.get("rule", ""))


class InvalidPicture(InvalidInput):
    """The reference cannot be used as a picture: unreadable, too small, too large, too long."""


class NotFound(InvalidInput):
    """No such task or file for this key; says the same whether it never was or is another's."""


class NoKey(MuybridgeError):
    """No API key was sent."""

    code = 1004

    def __init__(
        self,
        message: str = "login fail: Please carry the API secret key in the 'Authorization' "
        "field of the request header",
    ) -> None:
        super().__init__(message)


class UnknownKey(MuybridgeError):
    """The key is not ours, was revoked, or has expired."""

    code = 2049

    def __init__(self, message: str = "invalid api key") -> None:
        super().__init__(message)


class RateLimited(MuybridgeError):
    """Too many requests, or too many tasks of this key in flight."""

    code = 1002
    retryable = True


class AllowanceUsedUp(MuybridgeError):
    """The key's allowance is used up."""

    code = 1008

    def __init__(self, message: str = "insufficient balance") -> None:
        super().__init__(message)


class InputRefused(MuybridgeError):
    """Prompt or picture refused by moderation."""

    code = 1026


class OutputRefused(MuybridgeError):
    """The finished video refused by moderation."""

    code = 1027


class TimedOut(MuybridgeError):
    """An engine or a dependency took longer than its bound."""

    code = 1001
    retryable = True


class EngineFailed(MuybridgeError):
    """An engine ended without a video, and said why."""

    retryable = True


class EngineCrashed(EngineFailed):
    """An engine's process died: a native crash, a kill, no memory."""


class EngineNotReady(MuybridgeError):
    """An engine lacks weights, a package or a device; the message says what to do."""


class WeightsMissing(EngineNotReady):
    """Weights are not in the cache and could not be pulled."""


class Unavailable(MuybridgeError):
    """The server cannot take work just now: stopping, disk full, or a dependency away."""

    retryable = True


class Cancelled(BaseException):
    """The work was called off. A BaseException so that `except Exception` lets it through."""


def _by_name() -> dict[str, type[MuybridgeError]]:
    found: dict[str, type[MuybridgeError]] = {"MuybridgeError": MuybridgeError}
    stack: list[type[MuybridgeError]] = [MuybridgeError]
    while stack:
        for sub in stack.pop().__subclasses__():
            found[sub.__name__] = sub
            stack.append(sub)
    return found
