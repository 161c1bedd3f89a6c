"""One story per event: promises first, then few changes, then money."""

import pytest

from routing.errors import BadRequest
from routing.reasons import Reason
from routing.repair.events import (
    BuyerAbsent,
    OrderAdded,
    OrderCancelled,
    RoadChanged,
    TruckLost,
    VinLate,
)
from tests.days import at, km, matrix_of, order, request, truck, window
from tests.hand_plans import hand_plan
from tests.routing.repair.stories import begins, mended, on_trucks, told

DAY = request(
    order("O1", place=km(40), windows=[("10:00", "12:00")]),
    order("O2", place=km(41), windows=[("12:00", "14:00")]),
    order("O3", place=km(-40), windows=[("10:00", "12:00")]),
    order("O4", place=km(-41), windows=[("12:00", "14:00")]),
    trucks=[truck(f"T{n}", cars=3, driver_id=f"D{n}") for n in (1, 2, 3)],
)
ROUTES = {"T1": ["O1", "O2"], "T2": ["O3", "O4"]}
"""East and west; both leave after eight, and the third truck has nothing to do."""


def test_an_added_order_joins_a_truck_that_passes_by_and_nobody_else_notices() -> None:
    """It lies on the way back of the truck that goes east, after its promised windows."""
    new = order("O5", place=km(30), windows=[("13:00", "18:00")])
    today = request(*DAY.orders, new, trucks=DAY.trucks)
    before, after = mended(today, ROUTES, OrderAdded(order_id="O5"), now="07:00")
    assert told(after.diff)["O5"] == "added"
    assert after.diff.changes == 0
    assert begins(after.plan, "T2") == begins(before, "T2")
    assert not after.plan.left_behind


def test_a_cancelled_order_leaves_its_truck_and_the_others_stay() -> None:
    """The rest of the route keeps its windows."""
    before, after = mended(DAY, ROUTES, OrderCancelled(order_id="O2"), now="07:00")
    assert on_trucks(after.plan) == {"T1": ["O1"], "T2": ["O3", "O4"]}
    assert told(after.diff)["O2"] == "cancelled"
    assert begins(after.plan, "T2") == begins(before, "T2")
    assert after.plan.cost_minor < before.cost_minor


def test_a_truck_lost_before_it_loads_hands_its_orders_on() -> None:
    """The third truck takes both, within the windows that the buyers know."""
    before, after = mended(DAY, ROUTES, TruckLost(truck_id="T1", since=at("06:30")), now="06:30")
    assert on_trucks(after.plan) == {"T3": ["O1", "O2"], "T2": ["O3", "O4"]}
    assert told(after.diff) == {"O1": "truck_changed", "O2": "truck_changed"}
    assert begins(after.plan, "T2") == begins(before, "T2")
    assert after.diff.changes == 2


def test_cars_on_a_truck_that_breaks_down_are_left_behind_first_of_all() -> None:
    """At half past eleven the first is handed over; the second stands on the deck by the road."""
    _, after = mended(DAY, ROUTES, TruckLost(truck_id="T1", since=at("11:30")), now="11:35")
    assert on_trucks(after.plan)["T1"] == ["O1"]
    (waiting,) = after.plan.left_behind
    assert (waiting.order_id, waiting.promised) == ("O2", True)
    reasons = {miss.truck_id: miss.reason for miss in waiting.misses}
    assert reasons["T3"] is Reason.NOT_READY
    assert after.diff.broken == ("O2",)
    assert told(after.diff)["O2"] == "dropped"


def test_a_closed_road_is_driven_before_it_closes_or_not_at_all() -> None:
    """The place of O4 cannot be reached from noon on; nobody is there before noon."""
    event = RoadChanged(places=frozenset({"km-41"}), since=at("12:00"))
    before, after = mended(DAY, ROUTES, event, now="07:00")
    assert on_trucks(after.plan)["T1"] == ["O1", "O2"]
    assert begins(after.plan, "T1") == begins(before, "T1")
    assert after.diff.broken == ("O4",)


def test_a_slow_road_makes_a_truck_leave_earlier_for_the_same_window() -> None:
    """Twice the time to the east; the slots stay, the west does not notice."""
    event = RoadChanged(places=frozenset({"km40"}), permille=2_000, since=at("05:00"))
    before, after = mended(DAY, ROUTES, event, now="05:00")
    assert not after.plan.left_behind
    assert begins(after.plan, "T2") == begins(before, "T2")
    routes = {route.truck_id: route for route in after.plan.routes}
    assert routes["T1"].stops[0].leg.drive_s == 80 * 60


def test_a_late_car_and_its_neighbour_part() -> None:
    """Ready at eleven: too late for the first buyer, who waits until noon 40 minutes away."""
    before, after = mended(DAY, ROUTES, VinLate(order_id="O2", ready=at("11:00")), now="07:00")
    assert not after.plan.left_behind
    together = [names for names in on_trucks(after.plan).values() if {"O1", "O2"} <= set(names)]
    assert not together
    assert list(told(after.diff).values()).count("truck_changed") == 1
    assert begins(after.plan, "T2") == begins(before, "T2")


def test_an_absent_buyer_is_served_in_another_window() -> None:
    """Away until three: the truck that is there at noon cannot; some truck comes later."""
    event = BuyerAbsent(order_id="O4", windows=(window("15:00", "18:00"),))
    before, after = mended(DAY, ROUTES, event, now="07:00")
    stop = next(s for r in after.plan.routes for s in r.stops if s.order_id == "O4")
    assert stop.begins >= at("15:00")
    assert begins(after.plan, "T1") == begins(before, "T1")


def test_a_buyer_who_leaves_for_good_waits_for_another_day() -> None:
    """Away from ten on, and the window began at ten."""
    event = BuyerAbsent(order_id="O1", since=at("10:00"))
    _, after = mended(DAY, ROUTES, event, now="07:00")
    (waiting,) = after.plan.left_behind
    assert waiting.order_id == "O1"
    assert not waiting.promised


def test_the_budget_of_changes_is_kept_by_what_nobody_was_promised() -> None:
    """The new order fits only where O1 begins later by more than the tolerance."""
    day = request(
        order("O1", place=km(60), windows=[("08:00", "16:00")]),
        order("O2", place=km(30), windows=[("08:00", "08:40")]),
    )
    routes = {"T1": ["O1"]}
    plan = hand_plan(request(day.orders[0]), matrix_of(day), routes)
    added = OrderAdded(order_id="O2")
    _, after = mended(day, routes, added, now="05:00", max_changes=0, plan=plan)
    assert after.diff.changes == 0
    assert after.diff.within_budget
    assert [each.order_id for each in after.plan.left_behind] == ["O2"]


def test_all_faults_of_events_are_told_at_once() -> None:
    """Each says which, and what to do."""
    roads = matrix_of(DAY)
    plan = hand_plan(DAY, roads, ROUTES)
    with pytest.raises(BadRequest) as raised:
        mended(
            DAY,
            ROUTES,
            OrderAdded(order_id="O1"),
            OrderCancelled(order_id="O9"),
            TruckLost(truck_id="T9", since=at("09:00")),
            RoadChanged(places=frozenset({"moon"}), since=at("09:00")),
            BuyerAbsent(order_id="O3", since=at("13:00")),
            now="13:00",
            plan=plan,
        )
    words = ("O1", "O9", "T9", "moon", "O3")
    assert len(raised.value.faults) == len(words)
    for fault, word in zip(raised.value.faults, words, strict=True):
        assert word in fault
