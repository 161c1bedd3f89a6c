"""Endpoints as their owners see them."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook

from api.events.errors import TooManyEndpoints, TopicNotPublished, UnknownEndpoint
from api.events.relay.sending import Outcome
from api.events.relay.targets import WebhookUrlRefused
from api.events.service import ENDPOINTS_MAX
from api.events.tables import WEBHOOK_SECRET
from api.kit.db import Database
from tests.api.events.offices import URL, Office, office_at
from tests.api.slots.books import TENANT


@pytest.fixture
def office(database: Database) -> Office:
    return office_at(database)


def test_a_secret_is_shown_once_and_kept_sealed(office: Office) -> None:
    """A stolen copy of the database signs nothing."""
    endpoint, secret = office.service.register(TENANT, url=URL, description="orders")
    assert secret.startswith("whsec_")
    with office.database.reading() as connection:
        sealed = connection.execute(select(WEBHOOK_SECRET.c.sealed)).scalar_one()
    assert secret not in sealed
    assert secret.removeprefix("whsec_") not in sealed
    assert secret not in repr(office.service.endpoint(TENANT, endpoint.id))


def signs(office: Office, secret: str) -> bool:
    """Tell whether the last attempt carries a signature of a secret."""
    from datetime import datetime

    _, headers, _ = office.post.attempts[-1]
    moment = datetime.fromtimestamp(int(headers["webhook-timestamp"]), tz=UTC)
    from api.kit.canonical import canonical

    body = canonical(office.post.attempts[-1][2])
    expected = Webhook(secret).sign(msg_id=headers["webhook-id"], timestamp=moment, data=body)
    return expected in headers["webhook-signature"].split(" ")


def test_a_rotated_secret_and_the_one_before_both_sign_for_a_day(office: Office) -> None:
    """Then only the new one; and never three."""
    endpoint, first = office.service.register(TENANT, url=URL)
    second = office.service.rotate(TENANT, endpoint.id)
    office.emit("A")
    office.round()
    assert signs(office, first)
    assert signs(office, second)
    office.clock.turn(timedelta(hours=1))
    third = office.service.rotate(TENANT, endpoint.id)
    office.emit("A")
    office.round()
    assert [signs(office, each) for each in (first, second, third)] == [False, True, True]
    office.clock.turn(timedelta(hours=24))
    office.emit("A")
    office.round()
    assert [signs(office, each) for each in (first, second, third)] == [False, False, True]


def test_a_test_message_says_what_the_receiver_answered(office: Office) -> None:
    """Signed like any other, in no stream, and nothing of it is kept."""
    endpoint, secret = office.service.register(TENANT, url=URL)
    office.post.answer = lambda _: Outcome(status=418)
    assert office.service.test(TENANT, endpoint.id).status == 418
    assert signs(office, secret)
    assert office.post.attempts[0][2]["type"] == "webhook.test.v1"
    assert office.service.counts(TENANT, endpoint.id) == {"due": 0, "delivered": 0, "dead": 0}


def test_urls_and_topics_are_checked_when_they_are_told(office: Office) -> None:
    """At registration and at every change."""
    with pytest.raises(WebhookUrlRefused):
        office.register("http://orders.example/")
    with pytest.raises(TopicNotPublished, match=r"booking\.invented"):
        office.register(topics=["booking.invented.v1", "hold.expired.v1"])
    endpoint = office.register()
    with pytest.raises(WebhookUrlRefused):
        office.service.change(TENANT, endpoint.id, url="https://10.0.0.1/")
    with pytest.raises(TopicNotPublished):
        office.service.change(TENANT, endpoint.id, topics=["x"])
    assert office.service.endpoint(TENANT, endpoint.id) == endpoint


def test_what_is_not_told_stays(office: Office) -> None:
    """A change of the description changes the description."""
    endpoint = office.register(topics=["hold.expired.v1"], description="old")
    changed = office.service.change(TENANT, endpoint.id, description="new")
    assert (changed.url, changed.topics, changed.description, changed.active) == (
        URL,
        ("hold.expired.v1",),
        "new",
        True,
    )
    office.service.change(TENANT, endpoint.id, topics=[], active=False)
    stopped = office.service.endpoint(TENANT, endpoint.id)
    assert (stopped.topics, stopped.status, stopped.disabled_because) == (
        (),
        "disabled",
        "by its owner",
    )


def test_an_endpoint_of_another_tenant_is_not_there(office: Office) -> None:
    """Not to read, change, test, list, replay or delete."""
    endpoint = office.register()
    service = office.service
    for attempt in (
        lambda: service.endpoint("other", endpoint.id),
        lambda: service.change("other", endpoint.id, active=False),
        lambda: service.test("other", endpoint.id),
        lambda: service.rotate("other", endpoint.id),
        lambda: service.counts("other", endpoint.id),
        lambda: service.deliveries("other", endpoint.id, most=1),
        lambda: service.replay("other", endpoint.id, "evt_1"),
        lambda: service.replay_dead("other", endpoint.id),
        lambda: service.delete("other", endpoint.id),
    ):
        with pytest.raises(UnknownEndpoint):
            attempt()
    assert service.endpoints("other") == []
    assert service.endpoints(TENANT) == [endpoint]


def test_a_tenant_has_so_many_endpoints_and_no_more(office: Office) -> None:
    """Every event is written once for each of them."""
    for number in range(ENDPOINTS_MAX):
        office.register(f"https://orders.example/{number}")
    with pytest.raises(TooManyEndpoints):
        office.register()


def test_deliveries_are_listed_in_pages(office: Office) -> None:
    """The newest first; the number of the last goes on."""
    endpoint = office.register()
    office.emit("A", "B", "C")
    office.round()
    first = office.service.deliveries(TENANT, endpoint.id, most=2)
    rest = office.service.deliveries(TENANT, endpoint.id, before=first[-1].number, most=2)
    assert [each.stream for each in (*first, *rest)] == ["C", "B", "A"]
    assert {(each.status, each.attempts, each.last_status) for each in first} == {
        ("delivered", 1, 200)
    }
    assert office.service.deliveries(TENANT, endpoint.id, status="dead", most=2) == []
