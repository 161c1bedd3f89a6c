"""The reference is complete, true, committed, and readable without another host."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from api.errors import Refused
from api.kit.docs_page import refusals
from api.kit.reference import operations
from tests.api.http.write_reference import REFERENCE, text_of
from tests.api.site import Site
from tests.contracts.tree import ROOT

TOLD: dict[str, Any] = json.loads(REFERENCE.read_text(encoding="utf-8"))
OPERATIONS = list(operations(TOLD))
NAMES = [f"{method} {path}" for method, path, _ in OPERATIONS]


def test_the_committed_reference_is_that_of_the_code(site: Site) -> None:
    """A change of it is a change of what integrators were promised: it must be seen in a diff.

    `python -m tests.api.http.write_reference` writes it anew.
    """
    assert text_of(site.app.openapi()) == REFERENCE.read_text(encoding="utf-8")


def test_operations_have_names_of_their_own() -> None:
    """Generated clients call them by it."""
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_every_operation_has_examples_that_its_schemas_take(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    """An example that is refused is worse than none."""
    grants = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    assert grants
    for message in (operation.get("requestBody", {}), *grants):
        for kind, content in message.get("content", {}).items():
            if kind != "application/json":
                continue
            assert "example" in content, f"{method} {path}"
            schema = {**content["schema"], "components": TOLD["components"]}
            Draft202012Validator(schema).validate(content["example"])


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_every_operation_tells_what_it_does_and_how_it_refuses(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    """Refusals in one shape, FastAPI's own nowhere."""
    assert operation["description"].strip().endswith(".")
    assert "HTTPValidationError" not in json.dumps(operation)
    if path.startswith("/v1/"):
        assert {"401", "403", "422", "429"} <= operation["responses"].keys()
        assert operation["security"], "every path under /v1 needs a key"


def test_the_pages_need_no_other_host(site: Site) -> None:
    """An integrator in a data centre without internet reads them, too."""
    for path in ("/docs", "/docs/problems"):
        page = site.stranger().get(path)
        assert page.status_code == 200
        # An address in an example is text; one that is loaded or led to is another host.
        loads = r"<script|(?:src|href|action)=[\"']?(?:https?:)?//|@import|url\("
        assert not re.search(loads, page.text)
        assert "style-src 'sha256-" in page.headers["Content-Security-Policy"]
    for _, shown, _ in OPERATIONS:
        assert shown in site.stranger().get("/docs").text


def test_every_code_is_in_the_manual() -> None:
    """Programs act on codes; people look them up."""
    manual = (ROOT / "docs" / "http-api.md").read_text(encoding="utf-8")
    codes = {each.code for each in refusals(Refused)}
    assert {code for code in codes if f"`{code}`" not in manual} == set()
