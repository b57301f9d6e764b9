"""The OpenAPI page: routes read bodies themselves, so what they take is described here."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from muybridge.wire.requests import CancelRequest, CreateRequest, DeleteRequest, Request

_REF = "#/components/schemas/{model}"
_OPEN = {"/healthz", "/readyz"}

UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["purpose", "file"],
                    "properties": {
                        "purpose": {"type": "string", "maxLength": 64},
                        "file": {"type": "string", "format": "binary"},
                    },
                }
            }
        },
    }
}


def parameter(name: str, where: str, description: str, *, required: bool = True) -> dict[str, Any]:
    """One parameter, as OpenAPI writes it; `where` is query or header."""
    text = {"type": "string"}
    return {"name": name, "in": where, "required": required, "description": description, "schema": text}


def body_of(model: type[Request]) -> dict[str, Any]:
    """A JSON body, by its wire model."""
    schema = {"$ref": _REF.format(model=model.__name__)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def describe(app: FastAPI) -> dict[str, Any]:
    """The whole page: FastAPI's, with our bodies' schemas and the key."""
    page = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    bodies: list[tuple[type[Request], Any]] = [
        (model, "validation") for model in (CreateRequest, CancelRequest, DeleteRequest)
    ]
    _, schemas = models_json_schema(bodies, ref_template=_REF)
    components = page.setdefault("components", {})
    components.setdefault("schemas", {}).update(schemas["$defs"])
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    for path, methods in page["paths"].items():
        for operation in methods.values():
            operation["security"] = [] if path in _OPEN else [{"key": []}]
    return page
