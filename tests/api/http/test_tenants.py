"""What is another tenant's is not found: every route with an id in it, and every id in a body."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from api.keys.scopes import Scope
from api.kit.reference import operations
from tests.api.http.owned import CALLER_NAMED, OWNED
from tests.api.http.write_reference import REFERENCE
from tests.api.site import Site
from tests.api.site_steps import seller

TOLD: dict[str, Any] = json.loads(REFERENCE.read_text(encoding="utf-8"))
ALL = list(operations(TOLD))
ALL_NAMES = [f"{method} {path}" for method, path, _ in ALL]
WITH_IDS = [
    (method, path, operation)
    for method, path, operation in ALL
    if "{" in path and not (method == "put" and CALLER_NAMED & set(re.findall(r"{(\w+)}", path)))
]
HEADERS = {"Idempotency-Key": "k1", "If-Match": '"1"'}


def example(operation: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever the reference shows
    contents = operation.get("requestBody", {}).get("content", {})
    return contents.get("application/json", {}).get("example")


@pytest.mark.parametrize(
    ("method", "path", "operation"), WITH_IDS, ids=[f"{m} {p}" for m, p, _ in WITH_IDS]
)
def test_another_tenants_thing_is_not_found(
    site: Site, method: str, path: str, operation: dict[str, Any]
) -> None:
    """404 as for one that does not exist: not even its existence is told. And nothing happens."""
    mine = seller(site)
    ids = {name: OWNED[name](mine) for name in re.findall(r"{(\w+)}", path)}
    thief = site.client("rival", "thief")
    asked = thief.request(method, path.format(**ids), json=example(operation), headers=HEADERS)
    assert asked.status_code == 404, asked.text
    nothing = thief.request(
        method,
        path.format(**dict.fromkeys(ids, "nothing")),
        json=example(operation),
        headers={**HEADERS, "Idempotency-Key": "k2"},
    )
    told, untold = asked.json(), nothing.json()
    assert (told["code"], told["title"]) == (untold["code"], untold["title"])
    for each in ids.keys() & {"hold_id", "booking_id"}:
        kept = mine.http.get(f"/v1/bookings/{ids[each]}").json()
        assert kept["status"] in {"held", "confirmed"}
    for each in ids.keys() & {"endpoint_id"}:
        kept = mine.http.get(f"/v1/webhook-endpoints/{ids[each]}").json()
        assert kept["status"] == "active"


def test_ids_in_bodies_are_not_found_either(site: Site) -> None:
    """A hold, an offer, the hold to move to."""
    mine, thief = seller(site), seller(site, "rival")
    hold_id, token = mine.held("A"), mine.offer("B")
    assert thief.book(hold_id).status_code == 404
    assert thief.hold(token).status_code == 422
    booked = mine.booked("C")
    moved = thief.change(booked.json()["booking_id"], "reschedule", '"1"', hold_id=hold_id)
    assert moved.status_code == 404
    assert thief.http.get("/v1/bookings").json()["items"] == []


def test_one_clients_key_is_not_anothers(site: Site) -> None:
    """Two tenants use the same client name and the same idempotency key."""
    mine, other = seller(site), seller(site, "rival")
    assert mine.hold(mine.offer("A"), "k1").status_code == 201
    # The rival has no day open; its own request is answered, and not with ours.
    answer = other.http.post(
        "/v1/bookings", json={"hold_id": "promise_" + "0" * 32}, headers=other.once("k1")
    )
    assert answer.status_code == 404


@pytest.mark.parametrize(("method", "path", "operation"), ALL, ids=ALL_NAMES)
def test_every_scope_is_needed(
    site: Site, method: str, path: str, operation: dict[str, Any]
) -> None:
    """Without the key 401; with every other scope 403 and the name of the one that is missing."""
    address = re.sub(r"{\w+}", "x", path)
    if not path.startswith("/v1/"):
        assert not operation.get("security")
        return
    stranger = site.stranger().request(method, address, json=example(operation), headers=HEADERS)
    assert (stranger.status_code, stranger.json()["code"]) == (401, "key-missing")
    (needed,) = operation["security"]
    for scope in needed["ApiKey"]:
        client = site.client(client=f"no-{scope.replace(':', '-')}", scopes=set(Scope) - {scope})
        answer = client.request(method, address, json=example(operation), headers=HEADERS)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")
        assert answer.json()["scopes"] == [scope]


def test_every_operation_under_v1_but_one_needs_a_scope() -> None:
    """`GET /v1/key` shows a key to its owner; everything else is somebody's business."""
    free = [
        name
        for name, (_, path, operation) in zip(ALL_NAMES, ALL, strict=True)
        if path.startswith("/v1/") and not operation["security"][0]["ApiKey"]
    ]
    assert free == ["get /v1/key"]
