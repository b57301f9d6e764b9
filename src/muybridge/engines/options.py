"""An engine's own options, as the operator set them under `[engines.NAME]`, read into a frozen model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from muybridge.errors import InvalidInput

Options = Mapping[str, Any]
Model = TypeVar("Model", bound=BaseModel)


class EngineOptions(BaseModel):
    """What every engine's options share: frozen, and no name that the engine does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def read_options(kind: type[Model], given: Options, engine: str) -> Model:
    """The options of an engine; raises InvalidInput naming the first that is wrong.

    A wrong value is not shown, for it may be a secret.
    """
    try:
        return kind.model_validate(dict(given))
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        field = ".".join(["engines", engine, *(str(part) for part in first["loc"])])
        if first["type"] == "extra_forbidden":
            raise InvalidInput(field, "an unknown option", ", ".join(kind.model_fields)) from None
        raise InvalidInput(field, "a value that does not fit", first["msg"]) from None
