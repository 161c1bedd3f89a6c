"""Promises, then the number of changes, then money: days on which these contradict each other."""

from dataclasses import replace
from datetime import timedelta

from api.days.documents.diff import diff_text
from api.settings import Language
from geodata.units import Minor
from routing.audit import audit_plan
from routing.changes import baseline_of, changes_between
from routing.domain.fleet import Truck, TruckCosts
from routing.domain.request import PlanRequest
from routing.plan_weights import ChangeKind
from routing.repair.diff import diff_of
from routing.repair.events import OrderCancelled, TruckLost
from tests.days import at, km, matrix_of, order, request, truck, warehouse
from tests.hand_plans import hand_plan
from tests.routing.repair.stories import mended, on_trucks, told


def dear(name: str, *, fixed: int = 0, per_km: int = 100, cars: int = 2) -> Truck:
    """A truck with prices of its own, in fen."""
    costs = TruckCosts(
        per_km=Minor(per_km),
        per_hour=Minor(0),
        per_overtime_hour=Minor(0),
        fixed=Minor(fixed),
    )
    return replace(truck(name, cars=cars, driver_id=f"D{name}"), costs=costs)


def day_of_two(*more: Truck) -> PlanRequest:
    """Two orders at one hour, trucks of one car; O1 needs a skill that T3 lacks."""
    return request(
        order("O1", place=km(30), windows=[("09:00", "12:00")], skills=("ev",)),
        order("O2", place=km(31), windows=[("09:00", "12:00")]),
        trucks=[
            replace(dear("T1", cars=1), skills=frozenset({"ev"})),
            replace(dear("T2", cars=1), skills=frozenset({"ev"})),
            dear("T3", cars=1),
            *more,
        ],
    )


def test_no_saving_is_worth_a_change() -> None:
    """Both trucks drive east and west; apart they would save over ten thousand yuan."""
    day = request(
        order("O1", place=km(40), windows=[("08:00", "10:00")]),
        order("O2", place=km(-40), windows=[("10:00", "14:00")]),
        order("O3", place=km(41), windows=[("08:00", "10:00")]),
        order("O4", place=km(-41), windows=[("10:00", "14:00")]),
        order("O5", place=km(5), windows=[("14:00", "18:00")]),
        trucks=[dear(f"T{n}", per_km=8_000, cars=3) for n in (1, 2)],
    )
    routes = {"T1": ["O1", "O2", "O5"], "T2": ["O3", "O4"]}
    _, after = mended(day, routes, OrderCancelled(order_id="O5"), now="05:00")
    assert after.diff.changes == 0
    assert on_trucks(after.plan) == {"T1": ["O1", "O2"], "T2": ["O3", "O4"]}


def test_one_dear_change_is_less_than_two_cheap_ones() -> None:
    """The idle truck costs 9,000 yuan to go out. The busy one would have room for nothing, but
    that its own order might go with the third truck, which stands ready for a small car only."""
    day = day_of_two(replace(dear("T4", cars=1, fixed=900_000), skills=frozenset({"ev"})))
    routes = {"T1": ["O1"], "T2": ["O2"]}
    _, after = mended(day, routes, TruckLost(truck_id="T1", since=at("05:00")), now="05:00")
    assert on_trucks(after.plan) == {"T2": ["O2"], "T4": ["O1"]}
    assert after.diff.changes == 1


def test_a_promise_is_worth_any_number_of_changes_even_beyond_the_bound() -> None:
    """Without the fourth truck both orders change; dropping the promised one were one change."""
    day = day_of_two()
    routes = {"T1": ["O1"], "T2": ["O2"]}
    lost = TruckLost(truck_id="T1", since=at("05:00"))
    _, after = mended(day, routes, lost, now="05:00")
    assert on_trucks(after.plan) == {"T2": ["O1"], "T3": ["O2"]}
    assert told(after.diff) == {"O1": "truck_changed", "O2": "truck_changed"}
    assert not after.diff.broken


def test_what_events_and_promises_force_takes_nothing_from_the_bound() -> None:
    """The truck is dead, and O2 makes way for its order: with a bound of none the plan is clean."""
    day = day_of_two()
    routes = {"T1": ["O1"], "T2": ["O2"]}
    lost = TruckLost(truck_id="T1", since=at("05:00"))
    _, after = mended(day, routes, lost, now="05:00", max_changes=0)
    assert (after.diff.changes, after.diff.forced) == (2, 2)
    assert after.diff.within_budget
    assert not any(line.counts for line in after.diff.lines)
    text = diff_text(after.diff, events=["lost:T1@05:00"], lang=Language.ENGLISH)
    assert "2 of them forced by lost:T1@05:00" in text


def test_a_change_that_nothing_forces_counts_and_is_found() -> None:
    """O3 and O4 change their trucks though only O1's car is late: two changes, none is allowed."""
    day = request(
        *(order(f"O{n}", place=km(10 * n), promised=n > 1) for n in range(1, 5)),
        trucks=[dear(f"T{n}", cars=2) for n in range(1, 6)],
        warehouses=[replace(warehouse(), bays=5)],
    )
    roads = matrix_of(day)
    before = hand_plan(day, roads, {"T1": ["O1"], "T2": ["O2"], "T3": ["O3"], "T4": ["O4"]})
    known = tuple(replace(stop, forced=stop.order_id == "O1") for stop in baseline_of(before))
    asked = replace(day, baseline=known, max_changes=0)
    other = hand_plan(asked, roads, {"T1": ["O1"], "T2": ["O2"], "T5": ["O3", "O4"]})
    other = replace(
        other,
        changes=tuple(
            change
            for change in changes_between(known, other, asked.policy.stability)
            if change.kind is not ChangeKind.SAME
        ),
    )
    (finding,) = audit_plan(asked, roads, other).findings
    assert finding.text_en.startswith("2 changes, and at most 0")
    assert not diff_of(before, other, now=at("05:00"), request=asked).within_budget


def test_a_truck_lost_on_the_road_saves_nothing() -> None:
    """It has left with its only car: what the new plan does not bill is spent."""
    day = request(
        order("O1", place=km(100), windows=[("09:00", "12:00")]), trucks=[dear("T1", cars=1)]
    )
    before = hand_plan(day, matrix_of(day), {"T1": ["O1"]})
    stop = before.routes[0].stops[0]
    since = stop.begins - timedelta(minutes=20)
    event = TruckLost(truck_id="T1", since=since)
    _, after = mended(day, {}, event, now=f"{since:%H:%M}", plan=before)
    (truck,) = after.diff.trucks
    assert truck.sunk
    assert truck.after_minor == 0
    text = diff_text(after.diff, events=["lost:T1"], lang=Language.ENGLISH)
    assert text.count("not a saving") == 1
    assert "no saving" in text
