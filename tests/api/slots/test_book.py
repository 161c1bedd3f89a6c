"""What the promise book does for one caller at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from api.kit.db import Database
from api.kit.idempotency import Answer
from api.orders.store import KEPT_AFTER_HANDOVER, drop_overdue, keep_contact
from api.slots.archive import all_events
from api.slots.cache import WitnessCache
from api.slots.holding import HoldAsk, hold_together
from api.slots.states import Move
from api.slots.store import day_id
from api.slots.unit import Actor, unit_of_work
from routing.witness import Ask
from tests.api.slots.books import DAY, NEXT, POOL, TENANT, TTL, Shop, hold_id, shop_at, trucks
from tests.api.slots.plane import PlaneTruck, World, window


@pytest.fixture
def shop(database: Database) -> Shop:
    """Two one-car trucks a day: two places."""
    return shop_at(database, trucks(2))


def test_what_is_held_and_confirmed_is_booked(shop: Shop) -> None:
    """The whole way of an order, each step with a greater seq."""
    held = shop.hold("A")
    confirmed = shop.confirm(hold_id(held))
    assert (held.status, confirmed.status) == (201, 200)
    assert confirmed.body["status"] == "confirmed"
    assert int(str(held.body["seq"])) < int(str(confirmed.body["seq"]))
    shop.assert_sound()


def test_a_full_day_refuses_and_says_which_windows_have_room(shop: Shop) -> None:
    """Two trucks, two cars: the third is refused; a truck that takes two has room later."""
    shop.judge.worlds["world"] = World.of(PlaneTruck(id="T0", cars=2))
    assert shop.hold("A", hours=(8, 9)).status == 201
    refused = shop.hold("B", hours=(8, 9), also=(window(DAY, 600, 720),))
    assert (refused.status, refused.body["code"]) == (409, "slot-taken")
    assert refused.body["alternatives"] == [
        {
            "from": "2026-12-05T18:00:00+08:00",
            "to": "2026-12-05T20:00:00+08:00",
            "zone": "Asia/Shanghai",
        }
    ]
    shop.assert_sound()


def test_the_same_key_gets_the_same_answer_and_one_hold(shop: Shop) -> None:
    """The shop lost our answer and asks again: it must not hold twice."""
    first = shop.hold("A", key="k")
    again = shop.hold("A", key="k")
    other = shop.hold("B", key="k")
    assert first == again
    assert (other.status, other.body["code"]) == (422, "idempotency-key-reused")
    assert shop.hold("B").status == 201, "one place must be left"


def test_a_repeated_confirm_is_answered_alike_whatever_its_key(shop: Shop) -> None:
    """Confirming what is confirmed is no fault, and no second announcement."""
    booking = shop.booked("A")
    assert shop.confirm(booking).status == 200
    shop.assert_sound()


def test_an_order_holds_one_window_at_a_time(shop: Shop) -> None:
    """Otherwise one buyer with many tabs sells out a day."""
    first = shop.hold("A")
    second = shop.hold("A", day=NEXT)
    assert (second.status, second.body["code"]) == (409, "order-already-held")
    assert second.body["hold_id"] == hold_id(first)


def test_an_order_has_one_booking(shop: Shop) -> None:
    """A second one would send two cars."""
    shop.booked("A")
    second = shop.confirm(hold_id(shop.hold("A", day=NEXT)))
    assert (second.status, second.body["code"]) == (409, "order-already-booked")
    shop.assert_sound()


def test_a_hold_lives_until_it_is_expired_and_not_until_its_time_is_over(shop: Shop) -> None:
    """The time is a right to reclaim: a clock that jumps must not cost a buyer the window."""
    held = shop.hold("A")
    shop.clock.turn(TTL + timedelta(hours=2))
    assert shop.confirm(hold_id(held)).status == 200
    assert shop.book.expire_overdue() == 0
    shop.assert_sound()


def test_an_expired_hold_frees_its_place(shop: Shop) -> None:
    """Two holds that nobody pays; then two others who do."""
    held = [hold_id(shop.hold(order)) for order in "AB"]
    assert shop.hold("C").status == 409
    shop.clock.turn(TTL)
    assert shop.book.expire_overdue() == 2
    shop.booked("C")
    assert shop.confirm(held[0]).status == 200, "late, but there is still room: placed again"
    late = shop.confirm(held[1])
    assert (late.status, late.body["code"]) == (410, "hold-expired")
    shop.assert_sound()


def test_release_and_cancel_free_the_place(shop: Shop) -> None:
    """Also when they come twice."""
    held, booking = hold_id(shop.hold("A")), shop.booked("B")
    assert shop.hold("C").status == 409
    for _ in range(2):
        assert shop.book.release(shop.caller(), held).status == 200
        assert shop.book.cancel(shop.caller(), booking).status == 200
    shop.booked("C")
    shop.booked("D")
    assert shop.confirm(held).status == shop.confirm(booking).status == 410
    shop.assert_sound()


def test_a_hold_is_not_expired_before_its_time(shop: Shop) -> None:
    """Not a second: the buyer is at the payment page."""
    shop.hold("A")
    shop.clock.turn(TTL - timedelta(seconds=1))
    assert shop.book.expire_overdue() == 0
    shop.clock.turn(timedelta(seconds=1))
    assert shop.book.expire_overdue() == 1


def test_a_place_that_another_process_freed_is_sold(shop: Shop) -> None:
    """A no from memory must be true now: our memory says full, and is behind."""
    first = shop.booked("A")
    shop.booked("B")
    assert shop.hold("C").status == 409
    other = shop.beside("other")
    assert other.book.cancel(other.caller(), first).status == 200
    assert shop.hold("C").status == 201
    shop.assert_sound()


def test_a_change_of_another_version_is_refused(shop: Shop) -> None:
    """If-Match: the caller decided on what is not so any more."""
    booking = shop.booked("A")
    stale = shop.book.cancel(shop.caller(), booking, expected=1)
    assert (stale.status, stale.body["code"]) == (412, "version-conflict")
    seen = int(str(stale.body["seq"]))
    assert shop.book.cancel(shop.caller(), booking, expected=seen).status == 200


def test_another_tenant_finds_nothing(shop: Shop) -> None:
    """Ids are no secrets; the tenant comes from the key."""
    booking = shop.booked("A")
    stranger = replace(shop.caller(), tenant_id="stranger")
    assert shop.book.cancel(stranger, booking).status == 404
    assert shop.book.confirm(stranger, booking).status == 404


def test_a_booking_moves_to_another_day_and_never_stands_without_a_window(shop: Shop) -> None:
    """The old place is free only after the new one is confirmed."""
    old = shop.booked("A")
    new = hold_id(shop.hold("A", day=NEXT))
    moved = shop.book.reschedule(shop.caller(), old, hold_id=new)
    assert (moved.status, moved.body["booking_id"]) == (200, new)
    assert shop.book.promise(TENANT, old).moved_to == new
    assert shop.book.reschedule(shop.caller(), old, hold_id=new).body == moved.body
    assert shop.hold("B").status == shop.hold("C").status == 201
    shop.assert_sound()


def test_a_booking_stays_when_the_new_window_is_gone(shop: Shop) -> None:
    """The hold expired and others took the day: the buyer keeps what was promised."""
    old = shop.booked("A")
    new = hold_id(shop.hold("A", day=NEXT))
    shop.clock.turn(TTL)
    shop.book.expire_overdue()
    shop.booked("B", day=NEXT)
    shop.booked("C", day=NEXT)
    gone = shop.book.reschedule(shop.caller(), old, hold_id=new)
    assert (gone.status, gone.body["code"]) == (410, "hold-expired")
    assert shop.book.promise(TENANT, old).state == "confirmed"
    shop.assert_sound()


def test_a_window_only_narrows(shop: Shop) -> None:
    """Refined inside itself, never beside."""
    booking = shop.booked("A", hours=(8, 12))
    beside = shop.book.refine(shop.caller(), booking, window(DAY, 600, 780))
    assert (beside.status, beside.body["code"]) == (422, "window-not-narrower")
    narrow = shop.book.refine(shop.caller(), booking, window(DAY, 600, 660))
    assert (narrow.status, narrow.body["status"]) == (200, "refined")
    shop.assert_sound()


def test_a_window_that_cannot_be_narrowed_stays(shop: Shop) -> None:
    """The truck's other car is handed over in that very hour."""
    shop.judge.worlds["world"] = World.of(PlaneTruck(id="T0", cars=2))
    shop.booked("A", hours=(9, 10))
    booking = shop.booked("B", hours=(8, 14), at=(40, 0))
    refused = shop.book.refine(shop.caller(), booking, window(DAY, 540, 570))
    assert (refused.status, refused.body["code"]) == (409, "slot-taken")
    kept = shop.book.promise(TENANT, booking).promise.ask.window
    assert kept == window(DAY, 480, 840)
    shop.assert_sound()


def test_stock_is_taken_by_a_hold_and_returned_when_it_ends(shop: Shop) -> None:
    """One car in stock, two days with room: it is sold once."""
    shop.supply("model-y", 1)
    held = shop.hold("A", stock="model-y")
    refused = shop.hold("B", day=NEXT, stock="model-y")
    assert (refused.status, refused.body["code"]) == (409, "counted-out")
    shop.clock.turn(TTL)
    shop.book.expire_overdue()
    assert shop.hold("B", day=NEXT, stock="model-y").status == 201
    assert shop.confirm(hold_id(held)).status == 410, "room, but no car"
    shop.assert_sound()


def test_less_than_is_promised_cannot_be_supplied(shop: Shop) -> None:
    """A count that is corrected below what is sold is a matter for people."""
    shop.supply("model-y", 2)
    shop.hold("A", stock="model-y")
    assert shop.supply("model-y", 0).status == 409
    assert shop.supply("model-y", 1).status == 200
    shop.assert_sound()


def test_the_handover_begins_the_time_of_the_contact(shop: Shop) -> None:
    """In the same transaction: no contact waits for a message that was lost."""
    with shop.database.writing() as connection:
        keep_contact(connection, TENANT, "A", "sealed")
    booking = shop.booked("A")
    for move in (Move.FREEZE, Move.DISPATCH, Move.ARRIVE, Move.HAND_OVER):
        assert shop.book.advance(shop.caller(), booking, move).status == 200
    shop.clock.turn(KEPT_AFTER_HANDOVER)
    with shop.database.writing() as connection:
        assert drop_overdue(connection, shop.clock.now()) == 1


def test_a_day_sells_nothing_before_it_is_open_nor_after_it_is_closed(shop: Shop) -> None:
    """A hold made before the end may still be confirmed."""
    unopened = shop.hold("A", day=DAY + timedelta(days=9))
    assert (unopened.status, unopened.body["code"]) == (409, "day-not-open")
    held = shop.hold("A")
    assert shop.book.days.close_day(shop.caller(), pool=POOL, day=DAY).status == 200
    assert shop.hold("B").status == 409
    assert shop.confirm(hold_id(held)).status == 200
    assert shop.open(DAY).status == 409
    shop.assert_sound()


def test_another_process_sees_what_was_decided(shop: Shop) -> None:
    """Its cache is behind; the events since bring it up, snapshots or not."""
    other = shop.beside("other")
    assert other.hold("A").status == 201
    assert shop.hold("B").status == 201
    refused = other.hold("C")
    assert (refused.status, refused.body["code"]) == (409, "slot-taken")
    shop.assert_sound()


def two_in_one_transaction(shop: Shop) -> None:
    """Hold for two orders as the desk does when they wait for the same lock."""
    now = shop.clock.now()
    asks = [
        HoldAsk(
            ask=Ask(
                promise_id=f"p{order}",
                order_ref=order,
                window=window(DAY, 480, 720),
                load={"x": 10, "y": 0},
            ),
            expires_at=now + TTL,
            actor=Actor(name=f"buyer-{order}"),
        )
        for order in "ABC"
    ]
    with shop.database.reading() as connection:
        pool_day = day_id(connection, TENANT, POOL, DAY)
    actor = Actor(name="desk")
    with unit_of_work(shop.database, WitnessCache(), clock=shop.clock, actor=actor) as unit:
        (day,) = unit.lock(pool_day)
        outcomes = hold_together(unit, shop.judge, day, asks)
    assert [isinstance(each, Answer) for each in outcomes] == [True, True, False]
    with shop.database.reading() as connection:
        actors = [row.actor for row in all_events(connection, pool_day)]
    assert actors[1:] == ["buyer-A", "buyer-B"], "each hold is its own caller's"
    shop.assert_sound()


def test_holds_that_share_a_transaction_see_each_other(shop: Shop) -> None:
    """Two places, three holds in one transaction: two are granted."""
    two_in_one_transaction(shop)
