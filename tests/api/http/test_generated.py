"""Generated requests from the reference itself (schemathesis): no 500, and answers as published."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from api.kit.reference import operations
from tests.api.http.test_reference import TOLD
from tests.api.site import Site, site_at
from tests.api.site_steps import seller
from tests.api.slots.books import trucks
from tests.databases import new_database


def refused_or_stale(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> bool | None:
    """Wrong data is refused; where the version seen is wrong as well, that may be told first."""
    if response.status_code == 412:
        return None
    return negative_data_rejection(ctx, response, case)


EXAMPLES = 8
"""Of each operation, right and wrong ones each."""
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    refused_or_stale,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.fixture(scope="module")
def one_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One application for all generated requests, with something in it."""
    database = new_database("sqlite", tmp_path_factory.mktemp("generated"))
    site = site_at(database, trucks(6))
    shop = seller(site)
    shop.booked("A")
    shop.held("B")
    yield site
    assert site.services.book.faults() == ()
    database.close()


OPERATIONS = [(method, path) for method, path, _ in operations(TOLD) if path.startswith("/v1/")]


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[f"{m} {p}" for m, p in OPERATIONS])
def test_generated_requests(one_site: Site, method: str, path: str, mode: GenerationMode) -> None:
    """Right ones and wrong ones, at every operation."""
    published = schemathesis.openapi.from_asgi("/openapi.json", one_site.app)
    key = {"Authorization": f"Bearer {one_site.key()}"}

    @given(case=published[path][method.upper()].as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=key, checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:
        # An operation without parameters and body cannot be asked wrongly.
        assert mode is GenerationMode.NEGATIVE
