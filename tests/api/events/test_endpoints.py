"""Events and endpoints over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection

from api.events.outbox import OutgoingEvent, emit
from api.keys.scopes import Scope
from api.kit.db import Database
from tests.api.events.offices import Inline
from tests.api.events.receivers import receiver
from tests.api.site import SETTINGS, Site, site_at
from tests.api.slots.books import TENANT, trucks

URL = "https://orders.example/hooks"
ENDPOINTS = "/v1/webhook-endpoints"


@pytest.fixture
def here(database: Database) -> Site:
    """A site whose endpoints may be on this machine."""
    settings = replace(SETTINGS, webhooks_loopback=True)
    return site_at(database, trucks(2), settings=settings)


def tell(site: Site, *streams: str) -> None:
    events = [
        OutgoingEvent(stream=each, topic="hold.expired.v1", payload={"order_ref": each})
        for each in streams
    ]
    with site.services.database.writing() as connection:
        emit(connection, TENANT, events, site.clock.now())


def register(client: TestClient, url: str = URL, **named: object) -> dict[str, object]:
    made = client.post(ENDPOINTS, json={"url": url, **named})
    assert made.status_code == 201, made.text
    return made.json()


def test_an_endpoint_from_its_registration_to_its_end(site: Site) -> None:
    """Registered, shown without its secret, changed, rotated, deleted."""
    client = site.client()
    made = register(client, description="orders", topics=["hold.expired.v1"])
    assert str(made["secret"]).startswith("whsec_")
    where = f"{ENDPOINTS}/{made['endpoint_id']}"
    shown = client.get(where).json()
    assert "secret" not in shown
    assert (shown["status"], shown["due"], shown["topics"]) == ("active", 0, ["hold.expired.v1"])
    changed = client.patch(where, json={"status": "disabled", "topics": []}).json()
    assert (changed["status"], changed["topics"]) == ("disabled", [])
    assert changed["disabled_because"] == "by its owner"
    rotated = client.post(f"{where}/rotate-secret").json()
    assert rotated["secret"] != made["secret"]
    assert [each["endpoint_id"] for each in client.get(ENDPOINTS).json()["items"]] == [
        made["endpoint_id"]
    ]
    assert client.delete(where).status_code == 204
    assert client.get(where).status_code == 404


def test_a_registration_that_is_repeated_is_told_so(site: Site) -> None:
    """Its answer was lost: without this every event would come twice from now on."""
    client = site.client()
    made = register(client)
    again = client.post(ENDPOINTS, json={"url": URL})
    assert (again.status_code, again.json()["code"]) == (409, "webhook-endpoint-exists")
    assert again.json()["endpoint_id"] == made["endpoint_id"]
    other = register(client, "https://erp.example/")
    moved = client.patch(f"{ENDPOINTS}/{other['endpoint_id']}", json={"url": URL})
    assert moved.json()["code"] == "webhook-endpoint-exists"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "http://orders.example/"}, "webhook-url-refused"),
        ({"url": "https://169.254.169.254/latest"}, "webhook-url-refused"),
        ({"url": URL, "topics": ["booking.invented.v1"]}, "topic-not-published"),
        ({"url": URL, "topics": ["<script>"]}, "request-invalid"),
        ({"url": URL, "secret": "mine"}, "request-invalid"),
        ({"url": ""}, "request-invalid"),
        ({}, "request-invalid"),
    ],
)
def test_what_cannot_be_registered(site: Site, body: dict[str, object], code: str) -> None:
    """With a code that a program can go by, and nothing of what was sent."""
    refused = site.client().post(ENDPOINTS, json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert "169.254" not in refused.text
    assert "script" not in refused.text


def test_endpoints_are_for_administrators(site: Site) -> None:
    """Who may sell windows may not send the company's events somewhere else."""
    seller = site.client(scopes=(Scope.READ, Scope.ORDER_WRITE))
    assert seller.post(ENDPOINTS, json={"url": URL}).status_code == 403
    assert seller.get(ENDPOINTS).status_code == 403
    assert seller.get("/v1/events").status_code == 200
    assert site.stranger().get("/v1/events").status_code == 401


def test_another_tenants_endpoint_is_not_there(site: Site) -> None:
    """Whatever is asked of it."""
    where = f"{ENDPOINTS}/{register(site.client())['endpoint_id']}"
    other = site.client(tenant="other", client="theirs")
    for method, path, body in (
        ("GET", where, None),
        ("PATCH", where, {"status": "disabled"}),
        ("DELETE", where, None),
        ("POST", f"{where}/rotate-secret", None),
        ("POST", f"{where}/test", None),
        ("GET", f"{where}/deliveries", None),
        ("POST", f"{where}/deliveries/evt_1/replay", None),
        ("POST", f"{where}/replay-dead-letters", None),
    ):
        assert other.request(method, path, json=body).status_code == 404, path
    assert other.get(ENDPOINTS).json() == {"items": []}


def test_the_feed_is_read_by_cursor(site: Site) -> None:
    """The cursor is told on an empty page, too: a reader keeps it and comes back."""
    client = site.client()
    start = client.get("/v1/events").json()
    assert (start["items"], start["more"]) == ([], False)
    tell(site, "A", "B", "A")
    first = client.get("/v1/events", params={"limit": 2}).json()
    assert [(each["stream"], each["seq"]) for each in first["items"]] == [("A", 1), ("A", 2)]
    assert first["more"]
    rest = client.get("/v1/events", params={"cursor": first["next_cursor"]}).json()
    assert [(each["stream"], each["seq"]) for each in rest["items"]] == [("B", 1)]
    assert not rest["more"]
    again = client.get("/v1/events", params={"cursor": rest["next_cursor"]}).json()
    assert (again["items"], again["next_cursor"]) == ([], rest["next_cursor"])


@pytest.mark.parametrize("cursor", ["x", "\u00e9", "W10", "WyJkZWxpdmVyaWVzIiwxXQ", "A" * 2000])
def test_a_cursor_of_another_list_is_refused(site: Site, cursor: str) -> None:
    """With 422, whatever it is."""
    assert site.client().get("/v1/events", params={"cursor": cursor}).status_code == 422


def test_an_old_cursor_is_told_so(site: Site) -> None:
    """410, and not a page with a hole before it."""
    client = site.client()
    tell(site, "A", "B")
    old = client.get("/v1/events", params={"limit": 1}).json()["next_cursor"]
    site.clock.turn(timedelta(days=31))
    site.services.feed.forget(site.clock.now() - timedelta(days=30))
    gone = client.get("/v1/events", params={"cursor": old})
    assert (gone.status_code, gone.json()["code"]) == (410, "cursor-forgotten")


def test_tests_deliveries_and_replays(here: Site) -> None:
    """Over a real connection: the whole way of an event, twice."""
    client = here.client()
    with receiver() as its:
        where = f"{ENDPOINTS}/{register(client, its.url)['endpoint_id']}"
        assert client.post(f"{where}/test").json() == {
            "delivered": True,
            "status": 200,
            "error": "",
        }
        tell(here, "A", "B", "C")
        while here.services.relay.start_round(Inline()):
            pass
        page = client.get(f"{where}/deliveries", params={"limit": 2}).json()
        rest = client.get(f"{where}/deliveries", params={"cursor": page["next_cursor"]}).json()
        told = [*page["items"], *rest["items"]]
        assert [(each["stream"], each["status"]) for each in told] == [
            ("C", "delivered"),
            ("B", "delivered"),
            ("A", "delivered"),
        ]
        assert rest["next_cursor"] == ""
        event = told[0]["event_id"]
        assert client.post(f"{where}/deliveries/{event}/replay").json() == {"replayed": 1}
        under_way = client.post(f"{where}/deliveries/{event}/replay")
        assert (under_way.status_code, under_way.json()["code"]) == (409, "delivery-under-way")
        assert client.post(f"{where}/replay-dead-letters").json() == {"replayed": 0}
        while here.services.relay.start_round(Inline()):
            pass
    assert [headers["webhook-id"] for headers, _ in its.came].count(event) == 2


def test_a_race_of_registrations_is_won_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two at the same moment, neither seeing the other: the database itself refuses one."""
    from api.events import service

    def sees_nobody(connection: Connection, tenant_id: str) -> list[object]:
        return []

    register(site.client())
    monkeypatch.setattr(service, "endpoints_of", sees_nobody)
    assert site.client().post(ENDPOINTS, json={"url": URL}).status_code == 409
