"""The OWASP API Security Top 10 (2023): a test a line, in their order."""

from __future__ import annotations

import json
from typing import Any

import pytest

from api.keys.errors import TooManyRequests
from api.keys.rates import STRANGER_PER_MINUTE
from api.keys.scopes import Scope
from api.kit.reference import operations
from tests.api.http.write_reference import REFERENCE
from tests.api.site import SETTINGS, Site
from tests.api.site_steps import Seller, seller

TOLD: dict[str, Any] = json.loads(REFERENCE.read_text(encoding="utf-8"))


@pytest.fixture
def shop(site: Site) -> Seller:
    return seller(site)


def test_api1_objects_are_looked_up_within_the_keys_tenant(site: Site, shop: Seller) -> None:
    """Broken object level authorization. Every route: test_tenants.py."""
    booking = shop.booked("A").json()["booking_id"]
    assert site.client("rival").get(f"/v1/bookings/{booking}").status_code == 404


def test_api2_a_key_is_all_or_nothing(site: Site, shop: Seller) -> None:
    """Broken authentication: one changed character, a stolen hash, a key in the address."""
    key = site.key()
    row = site.services.keys.authenticate(key)
    wrong = (key[:-1] + ("A" if key[-1] != "A" else "B"), row.sha256, f"flatbed_{row.prefix}_")
    for text in wrong:
        answer = site.stranger().get("/v1/key", headers={"Authorization": f"Bearer {text}"})
        assert answer.status_code == 401
    # Refused as an unknown parameter, before anybody asks whose key it is.
    assert site.stranger().get("/v1/key", params={"api_key": key, "key": key}).status_code == 422
    tries = [
        site.stranger().get("/v1/key", headers={"Authorization": "Bearer x"}).status_code
        for _ in range(STRANGER_PER_MINUTE + 1)
    ]
    assert tries[-1] == TooManyRequests.status


def test_api3_nothing_is_written_or_shown_that_is_not_declared(shop: Seller) -> None:
    """Broken object property level authorization: no mass assignment, no field by accident."""
    token = shop.offer("A")
    for field in ("tenant", "tenant_id", "client_id", "status", "seq", "conditions", "price"):
        assert shop.hold(token, **{field: "x"}).status_code == 422
    shown = shop.booked("B").json()
    declared = TOLD["components"]["schemas"]["BookingOut"]
    assert shown.keys() == declared["properties"].keys()
    assert declared["additionalProperties"] is False


def test_api4_everything_has_a_limit(shop: Seller) -> None:
    """Unrestricted resource consumption: bytes, depth, page size, list lengths, windows held."""
    post = shop.http.post
    assert post("/v1/holds", content=b" " * ((1 << 20) + 1)).status_code == 413
    deep = b"[" * 1_000 + b"]" * 1_000
    sent = {**shop.once(), "Content-Type": "application/json"}
    assert post("/v1/holds", content=deep, headers=sent).status_code == 400
    assert shop.http.get("/v1/bookings?limit=201").status_code == 422
    assert shop.hold(shop.offer("A"), also=["x"] * 13).status_code == 422
    assert SETTINGS.live_holds_max and SETTINGS.requests_per_minute
    for _, path, operation in operations(TOLD):
        if path.startswith("/v1/"):
            assert "429" in operation["responses"]


def test_api5_functions_ask_for_their_scope(site: Site, shop: Seller) -> None:
    """Broken function level authorization. Every route and scope: test_tenants.py."""
    reader = site.client(client="reader", scopes={Scope.READ})
    booked = shop.booked("A")
    answer = reader.post(
        f"/v1/bookings/{booked.json()['booking_id']}/cancel",
        headers={"If-Match": booked.headers["ETag"]},
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")


def test_api6_windows_cannot_be_hoarded(site: Site, shop: Seller) -> None:
    """Unrestricted access to sensitive business flows: one hold an order, holds that end, a cap a
    client (`test_a_client_holds_only_so_many`)."""
    shop.held("A")
    again = shop.hold(shop.offer("A"))
    assert (again.status_code, again.json()["code"]) == (409, "order-already-held")
    site.clock.turn(SETTINGS.hold_ttl)
    assert site.services.book.expire_overdue() == 1


def test_api7_no_request_makes_us_fetch_an_address(site: Site) -> None:
    """Server side request forgery: the one place that takes a URL refuses what is not public."""
    admin = site.client()
    for url in (
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://[2002:a9fe:a9fe::]/",
        "https://10.0.0.1/",
        "http://example.com/",
        "file:///etc/passwd",
        "https://user:password@example.com/",
    ):
        answer = admin.post(
            "/v1/webhook-endpoints", json={"url": url}, headers={"Idempotency-Key": "k"}
        )
        assert answer.status_code == 422, url
        assert "169.254" not in answer.text and "password" not in answer.text


def test_api8_nothing_is_left_open(site: Site) -> None:
    """Security misconfiguration: no CORS, no framework's pages, no stack traces, headers set."""
    stranger = site.stranger()
    answer = stranger.get("/v1/bookings", headers={"Origin": "https://evil.invalid"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    for path in ("/redoc", "/docs/oauth2-redirect", "/.env", "/.git/config", "/admin", "/debug"):
        assert stranger.get(path).status_code == 404
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "server" not in answer.headers
    assert stranger.request("TRACE", "/v1/bookings").status_code == 405


def test_api9_every_route_is_in_the_committed_reference(site: Site) -> None:
    """Improper inventory management: what is served is what was reviewed, and one version of it."""
    listed = {(method.upper(), path) for method, path, _ in operations(TOLD)}
    assert {path.split("/")[1] for _, path in listed} == {"v1"}
    served = {
        (method, path)
        for path, item in site.app.openapi()["paths"].items()
        for method in map(str.upper, item)
    }
    hidden = {"/healthz", "/readyz", "/metrics", "/docs", "/docs/problems", "/openapi.json"}
    assert served == listed
    routes = {getattr(route, "path", "") for route in site.app.routes} - {""}
    assert {path for path in routes if not path.startswith("/v1/")} <= hidden


def test_api10_what_others_answer_is_not_believed(site: Site, shop: Seller) -> None:
    """Unsafe consumption of APIs: a webhook's answer is counted and never read (docs/webhooks.md,
    tests/api/events); what an order's keeper gives is judged before anything is held."""
    token = shop.offer("A")
    site.orders.loads[("acme", "A")] = {"x": 10_000.0, "y": 0.0}
    far = shop.hold(token)
    assert (far.status_code, far.json()["code"]) == (409, "slot-taken")
    assert site.services.book.faults() == ()
