"""A hand-made adversary against the whole application: nothing of it is an error of 500, nothing
is accepted that the reference forbids, nothing comes back that was sent, and the book stays sound.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from jsonschema import Draft202012Validator, FormatChecker

from api.keys.rates import STRANGER_PER_MINUTE
from api.kit.reference import operations
from tests.api.http.hostile import BODIES, HEADERS, IDS, KINDS, QUERIES, VALUES
from tests.api.http.owned import OWNED
from tests.api.http.write_reference import REFERENCE
from tests.api.site import Site
from tests.api.site_steps import Seller, seller

TOLD: dict[str, Any] = json.loads(REFERENCE.read_text(encoding="utf-8"))
WITH_BODY = [
    (method, path, operation["requestBody"]["content"]["application/json"])
    for method, path, operation in operations(TOLD)
    if path.startswith("/v1/")
    and "application/json" in operation.get("requestBody", {}).get("content", {})
]
OPERATIONS = [each for each in operations(TOLD) if each[1].startswith("/v1/")]
ECHOES = re.compile(r"DROP TABLE|169\.254|<script|passwd|\{\{7|evil\.invalid|Traceback|sqlalchemy")


def at(path: str) -> str:
    """Fill a path with ids that lead nowhere."""
    return re.sub(r"{\w+}", "promise_" + "0" * 32, path)


def judged(answer: Response, name: str, *, refused: bool) -> Iterator[str]:
    """Say what is wrong with an answer to something hostile."""
    if answer.status_code >= 500:
        yield f"{name}: {answer.status_code}"
    if refused and answer.status_code < 400:
        yield f"{name}: accepted with {answer.status_code}"
    if answer.status_code >= 400 and answer.headers["content-type"] != "application/problem+json":
        yield f"{name}: {answer.status_code} as {answer.headers['content-type']}"
    text = answer.text
    if answer.status_code >= 400:
        # Faults of rows quote the cell, as those of sheets do; nothing else repeats anything.
        text = json.dumps({part: told for part, told in answer.json().items() if part != "faults"})
    if ECHOES.search(text):
        yield f"{name}: repeats {ECHOES.findall(text)}"


def places(example: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401
    """Give every place in a message where a value can be put."""
    yield at
    inner = example.items() if isinstance(example, dict) else ()
    if isinstance(example, list):
        inner = enumerate(example)  # type: ignore[assignment]
    for name, value in inner:
        yield from places(value, (*at, name))


def put(example: Any, place: tuple[str | int, ...], value: Any) -> Any:  # noqa: ANN401
    """Put a value into a copy of a message."""
    if not place:
        return value
    changed = copy.deepcopy(example)
    holder = changed
    for name in place[:-1]:
        holder = holder[name]
    holder[place[-1]] = value
    return changed


def text_of(message: object) -> bytes:
    """Write JSON as a careless client does: half characters as they are."""
    return json.dumps(message, ensure_ascii=True).encode()


@pytest.fixture
def shop(site: Site) -> Seller:
    return seller(site)


def headers_of(shop: Seller) -> dict[str, str]:
    return {**shop.once(), "If-Match": '"1"', "Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "content"), WITH_BODY, ids=[f"{m} {p}" for m, p, _ in WITH_BODY]
)
def test_hostile_values_in_every_field(
    shop: Seller, method: str, path: str, content: Mapping[str, Any]
) -> None:
    """Every value at every place of every message; what the schema forbids is refused."""
    schema = Draft202012Validator(
        {**content["schema"], "components": TOLD["components"]}, format_checker=FormatChecker()
    )
    wrong = []
    for place in places(content["example"]):
        for name, value in VALUES.items():
            message = put(content["example"], place, value)
            answer = shop.http.request(
                method, at(path), content=text_of(message), headers=headers_of(shop)
            )
            refused = not schema.is_valid(message)
            wrong += judged(answer, f"{place} {name}", refused=refused)
    assert wrong == []


def test_hostile_bodies(shop: Seller) -> None:
    """Bodies that are no JSON object, at every operation that takes one; one takes every kind."""
    wrong = []
    for method, path, _ in WITH_BODY:
        for name, body in BODIES.items():
            kinds = KINDS if (method, path) == ("post", "/v1/holds") else KINDS[:1]
            for kind in kinds:
                answer = shop.http.request(
                    method,
                    at(path),
                    content=body,
                    headers={**headers_of(shop), "Content-Type": kind},
                )
                wrong += judged(answer, f"{method} {path} {name} as {kind}", refused=True)
    assert wrong == []


def test_hostile_headers(shop: Seller) -> None:
    """At every operation, with an example as its body."""
    wrong = []
    for method, path, operation in OPERATIONS:
        content = operation.get("requestBody", {}).get("content", {})
        example = content.get("application/json", {}).get("example")
        for name, headers in HEADERS.items():
            sent = {**headers_of(shop), **headers}
            answer = shop.http.request(
                method,
                at(path),
                content=text_of(example) if example else None,
                headers={each: _bytes(value) for each, value in sent.items()},
            )
            refused = "Authorization" in headers
            wrong += judged(answer, f"{method} {path} {name}", refused=refused)
    assert wrong == []


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def test_hostile_ids(shop: Seller) -> None:
    """In every path that has one: not found or refused, and nobody else's."""
    wrong = []
    for method, path, operation in OPERATIONS:
        if "{" not in path or method == "put":
            continue
        content = operation.get("requestBody", {}).get("content", {})
        example = content.get("application/json", {}).get("example")
        for each in IDS:
            answer = shop.http.request(
                method,
                re.sub(r"{\w+}", lambda _: each, path),  # noqa: B023
                content=text_of(example) if example else None,
                headers=headers_of(shop),
            )
            wrong += judged(answer, f"{method} {path} {each[:40]}", refused=True)
    assert wrong == []


def test_hostile_queries(shop: Seller) -> None:
    """A list with a filter that it does not understand lists nothing."""
    wrong = []
    for query in QUERIES:
        answer = shop.http.get(f"/v1/bookings?{query}")
        empty = query in {"limit=1&limit=2000", "cursor=", "order_ref="}
        wrong += judged(answer, query[:60], refused=not empty)
    assert wrong == []


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "get", "X" * 100])
def test_hostile_methods(shop: Seller, method: str) -> None:
    """Known by no route."""
    answer = shop.http.request(method, "/v1/bookings")
    assert answer.status_code == (405 if method != "get" else 200)


def test_the_book_is_sound_after_all_of_it(site: Site, shop: Seller) -> None:
    """Hostile requests about real things: none changed, none lost."""
    ids = {name: make(shop) for name, make in OWNED.items()}
    before = shop.http.get("/v1/bookings").json()
    for method, path, operation in OPERATIONS:
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content or not set(re.findall(r"{(\w+)}", path)) <= set(ids):
            continue
        example = content["application/json"]["example"]
        for value in VALUES.values():
            broken = {**example, "surprise": value}
            answer = shop.http.request(
                method, path.format(**ids), content=text_of(broken), headers=headers_of(shop)
            )
            assert 400 <= answer.status_code < 500
    assert shop.http.get("/v1/bookings").json() == before
    assert site.services.book.faults() == ()


def test_there_are_enough_of_them() -> None:
    """Four hundred were asked for; this counts what is sent above."""
    fields = sum(1 for _, _, content in WITH_BODY for _ in places(content["example"]))
    sent = fields * len(VALUES) + len(BODIES) * (len(WITH_BODY) + len(KINDS) - 1)
    sent += len(HEADERS) * len(OPERATIONS) + len(QUERIES)
    assert len(VALUES) + len(BODIES) + len(HEADERS) + len(IDS) + len(QUERIES) > 200
    assert sent > 400, sent


def test_the_stranger_gets_nothing(site: Site) -> None:
    """The same without a key: 401 and no difference to read from; soon no answer but 429."""
    stranger: TestClient = site.stranger()
    assert len(OPERATIONS) > STRANGER_PER_MINUTE
    for tried, (method, path, _) in enumerate(OPERATIONS):
        answer = stranger.request(method, at(path))
        assert answer.status_code == (401 if tried < STRANGER_PER_MINUTE else 429)
