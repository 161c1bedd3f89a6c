"""The protocol of the promise book over HTTP: statuses, codes, tags and keys as published."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from api.app import build_app
from api.slots.risking import OutsideEvent
from api.slots.schemas import BookingStatus
from api.slots.states import Move, PromiseState
from api.slots.tokens import Offer, OfferSigner
from api.slots.transactions import Caller
from tests.api.site import SETTINGS, Site
from tests.api.site_steps import Seller, seller
from tests.api.slots.books import DAY, NEXT, POOL, TENANT, TTL
from tests.api.slots.plane import World, window


@pytest.fixture
def shop(site: Site) -> Seller:
    return seller(site)


def says(answer: Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text


NARROW = {
    "window": {"from": "2026-12-05T10:10:00+08:00", "to": "2026-12-05T11:00:00+08:00"},
}


def internal(key: str) -> Caller:
    return Caller(tenant_id=TENANT, client_id="planner", key=key)


def test_from_an_offer_to_a_booking(shop: Seller) -> None:
    """Held with an end, booked with a tag, told in China's time."""
    held = shop.hold(shop.offer("订单-7"))
    assert held.status_code == 201
    told = held.json()
    assert told["window"] == {
        "from": "2026-12-05T10:00:00+08:00",
        "to": "2026-12-05T12:00:00+08:00",
        "zone": "Asia/Shanghai",
    }
    assert told["expires_at"] == "2026-12-04T12:15:00+08:00"
    booked = shop.book(told["hold_id"])
    assert (booked.status_code, booked.json()["status"]) == (201, "confirmed")
    assert booked.headers["Location"] == f"/v1/bookings/{told['hold_id']}"
    shown = shop.http.get(booked.headers["Location"])
    assert shown.json() == booked.json()
    assert shown.headers["ETag"] == booked.headers["ETag"] == f'"{booked.json()["seq"]}"'


def test_the_same_key_gives_the_same_answer(shop: Seller) -> None:
    """The answer was lost on its way; a second window must not be sold."""
    token = shop.offer("A")
    first, again = shop.hold(token, "k1"), shop.hold(token, "k1")
    assert first.json() == again.json()
    hold_id = first.json()["hold_id"]
    assert shop.book(hold_id, "k2").json() == shop.book(hold_id, "k2").json()
    says(shop.book(hold_id, "k1"), 422, "idempotency-key-reused")


@pytest.mark.parametrize("key", [None, "", "a b", "x" * 256, "\xe9"])
def test_a_key_is_asked_for(shop: Seller, key: str | None) -> None:
    """Without one a repeated request would hold twice."""
    headers = {} if key is None else {"Idempotency-Key": key.encode("latin-1")}
    answer = shop.http.post("/v1/holds", json={"offer_id": shop.offer("A")}, headers=headers)
    says(answer, 400, "idempotency-key-required" if key is None else "idempotency-key-invalid")


def test_a_taken_window_comes_with_others_to_hold(site: Site, shop: Seller) -> None:
    """Six trucks of one car are out all day; the next day has room."""
    tokens = [shop.offer(f"O{n}") for n in range(7)]
    for token in tokens[:6]:
        assert shop.hold(token).status_code == 201
    late = shop.hold(tokens[6])
    says(late, 409, "slot-taken")
    (other,) = late.json()["alternatives"]
    assert other["window"]["from"] == "2026-12-06T10:00:00+08:00"
    assert shop.hold(other["offer_id"]).status_code == 201


def test_alternatives_are_near_and_of_the_same_length(site: Site) -> None:
    """A truck that is full at one hour may have room at the next."""
    shop = seller(site)
    token = shop.offer("A", hours=(2, 4))
    site.clock.turn(timedelta(minutes=10))
    late = shop.hold(token)
    says(late, 410, "offer-expired")
    starts = [each["window"]["from"][:13] for each in late.json()["alternatives"]]
    assert starts == [
        "2026-12-05T12",
        "2026-12-05T08",
        "2026-12-05T14",
        "2026-12-06T10",
    ]


def test_a_hold_that_ran_out_is_told_with_others(site: Site, shop: Seller) -> None:
    """The buyer paid too late, and somebody else has the place."""
    hold_id = shop.held("A")
    site.clock.turn(TTL)
    assert site.services.book.expire_overdue() == 1
    for number in range(6):
        shop.held(f"B{number}")
    late = shop.book(hold_id)
    says(late, 410, "hold-expired")
    assert [each["window"]["from"][:10] for each in late.json()["alternatives"]] == ["2026-12-06"]


def test_a_released_hold_makes_room(shop: Seller) -> None:
    """Released twice it is released."""
    hold_id = shop.held("A")
    for _ in range(2):
        answer = shop.http.delete(f"/v1/holds/{hold_id}")
        assert (answer.status_code, answer.json()["status"]) == (200, "released")
    says(shop.book(hold_id), 410, "promise-gone")
    booked = shop.booked("B").json()["booking_id"]
    says(shop.http.delete(f"/v1/holds/{booked}"), 410, "promise-gone")


@pytest.mark.parametrize("what", ["cancel", "refine", "reschedule"])
def test_a_change_needs_the_version_that_was_seen(shop: Seller, what: str) -> None:
    """428 without, 412 with another one; then nothing has changed."""
    booked = shop.booked("A")
    booking_id = booked.json()["booking_id"]
    body = {
        "cancel": {},
        "refine": {"window": {**booked.json()["window"], "to": "2026-12-05T11:00:00+08:00"}},
        "reschedule": {"hold_id": shop.held("A", day=NEXT)},
    }[what]
    says(shop.change(booking_id, what, None, **body), 428, "if-match-required")
    says(shop.change(booking_id, what, '"999"', **body), 412, "version-conflict")
    says(shop.change(booking_id, what, 'W/"1"', **body), 412, "if-match-unknown")
    done = shop.change(booking_id, what, booked.headers["ETag"], **body)
    assert done.status_code == 200
    says(
        shop.change(booking_id, "refine", booked.headers["ETag"], **NARROW), 412, "version-conflict"
    )


def test_a_cancelled_booking_stays_cancelled(shop: Seller) -> None:
    """Said twice it is so twice, whatever version the caller had seen."""
    booked = shop.booked("A")
    booking_id = booked.json()["booking_id"]
    for tag in (booked.headers["ETag"], booked.headers["ETag"], '"7"'):
        answer = shop.change(booking_id, "cancel", tag)
        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")


def test_a_booking_moves_to_another_day(shop: Seller) -> None:
    """The old one says where it went."""
    booked = shop.booked("A")
    hold_id = shop.held("A", day=NEXT)
    moved = shop.change(
        booked.json()["booking_id"], "reschedule", booked.headers["ETag"], hold_id=hold_id
    )
    assert moved.json()["booking_id"] == hold_id
    old = shop.http.get(f"/v1/bookings/{booked.json()['booking_id']}").json()
    assert (old["status"], old["moved_to"]) == ("rescheduled", hold_id)


def test_a_window_only_narrows(shop: Seller) -> None:
    """The evening before it becomes an hour; it never becomes another one."""
    booked = shop.booked("A")
    booking_id, tag = booked.json()["booking_id"], booked.headers["ETag"]
    wider = {"from": "2026-12-05T09:00:00+08:00", "to": "2026-12-05T11:00:00+08:00"}
    says(shop.change(booking_id, "refine", tag, window=wider), 422, "window-not-narrower")
    narrow = {"from": "2026-12-05T10:30:00+08:00", "to": "2026-12-05T11:00:00+08:00"}
    refined = shop.change(booking_id, "refine", tag, window=narrow).json()
    assert (refined["status"], refined["window"]["from"]) == ("refined", narrow["from"])


def test_after_the_cut_off_nothing_moves(site: Site, shop: Seller) -> None:
    """Frozen it can still be cancelled; once the truck has left only the dispatcher can help."""
    booked = shop.booked("A")
    booking_id = booked.json()["booking_id"]
    hold_id = shop.held("A", day=NEXT)
    site.services.book.advance(internal("f"), booking_id, Move.FREEZE)
    tag = shop.http.get(f"/v1/bookings/{booking_id}").headers["ETag"]
    says(shop.change(booking_id, "reschedule", tag, hold_id=hold_id), 409, "frozen")
    site.services.book.advance(internal("d"), booking_id, Move.DISPATCH)
    tag = shop.http.get(f"/v1/bookings/{booking_id}").headers["ETag"]
    says(shop.change(booking_id, "cancel", tag), 409, "frozen")


def test_conditions_are_accepted_or_nothing_is_booked(site: Site, shop: Seller) -> None:
    """They are signed into the offer: no caller can leave them out."""
    site.orders.put("A")
    offer = Offer(
        tenant_id=TENANT,
        order_ref="A",
        pool=POOL,
        day=DAY,
        window=window(DAY, 120, 240),
        seq=1,
        valid_until=site.clock.now() + timedelta(minutes=5),
        conditions=("pin",),
    )
    keys = site.services.keyring.keys_for("offers")
    held = shop.hold(OfferSigner(keys, current="k1").sign(offer)).json()
    assert held["conditions"] == ["pin"]
    refused = shop.book(held["hold_id"])
    says(refused, 422, "conditions-not-accepted")
    assert refused.json()["missing"] == ["pin"]
    assert shop.book(held["hold_id"], accepted_conditions=["pin"]).status_code == 201


def test_a_client_holds_only_so_many(site: Site, shop: Seller) -> None:
    """Who holds without booking takes windows from the others."""
    capped = replace(site.services, settings=replace(SETTINGS, live_holds_max=2))
    http = TestClient(build_app(capped), headers=dict(shop.http.headers))
    shop = Seller(site, http)
    first, _ = shop.held("A"), shop.held("B")
    refused = shop.hold(shop.offer("C"))
    says(refused, 429, "too-many-holds")
    assert refused.headers["Retry-After"] == "60"
    shop.book(first)
    assert shop.hold(shop.offer("C")).status_code == 201


def test_bookings_are_listed_in_pages_by_their_last_change(site: Site, shop: Seller) -> None:
    """Polling with the last moment seen misses nothing and repeats little."""
    ids = []
    for name in "ABC":
        ids.append(shop.booked(name).json()["booking_id"])
        site.clock.turn(timedelta(seconds=30))
    shop.change(ids[0], "cancel", shop.http.get(f"/v1/bookings/{ids[0]}").headers["ETag"])
    seen, cursor = [], ""
    for _ in ids:
        page = shop.http.get("/v1/bookings", params={"limit": 1, "cursor": cursor}).json()
        seen += page["items"]
        cursor = page["next_cursor"]
    assert cursor == ""
    assert [each["booking_id"] for each in seen] == [ids[1], ids[2], ids[0]]

    def listed(**params: object) -> list[str]:
        answer = shop.http.get("/v1/bookings", params=params)  # type: ignore[arg-type]
        return [each["booking_id"] for each in answer.json()["items"]]

    assert listed(status="cancelled") == [ids[0]]
    assert listed(status=["cancelled", "confirmed"]) == [ids[1], ids[2], ids[0]]
    assert listed(order_ref="B") == [ids[1]]
    assert listed(updated_since=seen[1]["updated_at"]) == [ids[2], ids[0]]
    assert listed(county="411627") == []


@pytest.mark.parametrize(
    "query",
    [
        "status=sold",
        "limit=0",
        "limit=201",
        "limit=x",
        "cursor=abc",
        "cursor=WyJib29raW5ncyIsIjAwMDEtMDEtMDEiLCJ4Il0",
        "updated_since=yesterday",
        "updated_since=2026-12-05T10:00:00",
        "county=4116",
        "updatedSince=2026-12-05T10:00:00%2B08:00",
        "order_ref=a%2Fb",
    ],
)
def test_a_list_refuses_what_it_does_not_know(shop: Seller, query: str) -> None:
    """A filter that is misspelt and ignored lists everything."""
    assert shop.http.get(f"/v1/bookings?{query}").status_code == 422


def test_the_history_tells_the_ledger_of_one_booking(site: Site, shop: Seller) -> None:
    """Who did what under which request; nothing of the others, nothing of the buyer."""
    hold_id = shop.held("A")
    shop.held("B")
    answer = shop.http.post(
        "/v1/bookings",
        json={"hold_id": hold_id},
        headers={**shop.once(), "X-Request-ID": "req-of-the-till"},
    )
    assert answer.status_code == 201
    lose(site, {f"T{n}" for n in range(6)})
    told = shop.http.get(f"/v1/bookings/{hold_id}/history").json()
    assert [each["type"] for each in told["events"]] == ["held", "confirmed", "at_risk"]
    held, confirmed, at_risk = told["events"]
    assert held["window"]["from"] == "2026-12-05T10:00:00+08:00"
    assert (confirmed["actor"], confirmed["request_id"]) == ("shop", "req-of-the-till")
    assert (at_risk["cause"], at_risk["kind"]) == ("event-1", "truck.lost")
    assert all(len(each["hash"]) == 64 for each in told["events"])


def lose(site: Site, lost: set[str]) -> None:
    """Let trucks break down."""
    judge = site.judge
    judge.worlds["less"] = World.of(
        *(each for each in judge.worlds["world"].trucks.values() if each.id not in lost)
    )
    event = OutsideEvent(
        id="event-1",
        kind="truck.lost",
        detail="gearbox",
        basis="less",
        lost_trucks=frozenset(lost),
    )
    done = site.services.book.days.happen(internal("e"), pool=POOL, day=DAY, event=event)
    assert done.granted, done


def test_the_certificate_names_the_truck_that_keeps_it(site: Site, shop: Seller) -> None:
    """And says so when none does any more."""
    booking_id = shop.booked("A").json()["booking_id"]
    path = f"/v1/bookings/{booking_id}/certificate"
    told = shop.http.get(path).json()
    assert (told["kept"], told["position"], told["stops"], told["pool"]) == (True, 1, 1, POOL)
    assert told["truck_id"].startswith("T") and told["day"] == DAY.isoformat()
    lose(site, {f"T{n}" for n in range(6)})
    broken = shop.http.get(path).json()
    assert (broken["kept"], broken["status"], broken["truck_id"]) == (False, "at_risk", "")
    assert shop.http.get("/v1/bookings", params={"status": "at_risk"}).json()["items"] != []
    assert shop.http.get("/v1/bookings", params={"status": "confirmed"}).json()["items"] == []


@pytest.mark.parametrize("offer_id", ["", "x", "x" * 9999])
def test_what_is_no_offer_is_refused(shop: Seller, offer_id: str) -> None:
    """Cut off by a form, or invented."""
    assert shop.hold(offer_id).status_code == 422


def test_an_order_that_went_away_is_not_held(site: Site, shop: Seller) -> None:
    """It was offered a window, and then deleted."""
    token = shop.offer("A")
    site.orders.loads.clear()
    assert shop.hold(token).status_code == 404


def test_every_status_is_published() -> None:
    """A state that is not in the reference would be an answer that clients cannot read."""
    assert set(get_args(BookingStatus)) == {*PromiseState, "at_risk"}
