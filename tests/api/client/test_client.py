"""The client against the real application: what Flatbed answers is what the client gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.client import BadSignature, Connection, Flatbed, NoAnswer, Problem, Window, verified
from api.client.values import Booking
from api.events.relay.signing import new_secret, signed
from tests.api.site import Site
from tests.api.site_steps import seller


def client_of(site: Site, tenant: str = "acme") -> Flatbed:
    """A client whose requests go to the application in this process."""
    http = site.client(tenant)
    flatbed = Flatbed("http://testserver", key=site.key(tenant), sleep=lambda _: None)
    flatbed.connection._http = http  # the application's own transport
    return flatbed


def test_a_sale_from_offer_to_cancellation(site: Site) -> None:
    """Hold, book, read, refine, move, cancel; the ledger and the feed tell of it."""
    shop, flatbed = seller(site), client_of(site)
    assert flatbed.key()["tenant"] == "acme"
    held = flatbed.hold(shop.offer("A"))
    booking = flatbed.book(held.hold_id)
    assert (booking.booking_id, booking.status) == (held.hold_id, "confirmed")
    assert flatbed.booking(booking.booking_id) == booking
    start = booking.window.start
    narrow = Window(start=start, end=start + timedelta(hours=1), zone=booking.window.zone)
    refined = flatbed.refine(booking.booking_id, narrow, seen=booking.seq)
    assert (refined.status, refined.window) == ("refined", narrow)
    other = flatbed.hold(shop.offer("A", hours=(5, 7)))
    moved = flatbed.reschedule(booking.booking_id, hold_id=other.hold_id, seen=refined.seq)
    assert moved.booking_id == other.hold_id
    assert flatbed.booking(booking.booking_id).moved_to == moved.booking_id
    assert flatbed.certificate(moved.booking_id)["kept"]
    assert flatbed.cancel(moved.booking_id, seen=moved.seq).status == "cancelled"
    assert [line["type"] for line in flatbed.history(moved.booking_id)][-1] == "cancelled"
    page = flatbed.events()
    assert [each.seq for each in page.events] == list(range(1, len(page.events) + 1))
    assert Booking.read(page.events[-1].data).status == "cancelled"
    assert flatbed.events(page.next_cursor).events == ()


def test_the_same_key_is_the_same_request(site: Site) -> None:
    """An order system that crashed before it wrote the answer asks again, and gets it."""
    shop, flatbed = seller(site), client_of(site)
    offer = shop.offer("A")
    assert flatbed.hold(offer, once="A-hold") == flatbed.hold(offer, once="A-hold")


def test_bookings_are_gone_through_page_by_page(site: Site) -> None:
    """However many there are."""
    shop, flatbed = seller(site), client_of(site)
    for order in ("A", "B", "C"):
        shop.booked(order)
    found = list(flatbed.bookings(limit=2))
    assert sorted(each.order_ref for each in found) == ["A", "B", "C"]
    assert [each.order_ref for each in flatbed.bookings(order_ref="B")] == ["B"]
    assert list(flatbed.bookings(status=["cancelled"])) == []


def test_a_problem_is_an_exception_with_its_code(site: Site) -> None:
    """And with what the code brings along."""
    shop, flatbed = seller(site), client_of(site)
    with pytest.raises(Problem) as problem:
        flatbed.booking("promise_" + "0" * 32)
    assert (problem.value.status, problem.value.code) == (404, "promise-not-found")
    assert problem.value.request_id
    booking = flatbed.book(flatbed.hold(shop.offer("A")).hold_id)
    with pytest.raises(Problem) as problem:
        flatbed.cancel(booking.booking_id, seen=booking.seq - 1)
    assert problem.value.code == "version-conflict"


def test_webhook_endpoints(site: Site) -> None:
    """Registered, listed, rotated, stopped, deleted."""
    flatbed = client_of(site)
    made = flatbed.register_webhook("https://orders.example/hooks", topics=["hold.expired.v1"])
    assert made.secret.startswith("whsec_")
    assert [each.endpoint_id for each in flatbed.webhooks()] == [made.endpoint_id]
    assert flatbed.rotate_webhook_secret(made.endpoint_id) != made.secret
    assert flatbed.enable_webhook(made.endpoint_id, active=False).status == "disabled"
    assert flatbed.replay_dead_letters(made.endpoint_id) == 0
    flatbed.delete_webhook(made.endpoint_id)
    assert flatbed.webhooks() == ()


# ---- the connection, its network in the test's hand ----------------------------------------------


class Network:
    """Answers by a list, and keeps what was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []
        self.slept: list[float] = []

    def connection(self) -> Connection:
        return Connection(
            "http://flatbed.example",
            key="k",
            transport=httpx.MockTransport(self._answer),
            sleep=self.slept.append,
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


LOST = httpx.ReadError("connection reset")


def test_what_has_a_key_is_repeated_under_it() -> None:
    """A lost answer, a busy database: the same key each time, so it happens once."""
    busy = httpx.Response(503, headers={"Retry-After": "2"}, json={"code": "database-busy"})
    network = Network(LOST, busy, httpx.Response(201, json={"done": True}))
    assert network.connection().ask("POST", "/v1/holds", body={}, once="k1") == {"done": True}
    assert {each.headers["Idempotency-Key"] for each in network.asked} == {"k1"}
    assert network.slept == [0.2, 2.0]


def test_what_has_no_key_is_not_repeated_blindly() -> None:
    """It may have happened; only its caller knows whether twice would be wrong."""
    network = Network(LOST)
    with pytest.raises(NoAnswer):
        network.connection().ask("POST", "/v1/webhook-endpoints/x/test")
    assert len(network.asked) == 1


def test_it_gives_up_in_the_end() -> None:
    """With the last problem, or with no answer at all."""
    network = Network(LOST, LOST, LOST, LOST)
    with pytest.raises(NoAnswer, match="ReadError"):
        network.connection().ask("GET", "/v1/key")
    assert len(network.asked) == 4
    refused = [httpx.Response(429, json={"code": "rate-limited"}) for _ in range(4)]
    with pytest.raises(Problem, match="rate-limited"):
        Network(*refused).connection().ask("GET", "/v1/key")


def test_an_answer_of_a_proxy_is_a_problem_too() -> None:
    """HTML from something on the way, with a status and no code."""
    with pytest.raises(Problem) as problem:
        Network(httpx.Response(502, text="<html>")).connection().ask("GET", "/v1/key")
    assert (problem.value.status, problem.value.code) == (502, "unknown")


# ---- signatures ----------------------------------------------------------------------------------

BODY = json.dumps(
    {"id": "evt_1", "type": "webhook.test.v1", "timestamp": "2026-12-04T04:00:00+00:00", "data": {}}
)
NOW = datetime(2026, 12, 4, 4, 0, tzinfo=UTC)


def test_a_message_of_the_relay_is_verified() -> None:
    """By either secret while one replaces the other."""
    old, new = new_secret(), new_secret()
    headers = signed("evt_1", BODY, live_secrets=[new, old], now=NOW)
    for mine in ([old], [new], [new, old]):
        assert verified(BODY.encode(), headers, secrets=mine, now=NOW).id == "evt_1"


Spoil = Callable[[dict[str, str]], Mapping[str, Any]]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda h: h | {"webhook-id": "evt_2"},
        lambda h: h | {"webhook-timestamp": str(int(h["webhook-timestamp"]) + 1)},
        lambda h: h | {"webhook-timestamp": "soon"},
        lambda h: h | {"webhook-timestamp": "²"},
        lambda h: h | {"webhook-timestamp": "9" * 40},
        lambda h: h | {"webhook-signature": "v1,AAAA"},
        lambda h: h | {"webhook-signature": h["webhook-signature"].replace("v1,", "v2,")},
        lambda h: h | {"webhook-signature": "v1,ü"},
        lambda h: h | {"webhook-signature": ""},
        lambda h: {k: v for k, v in h.items() if k != "webhook-signature"},
        lambda h: {},
    ],
)
def test_anything_else_is_not(spoil: Spoil) -> None:
    """Whatever somebody sends to the receiver's open door."""
    secret = new_secret()
    headers = dict(signed("evt_1", BODY, live_secrets=[secret], now=NOW))
    with pytest.raises(BadSignature):
        verified(BODY.encode(), spoil(headers), secrets=[secret], now=NOW)


def test_a_changed_body_an_old_message_and_a_strangers_are_not() -> None:
    """Each by its own check."""
    secret = new_secret()
    headers = signed("evt_1", BODY, live_secrets=[secret], now=NOW)
    for body, mine, now in (
        (BODY + " ", secret, NOW),
        (BODY, new_secret(), NOW),
        (BODY, secret, NOW + timedelta(minutes=6)),
        (BODY, secret, NOW - timedelta(minutes=6)),
    ):
        with pytest.raises(BadSignature):
            verified(body.encode(), headers, secrets=[mine], now=now)
