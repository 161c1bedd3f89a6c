"""Plans that are published, trucks that are lost, and the day of delivery."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.kit.db import Database
from api.serving.table_metrics import TableMetrics
from api.slots.publishing import NewPlan
from api.slots.reading import BookingFilter, BookingReader
from api.slots.risking import OutsideEvent
from api.slots.states import Move, PromiseState
from tests.api.slots.books import DAY, NEXT, POOL, TENANT, TTL, Shop, hold_id, shop_at, trucks
from tests.api.slots.plane import PlaneTruck, World, _visits, route


@pytest.fixture
def shop(database: Database) -> Shop:
    """Two one-car trucks a day: two places."""
    return shop_at(database, trucks(2))


def lost(truck: str) -> OutsideEvent:
    return OutsideEvent(
        id=f"lost-{truck}",
        kind="truck.lost",
        detail="broke down",
        basis="without",
        lost_trucks=frozenset({truck}),
    )


def test_a_lost_truck_puts_its_promises_at_risk_and_nothing_is_deleted(shop: Shop) -> None:
    """The cause is named, the promise stays, a plan with another truck makes it whole."""
    first, second = shop.booked("A"), shop.booked("B")
    shop.judge.worlds["without"] = World.of(PlaneTruck(id="T1"))
    truck = shop.book.witness(TENANT, pool=POOL, day=DAY)
    hit = next(t for t, made in truck.routes.items() if first in made.serves)
    shop.judge.worlds["without"] = World.of(PlaneTruck(id="T1" if hit == "T0" else "T0"))
    told = shop.book.days.happen(shop.caller(), pool=POOL, day=DAY, event=lost(hit))
    assert told.body["at_risk"] == [first]
    row = shop.book.promise(TENANT, first)
    assert (row.state, row.promise.at_risk_by) == ("confirmed", f"lost-{hit}")
    shop.assert_sound()
    # a third truck is hired, and the plan published
    shop.judge.worlds["without"] = trucks(2)
    present = shop.book.witness(TENANT, pool=POOL, day=DAY)
    free = present.forgetting(first)
    placed = shop.judge.place(free, present.promises[first].ask)
    routes = free.decided(placed).routes  # type: ignore[arg-type]
    plan = NewPlan(plan_id="repair", base_plan_seq=present.plan_seq, routes=routes)
    published = shop.book.days.publish(shop.caller(), pool=POOL, day=DAY, plan=plan)
    assert published.body["recovered"] == [first]
    assert not shop.book.promise(TENANT, first).promise.at_risk_by
    assert shop.book.promise(TENANT, second).state == "confirmed"
    shop.assert_sound()


def test_a_promise_that_is_over_is_not_at_risk(shop: Shop) -> None:
    """The buyer gave up: nobody need look for another truck, and lists must not say so."""
    booking, other = shop.booked("A"), shop.booked("B")
    shop.judge.worlds["without"] = World.of()
    present = shop.book.witness(TENANT, pool=POOL, day=DAY)
    event = replace(lost("T0"), lost_trucks=frozenset(present.routes))
    shop.book.days.happen(shop.caller(), pool=POOL, day=DAY, event=event)
    cancelled = shop.book.cancel(shop.caller(), booking)
    assert (cancelled.body["status"], cancelled.body["at_risk_by"]) == ("cancelled", "")
    reader = BookingReader(shop.database)

    def listed(wanted: BookingFilter) -> list[str]:
        return [each.id for each in reader.bookings(TENANT, wanted, after=None, limit=9)]

    assert listed(BookingFilter(at_risk=True)) == [other]
    assert listed(BookingFilter(states=[PromiseState.CANCELLED])) == [booking]
    assert listed(BookingFilter(states=[PromiseState.CONFIRMED])) == []
    told = TableMetrics(shop.database, shop.clock).collect()
    counts = {each.labels["status"]: each.value for each in next(iter(told)).samples}
    assert (counts["at_risk"], counts["cancelled"]) == (1, 1)
    shop.assert_sound()


def test_a_slower_world_puts_at_risk_what_it_breaks_and_nothing_else(shop: Shop) -> None:
    """Snow: 10 km an hour. The near buyer is reached, the far one is not."""
    near = shop.booked("A", hours=(8, 10), at=(10, 0))
    far = shop.booked("B", hours=(8, 10), at=(300, 0))
    shop.judge.worlds["snow"] = World.of(PlaneTruck(id="T0"), PlaneTruck(id="T1"), pace=6)
    event = OutsideEvent(id="e1", kind="basis.changed", detail="snow", basis="snow")
    told = shop.book.days.happen(shop.caller(), pool=POOL, day=DAY, event=event)
    assert told.body["at_risk"] == [far]
    assert shop.book.promise(TENANT, near).promise.at_risk_by == ""
    shop.assert_sound()


def test_a_handed_over_car_is_owed_no_more(shop: Shop) -> None:
    """The truck breaks down on the way home: nobody is at risk."""
    booking = shop.booked("A")
    for move in (Move.FREEZE, Move.DISPATCH, Move.ARRIVE, Move.HAND_OVER):
        assert shop.book.advance(shop.caller(), booking, move).status == 200
    shop.judge.worlds["without"] = World.of()
    told = shop.book.days.happen(shop.caller(), pool=POOL, day=DAY, event=lost("T0"))
    assert told.body["at_risk"] == []
    assert shop.book.cancel(shop.caller(), booking).status == 410
    shop.assert_sound()


def failed(shop: Shop, order: str, **named: object) -> str:
    """Book, drive there, and find nobody; give the booking's id."""
    booking = shop.booked(order, **named)
    for move in (Move.FREEZE, Move.DISPATCH, Move.FAIL):
        assert shop.book.advance(shop.caller(), booking, move).status == 200
    return booking


def test_a_failed_attempt_can_be_given_up_and_its_car_is_sold_again(shop: Shop) -> None:
    """Nobody was there, and the buyer does not want it any more."""
    shop.supply("model-y", 1)
    booking = failed(shop, "A", stock="model-y")
    assert shop.hold("B", day=NEXT, stock="model-y").status == 409
    for _ in range(2):
        assert shop.book.cancel(shop.caller(), booking).status == 200
    shop.booked("B", day=NEXT, stock="model-y")
    shop.assert_sound()


def test_a_failed_attempt_whose_order_is_booked_anew_is_not_moved_as_well(shop: Shop) -> None:
    """It would be a second booking of the order: refused with the one there is."""
    old = failed(shop, "A")
    new = shop.booked("A", day=NEXT)
    third = hold_id(shop.hold("A", hours=(14, 18)))
    refused = shop.book.reschedule(shop.caller(), old, hold_id=third)
    assert (refused.status, refused.body["code"]) == (409, "order-already-booked")
    assert refused.body["booking_id"] == new
    shop.assert_sound()


def test_a_plan_is_merged_with_what_came_after_its_snapshot(shop: Shop) -> None:
    """While the solver worked one hold expired and another came."""
    shop.judge.worlds["world"] = trucks(3)
    stays = shop.booked("A")
    hold_id(shop.hold("B"))
    base = shop.book.witness(TENANT, pool=POOL, day=DAY)
    shop.clock.turn(TTL)
    shop.book.expire_overdue()
    came = shop.booked("C")
    plan = NewPlan(plan_id="p1", base_plan_seq=base.plan_seq, routes=base.routes)
    assert shop.book.days.publish(shop.caller(), pool=POOL, day=DAY, plan=plan).status == 200
    assert shop.book.witness(TENANT, pool=POOL, day=DAY).served == {stays, came}
    shop.assert_sound()


def test_a_plan_that_drops_a_promise_is_refused(shop: Shop) -> None:
    """The old routes stay in force."""
    booking = shop.booked("A")
    base = shop.book.witness(TENANT, pool=POOL, day=DAY)
    plan = NewPlan(plan_id="p1", base_plan_seq=base.plan_seq, routes={})
    refused = shop.book.days.publish(shop.caller(), pool=POOL, day=DAY, plan=plan)
    assert (refused.status, refused.body["code"]) == (409, "plan-refused")
    assert shop.book.witness(TENANT, pool=POOL, day=DAY).served == {booking}


def swapped(shop: Shop) -> NewPlan:
    """A plan with the same cars, each on the other truck."""
    base = shop.book.witness(TENANT, pool=POOL, day=DAY)
    routes = {
        other: replace(base.routes[truck], truck_id=other)
        for truck, other in (("T0", "T1"), ("T1", "T0"))
    }
    return NewPlan(plan_id="p1", base_plan_seq=base.plan_seq, routes=routes)


def test_a_plan_leaves_what_is_under_way_on_its_truck(shop: Shop) -> None:
    """The papers are printed and the car is loaded: nobody would look at the new plan."""
    booking, _ = shop.booked("A"), shop.booked("B")
    plan = swapped(shop)
    shop.book.advance(shop.caller(), booking, Move.FREEZE)
    refused = shop.book.days.publish(shop.caller(), pool=POOL, day=DAY, plan=plan)
    assert (refused.status, refused.body["code"]) == (409, "plan-refused")
    assert booking in str(refused.body["faults"])
    shop.assert_sound()


def test_a_plan_leaves_what_is_under_way_in_its_order(shop: Shop) -> None:
    """The first to get a car is the last that was loaded."""
    shop.judge.worlds["world"] = World.of(PlaneTruck(id="T0", cars=2))
    for order in "AB":
        booking = shop.booked(order, hours=(8, 20))
        assert shop.book.advance(shop.caller(), booking, Move.FREEZE).status == 200
    base = shop.book.witness(TENANT, pool=POOL, day=DAY)
    visits = _visits(base, "T0")
    routes = {"T0": route(shop.judge.worlds["world"], PlaneTruck(id="T0"), visits[::-1])}
    plan = NewPlan(plan_id="p1", base_plan_seq=base.plan_seq, routes=routes)
    refused = shop.book.days.publish(shop.caller(), pool=POOL, day=DAY, plan=plan)
    assert (refused.status, refused.body["code"]) == (409, "plan-refused")
    assert "order of promises under way" in str(refused.body["detail"])
    same = replace(plan, routes=base.routes)
    assert shop.book.days.publish(shop.caller(), pool=POOL, day=DAY, plan=same).status == 200


def test_a_plan_may_change_the_truck_of_what_is_only_booked(shop: Shop) -> None:
    """Nobody has been told a truck."""
    shop.booked("A"), shop.booked("B")
    plan = swapped(shop)
    assert shop.book.days.publish(shop.caller(), pool=POOL, day=DAY, plan=plan).status == 200
    shop.assert_sound()


def test_a_plan_of_another_world_is_refused(shop: Shop) -> None:
    """It may use a truck that was lost meanwhile."""
    shop.booked("A")
    base = shop.book.witness(TENANT, pool=POOL, day=DAY)
    shop.judge.worlds["snow"] = trucks(2)
    event = OutsideEvent(id="e1", kind="basis.changed", detail="snow", basis="snow")
    shop.book.days.happen(shop.caller(), pool=POOL, day=DAY, event=event)
    plan = NewPlan(plan_id="p1", base_plan_seq=base.plan_seq, routes=base.routes)
    stale = shop.book.days.publish(shop.caller(), pool=POOL, day=DAY, plan=plan)
    assert (stale.status, stale.body["code"]) == (409, "plan-base-stale")
