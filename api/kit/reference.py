"""The reference (OpenAPI 3.1): what FastAPI tells of the routes, made whole.

Every operation gets the refusals that any of them may answer with, in our shape and not in
FastAPI's, and an example of what goes in and what comes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.kit.problem_docs import ALWAYS, PROBLEM_SCHEMA, SCHEMA_NAME, says_no

_FASTAPIS_OWN: Final = ("HTTPValidationError", "ValidationError")
_METHODS: Final = ("get", "put", "post", "patch", "delete")
_COMPONENT: Final = "#/components/schemas/"


def operation_id(route: APIRoute) -> str:
    """Name an operation after its function: clients are generated from it."""
    return route.name


def install_reference(app: FastAPI) -> None:
    """Let the app tell the dressed reference, made once, when it is asked for."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            told = plain()
            dress(told)
            app.openapi_schema = told
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI's own manual shows


def operations(told: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give every operation of a reference as (method, path, operation)."""
    for path, item in told["paths"].items():
        for method in _METHODS:
            if method in item:
                yield method, path, item[method]


def dress(told: dict[str, Any]) -> None:
    """Complete a reference in place."""
    schemas: dict[str, Any] = told.setdefault("components", {}).setdefault("schemas", {})
    for name in _FASTAPIS_OWN:
        schemas.pop(name, None)
    schemas[SCHEMA_NAME] = dict(PROBLEM_SCHEMA)
    refusals = {str(status): answer for status, answer in says_no(*ALWAYS).items()}
    for _, path, operation in operations(told):
        if path.startswith("/v1/"):
            found = {**operation["responses"], **refusals}
            operation["responses"] = {status: found[status] for status in sorted(found)}
        for content in _contents(operation):
            _show_example(content, schemas)


def _contents(operation: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for each in (operation.get("requestBody", {}), *operation["responses"].values()):
        yield from each.get("content", {}).values()


def _show_example(content: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    """Put the example of a message beside its schema, where tools look for it."""
    name = content.get("schema", {}).get("$ref", "").removeprefix(_COMPONENT)
    examples = schemas.get(name, {}).get("examples")
    if examples and name != SCHEMA_NAME:
        content.setdefault("example", examples[0])
