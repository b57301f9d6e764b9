"""The OpenAPI page is valid, complete, and the API keeps to it whatever is sent."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from fakes.house import House, build
from muybridge.settings import Settings

PATHS = {
    "/v1/video_generation": {"post"},
    "/v1/video_generation/cancel": {"post"},
    "/v1/video_generation/{task_id}/events": {"get"},
    "/v1/query/video_generation": {"get"},
    "/v1/models": {"get"},
    "/v1/files/retrieve": {"get"},
    "/v1/files/retrieve_content": {"get"},
    "/v1/files/list": {"get"},
    "/v1/files/delete": {"post"},
    "/v1/files/upload": {"post"},
    "/healthz": {"get"},
    "/readyz": {"get"},
}

TAKES_NOTHING = {"/v1/models", "/healthz", "/readyz"}
CASES = [(path, "positive") for path in PATHS] + [
    (path, "negative") for path in PATHS if path not in TAKES_NOTHING
]


@pytest.fixture(scope="module")
def house() -> House:
    return asyncio.run(build(Settings()))


@pytest.fixture(scope="module")
def page(house: House) -> dict[str, Any]:
    return dict(house.pages.openapi())


def test_the_page_names_every_call_of_the_contract(page: dict[str, Any]) -> None:
    assert {path: set(methods) for path, methods in page["paths"].items()} == PATHS


def test_every_reference_on_the_page_leads_somewhere(page: dict[str, Any]) -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            here = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return here + [ref for inner in part.values() for ref in references(inner)]
        return [ref for inner in part for ref in references(inner)] if isinstance(part, list) else []

    found = references(page)
    assert found
    for reference in found:
        assert reference.removeprefix("#/components/schemas/") in page["components"]["schemas"], reference


def test_a_create_body_is_described_by_the_wire_model(page: dict[str, Any]) -> None:
    schema = page["components"]["schemas"]["CreateRequest"]
    assert schema["required"] == ["model"]
    assert schema["properties"]["prompt"]["maxLength"] == 2000
    assert page["paths"]["/v1/video_generation"]["post"]["security"] == [{"key": []}]


@pytest.mark.parametrize(("path", "mode"), CASES)
def test_whatever_is_sent_the_answer_keeps_to_the_page(house: House, path: str, mode: str) -> None:
    schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
    checks = pytest.importorskip("schemathesis.specs.openapi.checks")
    schema = schemathesis.openapi.from_asgi("/openapi.json", house.app)
    operation = schema[path][next(iter(PATHS[path])).upper()]
    kind = schemathesis.GenerationMode(mode)

    @given(case=operation.as_strategy(generation_mode=kind))
    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def check(case: Any) -> None:
        response = case.call(headers={"Authorization": f"Bearer {house.key.secret}"})
        assert response.status_code < 500
        assert response.headers["trace-id"]
        if path.startswith("/v1/"):
            assert "base_resp" in response.json()
        kept_to = [checks.response_schema_conformance, checks.content_type_conformance]
        case.validate_response(response, checks=kept_to)

    check()
